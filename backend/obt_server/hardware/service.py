"""Keeping and finding hardware."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.hardware import HardwareSnapshot
from obt_server.clients import service as clients
from obt_server.hardware.schemas import ClientHardware, HardwareRecord
from obt_server.hardware.tables import HardwareRow

HISTORY_MAX = 100


async def store(session: AsyncSession, client_id: str, hardware: HardwareSnapshot, now: datetime) -> None:
    """Keep a client's hardware, now and in its history; facts beside the fingerprint are replaced."""
    # First: two at once take turns on the client's row.
    fingerprint, before = await clients.set_hardware(session, client_id, hardware)
    row = await _row_of(session, client_id, fingerprint, now)
    row.snapshot, row.replaced_at = hardware.model_dump(mode="json"), None
    if before not in {None, fingerprint} and (replaced := await session.get(HardwareRow, (client_id, before))):
        replaced.replaced_at = now


async def remember(session: AsyncSession, client_id: str, hardware: HardwareSnapshot, now: datetime) -> None:
    """Keep hardware that a client had when it measured something; what it has now, and what is known, stay."""
    row = await _row_of(session, client_id, hardware.fingerprint(), now)
    row.snapshot = row.snapshot or hardware.model_dump(mode="json")


async def _row_of(session: AsyncSession, client_id: str, fingerprint: str, now: datetime) -> HardwareRow:
    row = await session.get(HardwareRow, (client_id, fingerprint))
    if row is None:
        row = HardwareRow(client_id=client_id, fingerprint=fingerprint, first_seen_at=now)
        session.add(row)
    return row


async def find(session: AsyncSession, client_id: str, fingerprint: str | None) -> HardwareSnapshot | None:
    """Return the hardware that the client had under that fingerprint."""
    row = await session.get(HardwareRow, (client_id, fingerprint)) if fingerprint else None
    return HardwareSnapshot.model_validate(row.snapshot) if row else None


async def find_all(
    session: AsyncSession, machines: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], HardwareSnapshot]:
    """Return the hardware that clients had, each under its fingerprint; what is not known is left out."""
    keys = tuple_(HardwareRow.client_id, HardwareRow.fingerprint)
    rows = await session.scalars(select(HardwareRow).where(keys.in_(list(machines))))
    return {(row.client_id, row.fingerprint): HardwareSnapshot.model_validate(row.snapshot) for row in rows}


async def history(session: AsyncSession, client_id: str) -> ClientHardware:
    """Return what a client's machine is and was, what it had last first. Raises NotFoundError."""
    client = await clients.get_row(session, client_id)
    statement = (
        select(HardwareRow)
        .where(HardwareRow.client_id == client_id)
        .order_by(HardwareRow.first_seen_at.desc(), HardwareRow.fingerprint)
        .limit(HISTORY_MAX)
    )
    records = [_record(row, client.hardware_fingerprint) for row in await session.scalars(statement)]
    return ClientHardware(
        current=HardwareSnapshot.model_validate(client.hardware) if client.hardware else None,
        fingerprint=client.hardware_fingerprint,
        history=sorted(records, key=lambda record: not record.is_current),
    )


def _record(row: HardwareRow, current: str | None) -> HardwareRecord:
    return HardwareRecord(
        fingerprint=row.fingerprint,
        is_current=row.fingerprint == current,
        first_seen_at=row.first_seen_at,
        replaced_at=row.replaced_at,
        hardware=HardwareSnapshot.model_validate(row.snapshot),
    )
