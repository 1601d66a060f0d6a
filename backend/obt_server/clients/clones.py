"""A key that two running clients use at once: a copied machine, or a stolen key.

Every run of a client beats with an ID of its own boot. One that restarted never beats as an earlier boot again: so a
boot that comes back after another one was heard is a second client that runs beside it.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from obt_server.audit import service as audit
from obt_server.clients import repository
from obt_server.db import announce
from obt_server.events import ClientChanged


async def note_boot(session: AsyncSession, client_id: str, boot_id: UUID, now: datetime) -> None:
    """Keep which boot beat last, and notice one that came back."""
    row = await repository.boots(session, client_id)
    if row.boot_id == boot_id:
        return
    is_clone = row.other_boot_id == boot_id
    seen_at = {"clone_seen_at": now} if is_clone else {}
    await repository.set_values(session, client_id, {"boot_id": boot_id, "other_boot_id": row.boot_id, **seen_at})
    if is_clone and row.clone_seen_at is None:
        client = audit.Actor("client", client_id, client_id)
        boots = {"boot_ids": [str(row.boot_id), str(boot_id)]}
        await audit.record(session, client, "client.clone_seen", "client", client_id, after=boots)


async def forget(session: AsyncSession, client_id: str) -> None:
    """Its key is another one now, which one machine has."""
    await repository.set_values(session, client_id, {"clone_seen_at": None, "other_boot_id": None})
    announce(session, ClientChanged(client_id))
