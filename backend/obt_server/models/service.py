"""Inventories of models."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.models import InstalledModel, ModelInventory
from obt_server.clients import service as clients
from obt_server.clients.presence import PresenceRule
from obt_server.clients.schemas import ClientView
from obt_server.db import announce
from obt_server.events import ModelsChanged
from obt_server.models import repository
from obt_server.models.schemas import ModelOnClient
from obt_server.models.tables import InstalledModelRow


async def store(session: AsyncSession, client_id: str, inventory: ModelInventory) -> None:
    """Replace what is known of a client's models. Where a name comes twice, the last one stands."""
    by_name = {model.name: model for model in inventory.models}
    # The client's row first: two inventories at once take turns on it.
    await clients.set_inventory(session, client_id, inventory.hash(), len(by_name))
    await repository.replace(session, client_id, by_name.values())
    announce(session, ModelsChanged(client_id))


async def list_views(session: AsyncSession, rule: PresenceRule, now: datetime) -> list[ModelOnClient]:
    """Return every model on every client that is not archived."""
    views = {view.id: view for view in await clients.list_views(session, rule, now)}
    return [_view(row, views[row.client_id]) for row in await repository.list_rows(session, views)]


async def installed(session: AsyncSession, client_ids: Iterable[str]) -> dict[tuple[str, str], InstalledModel]:
    """Return what those clients have, by (client, model name)."""
    rows = await repository.list_rows(session, client_ids)
    return {(row.client_id, row.name): InstalledModel.model_validate(row, from_attributes=True) for row in rows}


def _view(row: InstalledModelRow, client: ClientView) -> ModelOnClient:
    loaded = {model.name for model in client.ollama.loaded} if client.ollama else set[str]()
    return ModelOnClient(
        **InstalledModel.model_validate(row, from_attributes=True).model_dump(),
        client_id=client.id,
        client_name=client.name,
        presence=client.presence,
        loaded=row.name in loaded,
    )
