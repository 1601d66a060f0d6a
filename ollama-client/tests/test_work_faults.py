"""Each fault in mid-job ends as it should, and keeps every sample that was taken."""

import asyncio
from collections.abc import Callable

import pytest

from obt_client.bench.slots import PROBES_MIN
from obt_client.work import StopReason, StopSignal
from obt_core.jobs import OutcomeStatus
from obt_core.results import EndReason, Sample, SampleRole
from tests.fake_ollama import FakeModel, FakeOllama, Fault, FaultKind

from .jobs import CHAT, COLD, READ, STEADY, Sink, a_suite, asked, work


def _after(count: int, act: Callable[[], object]) -> Callable[[Sample], None]:
    """Do it when so many samples that count are stored."""
    left = [count]

    def seen(sample: Sample) -> None:
        if sample.role is not SampleRole.WARMUP:
            left[0] -= 1
            if left[0] == 0:
                act()

    return seen


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault(FaultKind.HTTP_ERROR, status=500), "http_500"),
        (Fault(FaultKind.RESET_BEFORE_HEADERS), "connection_reset"),
        (Fault(FaultKind.CUT, after_chunks=3), "connection_reset"),
        (Fault(FaultKind.CLOSE, after_chunks=3), "connection_closed"),
        (Fault(FaultKind.ERROR_LINE, after_chunks=2), "ollama_error"),
        (Fault(FaultKind.BAD_JSON, after_chunks=2), "bad_json"),
        (Fault(FaultKind.MISSING_COUNTS), "missing_counts"),
        (Fault(FaultKind.NO_DONE), "no_final_line"),
        (Fault(FaultKind.RESTART, after_chunks=2), "connection_reset"),
        (Fault(FaultKind.HANG_MID_STREAM, after_chunks=2), "total_timeout"),
    ],
    ids=lambda value: value.kind.value if isinstance(value, Fault) else "",
)
async def test_one_fault_is_one_sample_and_the_job_goes_on(fault: Fault, code: str) -> None:
    async with FakeOllama([STEADY]) as fake:
        sink = Sink(seen=_after(2, lambda: fake.add_fault(fault)))
        timeout_s = 2 if fault.kind is FaultKind.HANG_MID_STREAM else 60
        done = await work(fake.url, a_suite(request_timeout_s=timeout_s), sink=sink)
    assert done.outcome.status is OutcomeStatus.COMPLETED
    # The failed request is no planned one: another one is made in its place.
    assert [sample.error_code for sample in done.counted] == [None, None, code, None, None, None, None]
    assert done.counted[2].end is EndReason.ERROR


async def test_an_ollama_that_dies_and_comes_back_is_waited_for_and_warmed_up_again() -> None:
    async with FakeOllama([STEADY]) as fake:
        sink = Sink(seen=_after(2, lambda: fake.restart_soon(0.4)))
        done = await work(fake.url, a_suite(), sink=sink)
    assert done.outcome.status is OutcomeStatus.COMPLETED
    wrong = [sample for sample in done.samples if sample.end is EndReason.ERROR]
    assert len(wrong) == 1
    following = done.samples[wrong[0].number]
    assert following.role is SampleRole.WARMUP
    assert len([sample for sample in done.counted if sample.end is EndReason.LENGTH]) == CHAT.samples


async def test_an_ollama_that_stays_away_fails_the_job_and_keeps_its_samples() -> None:
    async with FakeOllama([STEADY]) as fake:
        sink = Sink(seen=_after(3, lambda: fake.restart_soon(3_600)))
        done = await work(fake.url, a_suite(), sink=sink, wait_s=0.3)
    assert (done.outcome.status, done.error_code) == (OutcomeStatus.FAILED, "ollama_unreachable")
    *good, wrong = [sample.error_code for sample in done.counted]
    assert good == [None, None, None]
    assert wrong in {"connect_refused", "connection_reset"}


async def test_an_ollama_that_was_never_there_fails_the_job() -> None:
    async with FakeOllama([STEADY]) as fake:
        fake.refuse()
        done = await work(fake.url, a_suite(), wait_s=0.1)
    assert (done.error_code, done.samples) == ("ollama_unreachable", [])


async def test_an_ollama_that_comes_late_is_waited_for() -> None:
    async with FakeOllama([STEADY]) as fake:
        fake.restart_soon(0.3)
        done = await work(fake.url, a_suite())
    assert done.outcome.status is OutcomeStatus.COMPLETED


async def test_a_cold_workload_survives_a_restart() -> None:
    async with FakeOllama([STEADY]) as fake:
        sink = Sink(seen=_after(1, lambda: fake.restart_soon(0.3)))
        done = await work(fake.url, a_suite(COLD), sink=sink)
    assert done.outcome.status is OutcomeStatus.COMPLETED
    assert [sample.role for sample in done.counted if sample.end is EndReason.LENGTH] == [SampleRole.COLD] * 3


async def test_a_model_deleted_in_mid_job_fails_it() -> None:
    async with FakeOllama([STEADY, FakeModel("other")]) as fake:
        sink = Sink(seen=_after(2, lambda: fake.delete_model("tiny")))
        done = await work(fake.url, a_suite(), sink=sink)
    assert done.error_code == "model_not_found"
    assert [sample.error_code for sample in done.counted] == [None, None, "http_404"]


async def test_a_model_removed_after_its_last_sample_does_no_harm() -> None:
    async with FakeOllama([STEADY]) as fake:
        sink = Sink(seen=_after(CHAT.samples, lambda: fake.delete_model("tiny")))
        done = await work(fake.url, a_suite(), sink=sink)
    assert done.outcome.status is OutcomeStatus.COMPLETED
    assert any("removed" in note for note in done.outcome.notes)


async def test_a_model_pulled_anew_in_mid_job_fails_it() -> None:
    async with FakeOllama([STEADY]) as fake:
        other = FakeModel("tiny", digest="ab" * 32, interval_ms=2)
        sink = Sink(seen=_after(2, lambda: fake.put_model(other)))
        done = await work(fake.url, a_suite(), sink=sink)
    assert done.error_code == "model_changed"
    assert len(done.counted) == CHAT.samples


async def test_errors_without_end_end_the_job_with_the_last_one() -> None:
    async with FakeOllama([STEADY]) as fake:
        broken = Fault(FaultKind.HTTP_ERROR, times=None, message="CUDA error: out of memory")
        sink = Sink(seen=_after(1, lambda: fake.add_fault(broken)))
        done = await work(fake.url, a_suite(), sink=sink)
    assert done.error_code == "too_many_errors"
    assert done.outcome.error is not None
    assert "CUDA error: out of memory" in done.outcome.error.message
    assert [sample.error_code for sample in done.counted] == [None] + ["http_500"] * 5


@pytest.mark.parametrize("workload", [CHAT, READ, COLD], ids=lambda workload: workload.name)
async def test_errors_from_the_first_request_on_end_the_job_too(workload: object) -> None:
    async with FakeOllama([STEADY]) as fake:
        fake.add_fault(Fault(FaultKind.ERROR_LINE, times=None, after_chunks=0))
        suite = a_suite(CHAT if workload is CHAT else READ if workload is READ else COLD)
        done = await work(fake.url, suite.model_copy(update={"warmup_max": 50}))
    assert (done.error_code, len(done.samples)) == ("too_many_errors", 5)


async def test_streams_that_fail_together_are_one_error() -> None:
    model = FakeModel("tiny", slots=8, ttft_ms=30, interval_ms=2)
    workload = CHAT.model_copy(update={"concurrency": 8, "samples": 32})
    async with FakeOllama([model]) as fake:
        sink = Sink(seen=_after(9, lambda: fake.restart_soon(0.2)))
        done = await work(fake.url, a_suite(workload), model, sink=sink)
    assert done.outcome.status is OutcomeStatus.COMPLETED
    assert len([sample for sample in done.counted if sample.end is EndReason.ERROR]) >= 2
    assert len([sample for sample in done.counted if sample.end is EndReason.LENGTH]) == 32


@pytest.mark.parametrize("room", [0, 1, 5])
async def test_a_full_disk_fails_the_job_and_counts_what_is_stored(room: int) -> None:
    async with FakeOllama([STEADY]) as fake:
        done = await work(fake.url, a_suite(warmup_max=1), sink=Sink(room=room))
    assert (done.error_code, done.outcome.sample_count) == ("outbox_disk_full", room)
    assert done.outcome.error is not None
    assert "No space left" in done.outcome.error.message


async def test_a_full_disk_leaves_no_gap_where_streams_run_together() -> None:
    model = FakeModel("tiny", slots=4, interval_ms=2)
    workload = CHAT.model_copy(update={"concurrency": 4, "samples": 20})
    async with FakeOllama([model]) as fake:
        done = await work(fake.url, a_suite(workload, warmup_max=1), model, sink=Sink(room=7))
    assert (done.error_code, done.outcome.sample_count) == ("outbox_disk_full", 7)


async def test_cancelling_cuts_the_running_request_and_keeps_it_as_cancelled() -> None:
    stop, model = StopSignal(), FakeModel("tiny", slots=2, interval_ms=5)
    workload = CHAT.model_copy(update={"generate_tokens": 60_000, "concurrency": 2, "samples": 4})
    async with FakeOllama([model]) as fake:
        job = asyncio.create_task(work(fake.url, a_suite(workload, warmup_max=1), model, stop=stop))
        await _until(lambda: _streaming(fake) == 1 + PROBES_MIN + 2)
        stop.set("cancelled")
        async with asyncio.timeout(10):
            done = await job
        await _until(lambda: all(request.outcome != "running" for request in fake.record.generations))
        outcomes = [request.outcome for request in asked(fake.record.generations)]
    assert (done.outcome.status, done.error_code) == (OutcomeStatus.CANCELLED, None)
    assert [sample.end for sample in done.counted] == [EndReason.CANCELLED] * 2
    assert outcomes[1 + PROBES_MIN :] == ["client_gone"] * 2


async def test_stopping_the_client_lets_the_running_request_end() -> None:
    stop = StopSignal()
    async with FakeOllama([FakeModel("tiny", interval_ms=10)]) as fake:
        job = asyncio.create_task(work(fake.url, a_suite(warmup_max=1), stop=stop))
        await _until(lambda: _streaming(fake) == 1 + PROBES_MIN + 1)
        stop.set("client_stopped")
        done = await job
    assert (done.outcome.status, done.error_code) == (OutcomeStatus.FAILED, "client_stopped")
    assert [sample.end for sample in done.counted] == [EndReason.LENGTH]


async def test_a_client_that_is_stopped_may_still_be_cancelled() -> None:
    stop = StopSignal()
    slow = FakeModel("tiny", ttft_ms=3_600_000)
    async with FakeOllama([slow]) as fake:
        job = asyncio.create_task(work(fake.url, a_suite(), slow, stop=stop))
        await _until(lambda: bool(asked(fake.record.generations)))
        stop.set("client_stopped")
        stop.set("cancelled")
        stop.set("client_stopped")
        async with asyncio.timeout(10):
            done = await job
    assert done.outcome.status is OutcomeStatus.CANCELLED
    assert [sample.end for sample in done.samples] == [EndReason.CANCELLED]


@pytest.mark.parametrize("reason", ["cancelled", "client_stopped"])
async def test_a_stop_ends_the_wait_for_an_ollama_that_is_away(reason: StopReason) -> None:
    stop = StopSignal()
    async with FakeOllama([STEADY]) as fake:
        fake.refuse()
        job = asyncio.create_task(work(fake.url, a_suite(), stop=stop, wait_s=3_600))
        await asyncio.sleep(0.05)
        stop.set(reason)
        async with asyncio.timeout(10):
            done = await job
    assert (done.outcome.status is OutcomeStatus.CANCELLED) == (reason == "cancelled")


async def test_a_job_that_was_stopped_before_it_began_sends_nothing() -> None:
    stop = StopSignal()
    stop.set("cancelled")
    async with FakeOllama([STEADY]) as fake:
        done = await work(fake.url, a_suite(), stop=stop)
        requests = list(fake.record.requests)
    assert done.outcome.status is OutcomeStatus.CANCELLED
    assert requests == []


async def test_what_may_not_be_measured_is_sent_nothing() -> None:
    models = [
        FakeModel("far", remote_host="https://example.invalid"),
        FakeModel("gpt:120b-cloud"),
        FakeModel("big:cloud"),
        FakeModel("vectors", capabilities=("embedding",)),
    ]
    async with FakeOllama(models) as fake:
        codes = [(await work(fake.url, a_suite(), model)).error_code for model in models]
        shown = {str(request.body.get("model")) for request in fake.record.of("/api/show")}
        generations = list(fake.record.generations)
    assert codes == ["model_is_cloud"] * 3 + ["model_embeds_only"]
    assert generations == []
    assert shown == {"vectors:latest"}


async def test_another_model_of_that_name_and_a_missing_one_are_told_apart() -> None:
    async with FakeOllama([STEADY]) as fake:
        changed = await work(fake.url, a_suite(), model_digest="12" * 32)
        missing = await work(fake.url, a_suite(), FakeModel("nobody"))
        prefixed = await work(fake.url, a_suite(), model_digest=f"sha256:{STEADY.digest}")
        generations = asked(fake.record.generations)
    assert (changed.error_code, missing.error_code) == ("model_changed", "model_not_found")
    assert prefixed.outcome.status is OutcomeStatus.COMPLETED
    assert len(generations) == len(prefixed.samples)


def _streaming(fake: FakeOllama) -> int:
    """How many requests have got some chunks by now."""
    return len([request for request in asked(fake.record.generations) if len(request.content) > 3])


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.005)
