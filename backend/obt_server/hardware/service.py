"""Keeping and finding hardware."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.hardware import HardwareSnapshot
from obt_server.clients import service as clients
from obt_server.hardware.tables import HardwareRow


async def store(session: AsyncSession, client_id: str, hardware: HardwareSnapshot, now: datetime) -> None:
    """Keep a client's hardware, now and in its history; facts beside the fingerprint are replaced."""
    fingerprint = hardware.fingerprint()
    await clients.set_hardware(session, client_id, hardware)  # first: two at once take turns on the client's row
    row = await session.get(HardwareRow, (client_id, fingerprint))
    if row is None:
        row = HardwareRow(client_id=client_id, fingerprint=fingerprint, first_seen_at=now)
        session.add(row)
    row.snapshot = hardware.model_dump(mode="json")


async def find(session: AsyncSession, client_id: str, fingerprint: str | None) -> HardwareSnapshot | None:
    """Return the hardware that the client had under that fingerprint."""
    row = await session.get(HardwareRow, (client_id, fingerprint)) if fingerprint else None
    return HardwareSnapshot.model_validate(row.snapshot) if row else None
