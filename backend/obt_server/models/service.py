"""Inventories of models."""

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.models import InstalledModel, ModelInventory
from obt_server.clients import service as clients
from obt_server.db import announce
from obt_server.events import ModelsChanged
from obt_server.models import repository


async def store(session: AsyncSession, client_id: str, inventory: ModelInventory) -> None:
    """Replace what is known of a client's models. Where a name comes twice, the last one stands."""
    by_name = {model.name: model for model in inventory.models}
    # The client's row first: two inventories at once take turns on it.
    await clients.set_inventory(session, client_id, inventory.hash(), len(by_name))
    await repository.replace(session, client_id, by_name.values())
    announce(session, ModelsChanged(client_id))


async def installed(
    session: AsyncSession, client_ids: Iterable[str], names: Iterable[str]
) -> dict[tuple[str, str], InstalledModel]:
    """Return what those clients have under those names, by (client, model name)."""
    rows = await repository.list_rows(session, client_ids, names)
    return {(row.client_id, row.name): InstalledModel.model_validate(row, from_attributes=True) for row in rows}


async def digests_on(session: AsyncSession, client_id: str) -> dict[str, str]:
    """Return what each tag on a client points to."""
    return await repository.digests_on(session, client_id)


async def names_on(session: AsyncSession, client_ids: Iterable[str]) -> dict[str, dict[str, bool]]:
    """Return the names of what those clients have, by client, and whether each is a cloud's."""
    return await repository.names_on(session, client_ids)
