"""A long answer is made once for all who ask, and not sent to who has it already (RFC 9110's ETag)."""

from collections.abc import Awaitable, Callable
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response


def etag_of(*parts: object) -> str:
    """Return an ETag of all that an answer is made of; the `repr` of each part must tell it whole."""
    # Weak: compressed or not, it is the same answer in other bytes.
    return f'W/"{sha256(repr(parts).encode()).hexdigest()[:32]}"'


class Kept:
    """The last answer under its ETag: what did not change is not made again."""

    def __init__(self) -> None:
        self._etag = ""
        self._body = b""

    async def answer(self, request: Request, etag: str, make: Callable[[], Awaitable[bytes]]) -> Response:
        """Return JSON, or that it did not change. Browsers are to ask again each time, with the ETag that they hold."""
        headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
        held = request.headers.get("if-none-match", "")
        if etag in (one.strip() for one in held.split(",")):
            return Response(status_code=304, headers=headers)
        if etag != self._etag:
            self._body, self._etag = await make(), etag
        return Response(self._body, headers=headers, media_type="application/json")
