"""A long answer is made once for all who ask, and not sent to who has it already (RFC 9110's ETag)."""

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "Nothing changed since the answer with that ETag"},
}
LEAST_BYTES = 1_400
"""What fits into one packet is sent as it is."""
_LEVEL = 6
"""Compressed once for many who ask, and in a thread."""


def etag_of(*parts: object) -> str:
    """Return an ETag of all that an answer is made of; the `repr` of each part must tell it whole."""
    # Weak: compressed or not, it is the same answer in other bytes.
    return f'W/"{sha256(repr(parts).encode()).hexdigest()[:32]}"'


class Kept:
    """The last answer under its ETag: what did not change is neither made nor compressed again."""

    def __init__(self) -> None:
        self._etag = ""
        self._plain = self._gzipped = b""

    async def answer(self, request: Request, etag: str, make: Callable[[], Awaitable[bytes]]) -> Response:
        """Return JSON, or that it did not change. Browsers are to ask again each time, with the ETag that they hold."""
        headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding"}
        held = request.headers.get("if-none-match", "")
        if etag in (one.strip() for one in held.split(",")):
            return Response(status_code=304, headers=headers)
        if etag != self._etag:
            plain = await make()
            gzipped = await asyncio.to_thread(gzip.compress, plain, _LEVEL)
            self._plain, self._gzipped, self._etag = plain, gzipped, etag
        if len(self._plain) < LEAST_BYTES or "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(self._plain, headers=headers, media_type="application/json")
        return Response(self._gzipped, headers=headers | {"Content-Encoding": "gzip"}, media_type="application/json")


def kept_as(name: str) -> Callable[[Request], Kept]:
    """Return the dependency that gives a route the application's answer of that name."""

    def find(request: Request) -> Kept:
        kept: dict[str, Kept] = request.app.state.kept
        return kept.setdefault(name, Kept())

    return find
