"""Which keys a suite's file may have: those of the wire's models, and what is a convenience of the file."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, cast

from obt_core.suite_files.lines import Place
from obt_core.suite_files.sweeps import SWEEPS
from obt_core.suites import (
    ConstantArrival,
    Limits,
    ModelOptions,
    PoissonArrival,
    Precision,
    ReplayArrival,
    ReplayRequest,
    Suite,
    SyntheticPrompt,
    TextPrompt,
    Workload,
)

TABLES: dict[str, frozenset[str]] = {
    "": frozenset(Suite.model_fields),
    "options": frozenset(ModelOptions.model_fields),
    "workloads": frozenset(Workload.model_fields) | {"sweep"},
    "sweep": frozenset(SWEEPS),
    "limits": frozenset(Limits.model_fields),
    "precision": frozenset(Precision.model_fields),
    "requests": frozenset(ReplayRequest.model_fields),
    "prompt": frozenset({*TextPrompt.model_fields, *SyntheticPrompt.model_fields, "file"}),
    "prompt text": frozenset(TextPrompt.model_fields) | {"file"},
    "prompt synthetic": frozenset(SyntheticPrompt.model_fields),
    "arrival": frozenset({*ConstantArrival.model_fields, *ReplayArrival.model_fields, "trace"}),
    "arrival constant": frozenset(ConstantArrival.model_fields),
    "arrival poisson": frozenset(PoissonArrival.model_fields),
    "arrival replay": frozenset(ReplayArrival.model_fields) | {"trace"},
}
"""The keys of each table, by the name that leads to it and, where it has kinds, its kind."""


@dataclass(frozen=True, slots=True)
class UnknownKey:
    """A key that no suite has. `meant` is the known key that it resembles, None for none."""

    place: Place
    known: frozenset[str]
    meant: str | None

    def __str__(self) -> str:
        if self.meant:
            return f'is not a key of a suite; did you mean "{self.meant}"?'
        return f"is not a key of a suite; known here: {', '.join(sorted(self.known))}"


def unknown_keys(table: dict[str, Any], place: Place = (), name: str = "") -> Iterator[UnknownKey]:
    """Find every unknown key in a table of that name and in the tables within."""
    known = TABLES.get(f"{name} {table.get('kind')}") or TABLES[name]
    for key, value in table.items():
        if key not in known:
            close = get_close_matches(key, sorted(known - table.keys()), n=1)
            yield UnknownKey((*place, key), known, close[0] if close else None)
        elif key in TABLES:
            yield from _in_tables(value, (*place, key), key)


def _in_tables(value: object, place: Place, name: str) -> Iterator[UnknownKey]:
    if isinstance(value, dict):
        yield from unknown_keys(cast("dict[str, Any]", value), place, name)
    elif isinstance(value, list):
        for number, each in enumerate(cast("list[object]", value)):
            if isinstance(each, dict):
                yield from unknown_keys(cast("dict[str, Any]", each), (*place, number), name)
