"""Server, client and Ollama die at bad moments; nothing measured is lost, and nothing is measured twice."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.lossy_proxy import LossyProxy
from tests.e2e.programs import Client, Server, job_of, running, until, view_of
from tests.fake_ollama.models import FakeModel
from tests.fake_ollama.server import FakeOllama

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(150)]
MODEL = "fake:latest"
ENDED = {"completed", "failed", "cancelled", "skipped"}


@pytest.fixture
async def ollama() -> AsyncGenerator[FakeOllama]:
    """An Ollama whose quick suite takes about eight seconds."""
    async with FakeOllama([FakeModel("fake", ttft_ms=20, interval_ms=6, load_ms=60)]) as fake:
        yield fake


@pytest.fixture
async def server(tmp_path: Path) -> AsyncGenerator[Server]:
    server = Server(tmp_path)
    async with running(server):
        yield await server.start()
    await server.owner.aclose()


async def a_ready_client(
    server: Server, ollama: FakeOllama, tmp_path: Path, url: str | None = None, **settings: str
) -> Client:
    client = Client(tmp_path / "bench", url or server.url, await server.token(), ollama.url, **settings)
    await client.start()
    await until(lambda: view_of(server, client), "the client to be ready")
    return client


@asynccontextmanager
async def measuring(
    server: Server, ollama: FakeOllama, tmp_path: Path, *, samples: int, **settings: str
) -> AsyncGenerator[tuple[Client, str]]:
    """A client that is in the middle of a session, so many samples of which the server has; and the session's ID."""
    client = await a_ready_client(server, ollama, tmp_path, **settings)
    async with running(client):
        session_id = await start_session(server, client)
        await until(lambda: sampled(server, session_id, samples), f"{samples} samples")
        yield client, session_id


async def start_session(server: Server, client: Client) -> str:
    session = await server.post("/sessions", {"models": [MODEL], "client_ids": [client.name]})
    return session["id"]


async def sampled(server: Server, session_id: str, samples: int) -> bool:
    return (await job_of(server, session_id))["samples_stored"] >= samples


async def has_asked(ollama: FakeOllama, requests: int) -> bool:
    return len(ollama.record.generations) >= requests


async def ended_job(server: Server, session_id: str) -> dict[str, Any]:
    async def is_over() -> dict[str, Any] | None:
        job = await job_of(server, session_id)
        return job if job["status"] in ENDED else None

    return await until(is_over, "the job to end", 90)


def numbers_of(result: dict[str, Any]) -> list[int]:
    return [sample["number"] for sample in result["samples"]]


async def test_a_killed_server_comes_back_and_the_session_ends_with_every_sample(
    server: Server, ollama: FakeOllama, tmp_path: Path
) -> None:
    async with measuring(server, ollama, tmp_path, samples=3) as (_, session_id):
        await server.kill()
        asked_before = len(ollama.record.generations)
        await until(lambda: has_asked(ollama, asked_before + 3), "the client to measure on, into its outbox")
        await server.start()
        job = await ended_job(server, session_id)
        result = await server.get(f"/results/{job['id']}")
        assert job["status"] == "completed"
        assert numbers_of(result) == list(range(1, len(result["samples"]) + 1))
        asked = [r for r in ollama.record.generations if r.content]
        assert len(asked) == len(result["samples"])


async def test_a_killed_client_delivers_what_it_measured_and_ends_the_cut_job(
    server: Server, ollama: FakeOllama, tmp_path: Path
) -> None:
    async with measuring(server, ollama, tmp_path, samples=4) as (client, session_id):
        await client.kill()
        asked_before = len(ollama.record.generations)
        (outbox,) = client.data_dir.rglob("samples.ndjson")
        on_disk = outbox.read_text().count("\n")
        await client.start()
        job = await ended_job(server, session_id)
        result = await server.get(f"/results/{job['id']}")
        assert (job["status"], job["error"]["code"]) == ("failed", "client_restarted")
        assert numbers_of(result) == list(range(1, on_disk + 1))
        assert len(ollama.record.generations) == asked_before  # nothing was measured again


async def test_an_ollama_that_dies_in_mid_sample_costs_one_sample(
    server: Server, ollama: FakeOllama, tmp_path: Path
) -> None:
    async with measuring(server, ollama, tmp_path, samples=4) as (_, session_id):
        await ollama.restart(down_s=1.0)
        job = await ended_job(server, session_id)
        samples = (await server.get(f"/results/{job['id']}"))["samples"]
        assert job["status"] == "completed"
        assert [s["number"] for s in samples] == list(range(1, len(samples) + 1))
        assert any(s["end"] == "error" for s in samples)
        assert sum(s["end"] == "length" for s in samples) >= 10


async def test_an_ollama_that_stays_away_ends_the_job_with_its_good_samples(
    server: Server, ollama: FakeOllama, tmp_path: Path
) -> None:
    async with measuring(server, ollama, tmp_path, samples=4, OBT_OLLAMA_WAIT_S="2") as (client, session_id):
        ollama.refuse()
        await ollama.cut_all()
        job = await ended_job(server, session_id)
        assert (job["status"], job["error"]["code"]) == ("failed", "ollama_unreachable")
        assert sum(s["end"] == "length" for s in (await server.get(f"/results/{job['id']}"))["samples"]) >= 3
        await ollama.accept()
        again = await start_session(server, client)
        assert (await ended_job(server, again))["status"] == "completed"


async def test_a_model_deleted_between_choosing_and_running_fails_its_job_alone(
    server: Server, ollama: FakeOllama, tmp_path: Path
) -> None:
    client = await a_ready_client(server, ollama, tmp_path)
    async with running(client):
        await client.kill()
        session_id = await start_session(server, client)
        ollama.delete_model(MODEL)
        await client.start()
        job = await ended_job(server, session_id)
        assert (job["status"], job["error"]["code"]) == ("failed", "model_not_found")
        assert MODEL in job["error"]["message"]


async def test_replies_that_are_lost_after_the_server_had_stored_are_made_good(
    server: Server, ollama: FakeOllama, tmp_path: Path
) -> None:
    async with LossyProxy(server.port) as proxy:
        proxy.lose(r"^POST \S+/clients$", 1)
        proxy.lose(r"^POST \S+/jobs/claim$", 1)
        proxy.lose(r"^POST \S+/samples$", 3)
        proxy.lose(r"^PUT \S+/outcome$", 1)
        client = await a_ready_client(server, ollama, tmp_path, proxy.url)
        async with running(client):
            session_id = await start_session(server, client)
            job = await ended_job(server, session_id)
            samples = (await server.get(f"/results/{job['id']}"))["samples"]
            assert job["status"] == "completed"
            assert [s["number"] for s in samples] == list(range(1, len(samples) + 1))
            assert len([r for r in ollama.record.generations if r.content]) == len(samples)
            assert len(proxy.lost) == 6
            await until(lambda: _outbox_is_empty(client), "the outbox to be empty")


async def _outbox_is_empty(client: Client) -> bool:
    return not list(client.data_dir.rglob("samples.ndjson"))


async def test_a_client_with_a_wrong_token_says_what_to_do(server: Server, ollama: FakeOllama, tmp_path: Path) -> None:
    client = Client(tmp_path / "bench", server.url, "obt_enrol_wrong", ollama.url)
    await client.start()
    async with running(client):
        await until(
            lambda: _says(client, "enrolment_token_invalid|unknown, expired or used up"), "the reason in the log"
        )
    assert "Traceback" not in client.text()
    assert (await server.get("/clients"))["clients"] == []


async def _says(client: Client, pattern: str) -> bool:
    return re.search(pattern, client.text()) is not None


async def test_a_drained_client_ends_cleanly_and_keeps_its_samples(
    server: Server, ollama: FakeOllama, tmp_path: Path
) -> None:
    async with measuring(server, ollama, tmp_path, samples=3) as (client, session_id):
        assert await client.stop() == 0
        job = await ended_job(server, session_id)
        assert (job["status"], job["error"]["code"]) == ("failed", "client_stopped")
        assert job["samples_stored"] >= 3
