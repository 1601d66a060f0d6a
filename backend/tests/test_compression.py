"""What the API answers is compressed for whoever takes that; files are sent as they are."""

import pytest

from backend.tests.harness import API, Harness

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


async def test_a_long_answer_is_compressed_only_for_whoever_takes_that(server: Harness) -> None:
    plain = await server.owner.get(f"{API}/suites", headers={"Accept-Encoding": "identity"})
    packed = await server.owner.get(f"{API}/suites", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.json() == plain.json()
    assert int(packed.headers["Content-Length"]) * 3 < int(plain.headers["Content-Length"])


async def test_a_short_answer_and_what_is_no_api_are_sent_as_they_are(server: Harness) -> None:
    for path in (f"{API}/auth/me", "/healthz", "/install.sh"):
        reply = await server.owner.get(path, headers={"Accept-Encoding": "gzip"})
        assert (reply.status_code, "Content-Encoding" in reply.headers) == (200, False), path
