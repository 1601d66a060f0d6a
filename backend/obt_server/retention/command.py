"""`obt-server retention`: what is too old, and away with it."""

from typing import Annotated

import typer

from obt_server.beside import now, open_database, run
from obt_server.program import fail, settings_of
from obt_server.retention import service
from obt_server.retention.schemas import Fate, Retention

_VERB = {Fate.THINNED: "thin", Fate.DROPPED: "drop", Fate.DELETED: "delete"}


def retention(
    apply: Annotated[
        bool, typer.Option("--apply/--dry-run", help="Archive and delete it, instead of only counting it.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what is too old by the settings OBT_..._DAYS; with --apply archive it, then delete it.

    A running server does the same by itself, once a day; this may be run beside it.
    """
    if apply:
        _apply()
        return
    found = run(_preview())
    typer.echo(found.model_dump_json(indent=1) if as_json else "\n".join(_lines(found)))


async def _preview() -> Retention:
    settings = settings_of()
    async with open_database(settings) as db, db.read() as session:
        return await service.preview(session, settings, now())


def _lines(found: Retention) -> list[str]:
    return [
        f"{item.kind:17} {_kept(item.kept_days):12} {_VERB[item.fate]:7} {item.rows_due:>12,} rows "
        f"{item.bytes_due:>16,} bytes  {f'oldest {item.oldest:%Y-%m-%d}' if item.oldest else ''}".rstrip()
        for item in found.items
    ] + ["" if found.is_archived else "Nothing is archived before (OBT_ARCHIVE=false)."]


def _kept(days: float | None) -> str:
    return "for ever" if days is None else f"{days:g} days"


def _apply() -> None:
    async def work() -> list[service.Applied] | None:
        settings = settings_of()
        async with open_database(settings) as db:
            return await service.apply_due(db, settings, now())

    done = run(work())
    if done is None:
        fail("another server or command does this now.")
    typer.echo(f"{sum(one.rows for one in done):,} rows went.")
