"""Compresses the API's answers for whoever takes that. Files have their compressed forms beside them, or none."""

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from obt_server.compact import LEAST_BYTES

_LEVEL = 3
"""JSON of results comes to a ninth of its size at some 7 ms a megabyte; the highest level to a twelfth at 48 ms."""


class CompressedApi:
    """Sends what lies under the API's path compressed, everything else as it is."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self._app, self._prefix = app, prefix
        self._compressing = GZipMiddleware(app, minimum_size=LEAST_BYTES, compresslevel=_LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        is_api = scope["type"] == "http" and scope["path"].startswith(self._prefix)
        await (self._compressing if is_api else self._app)(scope, receive, send)
