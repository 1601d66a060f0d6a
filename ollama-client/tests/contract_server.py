"""A server that keeps the contract by the letter of obt_core's models, and can be told to misbehave.

It stores what it is sent as the real one does: samples once by number, whatever is sent twice changes nothing.
"""

import asyncio
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import formatdate
from types import TracebackType
from typing import Self
from uuid import UUID, uuid4

from aiohttp import web
from aiohttp.typedefs import Handler

from obt_core import __version__
from obt_core.enrolment import EnrolmentReply, EnrolmentRequest
from obt_core.hardware import HardwareSnapshot
from obt_core.heartbeat import Cancel, Directive, Heartbeat, HeartbeatReply, SendHardware, SendModels, Work
from obt_core.jobs import ClaimReply, JobOutcome, JobSpec, JobStatus, OutcomeReply, SampleBatch, SamplesReply
from obt_core.models import ModelInventory
from obt_core.results import Sample
from obt_core.suites import Suite, TextPrompt, Workload
from obt_core.telemetry import Telemetry, TelemetryBatch, TelemetryReply, appended
from obt_core.wire import WireModel

from .contract_operations import ContractOperations

KEY = "the-key"
TOKEN = "obt_enrol_token"


def a_spec(model: str = "tiny:latest", digest: str = "0" * 64, *, samples: int = 5, tokens: int = 4) -> JobSpec:
    """A job with one small workload."""
    workload = Workload(
        name="chat", prompt=TextPrompt(text="Say hello."), generate_tokens=tokens, samples=samples, budget_s=60
    )
    suite = Suite(name="small", title="Small", workloads=(workload,))
    return JobSpec(
        job_id=uuid4(), session_id=uuid4(), model=model, model_digest=digest, suite=suite, suite_hash=suite.hash()
    )


@dataclass
class Fault:
    """Something that goes wrong with requests whose `METHOD path` matches. `lost`: done, and never answered."""

    pattern: str
    times: int
    status: int = 0
    code: str = ""
    headers: dict[str, str] = field(default_factory=dict[str, str])
    lost: bool = False


class ContractServer:
    """One client's server. `async with ContractServer() as server: ... server.url`."""

    def __init__(self) -> None:
        self.queue: list[JobSpec] = []
        self.claimed: JobSpec | None = None
        self.samples: dict[UUID, dict[int, Sample]] = {}
        self.telemetry: dict[UUID, Telemetry | None] = {}
        self.version = ""
        """Its release, which the first one does not tell."""
        self.is_of_the_first_release = False
        """Whether it has never heard of telemetry."""
        self.repeated = 0
        self.outcomes: dict[UUID, JobOutcome] = {}
        self.order: list[str] = []
        self.beats: list[Heartbeat] = []
        self.held: list[int] = []
        self.cancelled: set[UUID] = set()
        self.enrolments: list[EnrolmentRequest] = []
        self.hardware: HardwareSnapshot | None = None
        self.inventory: ModelInventory | None = None
        self.claims = 0
        self.faults: list[Fault] = []
        self.says_work_always = False
        self.version = __version__
        self.clock_s: Callable[[], float] = time.time
        self.changed = asyncio.Condition()
        self.operations = ContractOperations(self._tell)
        self._port = 0
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen; again on the same port."""
        app = web.Application(middlewares=[self._middleware])
        app.add_routes(
            [
                web.get("/healthz", self._health),
                web.get("/api/v1/auth/me", self._who),
                web.post("/api/v1/clients", self._enrol),
                web.post("/api/v1/clients/{client}/heartbeat", self._beat),
                web.put("/api/v1/clients/{client}/hardware", self._put_hardware),
                web.put("/api/v1/clients/{client}/models", self._put_models),
                web.post("/api/v1/jobs/claim", self._claim),
                web.post("/api/v1/jobs/{job}/samples", self._take_samples),
                web.post("/api/v1/jobs/{job}/telemetry", self._take_telemetry),
                web.put("/api/v1/jobs/{job}/outcome", self._take_outcome),
                *self.operations.routes(),
            ]
        )
        self._runner = web.AppRunner(app, shutdown_timeout=0.01)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Be gone; what was stored stays."""
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    async def until(self, condition: Callable[[], object], seconds: float = 60) -> None:
        """Wait until the condition holds; it is looked at whenever something was stored."""
        async with asyncio.timeout(seconds), self.changed:
            await self.changed.wait_for(condition)

    async def offer(self, spec: JobSpec) -> None:
        """Queue a job and release the held beat."""
        self.queue.append(spec)
        await self._tell()

    async def cancel(self, job_id: UUID) -> None:
        """Ask for the end of a job."""
        self.cancelled.add(job_id)
        await self._tell()

    def numbers(self, job_id: UUID) -> list[int]:
        """The numbers of the job's samples that are stored."""
        return sorted(self.samples.get(job_id, {}))

    async def _tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    @web.middleware
    async def _middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        fault = self._fault_of(f"{request.method} {request.path}")
        if fault and not fault.lost:
            body = {"title": "x", "status": fault.status, "code": fault.code, "detail": "as the test wants it"}
            return web.json_response(body if fault.code else {}, status=fault.status, headers=fault.headers)
        response = await handler(request)
        if fault and request.transport:
            request.transport.abort()
        return response

    def _fault_of(self, line: str) -> Fault | None:
        for fault in self.faults:
            if fault.times and re.search(fault.pattern, line):
                fault.times -= 1
                return fault
        return None

    async def _health(self, _: web.Request) -> web.Response:
        return web.json_response(
            {"status": "ok", "version": self.version}, headers={"Date": formatdate(self.clock_s())}
        )

    async def _who(self, request: web.Request) -> web.Response:
        """Only owners may ask it; a client that is known is told so, a stranger is not known at all."""
        is_known = request.headers.get("Authorization") == f"Bearer {KEY}"
        return _problem(403, "forbidden") if is_known else _problem(401, "not_authenticated")

    async def _enrol(self, request: web.Request) -> web.Response:
        enrolment = EnrolmentRequest.model_validate_json(await request.read())
        if enrolment.token != TOKEN:
            return _problem(401, "enrolment_token_invalid")
        if self.enrolments and self.enrolments[0].nonce != enrolment.nonce:
            return _problem(409, "client_exists")
        self.enrolments.append(enrolment)
        reply = EnrolmentReply(client_id=enrolment.client_id, name=enrolment.name, key=KEY, heartbeat_interval_s=7)
        return _reply(reply, 201)

    async def _beat(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return _problem(401, "not_authenticated")
        beat = Heartbeat.model_validate_json(await request.read())
        wait_s = int(request.headers.get("Prefer", "wait=0").removeprefix("wait="))
        self.beats.append(beat)
        self.held.append(wait_s)
        await self._tell()
        if wait_s and not self._directives(beat):
            with suppress(TimeoutError):
                await self.until(lambda: self._directives(beat), wait_s)
        directives, told_at = tuple(self._directives(beat)), datetime.fromtimestamp(self.clock_s(), UTC)
        return _reply(HeartbeatReply(server_time=told_at, directives=directives, server_version=self.version))

    def _directives(self, beat: Heartbeat) -> list[Directive]:
        said: list[Directive] = []
        known = (self.hardware and self.hardware.fingerprint(), self.inventory and self.inventory.hash())
        if beat.hardware_fingerprint not in {None, known[0]}:
            said.append(SendHardware())
        if beat.models_hash not in {None, known[1]}:
            said.append(SendModels())
        if beat.job_id and beat.job_id in self.cancelled:
            said.append(Cancel(job_id=beat.job_id))
        if beat.state == "idle" and (self.queue or self.says_work_always):
            said.append(Work())
        return said + self.operations.directives(beat)

    async def _put_hardware(self, request: web.Request) -> web.Response:
        self.hardware = HardwareSnapshot.model_validate_json(await request.read())
        await self._tell()
        return web.Response(status=204)

    async def _put_models(self, request: web.Request) -> web.Response:
        self.inventory = ModelInventory.model_validate_json(await request.read())
        await self._tell()
        return web.Response(status=204)

    async def _claim(self, _: web.Request) -> web.Response:
        """A job that has not begun is given again, as long as nothing of it was heard."""
        self.claims += 1
        begun = self.claimed is None or self.claimed.job_id in self.samples or self.claimed.job_id in self.outcomes
        if begun:
            self.claimed = self.queue.pop(0) if self.queue else None
        await self._tell()
        return _reply(ClaimReply(job=self.claimed))

    async def _take_samples(self, request: web.Request) -> web.Response:
        job_id = UUID(request.match_info["job"])
        batch = SampleBatch.model_validate_json(await request.read())
        stored = self.samples.setdefault(job_id, {})
        for sample in batch.samples:
            self.repeated += sample.number in stored
            assert stored.setdefault(sample.number, sample) == sample, "a number means one sample only"
        self.order.append(f"samples {job_id}")
        await self._tell()
        return _reply(SamplesReply(stored=len(stored), cancelled=job_id in self.cancelled))

    async def _take_telemetry(self, request: web.Request) -> web.Response:
        job_id = UUID(request.match_info["job"])
        if self.is_of_the_first_release:
            return _problem(404, "not_found")
        told = TelemetryBatch.model_validate_json(await request.read())
        series = self.telemetry[job_id] = appended(self.telemetry.get(job_id), told)
        self.order.append(f"telemetry {job_id}")
        await self._tell()
        return _reply(TelemetryReply(stored=len(series.ticks) if series else 0, cancelled=job_id in self.cancelled))

    async def _take_outcome(self, request: web.Request) -> web.Response:
        job_id = UUID(request.match_info["job"])
        outcome = JobOutcome.model_validate_json(await request.read())
        self.outcomes.setdefault(job_id, outcome)
        self.order.append(f"outcome {job_id}")
        await self._tell()
        missing = max(0, outcome.sample_count - len(self.samples.get(job_id, {})))
        return _reply(OutcomeReply(status=JobStatus(outcome.status), missing=missing))


def _reply(model: WireModel, status: int = 200) -> web.Response:
    return web.Response(text=model.model_dump_json(), status=status, content_type="application/json")


def _problem(status: int, code: str) -> web.Response:
    return web.json_response({"status": status, "code": code, "detail": f"refused: {code}"}, status=status)
