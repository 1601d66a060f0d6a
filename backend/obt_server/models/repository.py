"""SQL of installed models."""

from collections.abc import Iterable, Sequence

from sqlalchemy import RowMapping, String, Text, cast, delete, extract, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from obt_core.models import InstalledModel
from obt_server.models.tables import InstalledModelRow

_ALIKE = (
    "name",
    "digest",
    "size_bytes",
    "family",
    "parameter_size",
    "parameter_count",
    "quantization",
    "context_length",
    "capabilities",
    "cloud",
)


async def replace(session: AsyncSession, client_id: str, models: Iterable[InstalledModel]) -> None:
    """Replace a client's inventory."""
    await session.execute(delete(InstalledModelRow).where(InstalledModelRow.client_id == client_id))
    if rows := [{"client_id": client_id, **model.model_dump()} for model in models]:
        await session.execute(insert(InstalledModelRow), rows)


async def list_rows(session: AsyncSession, client_ids: Iterable[str], names: Iterable[str]) -> list[InstalledModelRow]:
    """Return the models of those names on those clients."""
    statement = select(InstalledModelRow).where(
        InstalledModelRow.client_id.in_(list(client_ids)), InstalledModelRow.name.in_(list(names))
    )
    return list(await session.scalars(statement))


async def digests_on(session: AsyncSession, client_id: str) -> dict[str, str]:
    """Return what each tag on a client points to."""
    statement = select(InstalledModelRow.name, InstalledModelRow.digest)
    rows = await session.execute(statement.where(InstalledModelRow.client_id == client_id))
    return {row.name: row.digest for row in rows}


async def names_on(session: AsyncSession, client_ids: Iterable[str]) -> dict[str, dict[str, bool]]:
    """Return the names of what those clients have, by client, and whether each is a cloud's."""
    rows = select(InstalledModelRow.client_id, InstalledModelRow.name, InstalledModelRow.cloud)
    named: dict[str, dict[str, bool]] = {}
    for client_id, name, is_cloud in await session.execute(
        rows.where(InstalledModelRow.client_id.in_(set(client_ids)))
    ):
        named.setdefault(client_id, {})[name] = is_cloud
    return named


async def list_groups(session: AsyncSession, client_id: str | None) -> Sequence[RowMapping]:
    """Return what is alike in all but where it is, once, by name; of all clients, or of one.

    `held` tells where: `client@seconds` with commas between, the seconds since 1970 of `modified_at`, perhaps with
    decimals, left out where it is not known. An ID of a client holds neither of the two.
    """
    table = InstalledModelRow.__table__.columns
    # PostgreSQL's JSON cannot be compared, its text can.
    alike = [table[name] if name != "capabilities" else cast(table[name], Text).label(name) for name in _ALIKE]
    seconds = func.coalesce(cast(extract("epoch", table.modified_at), String), "")
    held = func.aggregate_strings(table.client_id + "@" + seconds, ",").label("held")
    statement = select(*alike, held).group_by(*alike).order_by(*alike[:2])
    if client_id is not None:
        statement = statement.where(table.client_id == client_id)
    return (await session.execute(statement)).mappings().all()
