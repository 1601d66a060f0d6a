"""The short way of a heartbeat that brings no news to a server that has none: no database, no routing."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from obt_server.agents.beats import Beats, wait_of
from obt_server.agents.quiet import read_beat
from obt_server.limits.senders import SENDER

SENT = "obt_beat"
"""In a request's scope: its beat as it came, for the route that answers it."""
_BEAT_MAX_BYTES = 65_536
"""A longer one is not looked at here."""


@dataclass(frozen=True, slots=True)
class _Route:
    """By what requests are counted: the template of the route that is spared."""

    path_format: str = "/clients/{client_id}/heartbeat"


_ROUTE = _Route()


class HotBeats:
    """Pure ASGI, inside of the guard and the limits. Whatever is not plain goes on to the application, whole."""

    def __init__(self, app: ASGIApp, prefix: str, beats: Beats) -> None:
        self._app, self._prefix, self._beats = app, f"{prefix}/clients/", beats

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a quiet client's beat; let everything else pass."""
        client_id = self._client_of(scope)
        credential = scope[SENDER].digest if client_id else None
        if client_id is None or credential is None or not 0 < _length_of(scope) <= _BEAT_MAX_BYTES:
            await self._app(scope, receive, send)
            return
        got = await _all_of(receive)
        if reply := await self._reply(client_id, credential, got, scope):
            scope["route"] = _ROUTE
            await _answer(reply, send)
        else:
            await self._app(scope, _replayed(got, receive), send)

    def _client_of(self, scope: Scope) -> str | None:
        if scope["type"] != "http" or scope["method"] != "POST":
            return None
        path: str = scope["path"]
        if not path.startswith(self._prefix):
            return None
        client_id, _, rest = path[len(self._prefix) :].partition("/")
        return client_id if rest == "heartbeat" else None

    async def _reply(self, client_id: str, credential: bytes, got: Sequence[Message], scope: Scope) -> bytes | None:
        """Return the reply, perhaps held; None where the application is to answer."""
        sent = scope[SENT] = read_beat(credential, b"".join(message.get("body", b"") for message in got))
        if sent is None or not self._beats.hear_again(client_id, sent):
            return None
        wait_s = wait_of(_header(scope, b"prefer").decode("latin-1"))
        left_s = await self._beats.hold_quietly(client_id, wait_s)
        if left_s is None:
            return self._beats.empty_reply()
        _ask_for(left_s, scope)
        return None


def _header(scope: Scope, wanted: bytes) -> bytes:
    return next((value for name, value in scope["headers"] if name == wanted), b"")


def _length_of(scope: Scope) -> int:
    """The length that the head tells, 0 for none: such a body is not looked at here."""
    told = _header(scope, b"content-length")
    return int(told) if told.isdigit() and len(told) < 10 else 0


def _ask_for(seconds: float, scope: Scope) -> None:
    """What happened need not be anything that the client is told of: the application holds the beat for the rest."""
    others = [(name, value) for name, value in scope["headers"] if name != b"prefer"]
    scope["headers"] = [*others, (b"prefer", f"wait={int(seconds)}".encode())]


async def _all_of(receive: Receive) -> list[Message]:
    got = [await receive()]
    while got[-1]["type"] == "http.request" and got[-1].get("more_body"):
        got.append(await receive())
    return got


def _replayed(got: list[Message], receive: Receive) -> Receive:
    """What was read already, then the rest."""
    waiting = iter(got)

    async def replayed() -> Message:
        return next(waiting, None) or await receive()

    return replayed


async def _answer(body: bytes, send: Send) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
