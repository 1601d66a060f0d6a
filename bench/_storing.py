"""How fast results are stored: clients that claim jobs, deliver samples and end the jobs, as clients do."""

import asyncio
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import psutil
from pydantic import BaseModel

from bench._asking import quantile
from bench._fill import beat_of, environment_of, key_of
from bench._fleet import OLLAMA_RELEASES, Machine
from bench._pool import Pool
from bench._postgresql import cpu_s
from bench._served import SEED, Served
from obt_core.jobs import ClaimReply, JobOutcome, JobSpec, OutcomeStatus, SampleBatch
from obt_core.suite_files import shipped_suites
from obt_server.results.packing import unpack_samples
from tests.e2e.programs import API, Server

_SUITE = "quick"
_JOBS_EACH = 5
_DRIVER = "580.95"
_TOOK = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing took. Times of the last request of each in ms; CPU in ms a result."""

    results: int
    samples_each: int
    at_once: int
    seconds: float
    outcome_p50_ms: float
    outcome_p95_ms: float
    server_cpu_ms: float
    database_cpu_ms: float
    asker_cpu_ms: float

    @property
    def per_s(self) -> float:
        """Results a second."""
        return self.results / self.seconds


async def store(it: Served, url: str, results: int, at_once: int) -> Stored:
    """Ask for so many jobs, have them done by so many clients at once, and time the doing."""
    machines = [machine for machine in it.fleet if len(machine.models) >= _JOBS_EACH][: results // _JOBS_EACH]
    doing = Doing(it.server.url)
    async with doing.http:
        for machine in machines:
            await doing.ask(it.server, machine)
        server = psutil.Process(it.server.pid)
        begin, before = time.perf_counter(), _spent(server, url)
        await _share(doing, machines, at_once)
        seconds, spent = time.perf_counter() - begin, _spent(server, url)
    count = len(doing.outcome_ms)
    server_ms, database_ms, asker_ms = ((now - then) * 1e3 / count for now, then in zip(spent, before, strict=True))
    return Stored(
        results=count, samples_each=doing.samples // count, at_once=at_once, seconds=seconds,
        outcome_p50_ms=quantile(doing.outcome_ms, 0.5), outcome_p95_ms=quantile(doing.outcome_ms, 0.95),
        server_cpu_ms=server_ms, database_cpu_ms=database_ms, asker_cpu_ms=asker_ms,
    )  # fmt: skip


def _spent(server: psutil.Process, url: str) -> tuple[float, float, float]:
    """CPU seconds of the server, of PostgreSQL, and of this process."""
    times, own = server.cpu_times(), os.times()
    return times.user + times.system, cpu_s(url), own.user + own.system


async def _share(doing: "Doing", machines: Sequence[Machine], at_once: int) -> None:
    """Have so many work at a time; each does all jobs of one machine, then those of another."""
    waiting = list(machines)

    async def work() -> None:
        while waiting:
            await doing.all_jobs(waiting.pop())

    await asyncio.gather(*(work() for _ in range(at_once)))


class Doing:
    """Does jobs in the clients' names, and notes what their ends took. `http` is to be closed."""

    def __init__(self, url: str) -> None:
        self.http = httpx.AsyncClient(base_url=url, timeout=60)
        self.outcome_ms: list[float] = []
        self.samples = 0
        self._suite = next(suite for suite in shipped_suites() if suite.name == _SUITE)
        self._pool = Pool(self._suite, SEED)

    async def ask(self, server: Server, machine: Machine) -> None:
        """Have the machine be there, and ask for its jobs."""
        await self._send("POST", machine, f"clients/{machine.id}/heartbeat", beat_of(machine, 0, datetime.now(UTC)))
        models = [model.name for model in machine.models[:_JOBS_EACH]]
        await server.post("/sessions", {"client_ids": [machine.id], "models": models, "suite": _SUITE})

    async def all_jobs(self, machine: Machine) -> None:
        """Claim and do, until there is none."""
        while (job := ClaimReply.model_validate_json(await self._send("POST", machine, "jobs/claim")).job) is not None:
            await self._do(machine, job)

    async def _do(self, machine: Machine, job: JobSpec) -> None:
        model = next(model for model in machine.models if model.name == job.model)
        entry = self._pool.near(machine.decode_tokens_per_s(model))
        samples = tuple(unpack_samples(entry.samples))
        await self._send("POST", machine, f"jobs/{job.job_id}/samples", SampleBatch(samples=samples))
        now = datetime.now(UTC)
        outcome = JobOutcome(
            status=OutcomeStatus.COMPLETED,
            sample_count=len(samples),
            started_at=now - _TOOK,
            ended_at=now,
            environment=environment_of(machine, model, self._suite, OLLAMA_RELEASES[-1], _DRIVER),
        )
        begin = time.perf_counter()
        await self._send("PUT", machine, f"jobs/{job.job_id}/outcome", outcome)
        self.outcome_ms.append((time.perf_counter() - begin) * 1e3)
        self.samples += len(samples)

    async def _send(self, method: str, machine: Machine, path: str, body: BaseModel | None = None) -> bytes:
        content = "" if body is None else body.model_dump_json()
        headers = {"Authorization": f"Bearer {key_of(machine.id)}", "Content-Type": "application/json"}
        reply = await self.http.request(method, f"{API}/{path}", content=content, headers=headers)
        return reply.raise_for_status().content
