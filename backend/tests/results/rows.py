"""Many results without their measuring: rows as the service stores them, counted and noted by the same functions."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from backend.tests.builders import MOMENT
from obt_core.jobs import JobStatus
from obt_core.results import Grade
from obt_server.clients.tables import ClientRow
from obt_server.jobs.tables import JobRow
from obt_server.results import cells, latest
from obt_server.results.tables import ResultRow
from obt_server.sessions.tables import SessionRow
from obt_server.suites.tables import SuiteRow

CLIENTS: dict[str, tuple[str, list[str]]] = {
    "one": ("Attic", ["gpu", "lab"]),
    "two": ("cellar", ["gpu"]),
    "three": ("llama-box", []),
    "four": ("Attic", []),
}
MODELS = {"llama3.2:3b": "llama", "qwen3:8b": "qwen3", "phi4:14b": None}
SUITES = ("quick", "standard")
SESSIONS = [UUID(int=number) for number in (1, 2)]


@dataclass(frozen=True)
class Told:
    """What a test remembers of a result that it stored."""

    id: UUID
    session_id: UUID
    client_id: str
    model: str
    quantization: str
    family: str
    suite: str
    grade: str
    status: str
    ended_at: datetime
    ttft_ms: float | None


async def furnish(session: AsyncSession) -> None:
    """Store the clients and sessions that the results belong to."""
    for client_id, (name, tags) in CLIENTS.items():
        row = {"client_version": "0", "enrolled_at": MOMENT, "interval_s": 10, "model_count": 0}
        session.add(ClientRow(id=client_id, name=name, tags=tags, **row))
    session.add(SuiteRow(hash="c" * 64, name="quick", content={}, first_used_at=MOMENT))
    await session.flush()
    for session_id in SESSIONS:
        session.add(SessionRow(id=session_id, title="t", suite_name="quick", suite_hash="c" * 64, created_at=MOMENT))
    await session.flush()


async def store(session: AsyncSession, told: Told) -> None:
    """Store one result, or renew it."""
    row = await session.get(ResultRow, told.id)
    if row is None:
        common = {"session_id": told.session_id, "client_id": told.client_id, "model": told.model}
        session.add(
            JobRow(id=told.id, **common, position=0, suite_hash="c" * 64, status="completed", created_at=MOMENT)
        )
        await session.flush()
        row = ResultRow(job_id=told.id, **common, model_digest="d" * 64, suite_hash="c" * 64, samples=b"")
        row.series, row.reasons, row.sample_count, row.summary = told.id.hex * 2, [], 1, {"headline": {}}
        session.add(row)
    row.quantization, row.suite_name, row.started_at = told.quantization or None, told.suite, told.ended_at
    row.grade, row.status, row.ended_at = Grade(told.grade), JobStatus(told.status), told.ended_at
    row.ttft_ms = told.ttft_ms
    await cells.move(session, row, told.family or None)
    await latest.note(session, row)


def some(dice: random.Random, number: int) -> list[Told]:
    """So many results, some alike, some at the same moment, some without a figure."""
    return [one(dice) for _ in range(number)]


def one(dice: random.Random) -> Told:
    model = dice.choice(list(MODELS))
    status = dice.choices(["completed", "failed", "cancelled"], [8, 1, 1])[0]
    return Told(
        id=UUID(int=dice.getrandbits(128), version=4),
        session_id=dice.choice(SESSIONS),
        client_id=dice.choice(list(CLIENTS)),
        model=model,
        quantization=dice.choice(["Q4_K_M", "F16", ""]),
        family=MODELS[model] or "",
        suite=dice.choice(SUITES),
        grade="invalid" if status != "completed" else dice.choice(["clean", "clean", "disturbed"]),
        status=status,
        ended_at=MOMENT + timedelta(minutes=dice.randrange(40)),
        ttft_ms=dice.choice([None, 40.0, 41.5, dice.uniform(10, 90)]),
    )
