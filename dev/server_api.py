"""The server's API, as much of it as the demo uses, in the server's own types."""

import json
import re
from collections.abc import Mapping
from types import TracebackType
from typing import Self, TypeVar

import aiohttp
from pydantic import BaseModel, ValidationError

from dev.trouble import Trouble

REQUEST_S = 30.0
T = TypeVar("T", bound=BaseModel)


class ServerApi:
    """A signed-in browser without a window: `async with ServerApi(url) as api`."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._http = aiohttp.ClientSession(
            # The cookie is for a host without a name.
            cookie_jar=aiohttp.CookieJar(unsafe=True),
            headers={"Origin": url},
            timeout=aiohttp.ClientTimeout(total=REQUEST_S),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.close()

    async def is_ready(self) -> bool:
        """Whether the server answers and is ready to serve."""
        try:
            async with self._http.get(f"{self._url}/readyz") as reply:
                return reply.status == 200
        except aiohttp.ClientError:
            return False

    async def sign_in(self, link: str) -> None:
        """Use up a sign-in link. Raises Trouble when the server refuses it."""
        await self._send("POST", "/auth/link", {"secret": link.partition("#")[2]}, {})

    async def get(self, kind: type[T], path: str, query: Mapping[str, str] | None = None) -> T:
        """Read `path` of the API as a `kind`. Raises Trouble for a refusal and for an answer of another shape."""
        return _parse(kind, path, await self._send("GET", path, None, query or {}))

    async def post(self, kind: type[T], path: str, body: object) -> T:
        """Send `body` to `path` of the API, read the answer as a `kind`. Raises Trouble as `get` does."""
        return _parse(kind, path, await self._send("POST", path, body, {}))

    async def _send(self, method: str, path: str, body: object, query: Mapping[str, str]) -> bytes:
        url = f"{self._url}/api/v1{path}"
        try:
            async with self._http.request(method, url, json=body, params=query) as reply:
                content = await reply.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Trouble(f"The server did not answer {method} {path}: {error}.") from error
        if reply.status >= 400:
            raise Trouble(f"The server refused {method} {path} ({reply.status}).", _detail(content))
        return content


def secret_link(text: str) -> str:
    """Return the link in what `obt-server link` printed. Raises Trouble where there is none."""
    if found := re.search(r"https?://\S+#\S+", text):
        return found.group()
    raise Trouble("`obt-server link` printed no link.", text[-500:])


def _parse(kind: type[T], path: str, content: bytes) -> T:
    try:
        return kind.model_validate_json(content)
    except ValidationError as error:
        raise Trouble(f"The server's answer to {path} has another shape than {kind.__name__}.", str(error)) from error


def _detail(content: bytes) -> str:
    """Return what a problem document says, else the beginning of the answer."""
    text = content.decode(errors="replace")
    try:
        told = json.loads(text)
    except ValueError:
        return text[:500]
    match told:
        case {"detail": str(detail)}:
            return detail
        case _:
            return text[:500]
