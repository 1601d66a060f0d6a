"""What a page of another site tries with the browser of somebody who is signed in: CSRF, reading, a socket, a frame."""

from itertools import product
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from backend.tests.harness import API, Harness
from obt_server.app import api_routes
from obt_server.config import Settings

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
TOKENS = f"{API}/enrolment-tokens"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "text/plain; a=json")
"""What a page may have sent to another site without asking it first."""


def _signed_in(server: Harness) -> dict[str, str]:
    return {"Cookie": f"obt_session={server.owner.cookies['obt_session']}"}


async def _from_page(server: Harness, method: str, path: str, origin: str | None, **sent: Any) -> httpx.Response:
    """As a browser would send it, with the cookie of the one who is signed in."""
    headers = {**_signed_in(server), **({"Origin": origin} if origin else {}), **sent.pop("headers", {})}
    async with httpx.AsyncClient(base_url=server.url) as http:
        return await http.request(method, path, headers=headers, **sent)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost.evil.example", None])
@pytest.mark.parametrize("content_type", FORMS)
async def test_a_form_of_another_site_changes_nothing(server: Harness, origin: str | None, content_type: str) -> None:
    sent = {"content": b'{"uses": 1}', "headers": {"Content-Type": content_type}}
    reply = await _from_page(server, "POST", TOKENS, origin, **sent)
    assert reply.status_code == 403
    assert (await server.get("/enrolment-tokens"))["tokens"] == []


async def test_a_form_of_this_site_is_no_json_either(server: Harness) -> None:
    for content_type in FORMS:
        sent = {"content": b'{"uses": 1}', "headers": {"Content-Type": content_type}}
        assert (await _from_page(server, "POST", TOKENS, server.url, **sent)).status_code == 422, content_type
    assert (await server.get("/enrolment-tokens"))["tokens"] == []


async def test_every_write_asks_for_the_origin(server: Harness) -> None:
    """Whatever the route: with the cookie and a foreign origin, or none, it is refused before it is looked at."""
    writes = [(method, route) for route in api_routes() for method in route.methods or () if method != "GET"]
    assert len(writes) > 20
    for (method, route), origin in product(writes, ("https://evil.example", None)):
        path = API + route.path_format.replace("{", "").replace("}", "")
        reply = await _from_page(server, method, path, origin, json={})
        assert reply.json()["code"] in {"foreign_origin", "origin_missing"}, (method, path)


async def test_the_cookie_is_kept_from_other_sites_and_from_scripts(server: Harness) -> None:
    reply = await server.http().post(f"{API}/auth/link", json={"secret": await server.a_link()})
    cookie = reply.headers["Set-Cookie"].lower()
    assert "samesite=strict" in cookie
    assert "httponly" in cookie
    assert "path=/" in cookie
    assert "domain" not in cookie


async def test_nothing_is_changed_by_a_get(server: Harness) -> None:
    """A link or an image of another site's page comes with no Origin: it may read, unseen by that page, at most."""
    client = await server.a_client()
    before = await server.get("/clients")
    for route in api_routes():
        if "GET" in (route.methods or ()):
            path = API + route.path_format.replace("{client_id}", client.id).replace("{", "").replace("}", "")
            await _from_page(server, "GET", path, None)
    after = await server.get("/clients")
    assert [c["id"] for c in after["clients"]] == [c["id"] for c in before["clients"]]
    assert (await server.owner.get(f"{API}/auth/me")).status_code == 200
    assert (await server.get("/enrolment-tokens"))["tokens"] == [
        {**token, "uses_left": 0} for token in (await server.get("/enrolment-tokens"))["tokens"]
    ]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None, "http://localhost.evil.example"])
async def test_a_page_of_another_site_opens_no_socket(server: Harness, origin: str | None) -> None:
    headers = _signed_in(server) | ({"Origin": origin} if origin else {})
    with pytest.raises(InvalidStatus) as refused:
        async with connect(f"ws://{urlsplit(server.url).netloc}{API}/live", additional_headers=headers, proxy=None):
            pass
    assert refused.value.response.status_code == 403


async def test_no_page_may_frame_read_or_embed_an_answer(server: Harness, settings: Settings) -> None:
    for path in ("/", f"{API}/auth/me", f"{API}/clients", "/api/none", "/healthz", "/downloads/"):
        headers = (await server.owner.get(path)).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], path
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in headers
        policy = headers["Content-Security-Policy"]
        assert not any(lax in policy for lax in ("'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:")), path


async def test_answers_of_the_api_are_left_in_no_cache(server: Harness) -> None:
    for path in ("/auth/me", "/clients", "/enrolment-tokens", "/live/snapshot", "/none"):
        told = (await server.owner.get(API + path)).headers["Cache-Control"]
        assert told in {"no-store", "private, no-cache"}, path
