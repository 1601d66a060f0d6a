"""What the server shows of itself to somebody who only knocks: nothing that was not meant for them."""

import httpx
import pytest

from backend.tests.attacks.raw import exchange, request, status_of
from backend.tests.harness import API, Harness

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
PAGES = ("/", "/clients", "/sign-in", "/none")


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "DEBUG", "PROPFIND", "OPTIONS"])
async def test_no_method_but_those_of_the_api_is_answered(server: Harness, method: str) -> None:
    for path in (*PAGES, f"{API}/auth/me", f"{API}/clients", "/healthz", "/downloads/"):
        reply = await exchange(server, request(method, path, "X-Told: planted-3f9c"))
        assert 400 <= status_of(reply) < 500, path
        assert b"planted-3f9c" not in reply, path


async def test_every_answer_with_a_body_says_what_it_is_and_text_its_encoding(server: Harness) -> None:
    paths = [*PAGES, "/healthz", "/readyz", "/install.sh", "/downloads/", f"{API}/openapi.json", f"{API}/none"]
    paths += [f"{API}/clients", f"{API}/export/results.csv", f"{API}/export/results.json", f"{API}/export/results.md"]
    for reply in [await server.owner.get(path) for path in paths]:
        _check_type(reply)
    _check_type(await server.owner.post(f"{API}/enrolment-tokens", content=b"{"))


def _check_type(reply: httpx.Response) -> None:
    kind = reply.headers["Content-Type"]
    is_json = kind in {"application/json", "application/problem+json"}  # always UTF-8 (RFC 8259, section 8.1)
    assert is_json or (kind.startswith("text/") and kind.endswith("; charset=utf-8")), (reply.url, kind)
    if is_json:
        reply.json()


async def test_who_is_not_signed_in_learns_the_version_and_how_to_sign_in_and_no_more(server: Harness) -> None:
    await server.a_client(models=("planted-model:3b",))
    document = server.app.openapi()
    for path, operations in document["paths"].items():
        if "get" in operations and "{" not in path:
            reply = await server.nobody.get(path)
            assert "planted" not in reply.text, path
    told = await server.nobody.get("/healthz")
    assert told.json().keys() == {"status", "version"}
    assert "server" not in told.headers


async def test_a_parameter_said_twice_gets_around_no_limit(server: Harness) -> None:
    for first, second in ((1, 10**9), (10**9, 1)):
        reply = await server.owner.get(f"{API}/results", params=[("limit", first), ("limit", second)])
        judged_by = second  # the last word is the one that counts, and the one that is checked
        assert (reply.status_code == 200) == (judged_by == 1), (first, second)


async def test_a_field_of_the_body_is_not_taken_from_the_address(server: Harness) -> None:
    reply = await server.owner.post(f"{API}/enrolment-tokens", params={"label": "from-the-address", "uses": 9}, json={})
    assert reply.status_code in {201, 422}
    tokens = (await server.get("/enrolment-tokens"))["tokens"]
    assert all((token["label"], token["uses_left"]) != ("from-the-address", 9) for token in tokens)
