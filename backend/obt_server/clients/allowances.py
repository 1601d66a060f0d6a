"""What a client may be asked for: by its release, and by what its owner allows. Told with each of its heartbeats."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.operations import Allowed
from obt_server.clients.tables import ClientRow
from obt_server.clients.versions import Release
from obt_server.db import Document

_Told = Row[str, str, str, int, Document | None, str | None, str | None]

_KNOWN = frozenset[str](Allowed)


@dataclass(frozen=True, slots=True)
class Allowance:
    """One client. `registries`: hosts beside Ollama's own; `tells_models`: whether its inventory is known."""

    client_id: str
    name: str
    release: Release
    allows: Allowed
    registries: tuple[str, ...] = ()
    operating_system: str = ""
    tells_models: bool = True


async def of_clients(session: AsyncSession, ids: Iterable[str]) -> dict[str, Allowance]:
    """Return what those clients may be asked for, by ID; one that there is not is left out."""
    statement = select(
        ClientRow.id,
        ClientRow.name,
        ClientRow.client_version,
        ClientRow.protocol_version,
        ClientRow.status,
        ClientRow.machine["os"].as_string().label("system"),
        ClientRow.models_hash,
    ).where(ClientRow.id.in_(set(ids)))
    return {row.id: _allowance(row) for row in await session.execute(statement)}


def allowed_in(status: Document | None) -> Allowed:
    """Return what a stored heartbeat allows; one that does not say so, or no heartbeat yet, allows benchmarks."""
    told = (status or {}).get("allows")
    return Allowed(told) if told in _KNOWN else Allowed.BENCHMARKS


def _allowance(row: _Told) -> Allowance:
    said: Document = row.status or {}
    return Allowance(
        client_id=row.id,
        name=row.name,
        release=Release(row.client_version, row.protocol_version, said.get("server_protocol_min", 1)),
        allows=allowed_in(said),
        registries=tuple(said.get("allow_registries", ())),
        operating_system=row.system or "",
        tells_models=row.models_hash is not None,
    )
