"""A dashboard that is hosted apart: what a browser asks before it lets such a page talk to the server."""

from urllib.parse import urlsplit

import pytest
from pydantic import ValidationError
from websockets.asyncio.client import connect

from backend.tests.harness import API, Harness, settings_of
from obt_server.config import Settings

ORIGIN = "http://127.0.0.1:5999"
pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"allowed_origins": (ORIGIN,)})


def _asks(method: str, origin: str = ORIGIN) -> dict[str, str]:
    told = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": "content-type"}
    return {"Origin": origin, **told}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_a_page_of_an_allowed_origin_may_send_everything_that_the_api_takes(server: Harness, method: str) -> None:
    reply = await server.nobody.options(f"{API}/sessions", headers=_asks(method))
    assert (reply.status_code, reply.content) == (204, b"")
    assert reply.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert reply.headers["Access-Control-Allow-Credentials"] == "true"
    assert method in reply.headers["Access-Control-Allow-Methods"].split(", ")
    assert "content-type" in reply.headers["Access-Control-Allow-Headers"].lower()
    assert "Origin" in reply.headers["Vary"]


async def test_a_page_of_another_origin_is_refused_before_it_asks_anything(server: Harness) -> None:
    reply = await server.nobody.options(f"{API}/sessions", headers=_asks("POST", "http://evil.example"))
    assert (reply.status_code, reply.json()["code"]) == (403, "foreign_origin")
    assert "Access-Control-Allow-Origin" not in reply.headers


async def test_its_answers_may_be_read_by_that_page_alone(server: Harness) -> None:
    reply = await server.owner.get(f"{API}/auth/me", headers={"Origin": ORIGIN})
    assert (reply.status_code, reply.headers["Access-Control-Allow-Origin"]) == (200, ORIGIN)
    assert "X-Request-ID" in reply.headers["Access-Control-Expose-Headers"]
    reply = await server.owner.get(f"{API}/auth/me")
    assert "Access-Control-Allow-Origin" not in reply.headers


async def test_it_may_read_why_it_was_refused_too(server: Harness) -> None:
    failing = server.app.state.feed
    server.app.state.feed = None
    replies = [
        await server.nobody.get(f"{API}/auth/me", headers={"Origin": ORIGIN}),
        await server.owner.get("/api/nonsense", headers={"Origin": ORIGIN}),
        await server.owner.get(f"{API}/live/snapshot", headers={"Origin": ORIGIN}),
        await server.owner.post(f"{API}/sessions", content=b" " * (5 * 2**20), headers={"Origin": ORIGIN}),
        await server.owner.get(f"{API}/auth/me", headers={"Origin": ORIGIN, "Host": "evil.example"}),
    ]
    server.app.state.feed = failing
    assert [reply.status_code for reply in replies] == [401, 404, 500, 413, 403]
    assert {reply.headers["Access-Control-Allow-Origin"] for reply in replies} == {ORIGIN}


async def test_a_write_with_the_cookie_reaches_the_server(server: Harness) -> None:
    reply = await server.owner.post(f"{API}/enrolment-tokens", json={"label": "apart"}, headers={"Origin": ORIGIN})
    assert reply.status_code == 201


async def test_its_socket_stands(server: Harness) -> None:
    cookie = f"obt_session={server.owner.cookies['obt_session']}"
    url = f"ws://{urlsplit(server.url).netloc}{API}/live"
    async with connect(url, additional_headers={"Origin": ORIGIN, "Cookie": cookie}, proxy=None) as socket:
        assert "snapshot" in str(await socket.recv())


async def test_every_reply_has_an_id_of_its_own(server: Harness) -> None:
    ids = {(await server.owner.get(f"{API}/auth/me")).headers["X-Request-ID"] for _ in range(5)}
    assert len(ids) == 5
    foreign = {"X-Request-ID": "mine"}
    assert (await server.owner.get(f"{API}/auth/me", headers=foreign)).headers["X-Request-ID"] != "mine"


def test_allowed_origins_are_what_browsers_call_origins(settings: Settings) -> None:
    assert settings.origins == {ORIGIN}
    assert settings_of(allowed_origins="https://OBT.example.net/, http://10.0.0.5:8080").allowed_origins == (
        "https://obt.example.net",
        "http://10.0.0.5:8080",
    )
    for wrong in ("*", "null", "obt.example.net", "https://obt.example.net/dashboard"):
        with pytest.raises(ValidationError, match="is no origin"):
            settings_of(allowed_origins=wrong)
