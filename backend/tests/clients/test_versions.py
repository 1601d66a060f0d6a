"""Clients of other releases: heard, judged, and told what to do."""

from typing import Any

import pytest

from backend.tests import builders
from backend.tests.harness import API, Harness
from obt_core.wire import PROTOCOL_VERSION
from obt_server import __version__
from obt_server.clients import versions
from obt_server.clients.versions import Release, VersionState, advice

NEXT = PROTOCOL_VERSION + 1


@pytest.mark.parametrize(
    ("release", "state"),
    [
        (Release(__version__), VersionState.CURRENT),
        (Release(f"{__version__}.0"), VersionState.CURRENT),
        (Release(f"{__version__}+local"), VersionState.CURRENT),
        (Release("0.0.9"), VersionState.OLDER),
        (Release("0"), VersionState.OLDER),
        (Release("10.0"), VersionState.NEWER),
        (Release("9" * 300), VersionState.NEWER),
        (Release("0.0.9", NEXT), VersionState.NEWER),
        (Release(""), VersionState.CURRENT),
        (Release("unknown", NEXT), VersionState.NEWER),
        (Release(__version__, NEXT, server_protocol_min=NEXT), VersionState.TOO_NEW),
        (Release("0.0.9", PROTOCOL_VERSION, server_protocol_min=NEXT), VersionState.TOO_NEW),
    ],
)
def test_how_a_release_stands_to_this_server(release: Release, state: VersionState) -> None:
    assert release.state is state


def test_a_protocol_that_is_no_longer_known_is_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "CLIENT_PROTOCOL_MIN", NEXT)
    assert Release("99", PROTOCOL_VERSION).state is VersionState.TOO_OLD


@pytest.mark.parametrize("state", VersionState)
def test_whoever_can_do_something_is_told_what(state: VersionState) -> None:
    told = advice(state, "Linux")
    assert (told is None) is (state is VersionState.CURRENT)
    if state in {VersionState.OLDER, VersionState.TOO_OLD}:
        assert told is not None
        assert told.endswith("curl -fsSL http://SERVER:8881/install.sh | sh")
        assert (advice(state, "Windows") or "").endswith("irm http://SERVER:8881/install.ps1 | iex")


async def test_a_client_is_shown_with_its_release_from_its_enrolment_on(server: Harness) -> None:
    newer = {"client_version": "99.1", "protocol_version": NEXT}
    body = builders.an_enrolment(await server.a_token(), "one").model_copy(update=newer)
    reply = await server.nobody.post(f"{API}/clients", json=body.model_dump(mode="json"))
    assert reply.status_code == 201
    shown = await server.get("/clients/one")
    told = (shown["client_version"], shown["protocol_version"], shown["server_protocol_min"], shown["version_state"])
    assert told == ("99.1", NEXT, 1, "newer")


async def test_a_release_that_changes_is_news_and_the_reply_tells_the_servers(server: Harness) -> None:
    client = await server.a_client("one")
    assert (await server.get("/clients/one"))["version_state"] == "current"
    assert (await server.get("/clients/one"))["version_advice"] is None
    releases: list[tuple[dict[str, Any], str]] = [
        ({"client_version": "0.0.9"}, "older"),
        ({"client_version": "99.1", "protocol_version": NEXT}, "newer"),
        ({"client_version": "99.1", "protocol_version": NEXT, "server_protocol_min": NEXT}, "too_new"),
    ]
    for fields, state in releases:
        reply = await client.beat(**fields)
        assert (reply.server_version, reply.server_protocol_version) == (__version__, PROTOCOL_VERSION)
        shown = await server.get("/clients/one")
        assert (shown["version_state"], shown["presence"]) == (state, "online")
        assert shown["version_advice"]
