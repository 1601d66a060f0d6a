"""Some thousands of rows of everything that grows, written as rows: enough that a plan is chosen as for many."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.tests import builders
from backend.tests.builders import MOMENT
from backend.tests.results.rows import CLIENTS, MODELS, SUITES, furnish
from obt_core.statistics import summarize
from obt_core.suite_files import shipped_suites
from obt_server.audit.tables import AuditRow
from obt_server.clients.tables import PresenceChangeRow
from obt_server.db import Base, Database
from obt_server.jobs.tables import JobLogRow, JobRow
from obt_server.models.tables import InstalledModelRow
from obt_server.operations.tables import OperationRow
from obt_server.results import cells, series
from obt_server.results.packing import pack_samples, pack_ticks
from obt_server.results.tables import LatestResultRow, ResultRow, SampleRow, TelemetryRow
from obt_server.sessions.tables import SessionRow
from obt_server.suites.tables import SuiteRow

MANY = 3_000
OF_A_SESSION = 10
_SUITE = shipped_suites()[0]
_SUMMARY = summarize([], _SUITE).model_dump(mode="json")
_CLIENT_IDS, _MODEL_NAMES = list(CLIENTS), list(MODELS)


def _job(n: int) -> dict[str, Any]:
    return {
        "id": UUID(int=n + 1),
        "session_id": UUID(int=10_000_000 + n // OF_A_SESSION),
        "client_id": _CLIENT_IDS[n % 4],
        "model": _MODEL_NAMES[n % 3],
        "suite_hash": "c" * 64,
        "created_at": MOMENT + timedelta(minutes=n),
    }


def _result(n: int) -> dict[str, Any]:
    shared = {name: value for name, value in _job(n).items() if name not in {"id", "created_at"}}
    told = {
        "suite_name": SUITES[n % 2],
        "quantization": "F16",
        "model_digest": f"{n % 3:064}",
        "series": f"{n % 12:064}",
    }
    ended_at = MOMENT + timedelta(minutes=n)
    figures = {"decode_tokens_per_s": 1.0 * n, "prefill_tokens_per_s": 2.0 * n, "ttft_ms": 3.0 * n}
    rest: dict[str, Any] = {
        "status": "completed",
        "grade": "clean",
        "reasons": [],
        "notes": [],
        "sample_count": 1,
        "environment": None,
    }
    moments = {"started_at": ended_at, "ended_at": ended_at}
    return {
        **shared,
        **told,
        **figures,
        **rest,
        **moments,
        "job_id": UUID(int=n + 1),
        "summary": _SUMMARY,
        "samples": pack_samples([]),
    }


async def gather(db: Database) -> None:
    """Store them, and let the database look at how many there are."""
    async with db.write() as session:
        await furnish(session)
        await session.execute(update(SuiteRow).values(content=_SUITE.model_dump(mode="json")))
        await _fill(session)
        await cells.rebuild(session, {})
        await series.rebuild(session)
    async with db.writer.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("ANALYZE"))


async def _fill(session: AsyncSession) -> None:
    async def add(row: type[Base], rows: list[dict[str, Any]]) -> None:
        await session.execute(insert(row), rows)

    many, at = range(MANY), [MOMENT + timedelta(minutes=n) for n in range(MANY)]
    named = {"title": "t", "suite_name": "quick", "suite_hash": "c" * 64, "asked_by": "owner"}
    ids = sorted({_job(n)["session_id"] for n in many})
    await add(SessionRow, [{"id": one, "created_at": at[n], **named} for n, one in enumerate(ids)])
    states = ["completed"] * (MANY - 40) + ["queued"] * 38 + ["running"] * 2
    await add(JobRow, [{**_job(n), "position": n % OF_A_SESSION, "status": states[n]} for n in many])
    log = [
        {"session_id": _job(n)["session_id"], "job_id": UUID(int=n + 1), "at": at[n], "kind": "claimed"} for n in many
    ]
    await add(JobLogRow, log)
    await add(ResultRow, [_result(n) for n in range(MANY - 40)])
    await add(
        SampleRow,
        [{"job_id": UUID(int=MANY - 40 + n), "number": k, "content": {}} for n in range(40) for k in range(50)],
    )
    tick = builders.a_series(1)
    series_of_one = {"ticks": 1, "tail": tick.model_dump(mode="json"), "content": pack_ticks(tick.ticks)}
    await add(TelemetryRow, [{"job_id": UUID(int=n + 1), **series_of_one} for n in many])
    newest = ("job_id", "client_id", "model", "model_digest", "suite_name", "grade", "ended_at")
    await add(LatestResultRow, [{name: _result(n)[name] for name in newest} for n in range(12)])
    deed = {"actor_kind": "server", "actor": "x", "action": "a", "subject_kind": "s", "subject": "t"}
    await add(AuditRow, [{**deed, "at": one} for one in at])
    act = {"position": 0, "kind": "pull", "model": "a", "content": {"kind": "pull", "model": "a"}, "asked_by": "owner"}
    await add(
        OperationRow,
        [
            {**act, "id": UUID(int=n), "batch_id": UUID(int=n), "client_id": _CLIENT_IDS[n % 4], "created_at": at[n],
             "status": "completed" if n > 8 else "queued"}
            for n in many
        ],
    )  # fmt: skip
    await add(PresenceChangeRow, [{"client_id": _CLIENT_IDS[n % 4], "at": at[n], "presence": "online"} for n in many])
    installed: dict[str, Any] = {"size_bytes": 1, "capabilities": [], "cloud": False}
    await add(
        InstalledModelRow,
        [{**installed, "client_id": _CLIENT_IDS[n % 4], "name": f"m{n}", "digest": f"{n:064}"} for n in many],
    )
