"""Operations on a real Ollama, where one is given: OBT_TEST_OLLAMA_URL, with a model installed."""

import os
from pathlib import Path
from uuid import uuid4

import pytest

from obt_client.bench.stop import StopSignal
from obt_client.ollama import Ollama
from obt_client.operate import do_operation
from obt_core.models import InstalledModel
from obt_core.operations import Copy, Delete, Load, Operation, OperationProgress, Pull, Unload

from .builders import settings_of

_URL = os.environ.get("OBT_TEST_OLLAMA_URL", "")
pytestmark = [
    pytest.mark.ollama,
    pytest.mark.skipif(not _URL, reason="OBT_TEST_OLLAMA_URL names no Ollama"),
]


@pytest.fixture
async def ollama() -> Ollama:
    return Ollama(_URL)


async def do(ollama: Ollama, operation: Operation) -> tuple[str, str | None]:
    seen: list[OperationProgress] = []
    outcome = await do_operation(
        operation,
        ollama=ollama,
        settings=settings_of(Path(), ollama_url=ollama.url, allow="models"),
        on_progress=seen.append,
        stop=StopSignal(),
    )
    return outcome.status.value, outcome.error.code if outcome.error else None


async def _smallest(ollama: Ollama) -> InstalledModel:
    models = [model for model in (await ollama.inventory()).models if not model.cloud]
    if not models:
        pytest.skip("that Ollama has no model")
    return min(models, key=lambda model: model.size_bytes)


async def test_copy_load_unload_and_delete(ollama: Ollama) -> None:
    original, name = await _smallest(ollama), f"obt-test-{uuid4().hex[:8]}:latest"
    try:
        assert await do(ollama, Copy(model=original.name, to=name)) == ("completed", None)
        copied = {model.name: model for model in (await ollama.inventory()).models}[name]
        assert copied.digest == original.digest
        await ollama.unload(original.name, digest=original.digest)
        assert await do(ollama, Load(model=name, keep_alive_s=600)) == ("completed", None)
        assert await ollama.is_loaded(name, original.digest)
        assert await do(ollama, Unload(model=name)) == ("completed", None)
        assert not await ollama.is_loaded(name, original.digest)
    finally:
        deleted = await do(ollama, Delete(model=name))
    assert deleted == ("completed", None)
    installed = {model.name for model in (await ollama.inventory()).models}
    assert name not in installed
    assert original.name in installed  # another name of the same layers


async def test_what_is_not_there_has_its_code(ollama: Ollama) -> None:
    for operation in (Delete(model="surely-not:obt"), Load(model="surely-not:obt"), Unload(model="surely-not:obt")):
        assert await do(ollama, operation) == ("failed", "unknown_model")
    assert await do(ollama, Copy(model="surely-not:obt", to="neither:obt")) == ("failed", "unknown_model")


async def test_a_pull_of_what_nobody_has_fails_in_words(ollama: Ollama) -> None:
    status, code = await do(ollama, Pull(model="surely-nobody-has-this-model:obt"))
    assert status == "failed"
    assert code in {"unknown_model", "registry_unreachable"}  # by whether there is a way to the registry
