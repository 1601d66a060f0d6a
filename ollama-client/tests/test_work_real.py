"""A job on a real Ollama, where one is given: OBT_TEST_OLLAMA_URL, with a model installed."""

import os

import pytest

from obt_client.ollama import Ollama
from obt_core.jobs import OutcomeStatus
from obt_core.models import InstalledModel
from obt_core.results import DISQUALIFYING, EndReason, Flag, Sample, SampleRole
from obt_core.statistics import looks
from tests.fake_ollama import FakeModel

from .jobs import CHAT, COLD, READ, a_suite, work
from .patterns import like_chat

_URL = os.environ.get("OBT_TEST_OLLAMA_URL", "")
pytestmark = [
    pytest.mark.ollama,
    pytest.mark.skipif(not _URL, reason="OBT_TEST_OLLAMA_URL names no Ollama"),
]


@pytest.fixture
async def ollama() -> Ollama:
    return Ollama(_URL)


_WIDE = {"within": 0.5, "samples_min": 8}


async def _smallest(ollama: Ollama) -> InstalledModel:
    models = [m for m in (await ollama.inventory()).models if not m.cloud and not m.is_embedding_only()]
    if not models:
        pytest.skip("that Ollama has no model that generates text")
    return min(models, key=lambda model: model.size_bytes)


async def test_a_job_of_all_kinds_of_workloads(ollama: Ollama) -> None:
    model = await _smallest(ollama)
    assert model.context_length
    assert model.parameter_count
    suite = a_suite(
        CHAT.model_copy(update={"samples": 2}),
        READ.model_copy(update={"samples": 1}),
        CHAT.model_copy(update={"name": "two", "concurrency": 2, "samples": 2}),
        COLD.model_copy(update={"samples": 1}),
        warmup_max=2,
    )
    done = await work(ollama.url, suite, FakeModel(model.name, digest=model.digest))
    assert done.outcome.status is OutcomeStatus.COMPLETED
    assert {sample.end for sample in done.samples} <= {EndReason.LENGTH, EndReason.STOP}
    (cold,) = (sample for sample in done.samples if sample.role is SampleRole.COLD)
    assert cold.load_ms
    (read,) = (sample for sample in done.counted if sample.workload == "read")
    assert read.prompt_tokens == read.asked_prompt_tokens == 300
    assert all(sample.decode_tokens_per_s for sample in done.counted if sample.workload == "chat")
    environment = done.outcome.environment
    assert environment is not None
    assert environment.size_bytes
    assert not await ollama.is_loaded(model.name, model.digest)


async def test_blocks_of_open_loops_another_context_and_a_reused_cache(ollama: Ollama) -> None:
    model = await _smallest(ollama)
    words = {"kind": "synthetic", "tokens": 400}
    suite = a_suite(
        like_chat(name="poisson", samples=6, arrival={"kind": "poisson", "rate_per_s": 20}),
        like_chat(name="wide", samples=4, num_ctx=2048),
        like_chat(name="fresh", samples=4, prompt=words, generate_tokens=4),
        like_chat(name="again", samples=4, prompt=words, generate_tokens=4, cache="reuse"),
        blocks=2,
        warmup_max=3,
    )
    done = await work(ollama.url, suite, FakeModel(model.name, digest=model.digest), seed=3)
    assert done.outcome.status is OutcomeStatus.COMPLETED
    by_name = {w.name: [s for s in done.counted if s.workload == w.name] for w in suite.workloads}
    assert {name: len(samples) for name, samples in by_name.items()} == {w.name: w.samples for w in suite.workloads}
    assert all(sample.lateness_ms is not None for sample in by_name["poisson"])
    assert {sample.prompt_tokens for sample in by_name["fresh"]} == {400}
    # The same prompt again is hardly read at all; the least of each, since other work on the machine only adds to it.
    fresh, again = (_prefill_ns(by_name[name]) for name in ("fresh", "again"))
    assert min(again) < min(fresh)
    disturbed = {Flag.CLIENT_STALLED, Flag.CLOCK_STEPPED}
    assert {flag for sample in done.counted for flag in sample.flags} & DISQUALIFYING <= disturbed
    assert done.outcome.environment is not None
    assert done.outcome.environment.parallel_slots
    assert len({sample.block for sample in done.counted}) == 8


def _prefill_ns(samples: list[Sample]) -> list[int]:
    return [int(str(sample.ollama["prompt_eval_duration"])) for sample in samples]


@pytest.mark.parametrize("endpoint", ["openai_chat", "openai_completions"])
async def test_compatible_endpoints_take_and_count_what_the_own_ones_do(ollama: Ollama, endpoint: str) -> None:
    model = await _smallest(ollama)
    workload = like_chat(endpoint=endpoint, samples=3, prompt={"kind": "synthetic", "tokens": 120})
    done = await work(ollama.url, a_suite(workload), FakeModel(model.name, digest=model.digest))
    assert done.outcome.status is OutcomeStatus.COMPLETED
    assert [sample.end for sample in done.counted] == [EndReason.LENGTH] * 3
    assert {(sample.prompt_tokens, sample.generated_tokens) for sample in done.counted} == {(120, 16)}
    assert all(sample.ttft_ms and sample.tpot_ms for sample in done.counted)


async def test_sampling_ends_when_it_knows(ollama: Ollama) -> None:
    """On a machine that is too busy to let it know anything all samples are taken, and the note says so."""
    model = await _smallest(ollama)
    workload = like_chat(samples=200, generate_tokens=4, budget_s=600, precision=_WIDE)
    done = await work(ollama.url, a_suite(workload), FakeModel(model.name, digest=model.digest))
    assert done.outcome.status is OutcomeStatus.COMPLETED
    assert len(done.counted) in looks(8, 200)
    ended = next(note for note in done.outcome.notes if note.startswith("chat: "))
    assert ("precise after" in ended) or (len(done.counted) == 200 and "not precise" in ended)


async def test_unloading_and_what_is_not_there(ollama: Ollama) -> None:
    model = await _smallest(ollama)
    await ollama.unload(model.name, digest=model.digest)
    assert not await ollama.is_loaded(model.name, model.digest)
    done = await work(ollama.url, a_suite(), FakeModel("surely-not-installed:obt"))
    assert (done.error_code, done.samples) == ("model_not_found", [])
