"""Samples of a machine that was not quiet: which are looked at, and what that makes of the grade."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tests.messages import ENVIRONMENT
from core.tests.test_grading import ALONE, an_outcome
from core.tests.traces import a_sample
from obt_core.environment import Condition
from obt_core.grading import grade
from obt_core.results import DISTURBING, Flag, Grade, Sample, SampleRole
from obt_core.statistics import summarize
from obt_core.suites import Metric
from obt_core.values import chosen, counted_values, is_disturbed

HOG = (Flag.FOREIGN_CPU_LOAD,)


def samples(*disturbed: bool) -> list[Sample]:
    """TTFT is 40 ms on the quiet machine, and 90 ms on the busy one."""
    return [
        a_sample(number, ttft_ms=90.0 if hit else 40.0, flags=HOG if hit else ())
        for number, hit in enumerate(disturbed, 1)
    ]


def graded(taken: list[Sample], **fields: Any) -> tuple[Grade, list[str]]:
    return grade(an_outcome(sample_count=len(taken), **fields), summarize(taken), len(taken))


def test_a_few_disturbed_samples_are_left_out_and_the_result_is_clean() -> None:
    taken = samples(*[False] * 8, True, True)
    (chat,) = summarize(taken).workloads
    assert (chat.taken, chat.counted, chat.disturbed, chat.counts_disturbed) == (10, 8, 2, False)
    assert chat.metrics[Metric.TTFT].median == 40
    assert graded(taken) == (Grade.CLEAN, [])


def test_where_most_are_disturbed_all_are_counted_and_the_result_says_so() -> None:
    taken = samples(*[True] * 8, False, False)
    (chat,) = summarize(taken).workloads
    assert (chat.counted, chat.disturbed, chat.counts_disturbed) == (10, 8, True)
    assert chat.metrics[Metric.TTFT].median == 90
    assert graded(taken) == (Grade.DISTURBED, ["machine_not_quiet", "foreign_cpu_load"])


def test_what_was_left_out_for_another_reason_is_no_disturbance_that_was_replaced() -> None:
    taken = [*samples(*[False] * 8, True), a_sample(10, ttft_ms=40.0, flags=(Flag.MODEL_RELOADED,))]
    assert graded(taken) == (Grade.DISTURBED, ["samples_left_out"])


def test_one_workload_of_two_suffices_to_make_a_result_disturbed() -> None:
    other = [sample.model_copy(update={"workload": "other", "number": 50 + sample.number}) for sample in samples(True)]
    assert graded([*samples(*[False] * 6), *other])[0] is Grade.DISTURBED


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ((Grade.CLEAN,), (Grade.CLEAN, list[str]())),
        ((Grade.CLEAN, Grade.DISTURBED), (Grade.DISTURBED, ["condition-1"])),
        ((Grade.INVALID, Grade.DISTURBED), (Grade.INVALID, ["condition-0", "condition-1"])),
    ],
)
def test_conditions_weigh_as_they_say(weights: tuple[Grade, ...], expected: tuple[Grade, list[str]]) -> None:
    conditions = tuple(Condition(code=f"condition-{n}", weight=weight) for n, weight in enumerate(weights))
    environment = ALONE.model_copy(update={"conditions": conditions})
    assert graded(samples(*[False] * 6), environment=environment) == expected
    assert ENVIRONMENT.conditions == ()


def test_a_flag_of_a_newer_client_costs_no_sample() -> None:
    told = a_sample(1, flags=HOG).model_dump(mode="json")
    read = Sample.model_validate({**told, "flags": ["cosmic_ray", *told["flags"]]})
    assert read.flags == HOG


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(SampleRole)), max_size=20))
def test_the_chosen_are_quiet_ones_or_all_and_never_warm_ups(told: list[tuple[bool, SampleRole]]) -> None:
    taken = [a_sample(n, role=role, flags=HOG if hit else (), ttft_ms=1) for n, (hit, role) in enumerate(told, 1)]
    found, counting = chosen(taken), [sample for sample in taken if sample.role is not SampleRole.WARMUP]
    assert all(sample.role is not SampleRole.WARMUP for sample in found)
    assert 2 * len(found) >= len(counting)
    assert found == counting or not any(is_disturbed(sample) for sample in found)
    assert len(counted_values(taken, Metric.TTFT)) == len(found)


def test_every_disturbing_flag_is_a_flag_of_a_machine_that_was_not_quiet() -> None:
    assert all(is_disturbed(a_sample(1, flags=(flag,))) for flag in DISTURBING)
    assert not any(is_disturbed(a_sample(1, flags=(flag,))) for flag in set(Flag) - DISTURBING)
