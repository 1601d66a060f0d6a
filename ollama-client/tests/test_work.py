"""A whole job against an Ollama that behaves: what is sent, what is stored, what is told."""

import asyncio
from itertools import pairwise
from typing import cast

import pytest

from obt_client.bench.prompts import NONCE_WORDS, WORDS
from obt_client.bench.slots import PROBES_MIN
from obt_core.jobs import JobPhase, OutcomeStatus
from obt_core.results import EndReason, SampleRole
from obt_core.suites import ModelOptions, TextPrompt
from tests.fake_ollama import FakeModel, FakeOllama, RequestRecord
from tests.fake_ollama.store import load, release

from .jobs import CHAT, COLD, HARDWARE, READ, STEADY, Sink, a_suite, asked, prompt_of, work


async def test_a_job_measures_every_workload_and_tells_its_environment() -> None:
    suite = a_suite(CHAT, READ, COLD)
    async with FakeOllama([STEADY, FakeModel("other")], version="0.12.6") as fake:
        done = await work(fake.url, suite)
        loaded_after = fake.store.loaded()
    assert done.outcome.status is OutcomeStatus.COMPLETED
    assert [(s.workload, s.role, s.end) for s in done.counted] == (
        [("chat", SampleRole.MEASURED, EndReason.LENGTH)] * 6
        + [("read", SampleRole.MEASURED, EndReason.LENGTH)] * 2
        + [("load", SampleRole.COLD, EndReason.LENGTH)] * 3
    )
    environment = done.outcome.environment
    assert environment is not None
    assert (environment.model, environment.model_digest) == (STEADY.name, STEADY.digest)
    assert (environment.ollama_version, environment.quantization) == ("0.12.6", "Q8_0")
    assert (environment.size_bytes, environment.size_vram_bytes) == (STEADY.size_bytes, STEADY.size_bytes)
    assert (environment.context_length, environment.options) == (1024, suite.options)
    assert (environment.suite_hash, environment.hardware_fingerprint) == (suite.hash(), HARDWARE.fingerprint())
    assert environment.cpu_percent_before is not None
    assert loaded_after == []


async def test_every_option_is_set_and_no_nonce_comes_twice() -> None:
    suite = a_suite(CHAT, READ, COLD)
    async with FakeOllama([STEADY]) as fake:
        done = await work(fake.url, suite)
        requests = asked(fake.record.generations)
    assert len(requests) == len(done.samples)
    tokens = {"chat": 16, "read": 2, "load": 2}
    # The two that probed for slots may have ended the other way round; they do not differ but in their nonces.
    for request, sample in zip(requests, done.samples, strict=True):
        wanted = {"num_ctx": 1024, "seed": 7, "temperature": 0.5}
        options = cast("dict[str, object]", request.body["options"]).copy()
        predicted = options.pop("num_predict")
        assert options == wanted
        assert sample.role is SampleRole.WARMUP or predicted == tokens[sample.workload]
        assert (request.body["keep_alive"], request.body["stream"]) == (60, True)
        assert "think" not in request.body
        assert request.path == ("/api/generate" if sample.workload == "read" else "/api/chat")
    nonces = [" ".join(prompt_of(request).split()[:NONCE_WORDS]) for request in requests]
    assert len(set(nonces)) == len(nonces)
    assert all(word in WORDS for nonce in nonces for word in nonce.split())


async def test_think_is_set_where_the_model_knows_it() -> None:
    model = FakeModel("tiny", capabilities=("completion", "thinking"), thinking_tokens=2, interval_ms=20)
    async with FakeOllama([model]) as fake:
        off = await work(fake.url, a_suite(), model)
        on = await work(fake.url, a_suite(options=ModelOptions(think=True)), model)
        told = {request.body["think"] for request in asked(fake.record.generations)}
    assert told == {False, True}
    assert all(sample.ttft_ms == sample.first_answer_ms for sample in off.counted)
    thought_ms = [(sample.first_answer_ms or 0) - (sample.ttft_ms or 0) for sample in on.counted]
    assert min(thought_ms) >= 0
    assert max(thought_ms) > 0, "on a busy machine one read may take the thought and the answer, not each time"


async def test_samples_hold_what_the_fake_recorded_and_counted() -> None:
    async with FakeOllama([STEADY]) as fake:
        done = await work(fake.url, a_suite())
        requests = asked(fake.record.generations)
    for sample, request in zip(done.samples, requests, strict=True):
        assert len(sample.chunk_ms) == len(request.content) == sample.generated_tokens == 16
        assert sample.prompt_tokens == len(prompt_of(request).split()) + STEADY.template_tokens
        sent_ns = sample.started_at.timestamp() * 1e9
        first_ns = request.content[0].at_ns
        assert sample.ttft_ms is not None
        assert sent_ns + sample.ttft_ms * 1e6 >= first_ns - 2_000  # started_at has microseconds
        assert sample.ollama["done_reason"] == "length"


async def test_a_synthetic_prompt_comes_to_its_tokens_whatever_the_template() -> None:
    model = FakeModel("tiny", template_tokens=70, interval_ms=1)
    async with FakeOllama([model]) as fake:
        done = await work(fake.url, a_suite(READ), model)
    assert [sample.prompt_tokens for sample in done.counted] == [300, 300]


async def test_a_cold_workload_finds_the_model_absent_and_times_its_load() -> None:
    model = FakeModel("tiny", load_ms=30, interval_ms=1)
    async with FakeOllama([model]) as fake:
        done = await work(fake.url, a_suite(CHAT, COLD), model)
        requests = fake.record.requests
    cold = [index for index, request in enumerate(requests) if prompt_of(request).endswith(" hello")]
    assert len(cold) == 3
    for index in cold:
        before = requests[:index]
        assert before[-1].path == "/api/ps"
        unloading = [request for request in before if request.body.get("keep_alive") == 0]
        assert unloading
        assert not any(prompt_of(request) for request in before[before.index(unloading[-1]) :])
    assert all((sample.load_ms or 0) >= 30 for sample in done.counted if sample.role is SampleRole.COLD)
    assert all(sample.load_ms is None for sample in done.samples if sample.role is not SampleRole.COLD)


async def test_streams_of_a_concurrent_workload_overlap() -> None:
    model = FakeModel("tiny", slots=4, ttft_ms=20, interval_ms=5)
    workload = CHAT.model_copy(update={"concurrency": 4, "samples": 8})
    async with FakeOllama([model]) as fake:
        done = await work(fake.url, a_suite(workload), model)
        measured = asked(fake.record.generations)[-8:]
    assert len(done.counted) == 8
    assert {sample.stream for sample in done.counted} == {0, 1, 2, 3}
    assert _most_at_once(measured) == 4


def _most_at_once(requests: list[RequestRecord]) -> int:
    changes = [(r.received_monotonic_ns, 1) for r in requests] + [(r.chunks[-1].monotonic_ns, -1) for r in requests]
    running = most = 0
    for _, change in sorted(changes):
        running += change
        most = max(most, running)
    return most


async def test_one_stream_never_has_two_requests_under_way() -> None:
    async with FakeOllama([STEADY]) as fake:
        await work(fake.url, a_suite(CHAT, COLD))
        requests = fake.record.generations
    requests = requests[4:]  # the first were to warm up, and to probe for slots
    assert len(requests) > CHAT.samples + COLD.samples
    assert all(first.chunks[-1].monotonic_ns <= second.received_monotonic_ns for first, second in pairwise(requests))


async def test_time_that_is_over_ends_a_workload_and_the_next_one_follows() -> None:
    slow = CHAT.model_copy(update={"samples": 1_000, "budget_s": 1.0})
    last = CHAT.model_copy(update={"name": "last", "samples": 2})
    async with FakeOllama([FakeModel("tiny", interval_ms=10)]) as fake:
        done = await work(fake.url, a_suite(slow, last))
    assert done.outcome.status is OutcomeStatus.COMPLETED
    taken = [sample.workload for sample in done.counted]
    assert 1 <= taken.count("chat") < 1_000
    assert taken.count("last") == 2
    assert any("time was over" in note for note in done.outcome.notes)
    assert done.progress[-1].samples_planned == len(done.counted)


async def test_progress_goes_through_the_phases_and_shows_what_streams() -> None:
    model = FakeModel("tiny", ttft_ms=5, interval_ms=10)
    long = CHAT.model_copy(update={"generate_tokens": 64, "samples": 2})
    async with FakeOllama([model]) as fake:
        done = await work(fake.url, a_suite(long, warmup_max=1), model)
    phases = list(dict.fromkeys(progress.phase for progress in done.progress))
    assert phases == [JobPhase.PREFLIGHT, JobPhase.WARMUP, JobPhase.SAMPLING, JobPhase.FINISHING]
    assert any(progress.tokens_per_s for progress in done.progress)
    counts = [progress.samples_done for progress in done.progress]
    assert counts == sorted(counts)
    assert done.progress[-1].samples_done == done.progress[-1].samples_planned == 2
    assert done.progress[-1].tokens_per_s is None


async def test_warm_up_goes_on_to_its_limit_where_rates_cannot_agree() -> None:
    async with FakeOllama([FakeModel("tiny")]) as fake:

        def change_speed(_: object) -> None:
            count = len(sink.samples)
            fake.put_model(FakeModel("tiny", interval_ms=2.0 * (count % 2 + 1) ** 2))

        sink = Sink(seen=change_speed)
        done = await work(fake.url, a_suite(warmup_max=4), sink=sink)
    assert [sample.role for sample in done.samples].count(SampleRole.WARMUP) == 4 + PROBES_MIN
    assert any("did not come to one decode rate" in note for note in done.outcome.notes)


async def test_warm_up_takes_no_longer_than_its_workload_may() -> None:
    async with FakeOllama([FakeModel("tiny", ttft_ms=600)]) as fake:
        workload = CHAT.model_copy(update={"budget_s": 1.0})
        done = await work(fake.url, a_suite(workload, warmup_max=50))
    roles = [sample.role for sample in done.samples]
    assert roles.count(SampleRole.WARMUP) <= 2 + PROBES_MIN
    assert roles[-1] is SampleRole.MEASURED


@pytest.mark.parametrize("cache", ["reported", "silent", "new_only", "omitted"])
async def test_a_cache_serves_no_prompt(cache: str) -> None:
    model = FakeModel("tiny", cache=cache, interval_ms=1, template_tokens=9)  # type: ignore[arg-type]
    long = CHAT.model_copy(update={"prompt": TextPrompt(text="the same words " * 30)})
    async with FakeOllama([model]) as fake:
        done = await work(fake.url, a_suite(long), model)
    assert all("cached_prompt" not in sample.flags for sample in done.counted)
    assert all((sample.prompt_tokens or 0) >= 90 for sample in done.counted)


async def test_a_model_that_was_loaded_before_is_left_loaded() -> None:
    async with FakeOllama([STEADY, FakeModel("other")]) as fake:
        first = fake.store.find("tiny")
        other = fake.store.find("other")
        assert first is not None
        assert other is not None
        for installed in (first, other):
            release(installed, await load(installed, 1024, 60))
        done = await work(fake.url, a_suite())
        names = [installed.model.name for installed in fake.store.loaded()]
    assert sorted(names) == ["other:latest", "tiny:latest"]
    environment = done.outcome.environment
    assert environment is not None
    assert environment.other_models_loaded == ("other:latest",)


async def test_a_job_can_be_abandoned() -> None:
    async with FakeOllama([FakeModel("tiny", ttft_ms=3_600_000)]) as fake:
        job = asyncio.create_task(work(fake.url, a_suite()))
        async with asyncio.timeout(10):
            while not asked(fake.record.generations):
                await asyncio.sleep(0.005)
        job.cancel()
        with pytest.raises(asyncio.CancelledError):
            await job
