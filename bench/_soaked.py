"""What a soak saw: looks at both programs, the database, the jobs, the beats; as lines, as CSV, as a closing table."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bench._beaters import Told
from bench._looks import MIB, Look, Slope, slope, slope_of_memory

LOOKS_A_LINE = 6
_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Both:
    """One look at both programs, and at the database and the server's log."""

    server: Look
    client: Look
    database_bytes: int
    log_bytes: int


@dataclass(slots=True)
class Seen:
    """All that was seen."""

    looks: list[Both] = field(default_factory=list[Both])
    jobs: list[str] = field(default_factory=list[str])
    messages: int = 0
    told: Told | None = None


def line(seen: Seen) -> str:
    """How it is now, and what was used since the line before."""
    first, now = seen.looks[0], seen.looks[-1]
    before = seen.looks[max(0, len(seen.looks) - 1 - LOOKS_A_LINE)]
    programs = "; ".join(
        f"{name} {one.resident_mib:,.1f} MiB, {one.descriptors:,} descriptors, {one.threads} threads,"
        f" {_share(was, one):.1%} of a core"
        for name, was, one in (("server", before.server, now.server), ("client", before.client, now.client))
    )
    minutes = (now.server.at_s - first.server.at_s) / 60
    return f"{minutes:5.0f} min: {programs}; database {now.database_bytes / MIB:,.1f} MiB; {len(seen.jobs)} jobs done"


def _share(before: Look, now: Look) -> float:
    return (now.cpu_s - before.cpu_s) / (now.at_s - before.at_s) if now.at_s > before.at_s else 0.0


def write(file: Path, looks: Sequence[Both]) -> None:
    """Write every look, as CSV."""
    rows = [
        {f"{name}_{key}": value for name in ("server", "client") for key, value in asdict(getattr(one, name)).items()}
        | {"database_bytes": one.database_bytes, "log_bytes": one.log_bytes}
        for one in looks
    ]
    with file.open("w", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def text(seen: Seen) -> str:
    """All of it, for people."""
    columns = (
        f"{'MiB first':>18}{'last':>8}{'most':>8}{'MiB/h, 2nd half':>19}{'descriptors':>22}{'threads':>9}{'core':>8}"
    )
    programs = [_program(name, [getattr(one, name) for one in seen.looks]) for name in ("server", "client")]
    lines = [f"\n{columns}", *programs]
    lines += [_growth("database", seen.looks, lambda one: one.database_bytes)]
    lines += [_growth("server's log", seen.looks, lambda one: one.log_bytes)]
    jobs = ", ".join(f"{seen.jobs.count(one)} {one}" for one in sorted({*seen.jobs}))
    lines += [f"jobs of the real client: {jobs or 0}"]
    return "\n".join([*lines, _beats(seen)])


def _program(name: str, looks: Sequence[Look]) -> str:
    memory, files = [one.resident_mib for one in looks], [one.descriptors for one in looks]
    descriptors = f"{files[0]:,} {files[-1]:,} {max(files):,}"
    return (
        f"{name:8}{memory[0]:>10,.1f}{memory[-1]:>8,.1f}{max(memory):>8,.1f}{_sloped(slope_of_memory(looks)):>19}"
        f"{descriptors:>22}{max(one.threads for one in looks):>9}{_share(looks[0], looks[-1]):>8.1%}"
    )


def _sloped(told: Slope | None) -> str:
    return "-" if told is None else f"{told.rise:+,.2f} ± {told.error:,.2f}"


def _growth(name: str, looks: Sequence[Both], size: Callable[[Both], int]) -> str:
    """Over the second half, as a line through it."""
    half = looks[len(looks) // 2 :]
    through = slope([one.server.at_s / _DAY_S for one in half], [size(one) / MIB for one in half])
    return f"{name}: {size(looks[0]) / MIB:,.1f} to {size(looks[-1]) / MIB:,.1f} MiB; MiB a day: {_sloped(through)}"


def _beats(seen: Seen) -> str:
    if seen.told is None:
        return "the beaters told nothing"
    told = seen.told
    answered = f"{told.beats:,} answered, {told.refused:,} refused, {told.lost:,} connections lost"
    taken = f"p50 {told.p50_ms:,.0f} ms, p99 {told.p99_ms:,.0f} ms, worst {told.worst_ms:,.0f} ms"
    return f"beats: {answered}; {taken}; {seen.messages:,} live messages"
