"""Above which rate a prompt cannot have been read."""

import pytest

from obt_client.bench.slots import PROBES_MAX, most_at_once, probes_for
from obt_client.bench.uncached import RATE_SLACK, Uncached, physical_limit
from obt_core.suites import Suite, TextPrompt, Workload


def _after_load(*readings: tuple[int, float]) -> Uncached:
    uncached = Uncached()
    uncached.emptied()
    for tokens, rate in readings:
        uncached.saw(tokens, rate, None)
    return uncached


def test_a_reading_after_the_first_one_that_was_long_enough_sets_the_limit() -> None:
    uncached = _after_load((20, 5.0), (300, 400.0))
    assert uncached.limit(300) == uncached.limit(600) == uncached.limit(20) == RATE_SLACK * 400
    assert uncached.limit(601) is None
    assert uncached.limit(None) is None


@pytest.mark.parametrize(
    "readings",
    [
        ((300, 400.0),),  # the first after a load does much else
        ((200, 400.0), (300, 400.0)),  # the most of it may have been known
        ((20, 5.0), (300, 4_000.0)),  # too short to be a measure
        ((20, 5.0), (300, None)),
    ],
)
def test_other_readings_tell_nothing(readings: tuple[tuple[int, float], ...]) -> None:
    assert _after_load(*readings).limit(300) is None


def test_of_a_model_that_somebody_else_loaded_nothing_is_known() -> None:
    uncached = Uncached()
    uncached.saw(20, 5.0, None)
    uncached.saw(300, 400.0, None)
    assert uncached.limit(300) is None


def test_no_machine_reads_faster_than_its_arithmetic() -> None:
    uncached = Uncached()
    uncached.physical = physical_limit(8_000_000_000)
    limit = uncached.limit(300)
    assert limit is not None
    # Far above the fastest reading of any model of this size today (some 1e6 tokens per second), far below a lie.
    assert 1e7 < limit < 1e10
    assert physical_limit(None) is None


def test_spans_that_only_touch_are_not_at_once() -> None:
    assert most_at_once([(0, 2), (2, 4), (4, 5)]) == 1
    assert most_at_once([(0, 3), (1, 2), (2.5, 4), (2.7, 5)]) == 3
    assert most_at_once([]) == 0


def test_slots_are_probed_with_as_many_as_the_suite_sends_at_once() -> None:
    def probes(**more: object) -> int:
        given = {"prompt": TextPrompt(text="x"), "generate_tokens": 4, "samples": 6, "budget_s": 10, **more}
        workload = Workload.model_validate({"name": "w", **given})
        return probes_for(Suite(name="s", title="S", workloads=(workload,)))

    assert [probes(), probes(concurrency=4), probes(concurrency=200)] == [2, 4, PROBES_MAX]
    assert probes(arrival={"kind": "constant", "rate_per_s": 1}) == PROBES_MAX
