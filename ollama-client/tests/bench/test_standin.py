"""The server with known times: its record against what a reader sees, over real sockets and a process of its own."""

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from obt_client.bench.standin.process import StandIn, StandInError
from obt_client.bench.stream import Limits, stream
from obt_core.metrics import Trace

_PATIENT = Limits(stall_ms=10_000)
_QUICK = "standin:t5-i1-n6"


@pytest.fixture
async def standin() -> AsyncIterator[StandIn]:
    async with StandIn() as running:
        yield running


@pytest.fixture
async def http(standin: StandIn) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(standin.url) as session:
        yield session


@pytest.mark.parametrize("chat", [True, False])
async def test_obts_reader_sees_each_token_no_earlier_than_it_was_written(standin: StandIn, chat: bool) -> None:
    asked = {"messages": [{"role": "user", "content": "n1 why"}]} if chat else {"prompt": "n1 why"}
    url = f"{standin.url}/api/{'chat' if chat else 'generate'}"
    trace = await stream(url, {"model": _QUICK, **asked}, limits=_PATIENT)
    (truth,) = await standin.truths()
    assert trace.error_code is None
    assert (truth.label, truth.path) == ("n1 why", urlsplit(url).path)
    assert len(truth.written_ns) == len(trace.chunks) == 6
    assert all(seen.stamp_ns >= at_ns for seen, at_ns in zip(trace.chunks, truth.written_ns, strict=True))
    assert all(seen.created_at_ns and seen.created_at_ns <= seen.stamp_ns for seen in trace.chunks)
    assert trace.sent_ns <= truth.received_ns <= truth.written_ns[0]
    assert trace.final is not None
    figures = {name: trace.final[name] for name in ("eval_count", "eval_duration", "done_reason", "prompt_eval_count")}
    assert figures == {"eval_count": 6, "eval_duration": 6_000_000, "done_reason": "length", "prompt_eval_count": 2}


async def test_no_token_is_written_before_it_is_due(standin: StandIn) -> None:
    await asyncio.gather(*(_ask(standin, f"n{number}") for number in range(12)))
    truths = await standin.truths()
    assert {truth.label for truth in truths} == {f"n{number}" for number in range(12)}
    for truth in truths:
        due_ns = [truth.received_ns + round((5 + token) * 1e6) for token in range(6)]
        assert all(at_ns >= due for at_ns, due in zip(truth.written_ns, due_ns, strict=True))
        assert all(later > earlier for earlier, later in pairwise(truth.written_ns))
        assert truth.final_ns is not None
        assert truth.final_ns > truth.written_ns[-1]


async def test_the_report_counts_what_was_written_since_it_was_cleared(standin: StandIn) -> None:
    assert (await standin.report()).late_p99_ms is None
    await _ask(standin, "n1")
    report = await standin.report()
    assert (report.requests, report.tokens, report.blocked) == (1, 6, 0)
    assert report.late_p50_ms is not None
    assert report.late_max_ms is not None
    assert 0 <= report.late_p50_ms <= report.late_max_ms
    assert report.cpu_share is not None
    await standin.clear()
    assert (await standin.report()).requests == len(await standin.truths()) == 0


@pytest.mark.parametrize("chat", [True, False])
@pytest.mark.parametrize("usage", [True, False])
async def test_openai_readers_get_events_the_usage_if_asked_and_done(
    http: aiohttp.ClientSession, chat: bool, usage: bool
) -> None:
    asked: dict[str, Any] = {"messages": [{"role": "user", "content": "n1 why"}]} if chat else {"prompt": "n1 why"}
    asked |= {"model": "standin:t5-i1", "stream": True, "max_completion_tokens": 3}
    asked |= {"stream_options": {"include_usage": True}} if usage else {}
    async with http.post(f"/v1/{'chat/completions' if chat else 'completions'}", json=asked) as reply:
        assert reply.content_type == "text/event-stream"
        lines = [line.removeprefix("data: ") for line in (await reply.text()).split("\n\n")]
    assert lines[-2:] == ["[DONE]", ""]
    events = [json.loads(line) for line in lines[:-2]]
    choices = [event["choices"][0] for event in events if event["choices"]]
    assert [choice["delta"]["content"] if chat else choice["text"] for choice in choices] == ["a ", "a ", "a ", ""]
    assert [choice["finish_reason"] for choice in choices] == [None, None, None, "length"]
    counted = [event["usage"] for event in events if "usage" in event]
    assert counted == ([{"prompt_tokens": 2, "completion_tokens": 3, "total_tokens": 5}] if usage else [])


async def test_a_connection_serves_one_request_after_another(standin: StandIn) -> None:
    async with aiohttp.ClientSession(standin.url, connector=aiohttp.TCPConnector(limit=1)) as session:
        for number in range(3):
            body = {"model": _QUICK, "prompt": f"n{number}"}
            async with session.post("/api/generate", json=body) as reply:
                lines = (await reply.text()).splitlines()
            assert len(lines) == 7
    assert [truth.label for truth in await standin.truths()] == ["n0", "n1", "n2"]


async def test_a_request_is_known_by_the_id_that_its_client_gave_it(
    standin: StandIn, http: aiohttp.ClientSession
) -> None:
    named = {"X-Request-ID": "7f"}
    async with http.post("/api/generate", json={"model": _QUICK, "prompt": "a"}, headers=named) as reply:
        await reply.read()
    assert [truth.request_id for truth in await standin.truths()] == ["7f"]


async def test_a_reader_that_goes_away_ends_its_own_answer_only(standin: StandIn) -> None:
    place = urlsplit(standin.url)
    body = json.dumps({"model": "standin:t1-i1-n100000", "prompt": "gone"}).encode()
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    writer.write(b"POST /api/generate HTTP/1.1\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
    await reader.readuntil(b"done")
    writer.transport.abort()
    assert (await _ask(standin, "stays")).error_code is None
    gone, stays = await standin.truths()
    assert (gone.final_ns, len(stays.written_ns)) == (None, 6)


async def test_a_slow_reader_is_counted_and_gets_all_the_same(standin: StandIn) -> None:
    place = urlsplit(standin.url)
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        sock.connect((place.hostname, place.port))
        sock.setblocking(False)
        body = json.dumps({"model": "standin:t0-i0-n60000", "prompt": "slow"}).encode()
        sock.send(b"POST /api/generate HTTP/1.1\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        while not any(truth.blocked for truth in await standin.truths()):
            await asyncio.sleep(0)
        reader, writer = await asyncio.open_connection(sock=sock.dup(), limit=2**25)
        data = await reader.readuntil(b"0\r\n\r\n")
        writer.close()
    assert data.count(b'"done":false') == 60_000


async def test_it_says_what_it_will_not_do(http: aiohttp.ClientSession) -> None:
    async with http.post("/v1/completions", json={"model": "standin", "prompt": "a"}) as reply:
        assert (reply.status, "stream: true" in (await reply.json())["error"]) == (400, True)
    async with http.post("/api/generate", data=b"[1]") as reply:
        assert reply.status == 400
    async with http.get("/api/embed") as reply:
        assert reply.status == 404


async def test_models_are_listed_loaded_and_let_go_as_ollama_does(http: aiohttp.ClientSession) -> None:
    async def running() -> list[str]:
        async with http.get("/api/ps") as reply:
            return [model["name"] for model in (await reply.json())["models"]]

    async def ask(**more: object) -> str:
        async with http.post("/api/generate", json={"model": "standin:t1", **more}) as reply:
            return (await reply.json())["done_reason"]

    assert await running() == []
    assert await ask() == "load"
    assert await running() == ["standin:t1"]
    assert await ask(keep_alive=0) == "unload"
    assert await running() == []
    async with http.get("/v1/models") as reply:
        assert [row["id"] for row in (await reply.json())["data"]] == ["standin:t50-i10-n128"]


async def test_the_first_contact_is_noted_asking_for_the_record_is_none(
    standin: StandIn, http: aiohttp.ClientSession
) -> None:
    assert await standin.truths() == ()
    assert (await standin.report()).first_ns is None
    async with http.get("/api/version"):
        first_ns = (await standin.report()).first_ns
    await _ask(standin, "n1")
    (truth,) = await standin.truths()
    assert first_ns is not None
    assert (await standin.report()).first_ns == first_ns < truth.received_ns


async def test_asking_one_that_has_ended_says_so() -> None:
    async with StandIn() as ended:
        pass
    with pytest.raises(StandInError, match="/standin/report"):
        await ended.report()


async def _ask(standin: StandIn, prompt: str) -> Trace:
    return await stream(f"{standin.url}/api/generate", {"model": _QUICK, "prompt": prompt}, limits=_PATIENT)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGTERM there")
async def test_run_by_hand_it_ends_when_told_and_prints_its_report() -> None:
    pipe = asyncio.subprocess.PIPE
    program = await asyncio.create_subprocess_exec(sys.executable, "-m", "obt_client.bench.standin", stdout=pipe)
    assert program.stdout is not None
    assert (await program.stdout.readline()).startswith(b"http://127.0.0.1:")
    program.terminate()
    assert json.loads(await program.stdout.read())["requests"] == 0
    assert await program.wait() == 0
