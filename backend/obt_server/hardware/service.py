"""Keeping and finding hardware."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.hardware import HardwareSnapshot
from obt_server.clients import service as clients
from obt_server.hardware.tables import HardwareRow


async def store(session: AsyncSession, client_id: str, hardware: HardwareSnapshot, now: datetime) -> None:
    """Keep a client's hardware, now and in its history; facts beside the fingerprint are replaced."""
    await clients.set_hardware(session, client_id, hardware)  # first: two at once take turns on the client's row
    row = await _row_of(session, client_id, hardware, now)
    row.snapshot = hardware.model_dump(mode="json")


async def remember(session: AsyncSession, client_id: str, hardware: HardwareSnapshot, now: datetime) -> None:
    """Keep hardware that a client had when it measured something; what it has now, and what is known, stay."""
    row = await _row_of(session, client_id, hardware, now)
    row.snapshot = row.snapshot or hardware.model_dump(mode="json")


async def _row_of(session: AsyncSession, client_id: str, hardware: HardwareSnapshot, now: datetime) -> HardwareRow:
    fingerprint = hardware.fingerprint()
    row = await session.get(HardwareRow, (client_id, fingerprint))
    if row is None:
        row = HardwareRow(client_id=client_id, fingerprint=fingerprint, first_seen_at=now)
        session.add(row)
    return row


async def find(session: AsyncSession, client_id: str, fingerprint: str | None) -> HardwareSnapshot | None:
    """Return the hardware that the client had under that fingerprint."""
    row = await session.get(HardwareRow, (client_id, fingerprint)) if fingerprint else None
    return HardwareSnapshot.model_validate(row.snapshot) if row else None
