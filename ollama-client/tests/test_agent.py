"""A whole client against a server that keeps the contract and an Ollama with known times."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from obt_client.agent.agent import Agent, kept_alive
from obt_client.ollama import Ollama
from obt_client.server import Server, open_session
from obt_core.heartbeat import AgentState
from obt_core.jobs import JobSpec, OutcomeStatus
from tests.fake_ollama import FakeModel, FakeOllama

from .builders import settings_of
from .contract_server import KEY, ContractServer, Fault, a_spec


@pytest.fixture
async def contract() -> AsyncGenerator[ContractServer]:
    async with ContractServer() as server:
        yield server


@pytest.fixture
async def ollama() -> AsyncGenerator[FakeOllama]:
    async with FakeOllama([FakeModel("tiny", interval_ms=1)]) as fake:
        yield fake


@asynccontextmanager
async def living(
    contract: ContractServer, ollama: FakeOllama, data_dir: Path, *, key: str = KEY, **fields: Any
) -> AsyncGenerator[Agent]:
    """A client that lives as long as the block; it is drained at the end."""
    told: dict[str, Any] = {"heartbeat_interval_s": 10, "ollama_watch_s": 0.05, "drain_s": 20, **fields}
    settings = settings_of(data_dir, server_url=contract.url, ollama_url=ollama.url, **told)
    async with open_session() as session, asyncio.TaskGroup() as group:
        server = Server(contract.url, session, client_id="a-client", key=key)
        agent = Agent(settings, server, Ollama(settings.ollama_url))
        task = group.create_task(agent.run())
        try:
            yield agent
        finally:
            agent.stop()
            await task


def a_job(ollama: FakeOllama, **fields: Any) -> JobSpec:
    model = ollama.store.all()[0]
    return a_spec(model.name, model.digest, **fields)


def ended(contract: ContractServer, spec: JobSpec) -> bool:
    return spec.job_id in contract.outcomes


async def test_it_tells_what_it_is_and_what_it_has_without_being_asked_twice(
    contract: ContractServer, ollama: FakeOllama, tmp_path: Path
) -> None:
    async with living(contract, ollama, tmp_path):
        await contract.until(lambda: contract.hardware and contract.inventory and contract.beats[-1].ollama.reachable)
    assert contract.inventory is not None
    assert [model.name for model in contract.inventory.models] == ["tiny:latest"]
    assert contract.hardware is not None
    assert contract.hardware.cpu is not None
    assert contract.hardware.known
    assert len({beat.boot_id for beat in contract.beats}) == 1


async def test_a_job_is_measured_and_delivered_and_told_of_by_beats(
    contract: ContractServer, ollama: FakeOllama, tmp_path: Path
) -> None:
    async with living(contract, ollama, tmp_path):
        await contract.until(lambda: contract.held and contract.held[-1] == 10)
        spec = a_job(ollama)
        await contract.offer(spec)
        await contract.until(lambda: ended(contract, spec))
        await contract.until(lambda: contract.beats[-1].state is AgentState.IDLE)
    outcome = contract.outcomes[spec.job_id]
    assert outcome.status is OutcomeStatus.COMPLETED
    assert contract.numbers(spec.job_id) == list(range(1, outcome.sample_count + 1))
    assert outcome.environment is not None
    assert outcome.environment.model_digest == spec.model_digest
    named = [beat for beat in contract.beats if beat.job_id == spec.job_id]
    assert named
    assert {beat.state for beat in named} == {AgentState.BUSY}
    assert contract.order[-1] == f"outcome {spec.job_id}"


async def test_news_of_ollama_are_told_at_once_while_the_server_holds_a_beat(
    contract: ContractServer, ollama: FakeOllama, tmp_path: Path
) -> None:
    async with living(contract, ollama, tmp_path, heartbeat_interval_s=600):
        await contract.until(lambda: contract.inventory and contract.held[-1] == 600)
        ollama.put_model(FakeModel("second"))
        await contract.until(lambda: contract.inventory and len(contract.inventory.models) == 2)
        await contract.until(lambda: contract.held[-1] == 600)
        ollama.refuse()
        await ollama.cut_all()
        await contract.until(lambda: not contract.beats[-1].ollama.reachable)
        await ollama.accept()
        await contract.until(lambda: contract.beats[-1].ollama.reachable)


async def test_a_job_that_is_cancelled_stops_and_keeps_its_samples(
    contract: ContractServer, ollama: FakeOllama, tmp_path: Path
) -> None:
    async with living(contract, ollama, tmp_path, heartbeat_interval_s=1):
        spec = a_job(ollama, samples=5_000)
        await contract.offer(spec)
        await contract.until(lambda: len(contract.numbers(spec.job_id)) >= 2)
        await contract.cancel(spec.job_id)
        await contract.until(lambda: ended(contract, spec))
    outcome = contract.outcomes[spec.job_id]
    assert outcome.status is OutcomeStatus.CANCELLED
    assert contract.numbers(spec.job_id) == list(range(1, outcome.sample_count + 1))


async def test_jobs_are_measured_one_after_the_other_and_none_twice(
    contract: ContractServer, ollama: FakeOllama, tmp_path: Path
) -> None:
    contract.faults.append(Fault("claim", 1, lost=True))
    specs = [a_job(ollama, samples=2) for _ in range(3)]
    async with living(contract, ollama, tmp_path, heartbeat_interval_s=1):
        for spec in specs:
            await contract.offer(spec)
        await contract.until(lambda: all(ended(contract, spec) for spec in specs), 60)
    taken = sum(len(contract.numbers(spec.job_id)) for spec in specs)
    assert len([record for record in ollama.record.generations if record.content]) == taken
    assert list(contract.outcomes) == [spec.job_id for spec in specs]


async def test_a_server_that_says_work_and_gives_none_is_not_stormed(
    contract: ContractServer, ollama: FakeOllama, tmp_path: Path
) -> None:
    contract.says_work_always = True
    async with living(contract, ollama, tmp_path):
        await contract.until(lambda: contract.claims >= 2)
    assert len(contract.beats) <= contract.claims * 2 + 10


async def test_a_server_that_was_away_is_told_all_and_its_absence_is_said_once(
    contract: ContractServer, ollama: FakeOllama, tmp_path: Path
) -> None:
    with capture_logs() as logs:
        async with living(contract, ollama, tmp_path, heartbeat_interval_s=1):
            spec = a_job(ollama, samples=30, tokens=20)
            await contract.offer(spec)
            await contract.until(lambda: len(contract.numbers(spec.job_id)) >= 2)
            await contract.stop()
            while not [log for log in logs if log["event"] == "job_ended"]:
                await asyncio.sleep(0.05)
            before = len(contract.beats)
            await contract.start()
            await contract.until(lambda: ended(contract, spec) and len(contract.beats) > before + 1, 60)
    outcome = contract.outcomes[spec.job_id]
    assert outcome.status is OutcomeStatus.COMPLETED
    assert contract.numbers(spec.job_id) == list(range(1, outcome.sample_count + 1))
    said = [log["event"] for log in logs if str(log["event"]).startswith("server_")]
    assert said == ["server_connected", "server_unreachable", "server_connected"]


async def test_a_refused_key_is_said_once_with_what_to_do(
    contract: ContractServer, ollama: FakeOllama, tmp_path: Path
) -> None:
    with capture_logs() as logs:
        async with living(contract, ollama, tmp_path, key="another"):
            while not [log for log in logs if log["event"] == "server_refuses_this_client"]:
                await asyncio.sleep(0.02)
            await asyncio.sleep(0.3)
    said = [log for log in logs if str(log["event"]).startswith("server_")]
    assert len(said) == 1
    assert "obt-client enrol" in said[0]["todo"]


async def test_a_client_that_is_stopped_ends_its_job_and_delivers_it(
    contract: ContractServer, ollama: FakeOllama, tmp_path: Path
) -> None:
    async with living(contract, ollama, tmp_path):
        spec = a_job(ollama, samples=5_000)
        await contract.offer(spec)
        await contract.until(lambda: len(contract.numbers(spec.job_id)) >= 2)
    outcome = contract.outcomes[spec.job_id]
    assert outcome.error is not None
    assert outcome.error.code == "client_stopped"
    assert contract.numbers(spec.job_id) == list(range(1, outcome.sample_count + 1))
    assert list((tmp_path / "outbox").iterdir()) == []
    assert AgentState.DRAINING in {beat.state for beat in contract.beats}


async def test_a_client_that_may_not_drain_leaves_a_job_that_its_next_start_delivers(
    contract: ContractServer, ollama: FakeOllama, tmp_path: Path
) -> None:
    ollama.put_model(FakeModel("tiny", interval_ms=60_000))
    async with living(contract, ollama, tmp_path, drain_s=0.1):
        spec = a_job(ollama)
        await contract.offer(spec)
        while not ollama.record.generations:
            await asyncio.sleep(0.02)
    assert not ended(contract, spec)
    async with living(contract, ollama, tmp_path):
        await contract.until(lambda: ended(contract, spec))
    error = contract.outcomes[spec.job_id].error
    assert error is not None
    assert error.code == "client_stopped"


async def test_no_job_is_claimed_while_the_disk_takes_nothing(
    contract: ContractServer, ollama: FakeOllama, tmp_path: Path
) -> None:
    async with living(contract, ollama, tmp_path):
        await contract.until(lambda: contract.held and contract.held[-1] == 10)
        (tmp_path / "outbox").rmdir()
        (tmp_path / "outbox").write_text("in the way")
        spec = a_job(ollama)
        with capture_logs() as logs:
            await contract.offer(spec)
            while not [log for log in logs if log["event"] == "outbox_disk_full"]:
                await asyncio.sleep(0.02)
        assert contract.claims == 0
        (tmp_path / "outbox").unlink()
        await contract.until(lambda: ended(contract, spec))
    assert contract.outcomes[spec.job_id].status is OutcomeStatus.COMPLETED


@contextmanager
def files_no_longer_than(size_bytes: int) -> Generator[None]:
    """What a full disk does: a write past the limit fails, what was written before stays."""
    import resource  # Windows has none

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.skipif(sys.platform == "win32", reason="a limit on file sizes is POSIX")
async def test_a_disk_that_fills_up_in_mid_job_ends_that_job_alone_with_what_was_stored(
    contract: ContractServer, ollama: FakeOllama, tmp_path: Path
) -> None:
    ollama.put_model(FakeModel("tiny"))
    room_bytes = 80_000  # more than the probe before a claim writes
    async with living(contract, ollama, tmp_path, heartbeat_interval_s=1):
        spec = a_job(ollama, samples=5_000, tokens=400)
        with files_no_longer_than(room_bytes):
            await contract.offer(spec)
            await contract.until(lambda: ended(contract, spec))
        again = a_job(ollama, samples=3)
        await contract.offer(again)
        await contract.until(lambda: ended(contract, again))
    outcome = contract.outcomes[spec.job_id]
    assert outcome.error is not None
    assert outcome.error.code == "outbox_disk_full"
    assert outcome.sample_count > 0
    assert contract.numbers(spec.job_id) == list(range(1, outcome.sample_count + 1))
    assert contract.outcomes[again.job_id].status is OutcomeStatus.COMPLETED
    assert list((tmp_path / "outbox").iterdir()) == []


async def test_a_job_that_cannot_be_kept_is_told_to_have_failed(
    contract: ContractServer, ollama: FakeOllama, tmp_path: Path
) -> None:
    async with living(contract, ollama, tmp_path):
        await contract.until(lambda: contract.held and contract.held[-1] == 10)
        spec = a_job(ollama)
        (tmp_path / "outbox" / str(spec.job_id)).write_text("in the way")
        await contract.offer(spec)
        await contract.until(lambda: ended(contract, spec))
        await contract.until(lambda: contract.beats[-1].state is AgentState.IDLE)
    outcome = contract.outcomes[spec.job_id]
    assert outcome.error is not None
    assert (outcome.error.code, outcome.sample_count) == ("outbox_disk_full", 0)
    assert not ollama.record.generations


async def test_a_part_that_breaks_is_said_and_begins_anew() -> None:
    runs: list[int] = []

    async def run() -> None:
        runs.append(len(runs))
        if len(runs) < 3:
            raise ZeroDivisionError

    with capture_logs() as logs:
        await kept_alive("test", run, again_s=0)
    assert len(runs) == 3
    assert [(log["event"], log["part"]) for log in logs] == [("part_broke", "test")] * 2
