"""Tags: lower-case words by which people find their clients again."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, Field

from obt_core.wire import Slug

TAGS_MAX = 20


def in_order(tags: Iterable[str]) -> list[str]:
    """Return each tag once, in the order of the alphabet."""
    return sorted(set(tags))


Tags = Annotated[list[Slug], Field(max_length=TAGS_MAX), AfterValidator(in_order)]
