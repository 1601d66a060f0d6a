"""Whatever people, a client and time do, and in whatever order: every move that is seen is one of the table."""

import asyncio
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.tests.conftest import serve
from backend.tests.harness import API, FakeClock, Harness, settings_of
from backend.tests.operations.asking import PULL, AModelsClient, ask, claim, done, failed, models_client, of
from obt_core.heartbeat import AgentState
from obt_core.operations import TRANSITIONS, OperationSpec, OperationStatus

ACTS = ("claim", "beat", "progress", "complete", "fail", "cancel", "silence", "long_silence", "sweep", "disallow")


@settings(max_examples=20, deadline=None)
@given(acts=st.lists(st.sampled_from(ACTS), min_size=1, max_size=10))
def test_every_walk_stays_within_the_table(sqlite_template: Path, acts: list[str]) -> None:
    with TemporaryDirectory() as name:
        shutil.copy(sqlite_template, Path(name) / "obt.sqlite3")
        asyncio.run(_walk(Path(name), acts))


async def _walk(data_dir: Path, acts: list[str]) -> None:
    clock = FakeClock()
    async with serve(settings_of(data_dir=data_dir, restart_grace_s=0), clock) as server:
        client = await models_client(server)
        asked, spec = await ask(server, PULL, client), None
        before = OperationStatus.QUEUED
        for act in acts:
            spec = await _do(server, client, asked, spec, act) or spec
            view = await of(server, asked)
            now = OperationStatus(view["status"])
            # One act of a client may make two moves: a lost operation is found again, and ends.
            assert now is before or now in _within_two(before), (act, before, now)
            assert (view["ended_at"] is None) == (now in {OperationStatus.QUEUED, OperationStatus.RUNNING})
            assert (view["error"] is not None) >= (now is OperationStatus.FAILED)
            before = now


def _within_two(status: OperationStatus) -> set[OperationStatus]:
    once = TRANSITIONS[status]
    return set(once) | {later for one in once for later in TRANSITIONS[one]}


async def _do(
    server: Harness, client: AModelsClient, asked: dict[str, Any], spec: OperationSpec | None, act: str
) -> OperationSpec | None:
    path = f"{API}/operations/{asked['id']}"
    match act:
        case "claim":
            return await claim(client)
        case "beat":
            state = AgentState.BUSY if spec else AgentState.IDLE
            await client.beat(**client.said, state=state, operation_id=spec.operation_id if spec else None)
        case "progress":
            (await client.http.post(f"{path}/progress", json={"done_bytes": 1})).raise_for_status()
        case "complete" | "fail":
            told = done() if act == "complete" else failed("ollama_gone")
            body = told.model_dump(mode="json")
            (await client.http.put(f"{path}/outcome", json=body)).raise_for_status()
        case "cancel":
            assert (await server.owner.post(f"{path}/cancel")).status_code in {200, 409}
        case "silence" | "long_silence":
            server.clock.advance(100 if act == "silence" else 100_000)
        case "sweep":
            await server.sweep()
        case _:
            await client.beat(protocol_version=2)
    return None
