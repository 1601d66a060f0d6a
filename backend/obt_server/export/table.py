"""Results as lines of CSV and Markdown, and as elements of a JSON array. Pure; the same columns as in the dashboard."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from obt_core.results import Estimate, Metric
from obt_server.results.schemas import ResultView
from obt_server.spreadsheets import Cell


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head, with its unit, and what stands under it. None: not measured, or not known."""

    name: str
    value: Callable[[ResultView], Cell]


_METRICS = (
    (Metric.DECODE, "Decode", "tokens/s"),
    (Metric.PREFILL, "Prefill", "tokens/s"),
    (Metric.TTFT, "TTFT", "ms"),
    (Metric.TPOT, "TPOT", "ms"),
    (Metric.LOAD, "Load", "ms"),
    (Metric.E2E, "E2E", "ms"),
)
_PARTS: tuple[tuple[str, Callable[[Estimate], float | None]], ...] = (
    ("", lambda estimate: estimate.median),
    (" low", lambda estimate: estimate.low),
    (" high", lambda estimate: estimate.high),
)


def _figure(metric: Metric, part: Callable[[Estimate], float | None]) -> Callable[[ResultView], Cell]:
    def value(result: ResultView) -> Cell:
        estimate = result.headline.get(metric)
        return part(estimate) if estimate else None

    return value


COLUMNS = (
    Column("Result", lambda result: str(result.id)),
    Column("Model", lambda result: result.model),
    Column("Digest", lambda result: result.model_digest),
    Column("Quantization", lambda result: result.quantization),
    Column("Client", lambda result: result.client_name),
    Column("Client ID", lambda result: result.client_id),
    Column("Suite", lambda result: result.suite_name),
    Column("Grade", lambda result: result.grade.value),
    Column("Reasons", lambda result: " ".join(result.reasons)),
    Column("Status", lambda result: result.status.value),
    Column("Ended", lambda result: result.ended_at.isoformat()),
    Column("Samples", lambda result: result.sample_count),
    *(Column(f"{name}{part}, {unit}", _figure(metric, of)) for metric, name, unit in _METRICS for part, of in _PARTS),
)

_MARKDOWN = re.compile(r"[\\|`*\[\]<>~&]|(?<![^\W_])_|_(?![^\W_])")


def markdown_lines(rows: Sequence[Sequence[Cell]]) -> str:
    """Write rows of a table of GitHub's Markdown."""
    return "".join(f"| {' | '.join(map(_markdown, row))} |\n" for row in rows)


def markdown_head() -> str:
    """Write the heads; numbers stand to the right."""
    rule = " | ".join("---:" if "," in column.name or column.name == "Samples" else "---" for column in COLUMNS)
    return markdown_lines([[column.name for column in COLUMNS]]) + f"| {rule} |\n"


def _markdown(cell: Cell) -> str:
    if not isinstance(cell, str):
        return "" if cell is None else str(cell)
    joined = re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", cell).strip()
    return _MARKDOWN.sub(lambda sign: f"\\{sign[0]}", joined)


def cells_of(result: ResultView) -> list[Cell]:
    """One result in the columns' order."""
    return [column.value(result) for column in COLUMNS]
