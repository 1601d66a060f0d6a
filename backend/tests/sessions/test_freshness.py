"""A result stands for a measurement only while nothing that is known to move numbers has changed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.tests import builders
from backend.tests.harness import Harness
from backend.tests.sessions.previews import a_driven_machine, measure, only_pair
from obt_core.results import Grade
from obt_server.clients.clocks import CLOCK_SLACK
from obt_server.clients.machines import Machine
from obt_server.results.earlier import Earlier, Newest
from obt_server.sessions.freshness import age_s, fresh

NOW = builders.MOMENT
WEEK = timedelta(days=7)
MODEL = builders.a_model("a")
MACHINE = Machine("f" * 64, ("570.1",))


def an_earlier(**fields: Any) -> Earlier:
    defaults: dict[str, Any] = {
        "result_id": UUID(int=1),
        "client_id": "one",
        "model_digest": MODEL.digest,
        "series": "s",
        "grade": Grade.CLEAN,
        "started_at": NOW - timedelta(hours=2),
        "ended_at": NOW - timedelta(hours=1),
        "sample_count": 8,
        "hardware_fingerprint": MACHINE.fingerprint,
        "ollama_version": "0.9.3",
        "drivers": MACHINE.drivers,
        "size_bytes": 1,
        "size_vram_bytes": 1,
        "headline": {},
    }
    return Earlier(**{**defaults, **fields})


def judged(clean: Earlier | None, last: Earlier | None = None, machine: Machine | None = MACHINE) -> Earlier | None:
    newest = Newest(last or clean or an_earlier(grade=Grade.DISTURBED), clean)
    return fresh(newest, MODEL, machine, "0.9.3", NOW, WEEK)


def test_a_clean_result_of_the_same_everything_stands_for_a_measurement() -> None:
    assert judged(an_earlier()) == an_earlier()
    assert age_s(an_earlier(), NOW) == 3_600


@pytest.mark.parametrize(
    "other",
    [
        {"model_digest": "b" * 64},
        {"hardware_fingerprint": "0" * 64},
        {"hardware_fingerprint": None},
        {"ollama_version": "0.9.4"},
        {"ollama_version": None},
        {"drivers": ("571.0",)},
        {"drivers": ()},
        {"ended_at": NOW - WEEK},
        {"ended_at": NOW + CLOCK_SLACK + timedelta(seconds=1)},
    ],
)
def test_one_thing_that_is_different_is_enough_to_measure_again(other: dict[str, Any]) -> None:
    assert judged(an_earlier(**other)) is None


def test_what_is_not_known_of_the_machine_is_no_agreement() -> None:
    assert judged(an_earlier(), machine=None) is None
    assert judged(an_earlier(hardware_fingerprint=None), machine=Machine(None, MACHINE.drivers)) is None


def test_where_the_newest_result_is_of_another_series_an_older_clean_one_is_not_offered() -> None:
    """The offload changed: what was clean before tells of another way to run."""
    last = an_earlier(result_id=UUID(int=2), series="other", grade=Grade.DISTURBED, ended_at=NOW)
    assert judged(an_earlier(), last) is None
    assert judged(an_earlier(), replace(last, series="s")) == an_earlier()


def test_nothing_is_fresh_where_the_setting_says_so() -> None:
    assert (
        fresh(Newest(an_earlier(ended_at=NOW), an_earlier(ended_at=NOW)), MODEL, MACHINE, "0.9.3", NOW, WEEK * 0)
        is None
    )


@given(
    ages_s=st.lists(st.floats(min_value=-1_000, max_value=2_000_000), min_size=1, max_size=2),
    fresh_for_s=st.floats(min_value=0, max_value=1_000_000),
    series=st.sampled_from(["s", "t"]),
    version=st.sampled_from(["0.9.3", "0.9.4", None]),
)
def test_what_is_offered_is_never_older_than_it_may_be_nor_of_another_series(
    ages_s: list[float], fresh_for_s: float, series: str, version: str | None
) -> None:
    clean = an_earlier(ended_at=NOW - timedelta(seconds=max(ages_s)), ollama_version=version)
    last = an_earlier(ended_at=NOW - timedelta(seconds=min(ages_s)), series=series, grade=Grade.DISTURBED)
    fresh_for = timedelta(seconds=fresh_for_s)
    offered = fresh(Newest(last, clean), MODEL, MACHINE, "0.9.3", NOW, fresh_for)
    if offered is not None:
        assert (offered.series, offered.ollama_version, offered.grade) == (last.series, "0.9.3", Grade.CLEAN)
        assert NOW - offered.ended_at < fresh_for
        assert age_s(offered, NOW) == max(0.0, (NOW - offered.ended_at).total_seconds())
    elif series == "s" and version == "0.9.3":
        assert not -CLOCK_SLACK <= NOW - clean.ended_at < fresh_for


async def test_an_upgrade_of_ollama_or_of_a_driver_or_time_ends_what_a_result_stands_for(server: Harness) -> None:
    client = await server.a_client("one", models=("a",))
    machine = a_driven_machine("570.1")
    await client.put_hardware(machine)
    await server.a_session([client], ["a"])
    told = {"hardware_fingerprint": machine.fingerprint(), "machine": machine.environment}
    await measure(server, client, **told)
    assert (await only_pair(server, client))["state"] == "measured"

    await client.put_hardware(a_driven_machine("571.0"))
    assert (await only_pair(server, client))["state"] == "possible"
    await client.put_hardware(machine)
    assert (await only_pair(server, client))["state"] == "measured"

    await client.put_models(builders.a_model("a", digest=builders.a_digest("newer")))
    assert (await only_pair(server, client))["state"] == "possible"
    await client.put_models(builders.a_model("a"))

    for suite, state in (("standard", "possible"), ("quick", "measured")):
        assert (await only_pair(server, client, suite=suite))["state"] == state

    server.clock.advance(7 * 86_400 - 1)
    pair = await only_pair(server, client)
    assert (pair["state"], pair["measured"]["age_s"]) == ("measured", 7 * 86_400 - 1)
    server.clock.advance(1)
    assert (await only_pair(server, client))["state"] == "possible"


async def test_a_disturbed_result_is_no_measurement(server: Harness) -> None:
    client = await server.a_client("one", models=("a",))
    await server.a_session([client], ["a"])
    await measure(server, client, other_models_loaded=("b",))
    pair = await only_pair(server, client)
    assert (pair["state"], pair["measured"]) == ("possible", None)
    assert pair["estimate_s"] is not None  # its time is told all the same
