"""Fills a database with a fleet and its results, through the server's own tables."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from alembic.command import upgrade
from sqlalchemy import Engine, column, create_engine, event, insert, table

from bench._fleet import GIB, OLLAMA_RELEASES, Machine, driver_version, ollama_release
from bench._pool import Pool
from obt_core.environment import Environment
from obt_core.heartbeat import AgentState, Heartbeat, MachineLoad
from obt_core.jobs import JobStatus
from obt_core.machine_environment import MachineEnvironment
from obt_core.models import InstalledModel, LoadedModel, ModelInventory, OllamaStatus
from obt_core.results import ClockSource, Grade
from obt_core.suite_files import shipped_suites
from obt_core.suites import Suite
from obt_core.wire import PROTOCOL_VERSION
from obt_server import __version__
from obt_server.auth.service import hash_secret
from obt_server.migrate import make_config
from obt_server.results.service import series_of
from obt_server.schema import metadata

_FIRST_RELEASE = "0003"
_CHUNK = 2_000
_JOBS_A_SESSION = 20
_YEAR = timedelta(days=365)
_SUITES = {"quick": 60, "standard": 25, "concurrency": 8, "context": 4, "cold-start": 3}
_GRADES = (Grade.CLEAN, Grade.DISTURBED, Grade.INVALID)
_GRADE_SHARES = (88, 10, 2)
_REASONS = {Grade.CLEAN: [], Grade.DISTURBED: ["foreign_cpu_load"], Grade.INVALID: ["too_few_samples"]}
_NOISE = 0.02
Rows = dict[str, list[dict[str, Any]]]
Said = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to make. `end` is about the moment of the newest result; the oldest is a year older."""

    results: int
    seed: int
    end: datetime

    @property
    def begin(self) -> datetime:
        """The moment of the oldest."""
        return self.end - _YEAR


def fill(url: str, fleet: Sequence[Machine], plan: Plan, say: Said) -> None:
    """Store clients, models, suites, sessions, jobs and results; `say` is told how many results there are.

    The tables are those of the first release: what later ones keep beside is made by the migrations, as for everybody.
    """
    suites = [suite for suite in shipped_suites() if suite.name in _SUITES]
    made = _Maker(fleet, suites, plan)
    engine = _engine(url)
    with engine.begin() as connection:
        upgrade(make_config(connection), _FIRST_RELEASE)
    _store(engine, _standing(fleet, suites, plan))
    for first in range(0, plan.results, _CHUNK):
        _store(engine, made.results(first, min(_CHUNK, plan.results - first)))
        say(min(first + _CHUNK, plan.results))
    engine.dispose()


def _engine(url: str) -> Engine:
    """A database that nobody misses if the power goes meanwhile."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _connect(connection: Any, _: object) -> None:  # pyright: ignore[reportUnusedFunction]
            for pragma in ("journal_mode=WAL", "synchronous=OFF", "cache_size=-1000000"):
                connection.execute(f"PRAGMA {pragma}")

    return engine


def _store(engine: Engine, rows: Rows) -> None:
    with engine.begin() as connection:
        for name, values in rows.items():
            columns = (column(key, metadata.tables[name].c[key].type) for key in values[0])
            connection.execute(insert(table(name, *columns)), values)


def _standing(fleet: Sequence[Machine], suites: Sequence[Suite], plan: Plan) -> Rows:
    """What is there once: clients, their hardware, their models, the suites."""
    return {
        "clients": [client_row(machine, plan.end) for machine in fleet],
        "hardware": [
            {
                "client_id": machine.id,
                "fingerprint": machine.hardware.fingerprint(),
                "snapshot": machine.hardware.model_dump(mode="json"),
                "first_seen_at": plan.begin,
                "replaced_at": None,
            }
            for machine in fleet
        ],
        "client_keys": [
            {"client_id": m.id, "key_hash": hash_secret(key_of(m.id)), "nonce_hash": m.id, "created_at": plan.begin}
            for m in fleet
        ],
        "installed_models": [{"client_id": m.id, **model.model_dump()} for m in fleet for model in m.models],
        "suites": [
            {"hash": s.hash(), "name": s.name, "content": s.model_dump(mode="json"), "first_used_at": plan.begin}
            for s in suites
        ],
    }


def key_of(client_id: str) -> str:
    """The key of a made-up client, so that beats can be sent in its name."""
    return f"bench-{client_id}"


def client_row(machine: Machine, now: datetime) -> dict[str, Any]:
    """A client that was heard a moment ago, with one model in memory."""
    beat = beat_of(machine, 0, now)
    return {
        "id": machine.id,
        "name": machine.name,
        "client_version": __version__,
        "protocol_version": PROTOCOL_VERSION,
        "enrolled_at": now - _YEAR,
        "last_seen_at": now,
        "interval_s": 10.0,
        "boot_id": beat.boot_id,
        "status": beat.model_dump(mode="json"),
        "hardware": machine.hardware.model_dump(mode="json"),
        "hardware_fingerprint": beat.hardware_fingerprint,
        "models_hash": beat.models_hash,
        "model_count": len(machine.models),
    }


def beat_of(machine: Machine, turn: int, now: datetime) -> Heartbeat:
    """What the client says; each turn has another model in memory."""
    loaded = machine.models[turn % len(machine.models)]
    in_memory = LoadedModel(
        name=loaded.name,
        digest=loaded.digest,
        size_bytes=loaded.size_bytes,
        size_vram_bytes=round(loaded.size_bytes * machine.gpu_share(loaded)),
        context_length=2_048,
        expires_at=now + timedelta(minutes=5),
    )
    return Heartbeat(
        boot_id=UUID(int=random.Random(machine.id).getrandbits(128)),
        protocol_version=PROTOCOL_VERSION,
        client_version=__version__,
        state=AgentState.IDLE,
        ollama=OllamaStatus(reachable=True, version=OLLAMA_RELEASES[-1], loaded=(in_memory,)),
        hardware_fingerprint=machine.hardware.fingerprint(),
        models_hash=ModelInventory(models=machine.models).hash(),
        load=MachineLoad(cpu_percent=3.0, memory_used_bytes=4 * GIB),
    )


class _Maker:
    """Makes results in the order of time: a session is one suite on one client, its jobs follow each other."""

    def __init__(self, fleet: Sequence[Machine], suites: Sequence[Suite], plan: Plan) -> None:
        self._fleet, self._suites, self._plan = fleet, suites, plan
        self._dice = random.Random(plan.seed)
        self._pools = {suite.name: Pool(suite, plan.seed) for suite in suites}
        self._busy = [self._dice.paretovariate(1.2) for _ in fleet]
        self._told: dict[tuple[str, str, str, str], tuple[dict[str, Any], str]] = {}
        self._speeds: dict[tuple[str, str], float] = {}

    def results(self, first: int, count: int) -> Rows:
        """The rows of so many results from that number on."""
        rows: Rows = {"sessions": [], "jobs": [], "results": []}
        number = first
        while number < first + count:
            length = min(_JOBS_A_SESSION, first + count - number)
            self._session(rows, number, length)
            number += length
        return rows

    def _session(self, rows: Rows, first: int, length: int) -> None:
        machine = self._dice.choices(self._fleet, self._busy)[0]
        suite = self._dice.choices(self._suites, [_SUITES[suite.name] for suite in self._suites])[0]
        at = self._plan.begin + _YEAR * (first / self._plan.results) ** 0.8  # a fleet that grows measures more
        session_id = self._id()
        title = f"{suite.title} on {machine.name}"[:120]
        rows["sessions"].append(
            {"id": session_id, "title": title, "suite_name": suite.name, "suite_hash": suite.hash(), "created_at": at}
        )
        for position in range(length):
            model = machine.models[position % len(machine.models)]
            job, result = self._pair(session_id, machine, model, suite, at + timedelta(minutes=2 * position))
            rows["jobs"].append({**job, "position": position, "turn": position})
            rows["results"].append(result)

    def _pair(
        self, session_id: UUID, machine: Machine, model: InstalledModel, suite: Suite, at: datetime
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        environment, series = self._environment(machine, model, suite, at)
        speed = self._speed(machine, model) * self._dice.lognormvariate(0, _NOISE)
        entry = self._pools[suite.name].near(speed)
        summary = entry.at(speed)
        grade = self._dice.choices(_GRADES, _GRADE_SHARES)[0]
        common = {
            "session_id": session_id,
            "client_id": machine.id,
            "model": model.name,
            "model_digest": model.digest,
            "suite_hash": suite.hash(),
            "status": JobStatus.COMPLETED,
            "started_at": at,
            "ended_at": at + timedelta(seconds=90),
        }
        job_id = self._id()
        job = {**common, "id": job_id, "headline": summary["headline"], "samples_stored": entry.sample_count}
        result = {
            **common,
            "job_id": job_id,
            "quantization": model.quantization,
            "suite_name": suite.name,
            "series": series,
            "grade": grade,
            "reasons": _REASONS[grade],
            "notes": [],
            "sample_count": entry.sample_count,
            "environment": environment,
            "summary": summary,
            "samples": entry.samples,
        }
        return {**job, "created_at": at, "claimed_at": at, "order_seed": 1}, result

    def _speed(self, machine: Machine, model: InstalledModel) -> float:
        key = (machine.id, model.name)
        if key not in self._speeds:
            self._speeds[key] = machine.decode_tokens_per_s(model)
        return self._speeds[key]

    def _environment(
        self, machine: Machine, model: InstalledModel, suite: Suite, at: datetime
    ) -> tuple[dict[str, Any], str]:
        """The environment of that time and the series, made once for each release."""
        release = ollama_release(at, self._plan.begin, self._plan.end)
        driver = driver_version(at, self._plan.begin, self._plan.end)
        key = (machine.id, model.name, suite.name, f"{release} {driver}")
        if key not in self._told:
            environment = environment_of(machine, model, suite, release, driver)
            series = series_of(environment, machine.id, model.digest, suite.hash())
            self._told[key] = (environment.model_dump(mode="json"), series)
        return self._told[key]

    def _id(self) -> UUID:
        return UUID(int=self._dice.getrandbits(128), version=4)


def environment_of(machine: Machine, model: InstalledModel, suite: Suite, release: str, driver: str) -> Environment:
    """What a client tells of the machine, the model and Ollama when a job ends, at those releases."""
    told = machine.hardware.environment or MachineEnvironment()
    gpus = tuple(gpu.model_copy(update={"driver_version": driver}) for gpu in told.gpus)
    return Environment(
        client_version=__version__,
        hardware_fingerprint=machine.hardware.fingerprint(),
        ollama_version=release,
        model=model.name,
        model_digest=model.digest,
        quantization=model.quantization,
        options=suite.options,
        suite_hash=suite.hash(),
        clock=ClockSource.KERNEL,
        size_bytes=model.size_bytes,
        size_vram_bytes=round(model.size_bytes * machine.gpu_share(model)),
        context_length=suite.options.num_ctx,
        machine=told.model_copy(update={"gpus": gpus}),
        ollama_settings={"OLLAMA_FLASH_ATTENTION": "1", "OLLAMA_NUM_PARALLEL": "1"},
        ollama_settings_source="process",
    )
