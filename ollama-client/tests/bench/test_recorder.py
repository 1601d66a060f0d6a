"""What samples teach: how long a load takes, what a cache may serve; odd figures are errors, not crashes."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pydantic import JsonValue

from obt_client.bench.preflight import JobFailedError
from obt_client.bench.prompts import CACHE_SLACK_TOKENS
from obt_client.bench.recorder import RELOAD_TELLS_MS, Purpose, Recorder
from obt_core.metrics import Trace
from obt_core.results import ClockSource, EndReason, Flag, Sample, SampleRole
from obt_core.telemetry import TelemetryBatch

_WARMUP = Purpose("w", SampleRole.WARMUP)
_MEASURED = Purpose("w", SampleRole.MEASURED)


class _Sink:
    def __init__(self) -> None:
        self.samples: list[Sample] = []
        self.full = False

    async def append(self, sample: Sample) -> None:
        if self.full:
            raise OSError("full")
        self.samples.append(sample)

    async def append_ticks(self, batch: TelemetryBatch) -> None:
        raise AssertionError("a recorder stores samples alone")


def _trace(**figures: JsonValue) -> Trace:
    final: dict[str, JsonValue] = {"done_reason": "length", "eval_count": 4, "eval_duration": 1_000_000, **figures}
    return Trace(datetime.now(UTC), ClockSource.KERNEL, sent_ns=1, final=final)


async def _after_load(load_ms: float, then_ms: float) -> Sample:
    recorder = Recorder(_Sink())
    recorder.loaded_from_nothing(await recorder.keep(_trace(load_duration=load_ms * 1e6), _WARMUP))
    return await recorder.keep(_trace(load_duration=then_ms * 1e6), _MEASURED)


async def test_a_load_of_more_than_half_a_cold_one_was_a_reload() -> None:
    assert Flag.MODEL_RELOADED in (await _after_load(1_000, 501)).flags
    assert Flag.MODEL_RELOADED not in (await _after_load(1_000, 499)).flags


async def test_a_cold_load_that_is_short_tells_nothing() -> None:
    assert Flag.MODEL_RELOADED not in (await _after_load(RELOAD_TELLS_MS - 1, RELOAD_TELLS_MS - 1)).flags


async def test_the_shortest_cold_load_decides_and_nothing_does_before_there_is_one() -> None:
    recorder = Recorder(_Sink())
    assert recorder.reload_ms is None
    for load_ms in (9_000.0, 1_000.0, 2_000.0):
        recorder.loaded_from_nothing(await recorder.keep(_trace(load_duration=load_ms * 1e6), _WARMUP))
    assert recorder.reload_ms == 500


async def test_an_error_teaches_nothing_of_loading() -> None:
    recorder = Recorder(_Sink())
    wrong = replace(_trace(load_duration=5e9), error_code="bad_json", error="x")
    recorder.loaded_from_nothing(await recorder.keep(wrong, _WARMUP))
    assert recorder.reload_ms is None


async def test_more_from_a_cache_than_stands_before_the_nonce_is_flagged() -> None:
    recorder = Recorder(_Sink())
    allowed = 20 + CACHE_SLACK_TOKENS
    assert not (await recorder.keep(_trace(prompt_eval_cached_count=500), _MEASURED)).flags
    recorder.followed_another_text(await recorder.keep(_trace(prompt_eval_cached_count=20), _WARMUP))
    recorder.followed_another_text(await recorder.keep(_trace(prompt_eval_cached_count=400), _WARMUP))
    fine = await recorder.keep(_trace(prompt_eval_cached_count=allowed), _MEASURED)
    served = await recorder.keep(_trace(prompt_eval_cached_count=allowed + 1), _MEASURED)
    assert (Flag.CACHED_PROMPT in fine.flags, Flag.CACHED_PROMPT in served.flags) == (False, True)


@pytest.mark.parametrize(
    "figures",
    [
        {"eval_count": 2**40},
        {"odd": float("nan")},
        {"odd": "half of a pair \ud800"},
        {f"field{n}": n for n in range(80)},
    ],
)
async def test_figures_that_no_sample_can_hold_make_an_error(figures: dict[str, JsonValue]) -> None:
    sample = await Recorder(_Sink()).keep(_trace(**figures), _MEASURED)
    assert (sample.end, sample.error_code, sample.ollama) == (EndReason.ERROR, "odd_answer", {})
    assert Sample.model_validate_json(sample.model_dump_json()) == sample


async def test_numbers_have_no_gap_where_storing_failed() -> None:
    sink = _Sink()
    recorder = Recorder(sink)
    await recorder.keep(_trace(), _MEASURED)
    sink.full = True
    with pytest.raises(JobFailedError, match="sample 2 could not be stored: full"):
        await recorder.keep(_trace(), _MEASURED)
    sink.full = False
    await recorder.keep(_trace(), _MEASURED)
    assert [sample.number for sample in sink.samples] == [1, 2]
    assert recorder.stored == 2


async def test_the_worst_clock_of_all_samples_is_the_jobs() -> None:
    recorder = Recorder(_Sink())
    await recorder.keep(replace(_trace(), clock=ClockSource.PROCESS), _MEASURED)
    await recorder.keep(_trace(), _MEASURED)
    assert recorder.clock is ClockSource.PROCESS
