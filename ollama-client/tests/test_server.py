"""What the client makes of whatever a server, or a thing in its place, answers."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from obt_client.server import BusyError, RefusedError, Server, ServerError, UnreachableError, open_session
from obt_core.jobs import JobPhase, JobProgress

from .builders import a_sample, an_outcome
from .contract_server import KEY, ContractServer, Fault, a_spec


@pytest.fixture
async def contract() -> AsyncGenerator[ContractServer]:
    async with ContractServer() as server:
        yield server


@pytest.fixture
async def server(contract: ContractServer) -> AsyncGenerator[Server]:
    async with open_session() as session:
        yield Server(contract.url, session, client_id="a-client", key=KEY)


async def test_samples_and_progress_arrive_as_they_were(contract: ContractServer, server: Server) -> None:
    job = a_spec().job_id
    samples = [a_sample(1), a_sample(2, chunk_ms=(1.5, 2.5), ollama={"done_reason": "length"})]
    progress = JobProgress(phase=JobPhase.SAMPLING, samples_done=2, samples_planned=9)
    reply = await server.send_samples(job, [sample.model_dump_json().encode() for sample in samples], progress)
    assert (reply.stored, list(contract.samples[job].values())) == (2, samples)
    assert (await server.send_outcome(job, an_outcome(3))).missing == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 413, 422])
async def test_a_problem_is_a_refusal_with_its_code(contract: ContractServer, server: Server, status: int) -> None:
    contract.faults.append(Fault("claim", 1, status=status, code="some_code"))
    with pytest.raises(RefusedError) as raised:
        await server.claim()
    assert (raised.value.status, raised.value.code) == (status, "some_code")
    assert raised.value.is_about_the_key == (status == 401)


@pytest.mark.parametrize("status", [302, 400, 403, 404, 500, 502, 504])
async def test_a_page_of_something_else_is_no_word_of_the_server(
    contract: ContractServer, server: Server, status: int
) -> None:
    contract.faults.append(Fault("claim", 1, status=status))
    with pytest.raises(UnreachableError):
        await server.claim()


@pytest.mark.parametrize(("given", "seconds"), [("17", 17), ("9999", 300), ("", 0), ("soon", 0), ("-5", 0)])
@pytest.mark.parametrize("status", [408, 425, 429, 503])
async def test_a_busy_server_says_when_to_come_back(
    contract: ContractServer, server: Server, status: int, given: str, seconds: float
) -> None:
    contract.faults.append(Fault("claim", 1, status=status, code="slow_down", headers={"Retry-After": given}))
    with pytest.raises(BusyError) as raised:
        await server.claim()
    assert raised.value.retry_after_s == seconds


async def test_a_date_to_come_back_at_is_understood(contract: ContractServer, server: Server) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    contract.faults.append(Fault("claim", 1, status=503, headers={"Retry-After": date}))
    with pytest.raises(BusyError) as raised:
        await server.claim()
    assert 0 < raised.value.retry_after_s <= 100


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x00\xff",
        b"HTTP/1.1 200 OK\r\n\r\n<html>",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{",
        b"SSH-2.0\r\n",
    ],
)
async def test_whatever_listens_there_makes_no_trace(answer: bytes) -> None:
    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as listener, open_session() as session:
        port = listener.sockets[0].getsockname()[1]
        with pytest.raises(ServerError):
            await Server(f"http://127.0.0.1:{port}", session).claim()


async def test_a_connection_that_the_server_had_let_go_is_no_outage(contract: ContractServer, server: Server) -> None:
    contract.faults.append(Fault("claim", 1, lost=True))
    assert (await server.claim()).job is None
    contract.faults.append(Fault("claim", 2, lost=True))
    with pytest.raises(UnreachableError):
        await server.claim()


async def test_nobody_there_is_unreachable(contract: ContractServer, server: Server) -> None:
    await contract.stop()
    with pytest.raises(UnreachableError, match="cannot be reached"):
        await server.claim()
