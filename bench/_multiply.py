"""Makes the results of a filled PostgreSQL many, out of copies that the database makes of them itself.

A copy is what the server would have stored: sessions, jobs and results under IDs of their own, at other moments, at
speeds a little other, counted where the server counts (cells, series). Every copy is older than what it is made of, so
the newest of each pair stays as it is. What has no samples any more is as retention leaves it: `results.aging`; what
has no environment, as of clients that could not tell. Only the headline is moved to another speed; a summary's single
workloads and the samples stay those of the first.
"""

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, Engine, text

from bench._copies import ALL_INDEXES, STEPS
from bench._postgresql import vacuum
from obt_core.suites import Metric
from obt_server.copying.places import place_of
from obt_server.results.packing import pack_samples

_GOLDEN = 0.618_034
"""Multiples of it, without their whole part, lie evenly however many there are."""
_SPREAD = timedelta(days=4 * 365)
_LEAST = timedelta(hours=1)
_COUNTED = ("result_cells", "series")
"""Nearly all of their rows change with each copy: vacuumed at once, they stay as small as they would be."""
_SEEN = """
CREATE TABLE bench.base AS
SELECT session_id, sum(count(*)) OVER (ORDER BY min(ended_at), session_id) AS until FROM results GROUP BY session_id
"""
"""What is copied: the sessions that were filled in, with how many results they and those before have."""
_SIZES = "SELECT min(until)::integer, max(until)::integer FROM bench.base"
_AT_ONCE = os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Wish:
    """How many results there are to be, and the shares of the copies that have samples, and environments."""

    results: int
    samples: float
    environments: float


Said = Callable[[str], None]


def multiply(url: str, wish: Wish, say: Said) -> None:
    """Add copies until there are so many results; killed at any moment, it goes on where it was."""
    engine = place_of(url).engine()

    def one(most: int) -> None:
        _copy(engine, url, most, wish, say)

    try:
        _begin(engine)
        with ThreadPoolExecutor(max_workers=_AT_ONCE) as threads:
            while wanted := _copies_wanted(engine, wish):
                _without_indexes(engine)
                list(threads.map(one, wanted))
        _index(engine, say)
    finally:
        engine.dispose()


def count(engine: Engine) -> int:
    """How many results there are, read of them all."""
    with engine.connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM results")) or 0


def _begin(engine: Engine) -> None:
    """Note what is copied, beside the tables: once, before a server has stored more."""
    with engine.begin() as connection:
        if connection.scalar(text("SELECT to_regclass('bench.base')")) is None:
            connection.execute(text("CREATE SCHEMA bench"))
            connection.execute(text(_SEEN))
            connection.execute(text("CREATE SEQUENCE bench.copy"))


def _copies_wanted(engine: Engine, wish: Wish) -> list[int]:
    """How many results each further copy is to have; none where the least, those of one session, are too many."""
    rest = wish.results - count(engine)
    with engine.connect() as connection:
        fewest, whole = connection.execute(text(_SIZES)).one().tuple()
    return [*[whole] * (rest // whole), *([rest % whole] if rest % whole >= fewest else [])]


def _copy(engine: Engine, url: str, most: int, wish: Wish, say: Said) -> None:
    """Make one more copy, of all sessions or of the first ones that have so many results."""
    begin = time.monotonic()
    with engine.begin() as connection:
        _tune(connection)
        number = connection.scalar(text("SELECT nextval('bench.copy')"))
        values = {
            "number": number,
            "most": most,
            "samples": wish.samples,
            "environments": wish.environments,
            "empty": pack_samples([]),
            "shift": _LEAST + _SPREAD * ((number or 0) * _GOLDEN % 1),
            "rates": [metric.value for metric in Metric if metric.higher_is_better],
        }
        made = 0
        for step in STEPS:
            made = max(made, connection.execute(text(step), values).rowcount)
    vacuum(url, _COUNTED)
    seconds = time.monotonic() - begin
    say(f"copy {number}: {made:,} results, {made / seconds:,.0f} a second")


def _tune(connection: Connection) -> None:
    """Of this transaction alone: nobody misses it if the power goes, and its references are right as they are made."""
    for setting in ("synchronous_commit = off", "session_replication_role = replica", "work_mem = '256MB'"):
        connection.execute(text(f"SET LOCAL {setting}"))


def _without_indexes(engine: Engine) -> None:
    with engine.begin() as connection:
        for index in ALL_INDEXES:
            index.drop(connection, checkfirst=True)


def _index(engine: Engine, say: Said) -> None:
    """Make the indexes that are missing, each in a transaction of its own."""
    for index in ALL_INDEXES:
        begin = time.monotonic()
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL maintenance_work_mem = '1GB'"))
            index.create(connection, checkfirst=True)
        if (seconds := time.monotonic() - begin) > 1:
            say(f"{index.name}: {seconds:,.0f} s")
