"""What Ollama tells, over real HTTP, and what it tells of odd kinds."""

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from obt_client.ollama import (
    ModelStaysLoadedError,
    Ollama,
    OllamaAnswerError,
    OllamaRefusedError,
    OllamaUnreachableError,
)
from tests.fake_ollama import FakeModel, FakeOllama, Fault, FaultKind
from tests.fake_ollama.store import load, release


@asynccontextmanager
async def _telling(replies: Mapping[str, object], status: int = 200) -> AsyncGenerator[Ollama]:
    """An Ollama that answers each path with that JSON, or with those bytes."""

    async def answer(request: web.Request) -> web.Response:
        told = replies.get(request.path, {"error": "unknown"})
        return web.Response(body=told if isinstance(told, bytes) else json.dumps(told).encode(), status=status)

    runner = web.ServerRunner(web.Server(answer))  # type: ignore[arg-type]  # every request is a web.Request
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield Ollama(f"http://127.0.0.1:{runner.addresses[0][1]}")
    finally:
        await runner.cleanup()


async def test_the_inventory_holds_names_details_and_capabilities() -> None:
    models = [
        FakeModel("small", family="qwen3", capabilities=("completion", "thinking"), context_length=40_960),
        FakeModel("vectors", family="bert", capabilities=("embedding",)),
        FakeModel("far", remote_host="https://example.invalid"),
    ]
    async with FakeOllama(models) as fake:
        ollama = Ollama(fake.url)
        told = {model.name: model for model in (await ollama.inventory()).models}
    small = told["small:latest"]
    assert (small.digest, small.family, small.quantization) == (models[0].digest, "qwen3", "Q8_0")
    assert (small.context_length, small.parameter_count) == (40_960, 1_000_000_000)
    assert (small.parameter_size, small.capabilities) == ("1.0B", ("completion", "thinking"))
    assert small.modified_at is not None
    assert told["vectors:latest"].is_embedding_only()
    assert {name for name, model in told.items() if model.cloud} == {"far:latest"}


async def test_details_are_asked_once_for_a_digest_and_never_of_a_cloud() -> None:
    async with FakeOllama([FakeModel("one"), FakeModel("two"), FakeModel("x:cloud")]) as fake:
        ollama = Ollama(fake.url)
        first = await ollama.inventory()
        assert await ollama.inventory() == first
        fake.put_model(FakeModel("two", digest="cd" * 32, context_length=77))
        changed = await ollama.inventory()
        fake.delete_model("one")
        left = await ollama.inventory()
        shown = [str(request.body["model"]) for request in fake.record.of("/api/show")]
    assert sorted(shown) == ["one:latest", "two:latest", "two:latest"]
    assert first.hash() != changed.hash() != left.hash()
    assert {model.name: model.context_length for model in changed.models}["two:latest"] == 77
    assert sorted(model.name for model in left.models) == ["two:latest", "x:cloud"]


async def test_a_model_whose_details_fail_is_listed_and_asked_for_again() -> None:
    async with FakeOllama() as fake:
        ollama = Ollama(fake.url)
        fake.add_fault(Fault(FaultKind.HTTP_ERROR, paths=("/api/show",)))
        (bare,) = (await ollama.inventory()).models
        (full,) = (await ollama.inventory()).models
    assert (bare.context_length, bare.capabilities) == (None, ())
    assert (full.context_length, full.capabilities) == (8192, ("completion",))


async def test_unloading_returns_when_the_model_is_gone() -> None:
    async with FakeOllama() as fake:
        ollama = Ollama(fake.url)
        installed = fake.store.find("tiny")
        assert installed is not None
        held = await load(installed, 2048, 60)
        (row,) = await ollama.loaded()
        assert (row.name, row.context_length, row.size_vram_bytes) == ("tiny:latest", 2048, 1_000_000_000)
        with pytest.raises(ModelStaysLoadedError, match="still in memory"):
            await ollama.unload("tiny:latest", wait_s=0.05)
        release(installed, held)
        await ollama.unload("tiny:latest")
        assert await ollama.loaded() == ()
        with pytest.raises(OllamaRefusedError) as refused:
            await ollama.unload("nobody")
    assert refused.value.status == 404


async def test_status_never_raises() -> None:
    async with FakeOllama(version="0.12.6") as fake:
        ollama = Ollama(fake.url)
        up = await ollama.status()
        await fake.cut_all()
        fake.refuse()
        down = await ollama.status()
    assert (up.reachable, up.version, up.loaded) == (True, "0.12.6", ())
    assert (down.reachable, down.version) == (False, None)


async def test_what_does_not_answer_is_unreachable() -> None:
    async with FakeOllama() as fake:
        ollama = Ollama(fake.url)
        fake.refuse()
        with pytest.raises(OllamaUnreachableError, match="cannot be reached"):
            await ollama.version()
    for url in ("http://127.0.0.1:1", "http://[::1", "nonsense"):
        ollama = Ollama(url)
        with pytest.raises(OllamaUnreachableError):
            await ollama.version()


@pytest.mark.parametrize("answer", [b"Ollama is running", b"[]", b"", b"{}", b'{"version": 7}', b"\xff\xfe"])
async def test_another_program_on_that_port_is_told_as_such(answer: bytes) -> None:
    async with _telling({"/api/version": answer, "/api/ps": b"[]"}) as ollama:
        with pytest.raises(OllamaAnswerError):
            await ollama.version()
        assert not (await ollama.status()).reachable


async def test_an_error_keeps_its_status_and_words() -> None:
    async with _telling({"/api/tags": {"error": "disk on fire"}}, status=500) as ollama:
        with pytest.raises(OllamaRefusedError, match="HTTP 500: disk on fire"):
            await ollama.inventory()
        with pytest.raises(OllamaRefusedError, match="HTTP 500"):
            await ollama.loaded()


ODD_ROWS: list[object] = [
    None,
    7,
    {},
    {"name": None, "digest": None, "size": None},
    {"name": "no-digest", "size": 1},
    {"name": "no size", "digest": "ab" * 32, "size": 1},
    {"name": "negative", "digest": "ab" * 32, "size": -1},
    {"name": "-dash", "digest": "ab" * 32, "size": 1},
    {"name": "x" * 400, "digest": "zz", "size": 1},
    {"name": "text-size", "digest": "ab" * 32, "size": "much"},
]


async def test_odd_rows_are_left_out_and_odd_facts_are_unknown() -> None:
    bare = {"model": "bare:1", "digest": "sha256:" + "cd" * 32, "size": 5, "details": None, "modified_at": "soon"}
    odd = {
        "name": "hf.co/some/one:Q4_K_M",
        "digest": "ef" * 32,
        "size": 6,
        "modified_at": "0001-01-01T00:00:00+14:00",
        "details": {"family": "l\x00\x07l\ud800", "parameter_size": 7, "quantization_level": "q" * 900},
    }
    show: dict[str, object] = {
        "model_info": {"general.architecture": None, "general.parameter_count": -4, "llama.context_length": "many"},
        "capabilities": ["completion", None, 5, "completion", "x" * 900],
    }
    async with _telling({"/api/tags": {"models": [*ODD_ROWS, bare, odd]}, "/api/show": show}) as ollama:
        inventory = await ollama.inventory()
    assert [model.name for model in inventory.models] == ["bare:1", "hf.co/some/one:Q4_K_M"]
    first, second = inventory.models
    assert (first.digest, first.modified_at) == ("cd" * 32, None)
    assert (second.parameter_size, second.modified_at, second.parameter_count) == (None, None, None)
    assert second.quantization == "q" * 300
    assert second.capabilities == ("completion", "x" * 300)
    assert inventory.model_validate_json(inventory.model_dump_json()) == inventory


@pytest.mark.parametrize("rows", [None, []])
async def test_no_models_are_no_error(rows: object) -> None:
    async with _telling({"/api/tags": {"models": rows}, "/api/ps": {"models": rows}}) as ollama:
        assert (await ollama.inventory()).models == ()
        assert await ollama.loaded() == ()


async def test_loaded_models_of_old_and_new_versions() -> None:
    whole = {
        "name": "a:1",
        "digest": "ab" * 32,
        "size": 10,
        "size_vram": 4,
        "expires_at": "2318-01-02T03:04:05.678901234Z",
    }
    rows = [*ODD_ROWS, whole, {**whole, "name": "b:1", "context_length": 4096, "expires_at": None}]
    async with _telling({"/api/ps": {"models": rows}}) as ollama:
        first, second = await ollama.loaded()
    assert (first.context_length, first.size_vram_bytes) == (None, 4)
    assert first.expires_at is not None
    assert first.expires_at.year == 2318
    assert (second.context_length, second.expires_at) == (4096, None)


@pytest.mark.parametrize(
    ("info", "embeds"),
    [({"bert.pooling_type": 1, "bert.context_length": 512}, True), ({"llama.context_length": 512}, False)],
)
async def test_versions_that_tell_no_capabilities(info: dict[str, object], embeds: bool) -> None:
    row = {"name": "a:1", "digest": "ab" * 32, "size": 10}
    async with _telling({"/api/tags": {"models": [row]}, "/api/show": {"model_info": info}}) as ollama:
        (model,) = (await ollama.inventory()).models
    assert (model.is_embedding_only(), model.context_length) == (embeds, 512)


async def test_a_model_with_eyes_has_the_context_of_its_own_architecture() -> None:
    row = {"name": "a:1", "digest": "ab" * 32, "size": 10}
    info = {"clip.context_length": 77, "general.architecture": "gemma3", "gemma3.context_length": 131_072}
    async with _telling({"/api/tags": {"models": [row]}, "/api/show": {"model_info": info}}) as ollama:
        (model,) = (await ollama.inventory()).models
    assert model.context_length == 131_072


async def test_a_model_that_tells_of_its_cloud_only_in_its_details() -> None:
    row = {"name": "a:1", "digest": "ab" * 32, "size": 10}
    async with _telling({"/api/tags": {"models": [row]}, "/api/show": {"remote_host": "https://x.invalid"}}) as ollama:
        (model,) = (await ollama.inventory()).models
    assert model.cloud


async def test_asking_can_be_abandoned() -> None:
    async with FakeOllama() as fake:
        ollama = Ollama(fake.url)
        fake.add_fault(Fault(FaultKind.HANG_BEFORE_HEADERS, paths=("/api/version",)))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await ollama.version()
        assert await ollama.version() == "0.9.3"
