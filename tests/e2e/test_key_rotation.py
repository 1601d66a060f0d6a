"""Another key: whatever is cut off on the way, the client is never locked out, and the old key ends."""

import itertools
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from pathlib import Path

import aiohttp
import httpx
import pytest

from backend.tests.conftest import clock, postgresql_server, serve, settings, sqlite_template
from backend.tests.harness import API, AClient, FakeClock, Harness
from obt_client.agent.key_ring import KeyRing
from obt_client.identity import Identity, read_identity, write_identity
from obt_client.server import Server, UnreachableError, open_session
from obt_core.heartbeat import HeartbeatReply, RotateKey
from obt_server.auth import repository
from obt_server.auth.service import hash_secret
from obt_server.config import Settings

__all__ = ["clock", "postgresql_server", "settings", "sqlite_template"]
CUTS_MAX = 2
STEPS_MAX = 10
"""More than an uncut rotation has of requests, replies and writes, so that every one of them is cut."""


class PowerCutError(Exception):
    """The machine is gone at this moment."""


class Scissors:
    """Counts every moment at which something can be cut off, and cuts at those that it was told."""

    def __init__(self, at: tuple[int, ...]) -> None:
        self._at = at
        self.moments = 0

    def cut(self) -> bool:
        self.moments += 1
        return self.moments - 1 in self._at


class CutServer(Server):
    """A server to which requests are lost, and from which replies are."""

    scissors: Scissors

    async def _send_once(
        self, method: str, url: str, data: bytes | None, headers: dict[str, str], answer_s: float
    ) -> tuple[Mapping[str, str], bytes]:
        if self.scissors.cut():
            raise UnreachableError("the request was lost")
        done = await super()._send_once(method, url, data, headers, answer_s)
        if self.scissors.cut():
            raise UnreachableError("the reply was lost")
        return done


class CutRing(KeyRing):
    """A key ring on a machine that loses its power before or after it writes."""

    scissors: Scissors

    async def _write(self, identity: Identity) -> bool:
        if self.scissors.cut():
            raise PowerCutError
        written = await super()._write(identity)
        if self.scissors.cut():
            raise PowerCutError
        return written


@pytest.fixture
async def server(settings: Settings, clock: FakeClock) -> AsyncGenerator[Harness]:
    async with serve(settings, clock) as harness:
        yield harness


async def _works(server: Harness, key: str | None) -> bool:
    """Whether the server still takes a key; asked of its database, so that asking is no use of it."""
    async with server.db.read() as session:
        return key is not None and await repository.find_key(session, hash_secret(key)) is not None


async def _is_wanted(client: AClient, key: str | None) -> bool:
    """Beat, as the client does, and read whether it is to take another key."""
    client.http.headers["Authorization"] = f"Bearer {key}"
    reply: HeartbeatReply = await client.beat(protocol_version=2)
    return RotateKey() in reply.directives


def _identity(server: Harness, key: str) -> Identity:
    return Identity(client_id="one", name="one", server_url=server.url, nonce="n" * 32, key=key)


async def _life(server: Harness, http: aiohttp.ClientSession, folder: Path, scissors: Scissors) -> None:
    """One life of a client that was told to take another key: until it is done, or its power is cut."""
    identity = read_identity(folder)
    assert identity is not None
    to = CutServer(server.url, http, client_id=identity.client_id, **identity.keys())
    ring = CutRing(folder, to)
    to.scissors = ring.scissors = scissors
    with suppress(UnreachableError, PowerCutError):
        await ring.settle()
        await ring.rotate()


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_whatever_is_cut_off_the_client_has_a_good_key_and_the_old_one_ends(
    server: Harness, tmp_path: Path
) -> None:
    """All pairs of moments at which a request, a reply or a write can be cut off."""
    client = await server.a_client("one")
    key, most = client.key, 0
    async with open_session() as http:
        for at in itertools.combinations_with_replacement(range(STEPS_MAX), CUTS_MAX):
            known = _identity(server, key)
            write_identity(tmp_path, known)
            (await server.owner.post(f"{API}/clients/one/rotate-key")).raise_for_status()
            old, scissors = key, Scissors(at)
            for _ in range(CUTS_MAX + 2):
                await _life(server, http, tmp_path, scissors)
                known = await _on_disk(server, tmp_path, at)
            assert known.next_key is None, f"not settled, cut at {at}"
            key, most = known.key or "", max(most, scissors.moments)
            assert not await _is_wanted(client, key), f"not done, cut at {at}"
            assert not await _works(server, old), f"the old key stays good, cut at {at}"
    assert most > STEPS_MAX


async def _on_disk(server: Harness, folder: Path, at: tuple[int, ...]) -> Identity:
    known = read_identity(folder)
    assert known is not None
    good = [await _works(server, one) for one in (known.key, known.next_key)]
    assert any(good), f"locked out, cut at {at}"
    return known


async def test_what_is_sent_with_the_old_key_meanwhile_arrives(server: Harness, tmp_path: Path) -> None:
    client = await server.a_client("one")
    write_identity(tmp_path, _identity(server, client.key))
    (await server.owner.post(f"{API}/clients/one/rotate-key")).raise_for_status()
    async with open_session() as http:
        to = Server(server.url, http, client_id="one", key=client.key)
        told = await to.next_key()
        assert await to.knows_key(key=told)  # its first use
        assert not await to.knows_key(key=client.key)
        to.use_keys(client.key, told)  # as while it is not settled
        assert (await to.claim()).job is None
        await KeyRing(tmp_path, Server(server.url, http, client_id="one", key=told)).rotate()  # nobody asked again
    known = read_identity(tmp_path)
    assert known is not None
    assert known.next_key is None


async def test_a_key_is_not_changed_unless_its_owner_asked(server: Harness) -> None:
    client = await server.a_client("one")
    reply = await client.http.post(f"{API}/clients/one/key")
    assert (reply.status_code, reply.json()["code"]) == (409, "no_rotation")
    other: httpx.Response = await (await server.a_client("two")).http.post(f"{API}/clients/one/key")
    assert other.status_code == 403


@pytest.mark.parametrize(("protocol", "is_told"), [(1, False), (2, True)])
async def test_only_a_client_that_knows_how_is_told_and_at_once(server: Harness, protocol: int, is_told: bool) -> None:
    client = await server.a_client("one")
    (await server.owner.post(f"{API}/clients/one/rotate-key")).raise_for_status()
    assert (await server.get("/clients/one"))["key_rotation_asked_at"] is not None
    reply = await client.beat(protocol_version=protocol)
    assert (RotateKey() in reply.directives) is is_told
