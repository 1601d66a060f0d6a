"""The base of everything that crosses the wire between OBT's server and its clients."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, StringConstraints

PROTOCOL_VERSION = 2
"""Rises when a message changes so that an older reader would misunderstand it."""
SERVER_PROTOCOL_MIN = 1
"""The oldest server, by its protocol, that a client of this release works with."""

HEARTBEAT_INTERVAL_S = 10.0
"""How often a client beats unless its settings say otherwise."""

_PRINTABLE = r"^[^\x00-\x1f\x7f]*$"


class WireModel(BaseModel):
    """A frozen message. Unknown fields are ignored, so that an older reader understands a newer writer."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


def known_or(words: type[StrEnum], otherwise: StrEnum | None) -> BeforeValidator:
    """Read a word that only a newer writer knows as `otherwise`: the message around it is not lost.

    `otherwise` claims the least of all: the word for other, the one that is not counted, or None.
    """
    known = frozenset[str](words)
    return BeforeValidator(lambda value: otherwise if isinstance(value, str) and value not in known else value)


def _to_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("lies outside of the years 1 to 9999 in UTC") from None


UtcDatetime = Annotated[AwareDatetime, AfterValidator(_to_utc)]
"""A moment with a time zone, kept in UTC. A moment without a zone is refused."""

Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=_PRINTABLE)]
"""One line of text that a person reads: 1 to 120 characters, no control characters."""

Fact = Annotated[str, StringConstraints(max_length=300, pattern=_PRINTABLE)]
"""One line of text that a machine told us, such as a driver version; may be empty."""

Message = Annotated[str, StringConstraints(max_length=4_000, pattern=r"^[^\x00]*$")]
"""Text of several lines, such as an error of Ollama."""

Slug = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[a-z0-9][a-z0-9._-]*$")]
"""A name for programs: lower-case letters, digits, dot, underscore, dash."""

ClientId = Annotated[str, StringConstraints(min_length=3, max_length=64, pattern=r"^[a-z0-9][a-z0-9-]*$")]
"""Identity of a client: lower-case letters, digits and dashes, 3 to 64 characters."""

Hash = Annotated[str, StringConstraints(min_length=8, max_length=80, pattern=r"^(sha256:)?[0-9a-f]+$")]
"""A hexadecimal digest, with or without its `sha256:`."""

ModelName = Annotated[
    str,
    StringConstraints(
        min_length=1, max_length=300, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@-]*(/[A-Za-z0-9_][A-Za-z0-9._:@-]*){0,9}$"
    ),
]
"""A model as Ollama names it: `name:tag`, `host/namespace/name:tag`. No part is empty or begins with a dot, as in an
address (`http://`) or a path (`..`)."""
