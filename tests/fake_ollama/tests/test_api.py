"""The fake answers as Ollama does."""

import asyncio
import re
from typing import cast

import pytest

from tests.fake_ollama import FakeModel, FakeOllama
from tests.fake_ollama.tests.talk import Answer, Object, chat, generate, talk


def _models(answer: Answer) -> list[Object]:
    return cast("list[Object]", answer.json["models"])


def _details(row: Object) -> Object:
    return cast("Object", row["details"])


async def test_lists_what_is_installed_and_what_is_loaded() -> None:
    models = [FakeModel("small"), FakeModel("big:7b", size_bytes=7_000, vram_share=0.5, quantization="Q4_K_M")]
    async with FakeOllama(models, version="0.12.1") as fake:
        assert (await talk(fake.url, "GET", "/")).body == b"Ollama is running"
        assert (await talk(fake.url, "GET", "/api/version")).json == {"version": "0.12.1"}
        rows = _models(await talk(fake.url, "GET", "/api/tags"))
        assert {(row["name"], row["size"], _details(row)["quantization_level"]) for row in rows} == {
            ("small:latest", 1_000_000_000, "Q8_0"),
            ("big:7b", 7_000, "Q4_K_M"),
        }
        assert (await talk(fake.url, "GET", "/api/ps")).json == {"models": []}
        await generate(fake.url, "big:7b", options={"num_ctx": 512})
        (loaded,) = _models(await talk(fake.url, "GET", "/api/ps"))
        assert (loaded["name"], loaded["size_vram"], loaded["context_length"]) == ("big:7b", 3_500, 512)


async def test_show_tells_context_length_and_capabilities() -> None:
    async with FakeOllama([FakeModel("tiny", family="qwen3", context_length=40_960)]) as fake:
        shown = (await talk(fake.url, "POST", "/api/show", {"model": "tiny"})).json
    assert shown["capabilities"] == ["completion"]
    info = shown["model_info"]
    assert isinstance(info, dict)
    assert info["qwen3.context_length"] == 40_960


async def test_streams_one_line_a_token_and_the_counts_last() -> None:
    async with FakeOllama() as fake:
        answer = await generate(fake.url, tokens=4, prompt="a b c")
    *content, final = answer.lines
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert answer.complete
    assert [line["done"] for line in content] == [False] * 4
    assert all(line["response"] for line in content)
    assert all(
        re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z", str(line["created_at"])) for line in content
    )
    assert (final["done"], final["done_reason"], final["eval_count"], final["prompt_eval_count"]) == (
        True,
        "length",
        4,
        8,
    )
    assert _sum_of_parts(final) <= _number(final, "total_duration")


def _number(line: Object, name: str) -> int:
    value = line[name]
    assert isinstance(value, int)
    return value


def _sum_of_parts(final: Object) -> int:
    return sum(_number(final, f"{part}_duration") for part in ("load", "prompt_eval", "eval"))


async def test_chat_carries_messages_and_can_be_one_reply() -> None:
    async with FakeOllama() as fake:
        streamed = (await chat(fake.url, tokens=3)).lines
        whole = (await chat(fake.url, tokens=3, stream=False)).json
    text = "".join(str(cast("Object", line["message"])["content"]) for line in streamed)
    assert whole["message"] == {"role": "assistant", "content": text}
    assert whole["eval_count"] == 3


async def test_thinking_comes_first_unless_it_is_switched_off() -> None:
    model = FakeModel("tiny", capabilities=("completion", "thinking"), thinking_tokens=2)
    async with FakeOllama([model]) as fake:
        *on, _ = (await generate(fake.url, tokens=3)).lines
        *off, _ = (await generate(fake.url, tokens=3, think=False)).lines
        kinds = [[chunk.kind for chunk in request.content] for request in fake.record.generations]
    assert [bool(line.get("thinking")) for line in on] == [True, True, False]
    assert [bool(line.get("thinking")) for line in off] == [False, False, False]
    assert kinds == [["thinking", "thinking", "content"], ["content"] * 3]


async def test_a_model_may_stop_by_itself_and_send_several_tokens_a_chunk() -> None:
    async with FakeOllama([FakeModel("tiny", stop_after=7, tokens_per_chunk=3)]) as fake:
        *content, final = (await generate(fake.url, tokens=50)).lines
    assert (len(content), final["eval_count"], final["done_reason"]) == (3, 7, "stop")


@pytest.mark.parametrize("path", ["/api/generate", "/api/chat", "/api/show", "/api/delete"])
async def test_an_unknown_model_is_404(path: str) -> None:
    async with FakeOllama() as fake:
        method = "DELETE" if path == "/api/delete" else "POST"
        answer = await talk(fake.url, method, path, {"model": "nobody"})
    assert (answer.status, answer.json) == (404, {"error": "model 'nobody' not found"})


async def test_what_a_model_cannot_do_and_a_bad_body_are_400() -> None:
    async with FakeOllama([FakeModel("embed", capabilities=("embedding",)), FakeModel("tiny")]) as fake:
        assert (await generate(fake.url, "embed")).json == {"error": '"embed:latest" does not support generate'}
        assert (await chat(fake.url, "tiny", think=True)).json == {"error": '"tiny:latest" does not support thinking'}
        assert (await talk(fake.url, "POST", "/api/chat", [])).status == 400
        assert (await generate(fake.url, keep_alive="soon")).status == 400
        assert (await talk(fake.url, "GET", "/api/nothing")).status == 404


async def test_a_foreign_host_is_refused_and_local_ones_are_not() -> None:
    async with FakeOllama() as fake:
        assert (await talk(fake.url, "GET", "/api/tags", host="evil.example")).status == 403
        for host in ("127.0.0.1:1", "[::1]:11434", "my.local", "localhost:11434"):
            assert (await talk(fake.url, "GET", "/api/tags", host=host)).status == 200


async def test_an_empty_prompt_loads_and_keep_alive_0_unloads() -> None:
    async with FakeOllama() as fake:
        loaded = await talk(fake.url, "POST", "/api/generate", {"model": "tiny"})
        assert (loaded.json["done_reason"], len(fake.store.loaded())) == ("load", 1)
        unloaded = await talk(fake.url, "POST", "/api/chat", {"model": "tiny", "messages": [], "keep_alive": 0})
        assert (unloaded.json["done_reason"], len(fake.store.loaded())) == ("unload", 0)
        await generate(fake.url, keep_alive="0s")
        assert not fake.store.loaded()
        await generate(fake.url, keep_alive=-1)
        assert fake.store.loaded()


async def test_loading_takes_its_time_once_and_again_for_another_context_length() -> None:
    async with FakeOllama([FakeModel("tiny", load_ms=30)]) as fake:
        sizes = (None, None, 512, 512)
        finals = [(await generate(fake.url, options={"num_predict": 1, "num_ctx": size})).lines[-1] for size in sizes]
    slow = [_number(final, "load_duration") >= 30_000_000 for final in finals]
    assert slow == [True, False, True, False]
    assert all(_number(final, "load_duration") > 0 for final in finals)


async def test_requests_beyond_the_slots_wait_and_only_the_total_shows_it() -> None:
    async with FakeOllama([FakeModel("tiny", ttft_ms=20, interval_ms=2, slots=2)]) as fake:
        answers = await asyncio.gather(*(generate(fake.url, tokens=5) for _ in range(3)))
        spans = [request.chunks for request in fake.record.generations]
    finals = [answer.lines[-1] for answer in answers]
    waited = max(_number(final, "total_duration") - _sum_of_parts(final) for final in finals)
    assert waited >= 28_000_000  # another request's 20 ms and five tokens, less the grain of the clock
    assert spans[2][0].monotonic_ns > min(spans[0][-1].monotonic_ns, spans[1][-1].monotonic_ns)


@pytest.mark.parametrize(
    ("cache", "told", "cached"),
    [("off", 9, None), ("silent", 9, None), ("reported", 9, 8), ("new_only", 1, None), ("omitted", None, None)],
)
async def test_the_prompt_cache_is_reported_as_versions_have_done(
    cache: str, told: int | None, cached: int | None
) -> None:
    async with FakeOllama([FakeModel.from_json({"name": "tiny", "cache": cache, "template_tokens": 5})]) as fake:
        await generate(fake.url, prompt="a b c d")
        final = (await generate(fake.url, prompt="a b c d")).lines[-1]
    assert (final.get("prompt_eval_count"), final.get("prompt_eval_cached_count")) == (told, cached)


async def test_delete_removes_a_model() -> None:
    async with FakeOllama([FakeModel("tiny"), FakeModel("other")]) as fake:
        assert (await talk(fake.url, "DELETE", "/api/delete", {"model": "tiny"})).status == 200
        assert [model.name for model in fake.store.all()] == ["other:latest"]
        assert (await generate(fake.url)).status == 404
