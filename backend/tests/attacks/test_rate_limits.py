"""Too many requests: who sends them is told when to go on, and nobody else notices."""

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from backend.tests.harness import API, Harness, settings_of
from obt_server.auth.cookies import COOKIE, session_cookie
from obt_server.config import Settings
from obt_server.limits.counters import KEYS_MAX, Counters
from obt_server.limits.middleware import Limited
from obt_server.limits.senders import Senders, tell_sender

ON_SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
FEW = {"rate_address_per_min": 40, "rate_person_per_min": 30, "rate_client_per_min": 30, "sockets_max": 3}


class Office:
    """An application that knows clients by `Bearer key-N`, behind the limits, called from one address."""

    def __init__(self, **settings: Any) -> None:
        self.limited = Limited(self._answer, settings_of(**settings), Senders(), session_cookie)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = HTTPConnection(scope)
        signed = connection.headers.get("x-api-key") or connection.headers.get("authorization", "")
        _, _, name = signed.partition("key-")
        tell_sender(connection, "client", name or None)
        await PlainTextResponse("here" if name else "who?", 200 if name else 401)(scope, receive, send)

    async def ask(self, authorization: str, address: str = "10.0.0.1", key: str = "") -> int:
        got: list[Any] = []

        async def send(message: Any) -> None:
            got.append(message)

        headers = [(b"authorization", authorization.encode())] if authorization else []
        headers += [(b"x-api-key", key.encode())] if key else []
        scope = {"type": "http", "method": "POST", "path": "/", "headers": headers, "client": (address, 1)}
        await self.limited(scope, _no_body, send)
        return got[0]["status"]


async def _no_body() -> Any:
    return {"type": "http.request", "body": b"", "more_body": False}


async def test_a_thousand_honest_clients_behind_one_address_measure_and_are_no_crowd() -> None:
    """In a minute: a beat each 2 s, 30 posts of samples, 12 of telemetry, a claim and an outcome."""
    office = Office()
    seen = Counter([await office.ask(f"Bearer key-{client}") for _ in range(74) for client in range(1_000)])
    assert seen == {200: 74_000}


async def test_who_tries_keys_is_stopped_and_clients_of_the_same_address_are_not() -> None:
    office = Office(rate_address_per_min=100)
    assert await office.ask("Bearer key-honest") == 200
    seen = Counter([await office.ask(f"Bearer guess-{number}") for number in range(500)])
    assert seen == {401: 99, 429: 401}
    assert [await office.ask("Bearer key-honest") for _ in range(50)] == [200] * 50
    assert await office.ask("", address="10.0.0.2") == 401


async def test_a_key_that_was_good_and_is_no_more_counts_for_its_address() -> None:
    office = Office(rate_address_per_min=5)
    known: dict[str, Any] = {"name": "a-client"}

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        tell_sender(HTTPConnection(scope), "client", known["name"])
        await PlainTextResponse("")(scope, receive, send)

    office.limited = Limited(answer, settings_of(rate_address_per_min=5), Senders(), session_cookie)
    assert [await office.ask("Bearer one") for _ in range(20)] == [200] * 20
    known["name"] = None
    assert [await office.ask("Bearer one") for _ in range(10)].count(429) == 5


async def test_no_second_credential_gets_around_the_limit_of_the_one_that_counts() -> None:
    office = Office(rate_client_per_min=10)
    assert await office.ask("", key="key-loud") == 200
    for scheme in ("Bearer", "Basic", "bearer"):
        seen = Counter([await office.ask(f"{scheme} {number}", key="key-loud") for number in range(20)])
        assert seen[429] >= 10, scheme
    assert await office.ask("Bearer key-calm") == 200


async def test_an_ipv6_network_is_one_address() -> None:
    office = Office(rate_address_per_min=10)
    seen = Counter([await office.ask("", address=f"2001:db8:1:2::{number:x}") for number in range(1, 100)])
    assert seen == {401: 10, 429: 89}
    assert await office.ask("", address="2001:db8:1:3::1") == 401


def test_counting_takes_bounded_memory_however_many_senders_there_are() -> None:
    time_s = [0.0]
    counters = Counters(lambda: time_s[0])
    for number in range(KEYS_MAX + 10):
        counters.incr(f"address {number}", 60)
    assert len(counters._counted) <= KEYS_MAX  # pyright: ignore[reportPrivateUsage]
    time_s[0] = 61
    assert counters.get(f"address {KEYS_MAX + 9}") == 0


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update=FEW)


async def _until_refused(http: httpx.AsyncClient, path: str = f"{API}/auth/me") -> httpx.Response:
    for _ in range(100):
        reply = await http.get(path)
        if reply.status_code == 429:
            return reply
    raise AssertionError("never refused")


@ON_SQLITE
async def test_a_person_who_asks_too_much_is_told_when_to_go_on(server: Harness) -> None:
    reply = await server.owner.get(f"{API}/auth/me")
    assert reply.headers["RateLimit-Policy"] == '"person";q=30;w=60'
    assert reply.headers["RateLimit"].startswith('"person";r=30;')
    refused = await _until_refused(server.owner)
    assert (refused.json()["code"], refused.headers["Content-Type"]) == (
        "too_many_requests",
        "application/problem+json",
    )
    wait_s = int(refused.headers["Retry-After"])
    assert 1 <= wait_s <= 60
    assert refused.headers["RateLimit"] == f'"person";r=0;t={wait_s}'
    assert (await (await server.a_person("another")).get(f"{API}/auth/me")).status_code == 200
    assert (await server.nobody.get("/healthz")).status_code == 200


@ON_SQLITE
async def test_a_client_that_asks_too_much_takes_nothing_from_another(server: Harness) -> None:
    loud, calm = await server.a_client(), await server.a_client()
    refused = await _until_refused(loud.http)
    assert "of this client" in refused.json()["detail"]
    await calm.beat()


@ON_SQLITE
async def test_a_browser_opens_so_many_sockets_and_no_more(server: Harness) -> None:
    headers = {"Origin": server.url, "Cookie": f"{COOKIE}={server.owner.cookies[COOKIE]}"}
    url = server.url.replace("http", "ws") + f"{API}/live"
    await server.get("/auth/me")  # from now on it is known whose cookie this is

    def opened() -> Any:
        return connect(url, additional_headers=headers, proxy=None)

    async with opened() as one, opened() as two, opened() as three:
        for socket in (one, two, three):
            assert "snapshot" in str(await socket.recv())
        with pytest.raises(InvalidStatus):
            async with opened():
                pass
    async with asyncio.timeout(60):
        while not await _is_open(opened()):
            await asyncio.sleep(0.01)


async def _is_open(opening: Any) -> bool:
    """Places are free again once the server has seen the others go."""
    try:
        async with opening as socket:
            return "snapshot" in str(await socket.recv())
    except InvalidStatus:
        return False
