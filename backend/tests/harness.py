"""What tests hold in their hands: a server, its owner, its clients."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI

from backend.tests import builders
from obt_core.enrolment import EnrolmentReply
from obt_core.hardware import HardwareSnapshot
from obt_core.heartbeat import HeartbeatReply
from obt_core.jobs import ClaimReply, JobOutcome, JobSpec, OutcomeReply, SamplesReply
from obt_core.models import InstalledModel, ModelInventory
from obt_core.results import Sample
from obt_core.telemetry import TelemetryBatch, TelemetryReply
from obt_server.auth import links, people
from obt_server.auth.roles import Role
from obt_server.config import Settings
from obt_server.db import Database


def settings_of(**fields: Any) -> Settings:
    """Settings that no file `.env` of the developer's changes."""
    return Settings(_env_file=None, **fields)  # pyright: ignore[reportCallIssue]


API = "/api/v1"
HOUR = timedelta(hours=1)


class FakeClock:
    """A clock that stands until it is turned."""

    def __init__(self) -> None:
        self._now = datetime(2026, 11, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def advance(self, seconds: float) -> datetime:
        self._now += timedelta(seconds=seconds)
        return self._now


class AClient:
    """An enrolled client, speaking over real HTTP."""

    def __init__(self, http: httpx.AsyncClient, reply: EnrolmentReply) -> None:
        self.http = http
        self.id = reply.client_id
        self.key = reply.key
        self.boot_id = uuid4()
        self.http.headers["Authorization"] = f"Bearer {reply.key}"

    async def beat(self, wait_s: int = 0, **fields: Any) -> HeartbeatReply:
        body = builders.a_heartbeat(boot_id=self.boot_id, **fields).model_dump(mode="json")
        headers = {"Prefer": f"wait={wait_s}"} if wait_s else {}
        reply = await self.http.post(f"{API}/clients/{self.id}/heartbeat", json=body, headers=headers, timeout=60)
        return HeartbeatReply.model_validate(reply.raise_for_status().json())

    async def put_models(self, *models: InstalledModel) -> None:
        body = ModelInventory(models=models).model_dump(mode="json")
        (await self.http.put(f"{API}/clients/{self.id}/models", json=body)).raise_for_status()

    async def put_hardware(self, hardware: HardwareSnapshot) -> None:
        body = hardware.model_dump(mode="json")
        (await self.http.put(f"{API}/clients/{self.id}/hardware", json=body)).raise_for_status()

    async def claim(self) -> JobSpec | None:
        reply = await self.http.post(f"{API}/jobs/claim")
        return ClaimReply.model_validate(reply.raise_for_status().json()).job

    async def send_samples(self, job_id: UUID, *samples: Sample) -> SamplesReply:
        body = {"samples": [sample.model_dump(mode="json") for sample in samples]}
        reply = await self.http.post(f"{API}/jobs/{job_id}/samples", json=body)
        return SamplesReply.model_validate(reply.raise_for_status().json())

    async def send_telemetry(self, job_id: UUID, batch: TelemetryBatch) -> TelemetryReply:
        body = batch.model_dump(mode="json")
        reply = await self.http.post(f"{API}/jobs/{job_id}/telemetry", json=body)
        return TelemetryReply.model_validate(reply.raise_for_status().json())

    async def send_outcome(self, job_id: UUID, outcome: JobOutcome) -> OutcomeReply:
        reply = await self.http.put(f"{API}/jobs/{job_id}/outcome", json=outcome.model_dump(mode="json"))
        return OutcomeReply.model_validate(reply.raise_for_status().json())


def plain_http(url: str, **headers: str) -> httpx.AsyncClient:
    """A client that reads no certificates: that takes longer than most tests. It waits as a busy machine needs."""
    # A connection is not used again when the server is about to close it: after 5 s.
    limits = httpx.Limits(keepalive_expiry=2)
    return httpx.AsyncClient(base_url=url, headers=headers, verify=False, timeout=60, limits=limits)


class Harness:
    """A running server. `owner` is signed in, an administrator of that name; `nobody` is not."""

    def __init__(self, app: FastAPI, clock: FakeClock, url: str) -> None:
        self.app = app
        self.clock = clock
        self.url = url
        self.owner = self.http()
        self.nobody = self.http()
        self._opened: list[httpx.AsyncClient] = []

    @property
    def db(self) -> Database:
        return self.app.state.db

    def http(self) -> httpx.AsyncClient:
        return plain_http(self.url, Origin=self.url)

    async def __aenter__(self) -> Self:
        await self.owner.aclose()
        self.owner = await self.a_person("owner", Role.ADMINISTRATOR)
        self._opened.append(self.nobody)
        return self

    async def a_person(self, name: str, role: Role = Role.VIEWER) -> httpx.AsyncClient:
        """Sign somebody in, who is made if nobody has that name."""
        http = self.http()
        self._opened.append(http)
        (await http.post(f"{API}/auth/link", json={"secret": await self.a_link(name, role)})).raise_for_status()
        return http

    async def a_link(self, name: str = "owner", role: Role = Role.ADMINISTRATOR) -> str:
        """Make the secret of a sign-in link of somebody, who is made if nobody has that name."""
        now = self.clock.now()
        async with self.db.write() as session:
            row = await people.find(session, name) or await people.create(session, name, role, now)
            return await links.create(session, links.Purpose.SIGN_IN, row.id, valid_for=HOUR, now=now)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for http in self._opened:
            await http.aclose()

    async def a_token(self, uses: int = 1) -> str:
        reply = await self.owner.post(f"{API}/enrolment-tokens", json={"uses": uses})
        return reply.raise_for_status().json()["token"]

    async def a_client(
        self, client_id: str | None = None, *, name: str = "bench", gpu: str | None = None, models: tuple[str, ...] = ()
    ) -> AClient:
        """Enrol a client that has told its hardware and its models and has beaten once."""
        http = plain_http(self.url)
        self._opened.append(http)
        body = builders.an_enrolment(await self.a_token(), client_id or f"client-{uuid4().hex[:8]}", name)
        reply = await http.post(f"{API}/clients", json=body.model_dump(mode="json"))
        client = AClient(http, EnrolmentReply.model_validate(reply.raise_for_status().json()))
        await client.beat()
        await client.put_hardware(builders.a_machine(gpu=gpu))
        await client.put_models(*(builders.a_model(name) for name in models))
        return client

    async def a_session(self, clients: list[AClient], models: list[str], **fields: Any) -> dict[str, Any]:
        body = {"models": models, "client_ids": [client.id for client in clients], **fields}
        reply = await self.owner.post(f"{API}/sessions", json=body)
        return reply.raise_for_status().json()

    async def get(self, path: str, **params: Any) -> dict[str, Any]:
        reply = await self.owner.get(f"{API}{path}", params=params)
        return reply.raise_for_status().json()

    async def sweep(self) -> None:
        """Judge leases and presence now, instead of waiting for the loop."""
        await self.app.state.beats.flush()
        while not self.app.state.peers.leads:  # it asks to lead once it is connected
            await asyncio.sleep(0.005)
        await self.app.state.sweeper.sweep()
