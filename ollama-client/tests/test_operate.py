"""One operation against an Ollama that can be told what to do: what it changes, and what it says where it cannot."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from obt_client.bench.stop import StopSignal
from obt_client.config import Settings
from obt_client.ollama import Ollama, OllamaRefusedError
from obt_client.operate import code_of, do_operation
from obt_core.operations import Copy, Delete, Load, Operation, OperationOutcome, OperationProgress, Pull, Unload
from tests.fake_ollama import FakeModel, FakeOllama, Fault, FaultKind, Pullable

from .builders import settings_of

PULL = ("/api/pull",)


@pytest.fixture
async def fake() -> AsyncGenerator[FakeOllama]:
    async with FakeOllama([FakeModel("a")]) as fake:
        fake.offer(Pullable(FakeModel("new"), layers=(1_000, 50)))
        fake.offer(Pullable(FakeModel("endless"), layers=(2**60,), bytes_per_s=1))
        yield fake


def models_settings(fake: FakeOllama, **fields: Any) -> Settings:
    return settings_of(Path(), ollama_url=fake.url, **{"allow": "models", **fields})


async def do(
    fake: FakeOllama,
    operation: Operation,
    *,
    stop: StopSignal | None = None,
    seen: list[OperationProgress] | None = None,
    **fields: Any,
) -> OperationOutcome:
    return await do_operation(
        operation,
        ollama=Ollama(fake.url),
        settings=models_settings(fake, **fields),
        on_progress=(seen if seen is not None else []).append,
        stop=stop or StopSignal(),
    )


def told(outcome: OperationOutcome) -> tuple[str, str | None]:
    return outcome.status.value, outcome.error.code if outcome.error else None


def names(fake: FakeOllama) -> set[str]:
    return {model.name for model in fake.store.all()}


async def test_each_kind_changes_what_it_says(fake: FakeOllama) -> None:
    seen: list[OperationProgress] = []
    assert told(await do(fake, Pull(model="new"), seen=seen)) == ("completed", None)
    assert (seen[-1].done_bytes, seen[-1].total_bytes, seen[-1].stage) == (1_050, 1_050, "success")
    assert told(await do(fake, Copy(model="new", to="b:1"))) == ("completed", None)
    assert told(await do(fake, Load(model="b:1", keep_alive_s=60))) == ("completed", None)
    assert [one.model.name for one in fake.store.loaded()] == ["b:1"]
    (asked,) = fake.record.of("/api/generate")
    assert asked.body["keep_alive"] == 60
    assert told(await do(fake, Unload(model="b:1"))) == ("completed", None)
    assert fake.store.loaded() == []
    assert told(await do(fake, Delete(model="new"))) == ("completed", None)
    assert names(fake) == {"a:latest", "b:1"}


async def test_a_model_that_only_embeds_is_loaded_too(fake: FakeOllama) -> None:
    fake.put_model(FakeModel("e", capabilities=("embedding",)))
    assert told(await do(fake, Load(model="e"))) == ("completed", None)
    assert [one.model.name for one in fake.store.loaded()] == ["e:latest"]


@pytest.mark.parametrize(
    "operation", [Delete(model="no"), Load(model="no"), Unload(model="no"), Copy(model="no", to="b")]
)
async def test_a_model_that_is_not_there(fake: FakeOllama, operation: Operation) -> None:
    assert told(await do(fake, operation)) == ("failed", "unknown_model")


@pytest.mark.parametrize("allow", ["nothing", "benchmarks"])
@pytest.mark.parametrize(
    "operation", [Pull(model="new"), Delete(model="a"), Load(model="a"), Unload(model="a"), Copy(model="a", to="b")]
)
async def test_a_client_refuses_what_its_owner_does_not_allow_whatever_a_server_says(
    fake: FakeOllama, operation: Operation, allow: str
) -> None:
    assert told(await do(fake, operation, allow=allow)) == ("failed", "not_allowed")
    assert fake.record.requests == []


@pytest.mark.parametrize("name", ["evil.example/a/b", "evil.example/a", "evil.example:80/a/b", "localhost/a/b"])
async def test_a_client_lets_no_server_choose_whom_its_ollama_contacts(fake: FakeOllama, name: str) -> None:
    outcome = await do(fake, Pull(model=name), allow_registries=("hf.co",))
    assert told(outcome) == ("failed", "not_allowed")
    assert outcome.error is not None
    assert "OBT_ALLOW_REGISTRIES" in outcome.error.message
    assert fake.record.requests == []


async def test_a_registry_that_the_owner_named_is_asked(fake: FakeOllama) -> None:
    fake.offer(Pullable(FakeModel("hf.co/a/b")))
    assert told(await do(fake, Pull(model="hf.co/a/b"), allow_registries="hf.co")) == ("completed", None)


async def test_nothing_of_a_cloud_model_is_loaded(fake: FakeOllama) -> None:
    fake.put_model(FakeModel("far:cloud", remote_host="https://ollama.com"))
    assert told(await do(fake, Load(model="far:cloud"))) == ("failed", "cloud_model")
    assert fake.record.generations == []


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault(FaultKind.ERROR_LINE, paths=PULL, message="write /b-partial-0: no space left on device"), "no_space"),
        (Fault(FaultKind.ERROR_LINE, paths=PULL, message="max retries exceeded: EOF"), "registry_unreachable"),
        (Fault(FaultKind.ERROR_LINE, paths=PULL, message="something new"), "ollama_error"),
        (Fault(FaultKind.HTTP_ERROR, paths=PULL, status=400, message="invalid model name"), "ollama_error"),
        (Fault(FaultKind.CUT, paths=PULL, after_chunks=2), "ollama_gone"),
        (Fault(FaultKind.CLOSE, paths=PULL, after_chunks=2), "ollama_gone"),
        (Fault(FaultKind.NO_DONE, paths=PULL, after_chunks=2), "ollama_gone"),
        (Fault(FaultKind.RESET_BEFORE_HEADERS, paths=PULL), "ollama_gone"),
    ],
)
async def test_what_goes_wrong_with_a_pull_has_a_code(fake: FakeOllama, fault: Fault, code: str) -> None:
    fake.add_fault(fault)
    outcome = await do(fake, Pull(model="new"))
    assert told(outcome) == ("failed", code)
    assert "new:latest" not in names(fake)
    if code == "no_space":
        assert outcome.error is not None
        assert "no space left on device\n" in outcome.error.message  # Ollama's words, then the room that there is
        assert " GiB are free at /" in outcome.error.message


async def test_an_ollama_that_is_not_there(fake: FakeOllama) -> None:
    fake.refuse()
    assert told(await do(fake, Pull(model="new"))) == ("failed", "ollama_gone")
    assert told(await do(fake, Delete(model="a"))) == ("failed", "ollama_gone")
    await fake.accept()


@pytest.mark.parametrize(
    ("reason", "outcome"), [("cancelled", ("cancelled", None)), ("client_stopped", ("failed", "client_stopped"))]
)
async def test_a_pull_that_is_stopped_lets_ollama_go(fake: FakeOllama, reason: Any, outcome: tuple[str, str]) -> None:
    stop, seen = StopSignal(), list[OperationProgress]()
    doing = asyncio.create_task(do(fake, Pull(model="endless"), stop=stop, seen=seen))
    while not any(one.total_bytes for one in seen):
        await asyncio.sleep(0.005)
    stop.set(reason)
    assert told(await doing) == outcome
    while fake.record.of("/api/pull")[0].outcome == "running":
        await asyncio.sleep(0.005)
    assert fake.record.of("/api/pull")[0].outcome == "client_gone"


async def test_a_stop_before_it_began_leaves_everything_as_it_was(fake: FakeOllama) -> None:
    stop = StopSignal()
    stop.set("cancelled")
    assert told(await do(fake, Pull(model="new"), stop=stop)) == ("cancelled", None)
    assert fake.record.of("/api/pull") == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("pull model manifest: file does not exist", "unknown_model"),
        (
            'Get "https://registry.ollama.ai/v2/": dial tcp: lookup registry.ollama.ai: no such host',
            "registry_unreachable",
        ),
        ("There is not enough space on the disk.", "no_space"),
        ("model requires more system memory (40.0 GiB) than is available (7.1 GiB)", "no_memory"),
        ("a word that nobody has heard", "ollama_error"),
    ],
)
def test_words_of_ollama_have_codes(words: str, code: str) -> None:
    assert code_of(OllamaRefusedError(500, words)) == code
