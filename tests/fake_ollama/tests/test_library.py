"""The fake changes what is installed as Ollama does: pull, copy, delete, load."""

from typing import cast

import pytest

from tests.fake_ollama import FakeModel, FakeOllama, FakeOllamaProcess, Fault, FaultKind, Pullable
from tests.fake_ollama.tests.talk import Object, talk

PULL = ("/api/pull",)


async def names(url: str) -> set[str]:
    rows = cast("list[Object]", (await talk(url, "GET", "/api/tags")).json["models"])
    return {str(row["name"]) for row in rows}


async def test_a_pull_tells_bytes_of_every_layer_and_installs_the_model() -> None:
    async with FakeOllama([]) as fake:
        fake.offer(Pullable(FakeModel("new"), layers=(1_000, 50), bytes_per_s=25_000))
        answer = await talk(fake.url, "POST", "/api/pull", {"model": "new"})
        assert answer.headers["content-type"] == "application/x-ndjson"
        first, *layers = [line for line in answer.lines if "digest" in line]
        assert (first["total"], "completed" in first) == (1_000, False)
        assert [line["completed"] for line in layers if line["total"] == 1_000] == [500, 1_000]
        assert [line["status"] for line in answer.lines if "digest" not in line] == [
            "pulling manifest",
            "verifying sha256 digest",
            "writing manifest",
            "success",
        ]
        assert await names(fake.url) == {"new:latest"}


async def test_a_model_that_the_registry_has_not_is_said_within_the_stream() -> None:
    async with FakeOllama([]) as fake:
        answer = await talk(fake.url, "POST", "/api/pull", {"model": "none"})
    assert (answer.status, answer.lines[-1]) == (200, {"error": "pull model manifest: file does not exist"})


async def test_a_pull_that_was_cut_goes_on_where_it_was() -> None:
    async with FakeOllama([]) as fake:
        fake.offer(Pullable(FakeModel("new"), layers=(1_000,), bytes_per_s=25_000))
        fake.add_fault(Fault(FaultKind.CUT, paths=PULL, after_chunks=3))
        cut = await talk(fake.url, "POST", "/api/pull", {"model": "new"})
        assert (cut.ended, len(cut.lines)) == ("reset", 3)
        again = await talk(fake.url, "POST", "/api/pull", {"model": "new"})
        assert cast("int", again.lines[1]["completed"]) >= 500
        assert again.lines[-1] == {"status": "success"}


@pytest.mark.parametrize("message", ["write /x-partial-0: no space left on device"])
async def test_an_error_in_the_middle_of_a_pull(message: str) -> None:
    async with FakeOllamaProcess() as fake:
        await fake.offer(Pullable(FakeModel("new")))
        await fake.add_fault(Fault(FaultKind.ERROR_LINE, paths=PULL, after_chunks=2, message=message))
        answer = await talk(fake.url, "POST", "/api/pull", {"model": "new"})
        assert (answer.lines[-1], answer.complete) == ({"error": message}, True)
        assert "new:latest" not in await names(fake.url)


async def test_a_copy_is_the_same_under_another_name_and_a_delete_takes_one_of_them() -> None:
    async with FakeOllama([FakeModel("a")]) as fake:
        assert (await talk(fake.url, "POST", "/api/copy", {"source": "a", "destination": "b:1"})).status == 200
        rows = cast("list[Object]", (await talk(fake.url, "GET", "/api/tags")).json["models"])
        assert len({str(row["digest"]) for row in rows}) == 1
        assert (await talk(fake.url, "DELETE", "/api/delete", {"model": "a"})).body == b""
        assert await names(fake.url) == {"b:1"}
        assert (await talk(fake.url, "POST", "/api/copy", {"source": "a", "destination": "c"})).status == 404


async def test_a_model_that_only_embeds_is_loaded_by_an_empty_input() -> None:
    async with FakeOllama([FakeModel("e", capabilities=("embedding",))]) as fake:
        assert (await talk(fake.url, "POST", "/api/generate", {"model": "e", "keep_alive": 60})).status == 400
        await talk(fake.url, "POST", "/api/embed", {"model": "e", "input": "", "keep_alive": 60})
        assert len(cast("list[Object]", (await talk(fake.url, "GET", "/api/ps")).json["models"])) == 1
