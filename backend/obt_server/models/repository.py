"""SQL of installed models."""

from collections.abc import Iterable

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.models import InstalledModel
from obt_server.models.tables import InstalledModelRow


async def replace(session: AsyncSession, client_id: str, models: Iterable[InstalledModel]) -> None:
    """Replace a client's inventory."""
    await session.execute(delete(InstalledModelRow).where(InstalledModelRow.client_id == client_id))
    if rows := [{"client_id": client_id, **model.model_dump()} for model in models]:
        await session.execute(insert(InstalledModelRow), rows)


async def list_rows(session: AsyncSession, client_ids: Iterable[str]) -> list[InstalledModelRow]:
    """Return the models of those clients, by name."""
    statement = select(InstalledModelRow).where(InstalledModelRow.client_id.in_(list(client_ids)))
    return list(await session.scalars(statement.order_by(InstalledModelRow.name, InstalledModelRow.client_id)))
