"""A whole client that is asked to change models: progress told, outcomes delivered once, whatever is cut or lost."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from obt_client.agent.agent import Agent
from obt_client.agent.outbox import Outbox
from obt_client.ollama import Ollama
from obt_client.server import Server, open_session
from obt_core.heartbeat import AgentState
from obt_core.operations import Allowed, Delete, Load, OperationOutcome, OperationSpec, Pull, Unload
from tests.fake_ollama import FakeModel, FakeOllama, Pullable

from .builders import settings_of
from .contract_operations import an_operation
from .contract_server import KEY, ContractServer, Fault, a_spec

ENDLESS = Pull(model="endless")


@pytest.fixture
async def contract() -> AsyncGenerator[ContractServer]:
    async with ContractServer() as server:
        yield server


@pytest.fixture
async def ollama() -> AsyncGenerator[FakeOllama]:
    async with FakeOllama([FakeModel("tiny", interval_ms=1)]) as fake:
        fake.offer(Pullable(FakeModel("new")))
        fake.offer(Pullable(FakeModel("endless"), layers=(2**50,), bytes_per_s=1_000_000))
        yield fake


@asynccontextmanager
async def living(contract: ContractServer, ollama: FakeOllama, data_dir: Path, **fields: Any) -> AsyncGenerator[Agent]:
    """A client whose owner lets models be changed; it is drained at the end of the block."""
    told: dict[str, Any] = {"heartbeat_interval_s": 10, "ollama_watch_s": 600, "allow": "models", "drain_s": 20}
    settings = settings_of(data_dir, server_url=contract.url, ollama_url=ollama.url, **{**told, **fields})
    async with open_session() as session, asyncio.TaskGroup() as group:
        server = Server(contract.url, session, client_id="a-client", key=KEY)
        agent = Agent(settings, server, Ollama(settings.ollama_url))
        task = group.create_task(agent.run())
        try:
            yield agent
        finally:
            agent.stop()
            await task


async def outcome_of(contract: ContractServer, spec: OperationSpec) -> OperationOutcome:
    await contract.until(lambda: spec.operation_id in contract.operations.outcomes)
    return contract.operations.outcomes[spec.operation_id]


async def bytes_came(contract: ContractServer, spec: OperationSpec) -> None:
    told = contract.operations.progress
    await contract.until(lambda: any(one.done_bytes for one in told.get(spec.operation_id, [])))


async def test_beats_tell_what_the_owner_allows(contract: ContractServer, ollama: FakeOllama, tmp_path: Path) -> None:
    async with living(contract, ollama, tmp_path, allow="nothing", allow_registries="hf.co, b.example:5000"):
        await contract.until(lambda: contract.beats)
    assert contract.beats[0].allows is Allowed.NOTHING
    assert contract.beats[0].allow_registries == ("hf.co", "b.example:5000")


async def test_a_pull_is_told_of_and_the_new_inventory_with_it(
    contract: ContractServer, ollama: FakeOllama, tmp_path: Path
) -> None:
    async with living(contract, ollama, tmp_path):
        await contract.until(lambda: contract.held and contract.held[-1] == 10)  # it waits at the server
        spec = await contract.operations.offer(Pull(model="new"))
        assert (await outcome_of(contract, spec)).status == "completed"
        # It looks at Ollama every ten minutes by itself: this is news of the operation.
        await contract.until(lambda: contract.inventory and len(contract.inventory.models) == 2)
        await contract.until(lambda: contract.beats[-1].state is AgentState.IDLE)
    named = [beat for beat in contract.beats if beat.operation_id == spec.operation_id]
    assert {beat.state for beat in named} == {AgentState.BUSY}
    assert list((tmp_path / "operations").iterdir()) == []


async def test_a_cancel_comes_with_a_beat(contract: ContractServer, ollama: FakeOllama, tmp_path: Path) -> None:
    async with living(contract, ollama, tmp_path, heartbeat_interval_s=0.2):
        contract.faults.append(Fault("progress", 10_000, status=503, code="busy"))  # so that it is not told there
        spec = await contract.operations.offer(ENDLESS)
        await contract.until(lambda: any(one.operation_id == spec.operation_id for one in contract.beats))
        await contract.operations.cancel(spec)
        assert (await outcome_of(contract, spec)).status == "cancelled"


async def test_a_cancel_comes_with_the_reply_to_progress(
    contract: ContractServer, ollama: FakeOllama, tmp_path: Path
) -> None:
    async with living(contract, ollama, tmp_path, heartbeat_interval_s=600):
        await contract.until(lambda: contract.held and contract.held[-1] == 600)
        spec = await contract.operations.offer(ENDLESS)
        await bytes_came(contract, spec)
        contract.operations.cancelled.add(spec.operation_id)
        assert (await outcome_of(contract, spec)).status == "cancelled"


async def test_what_runs_when_the_client_is_told_to_end_is_ended_and_told(
    contract: ContractServer, ollama: FakeOllama, tmp_path: Path
) -> None:
    async with living(contract, ollama, tmp_path):
        spec = await contract.operations.offer(ENDLESS)
        await bytes_came(contract, spec)
    outcome = contract.operations.outcomes[spec.operation_id]
    assert (outcome.status, outcome.error and outcome.error.code) == ("failed", "client_stopped")
    assert contract.beats[-1].state is AgentState.DRAINING


async def test_no_model_is_changed_while_one_is_measured(
    contract: ContractServer, ollama: FakeOllama, tmp_path: Path
) -> None:
    async with living(contract, ollama, tmp_path, heartbeat_interval_s=0.2) as agent:
        model = ollama.store.all()[0]
        job = a_spec(model.name, model.digest, samples=40)
        await contract.offer(job)
        await contract.until(lambda: contract.numbers(job.job_id))
        agent.state.want_operation()  # as if a server said so, that forgot what is measured
        spec = await contract.operations.offer(Unload(model="tiny"))
        await contract.until(lambda: spec.operation_id in contract.operations.outcomes)
    assert job.job_id in contract.outcomes
    unloading = next(one for one in ollama.record.of("/api/generate") if one.body.get("keep_alive") == 0)
    measured = [one for one in ollama.record.generations if one.content]
    assert len(measured) >= 40
    assert max(one.content[-1].at_ns for one in measured) < unloading.received_ns


async def test_a_machine_that_allows_nothing_measures_nothing(
    contract: ContractServer, ollama: FakeOllama, tmp_path: Path
) -> None:
    async with living(contract, ollama, tmp_path, allow="nothing"):
        model = ollama.store.all()[0]
        job = a_spec(model.name, model.digest)
        await contract.offer(job)
        spec = await contract.operations.offer(Delete(model="tiny"))
        assert (error := (await outcome_of(contract, spec)).error) is not None
        await contract.until(lambda: job.job_id in contract.outcomes)
    refused = contract.outcomes[job.job_id].error
    assert (error.code, refused and refused.code) == ("not_allowed", "not_allowed")
    assert ollama.record.of("/api/delete", "/api/generate", "/api/chat") == []


async def test_an_operation_that_was_cut_is_told_as_cut_and_not_done_again(
    contract: ContractServer, ollama: FakeOllama, tmp_path: Path
) -> None:
    spec = an_operation(Delete(model="tiny"))
    outbox = Outbox(tmp_path)
    await outbox.load()
    await outbox.operations.begin(spec)  # and killed here
    contract.operations.queue.append(spec)  # the server knows nothing of a begin
    async with living(contract, ollama, tmp_path):
        outcome = await outcome_of(contract, spec)
        await contract.until(lambda: contract.operations.claimed == spec)
    assert (outcome.status, outcome.error and outcome.error.code) == ("failed", "client_restarted")
    assert ollama.record.of("/api/delete") == []


async def test_an_outcome_whose_reply_was_lost_is_told_again_and_after_a_restart_too(
    contract: ContractServer, ollama: FakeOllama, tmp_path: Path
) -> None:
    contract.faults = [Fault("outcome", 2, lost=True), Fault("outcome", 2, status=503)]
    async with living(contract, ollama, tmp_path, drain_s=0):
        spec = await contract.operations.offer(Load(model="tiny"))
        assert (await outcome_of(contract, spec)).status == "completed"
    async with living(contract, ollama, tmp_path):
        await contract.until(lambda: not list((tmp_path / "operations").iterdir()) or contract.operations.told[2:])
        await contract.until(lambda: contract.beats[-1].state is AgentState.IDLE)
    assert set(contract.operations.told) == {spec.operation_id}
    assert len(contract.operations.told) >= 2
    assert list((tmp_path / "operations").iterdir()) == []
    assert len(ollama.record.of("/api/generate")) == 1


async def test_what_the_server_refuses_for_good_is_set_aside_with_its_reason(
    contract: ContractServer, ollama: FakeOllama, tmp_path: Path
) -> None:
    contract.faults = [Fault("operations/.*/outcome", 1, status=404, code="operation_not_found")]
    async with living(contract, ollama, tmp_path):
        await contract.operations.offer(Load(model="tiny"))
        second = await contract.operations.offer(Unload(model="tiny"))
        assert (await outcome_of(contract, second)).status == "completed"  # nothing is blocked behind it
    (grave,) = (tmp_path / "dead-letter").iterdir()
    told = json.loads(grave.read_bytes())
    assert told["refusal"]["code"] == "operation_not_found"
    assert told["operation"]["outcome"]["status"] == "completed"


async def test_a_damaged_file_is_set_aside_and_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "operations").mkdir()
    (tmp_path / "operations" / "x.json").write_text("{")
    outbox = Outbox(tmp_path)
    await outbox.load()
    assert outbox.operations.ended == ()
    assert [path.name for path in (tmp_path / "dead-letter").iterdir()] == ["x.json"]


async def test_a_disk_that_takes_nothing_keeps_nobody_from_making_room(
    contract: ContractServer, ollama: FakeOllama, tmp_path: Path
) -> None:
    async with living(contract, ollama, tmp_path):
        await contract.until(lambda: contract.inventory)
        (tmp_path / "operations").rmdir()
        (tmp_path / "operations").write_text("not a folder")
        spec = await contract.operations.offer(Delete(model="tiny"))
        assert (await outcome_of(contract, spec)).status == "completed"
    assert ollama.store.all() == []
