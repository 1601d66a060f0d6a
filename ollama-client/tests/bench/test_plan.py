"""How much a workload still needs: failures made good, looks on schedule, blocks, how it ended."""

from datetime import UTC, datetime
from typing import Any

from obt_client.bench.plan import REPLACED_MAX, Plan
from obt_core.results import ClockSource, EndReason, Flag, Sample, SampleRole
from obt_core.statistics import looks
from obt_core.suites import Precision, TextPrompt, Workload


def _sample(**more: Any) -> Sample:
    told: dict[str, Any] = {"role": SampleRole.MEASURED, "end": EndReason.LENGTH, "clock": ClockSource.KERNEL, **more}
    return Sample(number=1, workload="w", started_at=datetime.now(UTC), **told)


def _workload(**more: Any) -> Workload:
    told = {"prompt": TextPrompt(text="x"), "generate_tokens": 4, "samples": 12, "budget_s": 3_600, **more}
    return Workload.model_validate({"name": "w", **told})


def _plan(blocks: int = 1, **more: Any) -> Plan:
    plan = Plan(_workload(**more), blocks)
    plan.begin_block(1)
    return plan


def _good(rate: float = 50.0) -> Sample:
    return _sample(decode_tokens_per_s=rate)


_FAILED = _sample(end=EndReason.ERROR, error_code="http_500")


async def _go_on(plan: Plan, *samples: Sample) -> int:
    """Take these one after another as long as the plan is open; return how many were taken."""
    for number, sample in enumerate(samples):
        if not plan.open:
            return number
        plan.take()
        plan.saw(sample)
        await plan.look()
    return len(samples)


async def test_a_failed_request_does_not_use_up_a_planned_one() -> None:
    plan = _plan()
    assert await _go_on(plan, _good(), _FAILED, *[_good()] * 50) == 13
    assert (plan.done, plan.failed) == (12, 1)
    assert plan.how_it_ended() == "w: all 12 samples taken"


async def test_too_many_failed_ones_end_it() -> None:
    plan = _plan()
    most = 12 + max(REPLACED_MAX, 6)
    assert await _go_on(plan, *[_FAILED] * 100) == most
    assert "given up after 18 requests, 18 of which failed" in plan.how_it_ended()


_DISTURBED = _sample(decode_tokens_per_s=20.0, flags=(Flag.FOREIGN_CPU_LOAD,))


async def test_a_disturbed_sample_is_replaced() -> None:
    plan = _plan()
    assert await _go_on(plan, _good(), _DISTURBED, _DISTURBED, *[_good()] * 50) == 14
    assert (plan.done, plan.failed, plan.disturbed) == (12, 0, 2)
    assert plan.how_it_ended() == "w: all 12 samples taken"


async def test_a_machine_that_is_never_quiet_ends_it() -> None:
    plan = _plan()
    assert await _go_on(plan, *[_DISTURBED] * 100) == 18
    assert plan.how_it_ended() == "w: given up after 18 requests, 0 of which failed, 18 were disturbed"


async def test_precision_is_that_of_quiet_samples() -> None:
    plan = _plan(samples=30, precision=Precision(within=0.05, samples_min=6))
    taken = await _go_on(plan, *[_DISTURBED] * 3, *[_good(50 + 0.01 * n) for n in range(40)])
    assert plan.precise_after in looks(6, 30)
    assert plan.precise_after == taken - 3


async def test_under_an_arrival_rate_a_disturbed_sample_has_had_its_moment() -> None:
    plan = _plan(arrival={"kind": "constant", "rate_per_s": 1})
    assert await _go_on(plan, *[_DISTURBED] * 100) == 12
    assert plan.done == 12


async def test_under_an_arrival_rate_every_request_has_its_moment() -> None:
    plan = _plan(arrival={"kind": "constant", "rate_per_s": 1})
    assert await _go_on(plan, *[_FAILED] * 5, *[_good()] * 20) == 12
    assert plan.how_it_ended() == "w: all 12 samples taken, 5 of them failed"


async def test_it_ends_at_the_first_look_where_nothing_varies() -> None:
    plan = _plan(samples=100, precision=Precision(samples_min=10))
    assert await _go_on(plan, *[_good(50 + n % 2 / 100) for n in range(100)]) == looks(10, 100)[0] == 10
    assert plan.precise_after == 10
    assert plan.how_it_ended() == "w: precise after 10 samples (decode_tokens_per_s within ±3.0%)"


async def test_it_goes_on_to_a_later_look_or_the_end_where_much_varies() -> None:
    noisy = [_good(50 + 40 * (n % 2)) for n in range(200)]
    plan = _plan(samples=100, precision=Precision(samples_min=10))
    assert await _go_on(plan, *noisy) == 100
    assert plan.how_it_ended() == "w: all 100 samples taken, not precise"
    settles = [*noisy[:12], *[_good(50 + n % 3 / 10) for n in range(88)]]
    plan = _plan(samples=100, precision=Precision(samples_min=10))
    assert await _go_on(plan, *settles) in looks(10, 100)[1:]


async def test_looks_count_what_enters_the_metric_only() -> None:
    early = _sample(end=EndReason.STOP, generated_tokens=3, decode_tokens_per_s=50.0)
    plan = _plan(samples=100, precision=Precision(samples_min=10))
    assert await _go_on(plan, *[early] * 7, *[_good()] * 100) == 17


async def test_blocks_share_samples_and_what_is_left_over_goes_to_the_next() -> None:
    plan = _plan(blocks=3, samples=7)
    taken = [await _go_on(plan, *[_good()] * 50)]
    for block in (2, 3):
        plan.end_block()
        plan.begin_block(block)
        taken.append(await _go_on(plan, *[_good()] * 50))
    assert taken == [2, 2, 3]
    assert [plan.is_over(block) for block in (1, 3)] == [True, True]


def test_a_trace_is_replayed_whole_in_the_first_block() -> None:
    requests = [{"at_s": n, "prompt_tokens": 16, "generate_tokens": 2} for n in range(5)]
    plan = _plan(blocks=3, samples=100, arrival={"kind": "replay", "requests": requests})
    while plan.open:
        plan.take()
    assert plan.begun == plan.planned == 5


def test_time_that_is_over_is_told() -> None:
    plan = _plan(budget_s=1)
    plan.took_s = 2.0
    assert not plan.open
    assert plan.how_it_ended() == "w: time was over after 0 of 12 requests"
    assert plan.how_it_ended(was_stopped=True) == "w: stopped after 0 of 12 requests"


def test_what_is_refused_is_not_begun() -> None:
    plan = _plan()
    plan.refused = "too long"
    assert not plan.open
    assert plan.how_it_ended() == "w: left out: too long"
