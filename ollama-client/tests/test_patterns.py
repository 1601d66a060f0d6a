"""Every load pattern against what the fake recorded: how many, when, in which order."""

from itertools import pairwise

import pytest

from obt_client.bench.order import arrivals_s
from obt_core.jobs import OutcomeStatus
from obt_core.results import DISQUALIFYING, Flag, Sample, SampleRole
from obt_core.suites import Precision
from tests.fake_ollama import FakeModel, FakeOllama, RequestRecord

from .jobs import a_suite, asked, prompt_of, work
from .patterns import MODEL, PATTERNS, TRACE, like_chat

SEED = 11


def _measured(requests: list[RequestRecord], samples: list[Sample]) -> list[RequestRecord]:
    """The recorded requests that are behind the samples that count, in the order in which they came."""
    return asked(requests)[-len(samples) :]


@pytest.mark.parametrize("name", PATTERNS)
async def test_every_pattern_makes_all_of_its_requests_in_one_burst(name: str) -> None:
    workload = PATTERNS[name]
    async with FakeOllama([MODEL]) as fake:
        done = await work(fake.url, a_suite(workload), MODEL, seed=SEED)
        requests = _measured(fake.record.generations, done.counted)
    assert done.outcome.status is OutcomeStatus.COMPLETED
    assert [request.outcome for request in requests] == ["done"] * workload.samples
    assert {sample.block for sample in done.counted} == {1}
    assert {sample.block for sample in done.samples if sample.role is SampleRole.WARMUP} <= {0}
    assert any(f"all {workload.samples} samples taken" in note for note in done.outcome.notes)


@pytest.mark.parametrize("name", ["constant", "poisson", "replay"])
async def test_an_open_loop_sends_at_its_moments_and_tells_how_late_it_was(name: str) -> None:
    workload = PATTERNS[name]
    async with FakeOllama([MODEL]) as fake:
        done = await work(fake.url, a_suite(workload), MODEL, seed=SEED)
        requests = _measured(fake.record.generations, done.counted)
    sent = sorted(done.counted, key=lambda sample: sample.started_at)
    assert all(sample.lateness_ms is not None for sample in sent)
    # The send less its lateness is the intended moment, whatever this machine did meanwhile: microseconds are rounded.
    intended = [sample.started_at.timestamp() - (sample.lateness_ms or 0) / 1e3 for sample in sent]
    wanted = [moment - arrivals_s(workload, SEED)[0] for moment in arrivals_s(workload, SEED)]
    assert sorted(moment - min(intended) for moment in intended) == pytest.approx(wanted, abs=1e-4)
    # Nothing came before it was to be sent.
    for request, moment in zip(requests, sorted(intended), strict=True):
        assert request.received_ns / 1e9 >= moment - 1e-4


async def test_an_open_loop_waits_for_no_answer() -> None:
    slow = FakeModel("tiny", ttft_ms=600, interval_ms=1, slots=16)
    workload = like_chat(samples=6, arrival={"kind": "constant", "rate_per_s": 1_000})
    async with FakeOllama([slow]) as fake:
        done = await work(fake.url, a_suite(workload, warmup_max=1), slow)
        requests = _measured(fake.record.generations, done.counted)
    assert max(r.received_ns for r in requests) < min(r.content[0].at_ns for r in requests)
    assert {sample.stream for sample in done.counted} == set(range(6))


async def test_a_closed_loop_has_no_lateness() -> None:
    async with FakeOllama([MODEL]) as fake:
        done = await work(fake.url, a_suite(PATTERNS["four"]), MODEL)
    assert {sample.lateness_ms for sample in done.samples} == {None}


async def test_a_trace_is_replayed_with_its_lengths() -> None:
    async with FakeOllama([MODEL]) as fake:
        done = await work(fake.url, a_suite(PATTERNS["replay"]), MODEL, seed=SEED)
        requests = _measured(fake.record.generations, done.counted)
    came = [(len(prompt_of(r).split()) + MODEL.template_tokens, len(r.content)) for r in requests]
    assert came == [(one["prompt_tokens"], one["generate_tokens"]) for one in TRACE]
    asked_for = sorted((s.asked_prompt_tokens, s.prompt_tokens) for s in done.counted)
    assert asked_for == sorted((one["prompt_tokens"], one["prompt_tokens"]) for one in TRACE)


async def test_the_seed_is_kept_and_gives_the_same_moments_again() -> None:
    workload = PATTERNS["poisson"]
    async with FakeOllama([MODEL]) as fake:
        first = await work(fake.url, a_suite(workload), MODEL, seed=SEED)
        drawn = await work(fake.url, a_suite(workload), MODEL)
    assert first.outcome.environment is not None
    assert drawn.outcome.environment is not None
    assert first.outcome.environment.order_seed == SEED
    assert drawn.outcome.environment.order_seed not in {None, SEED}


async def test_sampling_stops_early_where_nothing_varies_and_goes_on_where_much_does() -> None:
    workload = like_chat(samples=40, precision=Precision(metric="ttft_ms", within=0.5, samples_min=6))  # type: ignore[arg-type]
    tight = like_chat(samples=12, precision=Precision(metric="ttft_ms", within=0.001, samples_min=6))  # type: ignore[arg-type]
    steady = FakeModel("tiny", ttft_ms=20, interval_ms=1)
    async with FakeOllama([steady]) as fake:
        early = await work(fake.url, a_suite(workload), steady)
        late = await work(fake.url, a_suite(tight), FakeModel("tiny", ttft_ms=20, interval_ms=1, jitter_ms=15))
    assert len(early.counted) < 40
    assert any("precise after" in note for note in early.outcome.notes)
    assert early.progress[-1].samples_planned == len(early.counted)
    assert len(late.counted) == 12
    assert any("all 12 samples taken, not precise" in note for note in late.outcome.notes)


@pytest.mark.parametrize(("slots", "seen"), [(1, 1), (3, 3), (8, 4)])
async def test_slots_are_probed_with_as_many_as_will_be_sent(slots: int, seen: int) -> None:
    model = FakeModel("tiny", ttft_ms=20, interval_ms=5, slots=slots)
    async with FakeOllama([model]) as fake:
        done = await work(fake.url, a_suite(PATTERNS["four"]), model)
    assert done.outcome.environment is not None
    assert done.outcome.environment.parallel_slots == seen


async def test_a_cache_is_reused_where_it_is_to_be() -> None:
    model = FakeModel("tiny", ttft_ms=3, interval_ms=2, cache="reported", prefill_ms_per_token=0.1)
    reuse = like_chat(name="again", cache="reuse", prompt={"kind": "synthetic", "tokens": 200})
    async with FakeOllama([model]) as fake:
        done = await work(fake.url, a_suite(reuse), model)
        prompts = {prompt_of(request) for request in _measured(fake.record.generations, done.counted)}
    assert len(prompts) == 1
    assert [sample.cached_tokens for sample in done.counted] == [199] * len(done.counted)
    assert all(DISQUALIFYING.isdisjoint(sample.flags) for sample in done.counted)


async def test_what_a_silent_cache_really_read_is_not_told() -> None:
    model = FakeModel("tiny", ttft_ms=3, interval_ms=2, cache="silent", prefill_ms_per_token=0.1)
    async with FakeOllama([model]) as fake:
        done = await work(fake.url, a_suite(like_chat(cache="reuse")), model)
    assert {sample.prefill_tokens_per_s for sample in done.counted} == {None}
    assert all(sample.ttft_ms for sample in done.counted)


async def test_late_sends_are_marked() -> None:
    workload = like_chat(samples=5, arrival={"kind": "constant", "rate_per_s": 1_000})
    async with FakeOllama([MODEL]) as fake:
        done = await work(fake.url, a_suite(workload), MODEL)
    for sample in done.counted:
        assert (Flag.SENT_LATE in sample.flags) == ((sample.lateness_ms or 0) > 5)


@pytest.mark.parametrize("endpoint", ["openai_chat", "openai_completions"])
async def test_compatible_endpoints_are_measured_and_warmed_up_by_themselves(endpoint: str) -> None:
    workload = like_chat(endpoint=endpoint, prompt={"kind": "synthetic", "tokens": 60})
    async with FakeOllama([MODEL]) as fake:
        done = await work(fake.url, a_suite(workload), MODEL)
        paths = [request.path for request in fake.record.requests if request.path.startswith("/v1")]
    assert len(paths) == len(done.samples)
    assert [sample.prompt_tokens for sample in done.counted] == [60] * len(done.counted)
    assert any("num_ctx cannot be set" in note for note in done.outcome.notes)
    assert all(earlier.number < later.number for earlier, later in pairwise(done.samples))
