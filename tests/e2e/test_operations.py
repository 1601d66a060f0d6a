"""Models are changed on a machine whose owner allows it, by real programs: server, client, and a fake Ollama."""

import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.programs import Client, Server, job_of, running, until
from tests.fake_ollama.faults import Fault, FaultKind
from tests.fake_ollama.library import Pullable
from tests.fake_ollama.models import FakeModel
from tests.fake_ollama.server import FakeOllama

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(150)]
BIG, SMALL = "big:latest", "small:latest"
PULL_BIG = {"kind": "pull", "model": BIG}
PULL_SMALL = {"kind": "pull", "model": SMALL}
MIB = 2**20
ENDED = {"completed", "failed", "cancelled", "skipped"}


@pytest.fixture
async def ollama() -> AsyncGenerator[FakeOllama]:
    """An Ollama that pulls a small model in a moment, and a big one in an hour."""
    async with FakeOllama([FakeModel("fake", ttft_ms=20, interval_ms=6, load_ms=60)]) as fake:
        fake.offer(Pullable(FakeModel("small"), layers=(40 * MIB, 500), bytes_per_s=10 * MIB))
        fake.offer(Pullable(FakeModel("big"), layers=(3_600 * MIB,), bytes_per_s=MIB))
        yield fake


@pytest.fixture
async def server(tmp_path: Path) -> AsyncGenerator[Server]:
    server = Server(tmp_path)
    async with running(server):
        yield await server.start()
    await server.owner.aclose()


@asynccontextmanager
async def a_client(server: Server, ollama: FakeOllama, tmp_path: Path, **settings: str) -> AsyncGenerator[Client]:
    """A client whose owner lets models be changed, unless the settings say otherwise; it has told its models."""
    settings = {"OBT_ALLOW": "models", **settings}
    client = Client(tmp_path / "bench", server.url, await server.token(), ollama.url, **settings)
    async with running(client):
        await client.start()

        async def is_ready() -> bool:
            views = (await server.get("/clients"))["clients"]
            return any(view["id"] == client.name and view["model_count"] for view in views)

        await until(is_ready, "the client to be ready")
        yield client


async def ask(server: Server, client: Client, operation: dict[str, Any]) -> str:
    body = {"operation": operation, "client_ids": [client.name]}
    (asked,) = (await server.post("/operations", body))["operations"]
    return asked["id"]


async def of(server: Server, operation_id: str) -> dict[str, Any]:
    found = (await server.get("/operations"))["operations"]
    return next(view for view in found if view["id"] == operation_id)


async def ended(server: Server, operation_id: str) -> dict[str, Any]:
    async def is_over() -> dict[str, Any] | None:
        view = await of(server, operation_id)
        return view if view["status"] in ENDED else None

    return await until(is_over, "the operation to end")


async def fetched(server: Server, operation_id: str) -> dict[str, Any] | None:
    """How far a pull is, once it is somewhere."""
    progress = (await of(server, operation_id))["progress"]
    return progress if progress and progress["done_bytes"] else None


async def test_a_pull_tells_its_progress_and_the_model_is_there(
    server: Server, ollama: FakeOllama, tmp_path: Path
) -> None:
    async with a_client(server, ollama, tmp_path) as client:
        operation_id = await ask(server, client, PULL_SMALL)
        progress = await until(lambda: fetched(server, operation_id), "bytes to come")
        assert 0 < progress["done_bytes"] <= progress["total_bytes"] <= 40 * MIB + 500
        view = await ended(server, operation_id)
        assert (view["status"], view["asked_by"], view["client_name"]) == ("completed", "owner", client.name)

        async def is_told() -> bool:
            return (await server.get(f"/clients/{client.name}"))["model_count"] == 2

        await until(is_told, "the inventory to be told")
        loaded = await ended(server, await ask(server, client, {"kind": "load", "model": SMALL}))
        assert loaded["status"] == "completed"
        assert [one.model.name for one in ollama.store.loaded()] == [SMALL]
        for operation in (
            {"kind": "copy", "model": SMALL, "to": "mine"},
            {"kind": "unload", "model": SMALL},
            {"kind": "delete", "model": SMALL},
        ):
            assert (await ended(server, await ask(server, client, operation)))["status"] == "completed"
        assert (ollama.store.loaded(), {model.name for model in ollama.store.all()}) == (
            [],
            {"fake:latest", "mine:latest"},
        )


async def test_a_pull_is_cancelled_in_the_middle_and_ollama_hears_of_it(
    server: Server, ollama: FakeOllama, tmp_path: Path
) -> None:
    async with a_client(server, ollama, tmp_path) as client:
        operation_id = await ask(server, client, PULL_BIG)
        await until(lambda: fetched(server, operation_id), "bytes to come")
        assert (await server.post(f"/operations/{operation_id}/cancel"))["status"] == "cancelled"

        async def is_let_go() -> bool:
            return [record.outcome for record in ollama.record.of("/api/pull")] == ["client_gone"]

        await until(is_let_go, "the connection to Ollama to be closed")
        small = await ended(server, await ask(server, client, PULL_SMALL))  # nothing is in its way
        assert small["status"] == "completed"
        assert (await of(server, operation_id))["status"] == "cancelled"


async def test_a_killed_client_says_so_and_a_retry_goes_on_where_it_was(
    server: Server, ollama: FakeOllama, tmp_path: Path
) -> None:
    async with a_client(server, ollama, tmp_path) as client:
        operation_id = await ask(server, client, PULL_BIG)
        await until(lambda: fetched(server, operation_id), "bytes to come")
        await client.kill()
        await client.start()
        view = await ended(server, operation_id)
        assert (view["status"], view["error"]["code"]) == ("failed", "client_restarted")
        ollama.offer(Pullable(FakeModel("big"), layers=(3_600 * MIB,), bytes_per_s=1e12))
        again = await server.post(f"/operations/{operation_id}/retry")
        assert (await ended(server, again["id"]))["status"] == "completed"
        assert len(ollama.record.of("/api/pull")) == 2


async def test_a_restarted_server_finds_the_pull_going_on(server: Server, ollama: FakeOllama, tmp_path: Path) -> None:
    async with a_client(server, ollama, tmp_path) as client:
        operation_id = await ask(server, client, PULL_BIG)
        before = await until(lambda: fetched(server, operation_id), "bytes to come")
        await server.kill()
        await server.start()

        async def got_further() -> bool:
            view = await of(server, operation_id)
            return view["status"] == "running" and view["progress"]["done_bytes"] > before["done_bytes"]

        await until(got_further, "progress after the restart")
        assert len(ollama.record.of("/api/pull")) == 1


async def test_a_client_that_is_told_to_end_ends_its_pull_and_says_so(
    server: Server, ollama: FakeOllama, tmp_path: Path
) -> None:
    async with a_client(server, ollama, tmp_path) as client:
        operation_id = await ask(server, client, PULL_BIG)
        await until(lambda: fetched(server, operation_id), "bytes to come")
        assert await client.stop(signal.SIGTERM) == 0
        view = await of(server, operation_id)
        assert (view["status"], view["error"]["code"]) == ("failed", "client_stopped")


@pytest.mark.parametrize("allow", ["benchmarks", "nothing"])
async def test_what_the_owner_does_not_allow_is_never_done(
    server: Server, ollama: FakeOllama, tmp_path: Path, allow: str
) -> None:
    async with a_client(server, ollama, tmp_path, OBT_ALLOW=allow) as client:
        view = await of(server, await ask(server, client, {"kind": "delete", "model": "fake"}))
        assert (view["status"], view["skip_reason"]) == ("skipped", "not_allowed")
        if allow == "nothing":
            session = await server.post("/sessions", {"models": ["fake:latest"], "client_ids": [client.name]})
            assert session["jobs"][0]["skip_reason"] == "not_allowed"
        assert ollama.record.generations == ollama.record.of("/api/delete") == []


async def test_a_registry_that_the_owner_did_not_name_is_never_contacted(
    server: Server, ollama: FakeOllama, tmp_path: Path
) -> None:
    async with a_client(server, ollama, tmp_path, OBT_ALLOW_REGISTRIES="hf.co, registry.example:5000") as client:
        ollama.offer(Pullable(FakeModel("hf.co/someone/model")))
        evil = await of(server, await ask(server, client, {"kind": "pull", "model": "evil.example/a/b"}))
        assert (evil["skip_reason"], "evil.example" in evil["error"]["message"]) == ("not_allowed", True)
        named = await ended(server, await ask(server, client, {"kind": "pull", "model": "hf.co/someone/model"}))
        assert named["status"] == "completed"
        assert [record.model for record in ollama.record.of("/api/pull")] == ["hf.co/someone/model:latest"]


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        (
            Fault(
                FaultKind.ERROR_LINE, paths=("/api/pull",), after_chunks=2, message="write x: no space left on device"
            ),
            "no_space",
            "GiB are free",
        ),
        (Fault(FaultKind.CUT, paths=("/api/pull",), after_chunks=2), "ollama_gone", "cannot be reached"),
        (
            Fault(
                FaultKind.ERROR_LINE,
                paths=("/api/pull",),
                message='pull model manifest: Get "https://registry.ollama.ai/v2/": dial tcp: lookup: no such host',
            ),
            "registry_unreachable",
            "no such host",
        ),
        (None, "unknown_model", "does not exist"),
    ],
)
async def test_a_failure_says_on_its_row_what_it_was(
    server: Server, ollama: FakeOllama, tmp_path: Path, fault: Fault | None, code: str, words: str
) -> None:
    async with a_client(server, ollama, tmp_path) as client:
        if fault is not None:
            ollama.add_fault(fault)
        operation = PULL_SMALL if fault else {"kind": "pull", "model": "nobody-has-this"}
        view = await ended(server, await ask(server, client, operation))
        assert (view["status"], view["error"]["code"]) == ("failed", code)
        assert words in view["error"]["message"]


async def test_nothing_is_changed_while_something_is_measured(
    server: Server, ollama: FakeOllama, tmp_path: Path
) -> None:
    async with a_client(server, ollama, tmp_path) as client:
        body = {"models": ["fake:latest"], "client_ids": [client.name]}
        session = await server.post("/sessions", body)

        async def is_sampling() -> bool:
            return (await job_of(server, session["id"]))["samples_stored"] > 0

        await until(is_sampling, "a sample")
        operation_id = await ask(server, client, PULL_SMALL)
        second = await server.post("/sessions", body)
        view = await ended(server, operation_id)
        first, later = await job_of(server, session["id"]), await job_of(server, second["id"])
        assert (first["status"], view["status"]) == ("completed", "completed")
        assert first["ended_at"] <= view["started_at"]
        assert later["started_at"] is None or later["started_at"] >= view["ended_at"]
        (pulled,) = ollama.record.of("/api/pull")
        at = pulled.received_ns
        before = [one for one in ollama.record.generations if one.received_ns < at and one.content]
        assert before
        assert all(one.content[-1].at_ns < at for one in before)
