"""Results as those look at them who compute with them: what was summed up, and the samples as they are packed."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.environment import Environment
from obt_core.results import Summary
from obt_server.clients import service as clients
from obt_server.results.repository import head_of
from obt_server.results.schemas import ResultView
from obt_server.results.tables import ResultRow


@dataclass(frozen=True, slots=True)
class Content:
    """What a result says, without its samples. `version` changes whenever the result is renewed."""

    view: ResultView
    summary: Summary
    environment: Environment | None
    version: str


async def contents(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, Content]:
    """Return those results; unknown ones are left out."""
    rows = list(await session.scalars(select(ResultRow).where(ResultRow.job_id.in_(list(ids)))))
    names = await clients.names(session, {row.client_id for row in rows})
    return {row.job_id: _content(row, names.get(row.client_id, "")) for row in rows}


def view_of(head: Mapping[str, Any], client_name: str) -> ResultView:
    """Show in a list what `repository` read for one."""
    return ResultView.model_validate({**head, "id": head["job_id"], "client_name": client_name})


async def packed_samples(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, bytes]:
    """Return the samples of those results, to be unpacked in a thread (`packing`)."""
    rows = await session.execute(select(ResultRow.job_id, ResultRow.samples).where(ResultRow.job_id.in_(list(ids))))
    return {job_id: samples for job_id, samples in rows}  # noqa: C416 - rows are not pairs to a type checker


def _content(row: ResultRow, client_name: str) -> Content:
    return Content(
        view=view_of(head_of(row), client_name),
        summary=Summary.model_validate(row.summary),
        environment=Environment.model_validate(row.environment) if row.environment else None,
        version=_version(row),
    )


def _version(row: ResultRow) -> str:
    """Whatever renews a result changes its summary, its environment or the number of its samples."""
    told = [row.sample_count, row.status, row.grade, row.ended_at.isoformat(), row.summary, row.environment]
    return hashlib.sha256(to_json(told)).hexdigest()[:16]
