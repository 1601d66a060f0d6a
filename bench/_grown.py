"""What was seen at each size, kept beside the database and told as tables."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from bench._postgresql import TableFigures
from bench._storing import Stored

GIB, MIB = 2**30, 2**20
_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Asked:
    """One kind of call at one size."""

    page: str
    name: str
    p50_ms: float
    p95_ms: float
    refused: int


@dataclass(frozen=True, slots=True)
class Grown:
    """All that was seen at one size. `before` is after the beats, `after` after the VACUUM that followed."""

    asked_for: int
    results: int
    growing_s: float
    first_vacuum_s: Mapping[str, float]
    calls: Sequence[Asked]
    beats_s: float
    stored: Stored
    before: Sequence[TableFigures]
    vacuum_s: Mapping[str, float]
    after: Sequence[TableFigures]
    row: Mapping[str, float]
    untrue: Sequence[str]


_ALL = TypeAdapter(list[Grown])


def read(file: Path) -> list[Grown]:
    """What was kept, smallest first; nothing where there is no file."""
    return _ALL.validate_json(file.read_bytes()) if file.exists() else []


def keep(file: Path, seen: Grown) -> list[Grown]:
    """Keep it in place of what was seen at that size before; return all."""
    others = [one for one in read(file) if one.asked_for != seen.asked_for]
    together = sorted([*others, seen], key=lambda one: one.asked_for)
    file.write_bytes(_ALL.dump_json(together, indent=1))
    return together


def told(seen: Grown) -> str:
    """One size, in full."""
    return "\n".join((*_head(seen), *_storing(seen.stored), *_tables(seen), *_vacuum(seen)))


def _head(seen: Grown) -> list[str]:
    total = sum(table.total_bytes for table in seen.after)
    each = sum(table.total_bytes for table in seen.after if table.name in {"results", "jobs", "sessions"})
    row = seen.row
    return [
        f"\n{seen.results:,} results, grown in {seen.growing_s:,.0f} s; {total / GIB:,.2f} GiB",
        f"  a result with its job, its part of a session and all indexes: {each / seen.results:,.0f} B on disk",
        f"  stored in its row: summary {row['summary_bytes']:,.0f} B, environment {row['environment_bytes']:,.0f} B",
        f"  and samples {row['samples_bytes']:,.0f} B on average; {row['samples_share']:.0%} have theirs",
        f"  what is kept beside the results is true: {'; '.join(seen.untrue) or 'yes'}",
        f"  refused calls: {sum(call.refused for call in seen.calls)}",
    ]


def _storing(stored: Stored) -> list[str]:
    """How fast, and what of it was whose."""
    cpu = {"server": stored.server_cpu_ms, "PostgreSQL": stored.database_cpu_ms, "who asked": stored.asker_cpu_ms}
    return [
        f"  stored over HTTP, claimed, delivered, ended: {stored.results:,} jobs of {stored.samples_each} samples",
        f"    {stored.at_once} clients at once: {stored.per_s:,.1f} a second",
        f"    the request that ends a job: p50 {stored.outcome_p50_ms:,.1f} ms, p95 {stored.outcome_p95_ms:,.1f} ms",
        f"    CPU of each job: {', '.join(f'{name} {taken_ms:,.1f} ms' for name, taken_ms in cpu.items())}",
    ]


def _tables(seen: Grown) -> list[str]:
    head = f"  {'table':18}{'heap MiB':>10}{'TOAST MiB':>11}{'index MiB':>11}"
    head += f"{'rows':>13}{'updated':>9}{'in place':>9}{'dead':>8}{'dead after':>11}{'autovacuums':>12}{'analyzes':>9}"
    left = {table.name: table.dead for table in seen.after}
    return [
        head,
        *(
            f"  {table.name:18}{table.heap_bytes / MIB:>10,.1f}{table.toast_bytes / MIB:>11,.1f}"
            f"{table.index_bytes / MIB:>11,.1f}{table.live:>13,}{table.updated:>9,}{table.updated_in_place:>9,}"
            f"{table.dead:>8,}{left.get(table.name, 0):>11,}{table.autovacuums:>12}{table.autoanalyzes:>9}"
            for table in _worth_showing(seen.before)
        ),
    ]


def _worth_showing(tables: Sequence[TableFigures]) -> list[TableFigures]:
    """The largest, and those in which something is dead or was vacuumed."""
    return [table for place, table in enumerate(tables) if place < _SHOWN or table.dead or table.autovacuums]


def _vacuum(seen: Grown) -> list[str]:
    def text(taken_s: Mapping[str, float]) -> str:
        longest = sorted(taken_s.items(), key=lambda one: -one[1])[:3]
        parts = ", ".join(f"{name} {seconds:,.1f} s" for name, seconds in longest)
        return f"{sum(taken_s.values()):,.1f} s ({parts})"

    return [
        "  VACUUM (ANALYZE) of all tables:",
        f"    after growing {text(seen.first_vacuum_s)}",
        f"    after {seen.beats_s:,.0f} s of beats, the calls and the storing {text(seen.vacuum_s)}",
    ]


def growth(all_seen: Sequence[Grown]) -> str:
    """Call by size: p50 / p95 in ms; then what else grows."""
    columns = "".join(f"{one.results:>20,}" for one in all_seen)
    lines = [f"\n{'page':16}{'p50 / p95 ms of':18}{columns}"]
    for place, call in enumerate(all_seen[0].calls):
        cells = (one.calls[place] for one in all_seen)
        values = "".join(f"{f'{cell.p50_ms:,.1f} / {cell.p95_ms:,.1f}':>20}" for cell in cells)
        lines.append(f"{call.page:16}{call.name:18}{values}")
    figures: dict[str, Callable[[Grown], str]] = {
        "stored a second": lambda one: f"{one.stored.per_s:,.1f}",
        "ending one, p50 / p95 ms": lambda one: f"{one.stored.outcome_p50_ms:,.1f} / {one.stored.outcome_p95_ms:,.1f}",
        "on disk, GiB": lambda one: f"{sum(table.total_bytes for table in one.after) / GIB:,.2f}",
        "  of that indexes": lambda one: f"{sum(table.index_bytes for table in one.after) / GIB:,.2f}",
        "VACUUM after growing, s": lambda one: f"{sum(one.first_vacuum_s.values()):,.1f}",
        "VACUUM after the beats, s": lambda one: f"{sum(one.vacuum_s.values()):,.1f}",
    }
    lines += [f"{name:34}{''.join(f'{figure(one):>20}' for one in all_seen)}" for name, figure in figures.items()]
    return "\n".join(lines)
