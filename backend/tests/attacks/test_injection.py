"""Text that would become something else: a header, a line of a script, a pattern."""

import json
from urllib.parse import quote

import pytest

from backend.tests import builders
from backend.tests.attacks.raw import exchange, request, status_of
from backend.tests.harness import API, Harness

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
BREAKS = ("\r\nX-Evil: 1", "\nX-Evil: 1", "\rX-Evil: 1", "\u560d\u560aX-Evil: 1", "\x85X-Evil: 1", "\0X-Evil: 1")
EVIL = b"x-evil"
CHUNKED = "Transfer-Encoding: chunked"


def _headers_of(reply: bytes) -> bytes:
    return reply.partition(b"\r\n\r\n")[0].lower()


async def test_no_text_of_an_address_becomes_a_header(server: Harness) -> None:
    paths = ("/{}", f"{API}/{{}}", "/downloads/{}", "/downloads?{}", f"{API}/export/results.{{}}", "/install.sh?{}")
    for path in paths:
        for text in BREAKS:
            reply = await exchange(server, request("GET", path.format(quote(text))))
            assert EVIL not in _headers_of(reply), (path, text)


async def test_no_text_of_a_header_becomes_another(server: Harness) -> None:
    for name in ("Host", "Origin", "X-Request-ID", "If-None-Match", "X-Forwarded-Host", "Accept-Encoding"):
        for text in BREAKS[3:5]:
            head = f"GET /install.sh HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{name}: a".encode()
            reply = await exchange(server, head + text.encode() + b"\r\n\r\n")
            assert EVIL not in _headers_of(reply), (name, text)


async def test_a_header_with_a_control_character_is_refused(server: Harness) -> None:
    for text in (b"a\x00b", b"a\rb", b"a\x00\r\n b"):
        reply = await exchange(server, b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: " + text + b"\r\n\r\n")
        assert status_of(reply) == 400, text


@pytest.mark.parametrize("split", ["Content-Length: 5\r\nContent-Length: 50", CHUNKED + "\r\nContent-Length: 5"])
async def test_a_request_of_two_lengths_hides_no_second_one(server: Harness, split: str) -> None:
    hidden = b"0\r\n\r\nGET /api/v1/auth/me HTTP/1.1\r\nHost: localhost\r\n\r\n"
    head = f"POST {API}/auth/link HTTP/1.1\r\nHost: localhost\r\n{split}\r\nConnection: close\r\n\r\n"
    reply = await exchange(server, head.encode() + hidden)
    assert (status_of(reply), reply.count(b"HTTP/1.1 ")) == (400, 1)


async def test_no_host_writes_into_a_script_that_people_run(server: Harness) -> None:
    for host in ("localhost';id;'", "localhost$(id)", "localhost`id`", 'localhost"', "localhost:80;id", "localhost/x"):
        head = f"GET /install.sh HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        reply = await exchange(server, head.encode())
        assert status_of(reply) in {400, 403}, host
        assert b"id;" not in reply.partition(b"\r\n\r\n")[2].split(b'"detail"')[0], host


HOSTILE = (
    "(a+)+$",
    "(a|a)*b",
    ".*" * 50,
    "[",
    "\\",
    "(?R)",
    "%" * 100,
    "_" * 100,
    "%_%_" * 25,
    "a" * 100 + "!",
    "*" * 100,
)
"""What would keep a careless regular expression, or a careless LIKE, busy for years; no question may take so long."""


async def test_a_search_is_for_its_text_and_no_pattern(server: Harness) -> None:
    await server.a_client(models=("a" * 200 + ":latest", "llama3.2:3b"))
    document = server.app.openapi()
    asked = 0
    for path, operations in document["paths"].items():
        texts = [p["name"] for p in operations.get("get", {}).get("parameters", ()) if _is_text(p)]
        for name in texts if "{" not in path else ():
            for text in HOSTILE:
                reply = await server.owner.get(path, params={name: text})
                assert reply.status_code in {200, 404, 422}, (path, name, text, reply.text)
                asked += 1
    assert asked > 5 * len(HOSTILE)


def _is_text(parameter: dict[str, object]) -> bool:
    return parameter["in"] == "query" and '"string"' in json.dumps(parameter["schema"])


async def test_every_word_of_a_catalogue_may_be_searched_literally(server: Harness) -> None:
    client = await server.a_client(models=("llama3.2:3b", "qwen3:4b"))
    await server.a_session([client], ["llama3.2:3b"], title="100%_sure (a+)+$")
    for text, found in (("100%_sure", 1), ("(a+)+$", 1), ("100x_sure", 0), ("%", 1), ("100%%sure", 0)):
        sessions = (await server.get("/sessions", q=text))["sessions"]
        assert len(sessions) == found, text


async def test_a_text_that_would_be_slow_to_check_is_checked_at_once(server: Harness) -> None:
    """Every pattern of ours is given its worst: text that fits up to its last character."""
    enrolment = builders.an_enrolment(await server.a_token(), "client-1", "bench").model_dump(mode="json")
    for field, text in (("client_id", "a" * 63 + "!"), ("token", "a" * 199 + "!"), ("nonce", "a" * 127 + "!")):
        reply = await server.nobody.post(f"{API}/clients", json={**enrolment, field: text})
        assert reply.status_code == 422, field
    for text in ("a" * 299 + "!", "a/" * 9 + "a" * 280 + "!", "a:" * 149 + "!"):
        reply = await server.owner.post(f"{API}/sessions", json={"models": [text], "client_ids": ["a-client"]})
        assert reply.status_code == 422, text
    for host in ("a." * 4_000 + "!", "a-" * 4_000):
        assert status_of(
            await exchange(server, f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        ) in {400, 403}


async def test_a_suite_that_would_be_slow_to_read_is_read_at_once(server: Harness) -> None:
    for text in ("[" * 50_000, "a." * 50_000 + "b = 1", '"""' + "\\" * 199_000, "x = " + "'" * 199_000, "#" * 199_000):
        reply = await server.owner.post(f"{API}/suites/check", json={"text": text})
        assert reply.status_code in {200, 422}, text[:10]
