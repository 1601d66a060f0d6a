"""Enrolment: how a machine becomes a client, once."""

from typing import Annotated

from pydantic import Field, StringConstraints

from obt_core.wire import ClientId, Fact, Label, WireModel

Key = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9_-]+$")]
"""A client's key: it stands in a header of every request, so that nothing else may be in it."""


class EnrolmentRequest(WireModel):
    """Sent once by a machine that holds an enrolment token.

    `nonce` is a random secret of the machine: the same request sent again (its reply was lost) is answered again
    with a fresh key, as long as the client has not been seen; anybody else's request for that ID is refused (409).
    """

    token: str = Field(min_length=8, max_length=200, pattern=r"^[A-Za-z0-9_-]+$")
    client_id: ClientId
    name: Label
    nonce: str = Field(min_length=32, max_length=128, pattern=r"^[A-Za-z0-9_-]+$")
    protocol_version: int = Field(ge=1, le=1_000_000)
    client_version: Fact = ""


class EnrolmentReply(WireModel):
    """The client's own key, told once; the server keeps only its SHA-256."""

    client_id: ClientId
    name: Label
    key: Key
    heartbeat_interval_s: float = Field(gt=0, le=3_600)


class NextKeyReply(WireModel):
    """The key that comes next, told once: its first use is the end of the old one. Asked again: another one."""

    key: Key
