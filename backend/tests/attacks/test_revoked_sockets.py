"""A live connection whose right to listen was taken away: it is closed, and hears nothing more."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from backend.tests.harness import API, Harness
from obt_server.auth.cookies import COOKIE
from obt_server.auth.roles import Role

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
Revoke = Callable[[Harness, httpx.AsyncClient], Awaitable[Any]]


async def _listen_until_closed(server: Harness, headers: dict[str, str], revoke: Callable[[], Awaitable[Any]]) -> int:
    url = server.url.replace("http", "ws") + f"{API}/live"
    async with connect(url, additional_headers=headers, proxy=None) as socket:
        assert "snapshot" in str(await socket.recv())
        await revoke()
        with pytest.raises(ConnectionClosed) as closed:
            await _listen(socket)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


async def _listen(socket: Any) -> None:
    while True:
        await socket.recv()


async def _person_id(http: httpx.AsyncClient) -> str:
    return (await http.get(f"{API}/auth/me")).json()["person_id"]


async def _end_session(server: Harness, viewer: httpx.AsyncClient) -> Any:
    sessions = (await viewer.get(f"{API}/auth/sessions")).json()["sessions"]
    return (await viewer.delete(f"{API}/auth/sessions/{sessions[0]['id']}")).raise_for_status()


async def _sign_out(server: Harness, viewer: httpx.AsyncClient) -> Any:
    return (await viewer.post(f"{API}/auth/sign-out")).raise_for_status()


async def _disable(server: Harness, viewer: httpx.AsyncClient) -> Any:
    change = server.owner.patch(f"{API}/people/{await _person_id(viewer)}", json={"is_disabled": True})
    return (await change).raise_for_status()


async def _delete(server: Harness, viewer: httpx.AsyncClient) -> Any:
    return (await server.owner.delete(f"{API}/people/{await _person_id(viewer)}")).raise_for_status()


@pytest.mark.parametrize("revoke", [_end_session, _sign_out, _disable, _delete])
async def test_a_persons_socket_ends_with_what_let_them_listen(server: Harness, revoke: Revoke) -> None:
    viewer = await server.a_person("viewer", Role.VIEWER)
    headers = {"Origin": server.url, "Cookie": f"{COOKIE}={viewer.cookies[COOKIE]}"}
    assert await _listen_until_closed(server, headers, lambda: revoke(server, viewer)) == 4401


async def test_a_programs_socket_ends_with_its_key(server: Harness) -> None:
    made = await server.owner.post(f"{API}/api-keys", json={"name": "watcher", "role": "viewer"})
    told = made.raise_for_status().json()
    key, key_id = told["key"], told["id"]
    revoke = server.owner.delete
    headers = {"Authorization": f"Bearer {key}"}
    assert await _listen_until_closed(server, headers, lambda: revoke(f"{API}/api-keys/{key_id}")) == 4401


async def test_a_client_hears_nothing_at_all(server: Harness) -> None:
    client = await server.a_client()
    url = server.url.replace("http", "ws") + f"{API}/live"
    async with connect(url, additional_headers={"Authorization": f"Bearer {client.key}"}, proxy=None) as socket:
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401
