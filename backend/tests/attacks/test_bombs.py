"""Requests that are small and become large, or are large at once: refused before they cost anything."""

import gzip
import json
import zlib

import pytest

from backend.tests.attacks.raw import connected, exchange, request, status_of
from backend.tests.harness import API, Harness
from obt_server.errors import SECURITY_HEADERS
from obt_server.transport.http import HEAD_MAX_BYTES, HEADERS_MAX, URL_MAX_BYTES

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
JSON = {"Content-Type": "application/json"}
ZEROS = b"0" * 50_000_000
BOMBS = {
    "gzip": gzip.compress(ZEROS),
    "deflate": zlib.compress(ZEROS),
    "br": b"\x00" * 100,
    "zstd": b"\x28\xb5\x2f\xfd" + b"\x00" * 100,
    "gzip, gzip": gzip.compress(gzip.compress(ZEROS)),
    "identity, gzip": gzip.compress(ZEROS),
    "x-unheard-of": b"{}",
}


@pytest.mark.parametrize("encoding", BOMBS)
async def test_a_zip_bomb_is_refused_unopened(server: Harness, encoding: str) -> None:
    headers = {**JSON, "Content-Encoding": encoding}
    for path in ("/sessions", "/auth/link", "/suites/check", "/clients"):
        reply = await server.owner.post(f"{API}{path}", content=BOMBS[encoding], headers=headers)
        assert (reply.status_code, reply.json()["code"]) == (415, "encoded_body"), path


async def test_a_body_packed_in_transfer_is_not_unpacked(server: Harness) -> None:
    packed = BOMBS["gzip"]
    chunk = f"{len(packed):x}\r\n".encode() + packed + b"\r\n0\r\n\r\n"
    head = request("POST", f"{API}/auth/link", "Content-Type: application/json", "Transfer-Encoding: gzip, chunked")
    assert status_of(await exchange(server, head + chunk)) in {400, 422}


async def test_a_plain_body_may_say_so(server: Harness) -> None:
    headers = {**JSON, "Content-Encoding": "identity"}
    reply = await server.owner.post(f"{API}/enrolment-tokens", content=b"{}", headers=headers)
    assert reply.status_code == 201


@pytest.mark.parametrize("depth", [1_000, 100_000, 1_000_000])
@pytest.mark.parametrize("pair", ["[]", "{}"])
async def test_json_as_deep_as_it_can_be_is_the_senders_fault(server: Harness, depth: int, pair: str) -> None:
    opening = "[" if pair == "[]" else '{"a":'
    body = (opening * depth + "1" + pair[1] * depth).encode()[: 4 * 2**20]
    for path in ("/sessions", "/suites/check", "/auth/link"):
        reply = await server.owner.post(f"{API}{path}", content=body, headers=JSON)
        assert 400 <= reply.status_code < 500, (path, reply.text)


async def test_a_number_of_a_million_digits_is_the_senders_fault(server: Harness) -> None:
    body = b'{"uses": ' + b"9" * 1_000_000 + b"}"
    reply = await server.owner.post(f"{API}/enrolment-tokens", content=body, headers=JSON)
    assert reply.status_code in {400, 422}


async def test_a_list_of_a_million_is_the_senders_fault(server: Harness) -> None:
    body = json.dumps({"models": ["a"] * 800_000, "client_ids": ["a-client"]})
    reply = await server.owner.post(f"{API}/sessions", content=body, headers=JSON)
    assert (reply.status_code, len(reply.content) < 20_000) == (422, True)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (request("GET", "/" + "a" * URL_MAX_BYTES), 414),
        (request("GET", f"{API}/results?model=" + "a" * URL_MAX_BYTES), 414),
        (request("GET", "/", *(f"X-{n}: a" for n in range(HEADERS_MAX + 1))), 431),
        (request("GET", "/", "X-A: " + "a" * HEAD_MAX_BYTES), 431),
        (request("GET", "/", *(f"X-{n}: " + "a" * 1_000 for n in range(40))), 431),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: " + b"a" * 10_000_000, 431),
        (b"GET /" + b"a" * 10_000_000, 414),
        (b"A" * 100_000, 400),
        (b"\x16\x03\x01\x02\x00\x01\x00", 400),
    ],
)
async def test_a_head_without_end_is_refused_in_the_form_of_every_refusal(
    server: Harness, sent: bytes, status: int
) -> None:
    reply = await exchange(server, sent)
    if not reply:  # it was still sending when the connection was closed: a reset may take the answer with it
        assert len(sent) > 1_000_000
        return
    assert status_of(reply) == status
    assert b"application/problem+json" in reply
    assert all(f"{name}: {value}".encode() in reply for name, value in SECURITY_HEADERS.items())


async def test_a_long_but_bearable_head_is_answered(server: Harness) -> None:
    sent = request("GET", f"{API}/auth/me?" + "a" * 8_000, *(f"X-{n}: " + "a" * 100 for n in range(80)))
    assert status_of(await exchange(server, sent)) in {401, 403}


async def test_headers_are_counted_anew_for_each_request_of_a_connection(server: Harness) -> None:
    question = request("GET", "/healthz", "X-A: " + "a" * 20_000).replace(b"Connection: close\r\n", b"")
    async with connected(server) as (reader, writer):
        for _ in range(5):
            writer.write(question)
            head = await reader.readuntil(b"\r\n\r\n")
            assert status_of(head) == 200
            await reader.readexactly(int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]))
