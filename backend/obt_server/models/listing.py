"""The long list of what is installed where. Databases put together what is the same; no row becomes an object here."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from obt_server import __version__
from obt_server.clients import service as clients
from obt_server.compact import etag_of
from obt_server.models import repository


@dataclass(frozen=True, slots=True)
class Holders:
    """The clients that are told of, and the ETag of what they have: their inventories' hashes are in it."""

    names: dict[str, str]
    etag: str


async def holders(session: AsyncSession, client_id: str | None) -> Holders:
    """Return all clients that are not archived, by name; or the one asked for, if it is among them."""
    found = await clients.list_holders(session, client_id)
    return Holders({one.id: one.name for one in found}, etag_of(__version__, [tuple(one) for one in found]))


async def body(session: AsyncSession, told: Holders, client_id: str | None) -> bytes:
    """Return the JSON of `schemas.Models`."""
    places = {holder: place for place, holder in enumerate(told.names)}
    groups = await repository.list_groups(session, client_id)
    models = [model for group in groups if (model := _model(group, places))["clients"]]
    names = [{"id": holder, "name": name} for holder, name in told.names.items()]
    return json.dumps({"clients": names, "models": models}, separators=(",", ":")).encode()


def _model(group: RowMapping, places: dict[str, int]) -> dict[str, Any]:
    model = dict(group)
    on = _on(model.pop("held").split(","), places)
    model["capabilities"] = json.loads(model["capabilities"])
    return {**model, "clients": [place for place, _ in on], "modified_at_s": [moment for _, moment in on]}


def _on(held: Iterable[str], places: dict[str, int]) -> Sequence[tuple[int, int | None]]:
    """Read `client@seconds`, of clients that are told of, in their order."""
    pairs = (one.partition("@") for one in held)
    return sorted(
        (place, int(moment.partition(".")[0]) if moment else None)
        for client_id, _, moment in pairs
        if (place := places.get(client_id)) is not None
    )
