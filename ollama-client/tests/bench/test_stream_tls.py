"""One measured request over TLS: the stamps are the kernel's all the same, and nobody is trusted without reason."""

import asyncio
from pathlib import Path

import pytest

from obt_client.bench.clocks import BEST_CLOCK
from obt_client.bench.stream import Limits, stream
from obt_core.metrics import Trace
from obt_core.results import ClockSource
from tests.fake_ollama import FakeModel, FakeOllama, Fault, FaultKind
from tests.fake_ollama.certificates import write_authority, write_certificate
from tests.fake_ollama.tls import serving_by

_PATIENT = Limits(stall_ms=10_000, send_ms=10_000)


def _fake(folder: Path, *names: str) -> FakeOllama:
    tls = serving_by(write_certificate(folder / "server.pem", *(names or ("127.0.0.1",))))
    return FakeOllama([FakeModel("tiny", ttft_ms=10, interval_ms=3)], tls=tls)


async def _ask(fake: FakeOllama, folder: Path, clock: ClockSource = BEST_CLOCK, tokens: int = 6) -> Trace:
    body = {"model": "tiny", "prompt": "one two", "options": {"num_predict": tokens}}
    ca_file = write_authority(folder / "authority.pem")
    return await stream(f"{fake.tls_url}/api/generate", body, limits=_PATIENT, clock=clock, ca_file=ca_file)


@pytest.mark.parametrize("clock", sorted({BEST_CLOCK, ClockSource.PROCESS}))
async def test_a_trace_over_tls_holds_what_was_written_no_earlier_than_it_was(
    clock: ClockSource, tmp_path: Path
) -> None:
    async with _fake(tmp_path) as fake:
        trace = await _ask(fake, tmp_path, clock)
        (request,) = fake.record.generations
    assert (trace.error_code, trace.clock, trace.flags) == (None, clock, frozenset())
    assert trace.connect_ms is not None
    assert trace.tls_ms is not None
    assert trace.tls_ms > 0
    assert all(seen.stamp_ns >= written.at_ns for seen, written in zip(trace.chunks, request.content, strict=True))
    assert trace.first_byte_ns is not None
    assert trace.sent_ns <= request.received_ns <= trace.first_byte_ns == trace.chunks[0].stamp_ns
    assert trace.final is not None
    assert trace.final["eval_count"] == 6


async def test_without_tls_no_handshake_was_measured(tmp_path: Path) -> None:
    async with _fake(tmp_path) as fake:
        trace = await stream(f"{fake.url}/api/generate", {"model": "tiny", "prompt": "a"}, limits=_PATIENT)
    assert (trace.error_code, trace.tls_ms) == (None, None)


async def test_a_server_that_nobody_vouches_for_is_not_asked(tmp_path: Path) -> None:
    async with _fake(tmp_path) as fake:
        trace = await stream(f"{fake.tls_url}/api/generate", {"model": "tiny", "prompt": "a"})
        assert fake.record.requests == []
    assert trace.error_code == "tls_failed"
    assert "not to be trusted" in str(trace.error)


async def test_a_server_of_another_name_is_not_asked(tmp_path: Path) -> None:
    async with _fake(tmp_path, "elsewhere.test") as fake:
        trace = await _ask(fake, tmp_path)
        assert fake.record.requests == []
    assert trace.error_code == "tls_failed"
    assert "not to be trusted" in str(trace.error)


async def test_a_port_that_speaks_no_tls_is_said_to_be_one(tmp_path: Path) -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/api/chat"
        trace = await stream(url, {})
        server.close()
    assert (trace.error_code, trace.tls_ms) == ("tls_failed", None)


async def test_a_handshake_that_never_ends_is_given_up() -> None:
    async def be_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(be_silent, "127.0.0.1", 0) as server:
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/api/chat"
        trace = await stream(url, {}, limits=Limits(connect_timeout_s=0.2))
        server.close()
    assert trace.error_code == "tls_failed"
    assert "in time" in str(trace.error)


async def test_a_ca_file_that_cannot_be_read_is_said_to_be_so(tmp_path: Path) -> None:
    trace = await stream("https://127.0.0.1:1/api/chat", {}, ca_file=tmp_path / "none.pem")
    assert trace.error_code == "tls_failed"
    assert "none.pem" in str(trace.error)


@pytest.mark.parametrize("clock", sorted({BEST_CLOCK, ClockSource.PROCESS}))
async def test_a_connection_that_is_cut_in_the_middle_keeps_what_came(clock: ClockSource, tmp_path: Path) -> None:
    async with _fake(tmp_path) as fake:
        fake.add_fault(Fault(FaultKind.CLOSE, after_chunks=3))
        trace = await _ask(fake, tmp_path, clock)
    assert (trace.error_code, len(trace.chunks)) == ("connection_closed", 3)


async def test_an_answer_with_thousands_of_records_comes_whole(tmp_path: Path) -> None:
    tls = serving_by(write_certificate(tmp_path / "server.pem", "127.0.0.1"))
    async with FakeOllama([FakeModel("tiny")], tls=tls) as fake:
        trace = await _ask(fake, tmp_path, tokens=3_000)
    assert (trace.error_code, len(trace.chunks)) == (None, 3_000)
