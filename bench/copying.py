"""From SQLite to PostgreSQL, over a filled database: `python -m bench.copying --help`."""

import argparse
import asyncio
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench._databases import drop_database, new_database
from bench._machine import describe, in_a_line
from bench._served import add_options, filled, postgresql
from obt_server.copying.places import SQLITE_NAME, Place, place_of
from obt_server.copying.progress import shown
from obt_server.copying.service import BATCH_ROWS
from obt_server.copying.whole import copy_database
from obt_server.migrate import MEBIBYTE, size_bytes

_HELP = """\
A filled SQLite database is copied into an empty PostgreSQL, and every column of every row compared; with --kill the
copy is killed so many times on its way and taken up again. `bench.backup` tries backups.

  python -m bench.copying --results 100000
  python -m bench.copying --results 1000000 --folder million --kill 3
"""


@dataclass(frozen=True, slots=True)
class Took:
    """What one step took. `rows`: of all tables."""

    what: str
    seconds: float
    rows: int
    mebibytes: float


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=_HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.add_argument("--kill", type=int, default=0, help="kill -9 the copy so many times first (0)")
    parser.add_argument("--batch-rows", type=int, default=BATCH_ROWS, help=f"rows in one transaction ({BATCH_ROWS})")
    options = parser.parse_args()
    if options.postgresql:
        parser.error("the source is SQLite here")
    print(in_a_line(describe()))
    with TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        asyncio.run(filled(options, folder))
        print(f"{'step':44}{'s':>9}{'rows/s':>12}{'MiB/s':>9}")
        for took in _measure(options, place_of(str(folder)), folder / "copying"):
            rate = took.mebibytes / took.seconds
            print(f"{took.what:44}{took.seconds:>9,.1f}{took.rows / took.seconds:>12,.0f}{rate:>9,.1f}", flush=True)


def _measure(options: Namespace, source: Place, folder: Path) -> Generator[Took]:
    folder.mkdir(exist_ok=True)
    mebibytes = size_bytes(folder.parent / SQLITE_NAME) / MEBIBYTE
    uri = postgresql(folder)
    copied_to = new_database(uri)
    _kill(options, source, copied_to)
    with shown() as bar:
        copied = copy_database(source, copied_to, bar, options.batch_rows)
    fresh = copied.total - copied.resumed_rows
    yield Took(f"SQLite -> PostgreSQL, {fresh:,} rows", copied.copy_s, fresh, mebibytes * fresh / copied.total)
    yield Took("compared, every column of every row", copied.compare_s, copied.total, mebibytes)
    drop_database(uri, copied_to)


def _kill(options: Namespace, source: Place, target: Place) -> None:
    """Let the command copy for a while, and kill it; each time longer."""
    line = [sys.executable, "-m", "obt_server", "db", "copy", str(source.file), target.url]
    for number in range(options.kill):
        with subprocess.Popen([*line, "--batch-rows", str(options.batch_rows)]) as process:
            time.sleep(5 * (number + 1))
            print(f"killed in the middle: {process.poll() is None}")
            process.kill()


if __name__ == "__main__":
    main()
