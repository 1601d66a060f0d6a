"""A job on a real Ollama, where one is given: OBT_TEST_OLLAMA_URL, with a model installed."""

import os
from collections.abc import AsyncGenerator

import aiohttp
import pytest

from obt_client.ollama import Ollama
from obt_core.jobs import OutcomeStatus
from obt_core.models import InstalledModel
from obt_core.results import EndReason, SampleRole
from tests.fake_ollama import FakeModel

from .jobs import CHAT, COLD, READ, a_suite, work

_URL = os.environ.get("OBT_TEST_OLLAMA_URL", "")
pytestmark = [
    pytest.mark.ollama,
    pytest.mark.skipif(not _URL, reason="OBT_TEST_OLLAMA_URL names no Ollama"),
]


@pytest.fixture
async def ollama() -> AsyncGenerator[Ollama]:
    async with aiohttp.ClientSession() as session:
        yield Ollama(_URL, session)


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
    assert read.prompt_tokens == pytest.approx(300, rel=0.1)
    assert all(sample.decode_tokens_per_s for sample in done.counted if sample.workload == "chat")
    environment = done.outcome.environment
    assert environment is not None
    assert environment.size_bytes
    assert not await ollama.is_loaded(model.name, model.digest)


async def test_unloading_and_what_is_not_there(ollama: Ollama) -> None:
    model = await _smallest(ollama)
    await ollama.unload(model.name, digest=model.digest)
    assert not await ollama.is_loaded(model.name, model.digest)
    done = await work(ollama.url, a_suite(), FakeModel("surely-not-installed:obt"))
    assert (done.error_code, done.samples) == ("model_not_found", [])
