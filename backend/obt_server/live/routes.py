"""The live socket, and its first message for those who only want that."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Depends, Response, WebSocket, WebSocketDisconnect
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocketState

from obt_server.auth.permissions import Permission, allow, identify
from obt_server.errors import problems
from obt_server.live.feed import Feed, Mailbox
from obt_server.live.schemas import LiveEvent, Snapshot

router = APIRouter(tags=["live"])
NOT_SIGNED_IN = 4401
SIGN_IN_CHECK_S = 15.0
"""How often a socket asks whether its browser is still signed in."""
SENT_AT_ONCE = 10
"""Messages to one browser, before clients and other browsers have their turn."""


def get_feed(connection: HTTPConnection) -> Feed:
    """Return the application's feed."""
    return connection.app.state.feed


FeedOf = Annotated[Feed, Depends(get_feed)]


@router.get(
    "/live/snapshot",
    dependencies=[allow(Permission.READ)],
    response_model=Snapshot,
    responses=problems(401, 403)
    | {200: {"model": LiveEvent, "description": "A snapshot; the socket's other messages stand here for their types"}},
)
async def get_snapshot(feed: FeedOf) -> Response:
    """How things stand: the first message of the live socket."""
    return Response(await feed.snapshot(), media_type="application/json")


@router.websocket("/live")
async def live(socket: WebSocket, feed: FeedOf) -> None:
    """A snapshot, of many clients in parts, then every change (`LiveEvent`). Closed with 4401: not signed in."""
    await socket.accept()
    if not await _is_allowed(socket):
        await socket.close(NOT_SIGNED_IN, "not signed in")
        return
    mailbox = feed.open()
    try:
        await _talk(socket, feed, mailbox)
    finally:
        feed.close(mailbox)
    if socket.application_state is WebSocketState.CONNECTED and socket.client_state is WebSocketState.CONNECTED:
        await socket.close(NOT_SIGNED_IN, "signed out")


class _LeftError(Exception):
    """The browser is gone, or signed out: whichever task notices ends the others."""


async def _talk(socket: WebSocket, feed: Feed, mailbox: Mailbox) -> None:
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(_send(socket, feed, mailbox))
            group.create_task(_watch_sign_in(socket, mailbox.doubted))
            group.create_task(_listen(socket))
    except* (_LeftError, WebSocketDisconnect):
        pass


async def _send(socket: WebSocket, feed: Feed, mailbox: Mailbox) -> None:
    await _send_all(socket, await feed.snapshot_messages())
    while True:
        await _send_all(socket, await mailbox.take())


async def _send_all(socket: WebSocket, messages: Sequence[str]) -> None:
    """Send some at a time: to send waits for nothing while the browser takes it, and others want their turn."""
    for number, message in enumerate(messages, start=1):
        await socket.send_text(message)
        if number % SENT_AT_ONCE == 0:
            await asyncio.sleep(0)


async def _watch_sign_in(socket: WebSocket, doubted: asyncio.Event) -> None:
    while True:
        with suppress(TimeoutError):
            await asyncio.wait_for(doubted.wait(), SIGN_IN_CHECK_S)
        doubted.clear()
        if not await _is_allowed(socket):
            raise _LeftError


async def _listen(socket: WebSocket) -> None:
    """Read only to notice the end: a browser has nothing to say here."""
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass
    raise _LeftError


async def _is_allowed(socket: WebSocket) -> bool:
    identity = await identify(socket, socket.app.state.db)
    return identity.may(Permission.READ)
