"""`obt-server db`: upgrade, check and copy; `backup` and `restore`."""

import json
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from obt_server import beside
from obt_server.copying import checking
from obt_server.copying.backup import backup, restore
from obt_server.copying.places import PlaceError, place_of, place_of_settings
from obt_server.copying.progress import shown
from obt_server.copying.service import BATCH_ROWS, CopyError
from obt_server.copying.whole import copy_database
from obt_server.db import Database
from obt_server.engines import limits_of
from obt_server.migrate import MEBIBYTE, Done, migrate, missing_steps, revision_of, size_bytes
from obt_server.program import fail, settings_of

db_cli = typer.Typer(
    help="The database as a whole: bring it up to date, check it, copy it into another one.", no_args_is_help=True
)
_MARKS = {"ok": "ok  ", "warning": "look", "error": "BAD "}


@db_cli.command()
def upgrade(
    *,
    no_backup: Annotated[
        bool, typer.Option("--no-backup", help="Do not copy the SQLite file first: there is a backup.")
    ] = False,
) -> None:
    """Run the migrations that are missing: once, though several servers start together.

    A server does the same when it starts, unless its role may not. A SQLite file is copied into `backups` beside it.
    """
    settings = settings_of()

    async def run() -> None:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        db = Database(settings.sqlalchemy_url, lambda _: None, limits=limits_of(settings))
        file = place_of_settings(settings).file
        try:
            async with db.writer.connect() as connection:
                steps = await connection.run_sync(missing_steps)
                is_new = await connection.run_sync(revision_of) is None
            typer.echo(f"{len(steps)} migration(s) to run." if steps else "The database is up to date.")
            if steps and file is not None and not is_new and not no_backup:
                typer.echo(f"Copied first, beside the file: {size_bytes(file) // MEBIBYTE + 1:,} MiB.")
            begun = time.monotonic()
            await migrate(db, file, keep_copy=not no_backup, say=_say)
            if steps:
                typer.echo(f"Up to date, after {time.monotonic() - begun:,.1f} s.")
        finally:
            await db.close()

    beside.run(run())


def _say(done: Done) -> None:
    typer.echo(f"  {done.step.revision}  {done.took_s:8,.1f} s  {done.step.title}")


@db_cli.command()
def check(*, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Tell whether the database is well: its revision, integrity, rights, settings and sizes. Status 1: it is not.

    Nothing is changed. The rows of every table are counted, which takes a while over millions.
    """
    settings = settings_of()
    with beside.told_in_a_line():
        report = checking.check(place_of_settings(settings), settings)
    if as_json:
        typer.echo(json.dumps({"is_well": report.is_well, **report.model_dump()}, indent=2))
    else:
        _print(report)
    if not report.is_well:
        raise typer.Exit(1)


@db_cli.command()
def copy(
    source: Annotated[str, typer.Argument(help="postgresql://user@host/name, or the path of a SQLite file.")],
    target: Annotated[str, typer.Argument(help="The same. It has to be empty, or the target of a copy begun before.")],
    batch_rows: Annotated[int, typer.Option(min=1, max=100_000, help="Rows in one transaction.")] = BATCH_ROWS,
) -> None:
    """Copy a database into another one, such as a SQLite file into PostgreSQL, and compare every row.

    Interrupted at any moment, the same command goes on where it was. Until it is done no server serves the target.

    Example: obt-server db copy ~/.local/share/obt-server/obt.sqlite3 postgresql://obt_owner@db.example.net/obt
    """
    beside.quietly()
    with _told(), shown() as bar:
        copied = copy_database(place_of(source), place_of(target), bar, batch_rows)
    for name, rows in copied.rows.items():
        typer.echo(f"  {name:24}{rows:14,} rows")
    resumed = f" ({copied.resumed_rows:,} of them before)" if copied.resumed_rows else ""
    typer.echo(
        f"{copied.total:,} rows{resumed} in {copied.copy_s:,.1f} s, every column of each compared in "
        f"{copied.compare_s:,.1f} s: equal."
    )


def back_up(
    file: Annotated[
        Path | None, typer.Argument(help="Where to. [backups/obt-DATE.zip in the data folder]", show_default=False)
    ] = None,
) -> None:
    """Write a backup of everything, of one moment, while servers run; then read it again. The format: docs/backup.md.

    Example: obt-server backup /mnt/backups/obt-$(date +%F).zip
    """
    settings = settings_of()
    beside.quietly()
    to = file or settings.data_dir / "backups" / f"obt-{beside.now():%Y%m%dT%H%M%SZ}.zip"
    begun = time.monotonic()
    with _told(), shown("B") as bar:
        made = backup(place_of_settings(settings), to, bar)
    rows, size = sum(made.manifest.rows.values()), made.packed_bytes / MEBIBYTE
    typer.echo(
        f"{made.file}: {rows:,} rows, {size:,.1f} MiB, made and read again in {time.monotonic() - begun:,.1f} s.\n"
        "It holds hashes of keys and passwords, and all that was measured: keep it as safe as the database."
    )


def restore_from(file: Annotated[Path, typer.Argument(help="A backup, or a SQLite file of OBT.")]) -> None:
    """Restore a backup into an empty database, SQLite or PostgreSQL, as the settings say. No server may run on it.

    A backup of an earlier version is brought up to date. Into PostgreSQL every row is compared; interrupted, the same
    command goes on where it was.
    """
    settings = settings_of()
    beside.quietly()
    begun = time.monotonic()
    with _told(), shown() as bar:
        restored = restore(file, place_of_settings(settings), settings.data_dir, bar)
    typer.echo(f"{restored.total:,} rows restored and verified in {time.monotonic() - begun:,.1f} s.")


@contextmanager
def _told() -> Generator[None]:
    """End the command with a message."""
    try:
        with beside.told_in_a_line():
            yield
    except (CopyError, PlaceError) as error:
        fail(str(error))


def _print(report: checking.Report) -> None:
    whole = "" if report.size_bytes is None else f", {report.size_bytes / MEBIBYTE:,.1f} MiB"
    typer.echo(f"{report.database}, revision {report.revision or 'none'}{whole}")
    for finding in report.findings:
        typer.echo(f"  {_MARKS[finding.level]}  {finding.what}: {finding.detail}")
    for step in report.pending:
        typer.echo(f"        pending: {step}")
    for table in report.tables:
        size = "" if table.size_bytes is None else f"{table.size_bytes / MEBIBYTE:12,.1f} MiB"
        typer.echo(f"  {table.name:24}{table.rows:14,} rows{size}")
    typer.echo("All is well." if report.is_well else "It is not well.")
