"""What hostile and broken requests meet, over real sockets: always a problem of the 4xx kind, never a 500."""

import asyncio
import json
from collections.abc import AsyncIterator
from itertools import product
from typing import Any
from urllib.parse import urlsplit

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from backend.tests import builders
from backend.tests.harness import API, AClient, Harness
from obt_server.config import Settings
from obt_server.errors import SECURITY_HEADERS, Problem

on_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
JSON = {"Content-Type": "application/json"}
MODEL = "llama3.2:3b"
TOKENS = f"{API}/enrolment-tokens"


async def _raw(server: Harness, request: str) -> str:
    """Send bytes as they are, and return all of the answer."""
    host = urlsplit(server.url)
    reader, writer = await asyncio.open_connection(host.hostname, host.port)
    writer.write(request.replace("\n", "\r\n").encode("latin-1"))
    await writer.drain()
    reply = await reader.read()
    writer.close()
    await writer.wait_closed()
    return reply.decode("latin-1")


def _cookie(server: Harness) -> str:
    return f"obt_session={server.owner.cookies['obt_session']}"


async def _a_job(server: Harness) -> tuple[AClient, str]:
    client = await server.a_client(models=(MODEL,))
    await server.a_session([client], [MODEL])
    spec = await client.claim()
    assert spec is not None
    return client, f"{API}/jobs/{spec.job_id}/samples"


@on_sqlite
async def test_a_foreign_host_is_refused_everywhere(server: Harness) -> None:
    hosts = ("evil.example", "evil.example:8881", "127.0.0.1.evil.example", "[::2]", "[", "")
    for host, path in product(hosts, ("/", "/healthz", "/api/v1/clients", "/api/v1/openapi.json")):
        reply = await server.owner.get(path, headers={"Host": host})
        assert (reply.status_code, reply.json()["code"]) == (403, "foreign_host"), (host, path)


@on_sqlite
async def test_a_request_without_a_host_is_refused(server: Harness) -> None:
    assert _status(await _raw(server, "GET /api/v1/clients HTTP/1.0\n\n")) == 403


@on_sqlite
async def test_every_name_of_this_machine_is_its_own(server: Harness) -> None:
    for name in ("localhost", "LOCALHOST", "[::1]"):
        host = f"{name}:{urlsplit(server.url).port}"
        reply = await server.owner.get(f"{API}/clients", headers={"Host": host, "Origin": f"http://{host}"})
        assert reply.status_code == 200, name


@on_sqlite
async def test_a_foreign_page_may_not_call(server: Harness) -> None:
    origins = ("http://evil.example", "null", "", "http://127.0.0.1:1", "https://127.0.0.1")
    for origin, method in product(origins, ("GET", "POST")):
        reply = await server.owner.request(method, TOKENS, headers={"Origin": origin}, json={})
        assert (reply.status_code, reply.json()["code"]) == (403, "foreign_origin"), (origin, method)
    assert (await server.get("/enrolment-tokens"))["tokens"] == []


@on_sqlite
async def test_a_write_with_the_cookie_needs_an_origin(server: Harness) -> None:
    del server.owner.headers["Origin"]
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        reply = await server.owner.request(method, TOKENS, json={})
        assert (reply.status_code, reply.json()["code"]) == (403, "origin_missing"), method
    assert (await server.owner.get(TOKENS)).json()["tokens"] == []


@on_sqlite
@pytest.mark.parametrize("origin", ["http://evil.example", None])
async def test_a_foreign_page_gets_no_socket(server: Harness, origin: str | None) -> None:
    url = f"ws://{urlsplit(server.url).netloc}{API}/live"
    headers = {"Cookie": _cookie(server)} | ({"Origin": origin} if origin else {})
    with pytest.raises(InvalidStatus) as refused:
        async with connect(url, additional_headers=headers, proxy=None):
            pass
    assert refused.value.response.status_code == 403


@on_sqlite
async def test_a_body_that_says_it_is_too_long_is_not_read(server: Harness, settings: Settings) -> None:
    length = settings.max_body_bytes + 1
    head = f"POST {API}/clients HTTP/1.1\nHost: localhost\nConnection: close\nContent-Length: {length}\n\n"
    reply = await _raw(server, head)
    assert _status(reply) == 413
    assert '"body_too_long"' in reply


@on_sqlite
async def test_a_body_that_does_not_say_how_long_it_is_is_cut_at_the_limit(server: Harness, settings: Settings) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 4 * settings.max_body_bytes:
            sent += 65_536
            yield b" " * 65_536

    reply = await server.nobody.post(f"{API}/clients", content=endless(), headers=JSON)
    assert (reply.status_code, reply.json()["code"]) == (413, "body_too_long")


@on_sqlite
async def test_a_body_of_just_the_limit_is_read(server: Harness, settings: Settings) -> None:
    body = json.dumps({"uses": 2}).encode().ljust(settings.max_body_bytes)
    assert (await server.owner.post(TOKENS, content=body, headers=JSON)).status_code == 201


BROKEN_BODIES = (
    b"{",
    b"{'a': 1}",
    b"\xff\xfe",
    b'{"uses": 1' + b"0" * 5_000 + b"}",
    b"[" * 200_000,
    b'{"a":' * 100_000,
    b'{"uses": 1} x',
    b"",
    b"null",
    b"[]",
    b'"text"',
    b'{"uses": NaN}',
    b'{"uses": Infinity}',
    b'{"uses": 1e400}',
    b'{"uses": -1}',
    b'{"uses": 99999999999999999999999999}',
    b'{"expires_in_hours": 1e308}',
    b'{"label": "a\\u0000b"}',
    b'{"label": "\\ud800"}',
    b'{"\\ud800": 1}',
    b'{"unknown": 1}',
    b'{"uses": {"\\ud800": 1}}',
)


@on_sqlite
async def test_a_body_that_is_wrong_is_the_senders_fault(server: Harness) -> None:
    for body in BROKEN_BODIES:
        reply = await server.owner.post(TOKENS, content=body, headers=JSON)
        assert reply.status_code in {400, 422}, (body[:50], reply.text)
        assert reply.headers["Content-Type"] == "application/problem+json"
        assert Problem.model_validate(reply.json()).status == reply.status_code
    assert (await server.get("/enrolment-tokens"))["tokens"] == []


@on_sqlite
async def test_a_complaint_does_not_repeat_a_body_of_megabytes(server: Harness) -> None:
    reply = await server.owner.post(TOKENS, json={"x" * 1_000_000: 1})
    assert reply.status_code == 422
    assert len(reply.content) < 20_000


@on_sqlite
async def test_a_body_of_another_type_is_not_read_as_json(server: Harness) -> None:
    for content_type in ("text/plain", "application/xml", "multipart/form-data; boundary=x", "x", ""):
        reply = await server.owner.post(TOKENS, content=b"{}", headers={"Content-Type": content_type})
        assert 400 <= reply.status_code < 500, content_type
        assert reply.headers["Content-Type"] == "application/problem+json", content_type


@on_sqlite
async def test_a_length_that_is_none_is_refused(server: Harness) -> None:
    for length in ("-1", "abc", "1e3", "1, 2", "99999999999999999999999999999999999", ""):
        head = f"POST {API}/clients HTTP/1.1\nHost: localhost\nConnection: close\nContent-Length: {length}\n\n"
        assert 400 <= _status(await _raw(server, head)) < 500, length


@on_sqlite
async def test_two_lengths_at_once_are_refused(server: Harness) -> None:
    head = f"POST {API}/clients HTTP/1.1\nHost: localhost\nContent-Length: 2\nTransfer-Encoding: chunked\n\n0\n\n"
    assert 400 <= _status(await _raw(server, head)) < 500


POISONS: tuple[object, ...] = (
    "a\x00b",
    "\ud800",
    {"\x00": 1},
    {"\ud800": 1},
    [["\x00"]],
    10**400,
    float("nan"),
    float("inf"),
    2**64,
    -(2**63),
    1e308,
)


async def test_what_a_database_cannot_keep_is_refused_or_kept_whole(server: Harness) -> None:
    """On either database: 200 and stored, or 4xx and gone. A 5xx would be sent again for ever."""
    client, path = await _a_job(server)
    stored = 0
    for number, poison in enumerate(POISONS, start=1):
        sample = builders.a_sample(number).model_dump(mode="json")
        body = json.dumps({"samples": [{**sample, "ollama": {"x": poison}}]})
        reply = await client.http.post(path, content=body, headers=JSON)
        assert reply.status_code in {200, 400, 422}, (poison, reply.text)
        stored += reply.is_success
    assert (await client.send_samples(_id(path), builders.a_sample(100))).stored == stored + 1


async def test_deep_nesting_is_refused_or_kept_whole(server: Harness) -> None:
    client, path = await _a_job(server)
    sample = builders.a_sample(1).model_dump(mode="json")
    body = json.dumps({"samples": [{**sample, "ollama": {"x": "DEEP"}}]})
    for depth in (100, 300, 900, 5_000, 100_000):
        deep = body.replace('"DEEP"', "[" * depth + "]" * depth)
        reply = await client.http.post(path, content=deep, headers=JSON)
        assert reply.status_code in {200, 400, 422}, (depth, reply.text)


async def test_the_ends_of_the_calendar_are_refused_or_kept(server: Harness) -> None:
    client, path = await _a_job(server)
    sample = builders.a_sample(1).model_dump(mode="json")
    for moment in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00Z"):
        reply = await client.http.post(path, json={"samples": [{**sample, "started_at": moment}]})
        assert reply.status_code in {200, 422}, (moment, reply.text)
        model = {**builders.a_model().model_dump(mode="json"), "modified_at": moment}
        put = await client.http.put(f"{API}/clients/{client.id}/models", json={"models": [model]})
        assert put.status_code in {204, 422}, (moment, put.text)
        assert (await server.owner.get(f"{API}/models")).status_code == 200


async def test_a_cursor_that_is_none_is_refused(server: Harness) -> None:
    nil = "00000000-0000-0000-0000-000000000000"
    moments = ("0001-01-01T00:00:00.0+14:00", "9999-12-31T23:59:59.9-14:00")
    cursors = ("x", "~", "2026-01-01T00:00:00Z~\x00", *(f"{moment}~{nil}" for moment in moments))
    for path, after in product(("/sessions", "/results"), cursors):
        reply = await server.owner.get(f"{API}{path}", params={"after": after})
        assert reply.status_code == 422, (path, after)
        assert "after" in reply.json()["detail"]


async def test_odd_text_in_a_url_is_the_senders_fault(server: Harness) -> None:
    paths = ("/clients/{}", "/results?model={}", "/results?session_id={}", "/sessions/{}")
    texts = ("a%00b", "%ed%a0%80", "%ff", "..%2f..", "a" * 5_000, "%F0%9F%98%80")
    for path, text in product(paths, texts):
        reply = await server.owner.get(API + path.format(text))
        assert reply.status_code in {404, 422}, (path, text[:50], reply.text)
        assert reply.headers["Content-Type"] == "application/problem+json", (path, text[:50])


@on_sqlite
async def test_what_the_api_does_not_have_is_a_404(server: Harness) -> None:
    for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"):
        reply = await server.nobody.request(method, "/api/nonsense")
        assert (reply.status_code, reply.json()["code"]) == (404, "not_found"), method
        assert reply.headers["Content-Type"] == "application/problem+json", method


@on_sqlite
async def test_a_method_that_a_path_does_not_have_is_a_405_that_names_those_it_has(server: Harness) -> None:
    reply = await server.owner.delete(f"{API}/clients")
    assert (reply.status_code, reply.headers["Allow"]) == (405, "GET, POST")
    reply = await server.owner.get(f"{API}/jobs/claim")
    assert (reply.status_code, reply.headers["Allow"]) == (405, "POST")


def _status(reply: str) -> int:
    return int(reply.split(" ", 2)[1])


def _id(path: str) -> Any:
    return path.split("/")[-2]


@on_sqlite
async def test_a_failure_of_the_server_has_the_headers_of_every_reply(server: Harness) -> None:
    server.app.state.feed = None
    reply = await server.owner.get(f"{API}/live/snapshot")
    assert (reply.status_code, reply.json()["code"]) == (500, "internal_error")
    assert {name: reply.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS
