"""What an Ollama does besides answering is recorded as what it is: caches, early ends, thinking, reloads, contexts."""

from collections.abc import Callable
from typing import cast

import pytest

from obt_client.bench.model_state import LOOK_EVERY_S
from obt_core.jobs import OutcomeStatus
from obt_core.results import EndReason, Flag, Sample, SampleRole
from obt_core.suites import Metric, ModelOptions
from obt_core.values import counts_for
from tests.fake_ollama import FakeModel, FakeOllama
from tests.fake_ollama.models import CacheReport
from tests.fake_ollama.store import load, release

from .jobs import COLD, STEADY, Sink, a_suite, asked, work
from .patterns import like_chat

NONCE_WORDS = 6


def _after(count: int, act: Callable[[], object]) -> Callable[[Sample], None]:
    left = [count]

    def seen(sample: Sample) -> None:
        if sample.role is not SampleRole.WARMUP:
            left[0] -= 1
            if left[0] == 0:
                act()

    return seen


@pytest.mark.parametrize("cache", ["reported", "silent", "new_only", "omitted"])
async def test_no_prompt_that_a_cache_served_is_accepted_as_read(cache: str) -> None:
    """A cache that looks past the nonce: the worst there can be."""
    model = FakeModel(
        "tiny",
        ttft_ms=3,
        interval_ms=1,
        prefill_ms_per_token=2,
        cache=cast("CacheReport", cache),
        cache_skips=NONCE_WORDS,
    )
    text = "one two three " * 100
    async with FakeOllama([model]) as fake:
        suite = a_suite(like_chat(prompt={"kind": "text", "text": text}), warmup_max=2)
        done = await work(fake.url, suite, model)
    first, *rest = done.counted
    assert len(rest) == 5
    # The first one was read: the probe for slots, another text, came before it, and this cache holds one prompt.
    assert counts_for(first, Metric.PREFILL)
    for sample in rest:
        assert {Flag.CACHED_PROMPT, Flag.IMPOSSIBLE_PREFILL}.intersection(sample.flags)
        assert not counts_for(sample, Metric.PREFILL)
        assert not counts_for(sample, Metric.TTFT)


@pytest.mark.parametrize("cache", ["off", "reported", "silent", "new_only", "omitted"])
async def test_prompts_that_were_read_are_accepted(cache: str) -> None:
    model = FakeModel("tiny", ttft_ms=3, interval_ms=1, prefill_ms_per_token=2, cache=cast("CacheReport", cache))
    text = like_chat(name="text", prompt={"kind": "text", "text": "one two three " * 100}, samples=2)
    synthetic = like_chat(name="words", prompt={"kind": "synthetic", "tokens": 300}, samples=2)
    async with FakeOllama([model]) as fake:
        done = await work(fake.url, a_suite(text, synthetic, COLD, warmup_max=2), model)
    cached = {Flag.CACHED_PROMPT, Flag.IMPOSSIBLE_PREFILL, Flag.PROMPT_TRUNCATED}
    assert all(cached.isdisjoint(sample.flags) for sample in done.counted)
    assert {sample.prompt_tokens for sample in done.counted if sample.workload == "words"} == {300}


async def test_an_answer_that_ends_early_is_kept_as_one() -> None:
    model = FakeModel("tiny", ttft_ms=3, interval_ms=1, stop_after=7)
    async with FakeOllama([model]) as fake:
        done = await work(fake.url, a_suite(), model)
    assert {(sample.end, sample.generated_tokens) for sample in done.counted} == {(EndReason.STOP, 7)}
    assert not any(counts_for(sample, Metric.E2E) for sample in done.counted)
    assert done.outcome.status is OutcomeStatus.COMPLETED


async def test_thinking_that_nobody_asked_for_is_marked() -> None:
    """At a compatible endpoint there is no `think` to set."""
    model = FakeModel("tiny", ttft_ms=3, interval_ms=1, capabilities=("completion", "thinking"), thinking_tokens=4)
    workload = like_chat(endpoint="openai_chat")
    async with FakeOllama([model]) as fake:
        unasked = await work(fake.url, a_suite(workload), model)
        wanted = await work(fake.url, a_suite(like_chat(), options=ModelOptions(think=True)), model)
        off = await work(fake.url, a_suite(like_chat()), model)
    assert all(Flag.UNASKED_THINKING in sample.flags for sample in unasked.counted)
    assert not any(Flag.UNASKED_THINKING in sample.flags for sample in [*wanted.counted, *off.counted])


async def test_a_reload_is_marked_and_the_model_warmed_up_again() -> None:
    model = FakeModel("tiny", ttft_ms=3, interval_ms=2, load_ms=300)
    async with FakeOllama([model]) as fake:
        sink = Sink(seen=_after(3, fake.store.unload_all))
        done = await work(fake.url, a_suite(), model, sink=sink)
    flagged = [sample for sample in done.counted if Flag.MODEL_RELOADED in sample.flags]
    assert [done.counted.index(sample) for sample in flagged] == [3]
    following = done.samples[flagged[0].number]
    assert following.role is SampleRole.WARMUP
    assert sorted({sample.block for sample in done.counted}) == [1, 2]
    assert len(done.counted) == 6


async def test_another_context_than_was_asked_for_is_marked() -> None:
    model = FakeModel("tiny", ttft_ms=3, interval_ms=2)
    slow = like_chat(generate_tokens=400, samples=4)  # each takes about as long as two looks are apart
    async with FakeOllama([model]) as fake:

        def shrink() -> None:
            installed = fake.store.find("tiny")
            assert installed is not None
            assert installed.loaded is not None
            fake.store.pinned_context = 512

        done = await work(fake.url, a_suite(slow), model, sink=Sink(seen=_after(1, shrink)))
    assert LOOK_EVERY_S > 0.1
    marked = [Flag.CONTEXT_CHANGED in sample.flags for sample in done.counted]
    assert marked[0] is False
    assert marked[-1] is True
    assert marked == sorted(marked)


async def test_a_context_that_was_cut_from_the_start_marks_everything() -> None:
    async with FakeOllama([STEADY]) as fake:
        fake.store.pinned_context = 512
        done = await work(fake.url, a_suite())
    assert all(Flag.CONTEXT_CHANGED in sample.flags for sample in done.counted)
    assert done.outcome.environment is not None
    assert done.outcome.environment.context_length == 512


async def test_a_model_that_somebody_else_evicted_between_bursts_is_warmed_up_again() -> None:
    first, second = like_chat(name="first", samples=2), like_chat(name="second", samples=2)
    async with FakeOllama([STEADY]) as fake:
        sink = Sink(seen=_after(2, fake.store.unload_all))
        done = await work(fake.url, a_suite(first, second), sink=sink)
    between = [sample for sample in done.samples if sample.role is SampleRole.WARMUP and sample.workload == "second"]
    assert len(between) >= 2
    assert len(done.counted) == 4


async def test_what_cannot_fit_is_left_out_before_it_is_sent_and_the_others_are_measured() -> None:
    long = like_chat(name="long", prompt={"kind": "synthetic", "tokens": 1_020}, samples=2)
    text = like_chat(name="text", prompt={"kind": "text", "text": "word " * 1_015}, samples=2)
    small = FakeModel("tiny", ttft_ms=3, interval_ms=1, context_length=512)
    async with FakeOllama([STEADY]) as fake:
        done = await work(fake.url, a_suite(long, text, like_chat()))
        longest = max(len(str(request.body).split()) for request in asked(fake.record.generations))
    notes = done.outcome.notes
    assert "long: left out: 1036 tokens of prompt and answer do not fit into a context of 1024" in notes
    assert any(note.startswith("text: left out: ") for note in notes)
    assert {sample.workload for sample in done.counted} == {"chat"}
    assert longest < 1_100
    async with FakeOllama([small]) as fake:
        none = await work(fake.url, a_suite(long), small)
        sent = asked(fake.record.generations)
    assert (none.outcome.status, none.error_code, sent) == (OutcomeStatus.FAILED, "nothing_fits", [])
    assert any("num_ctx was 512, the most of this model, not 1024" in note for note in none.outcome.notes)


async def test_somebody_elses_context_is_told_from_ours() -> None:
    """Another program loads the model with a context of its own: ours comes back by a reload, which is marked."""
    model = FakeModel("tiny", ttft_ms=3, interval_ms=2, load_ms=300)
    async with FakeOllama([model]) as fake:
        installed = fake.store.find("tiny")
        assert installed is not None

        async def other() -> None:
            release(installed, await load(installed, 4096, 60))

        class Meddled(Sink):
            async def append(self, sample: Sample) -> None:
                await super().append(sample)
                if len(self.counted) == 3 and sample.role is SampleRole.MEASURED:
                    await other()

        done = await work(fake.url, a_suite(), model, sink=Meddled())
    assert [Flag.MODEL_RELOADED in sample.flags for sample in done.counted].index(True) == 3
