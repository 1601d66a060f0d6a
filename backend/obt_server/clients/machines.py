"""What a client's machine is at present, as far as it decides whether an earlier number still tells of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from obt_server.clients.tables import ClientRow


@dataclass(frozen=True, slots=True)
class Machine:
    """`fingerprint`: of its physical parts, None where it is not told. `drivers`: of its GPUs, their versions."""

    fingerprint: str | None
    drivers: tuple[str | None, ...]


async def of_clients(session: AsyncSession, ids: Iterable[str]) -> dict[str, Machine]:
    """Return the machines of those clients."""
    gpus = ClientRow.hardware[("environment", "gpus")].as_json().label("gpus")
    statement = select(ClientRow.id, ClientRow.hardware_fingerprint, gpus).where(ClientRow.id.in_(list(ids)))
    return {
        row.id: Machine(row.hardware_fingerprint, tuple(gpu.get("driver_version") for gpu in row.gpus or ()))
        for row in await session.execute(statement)
    }
