"""Cells of several pairs as tables, ratios, and aims met or missed."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass

from bench._cell import Cell
from bench._first import First
from bench._peers import PEERS
from bench._seen import Errors
from bench._size import Size

OURS = "obt"
_Figure = Callable[[Cell], float | None]
_COLUMNS: tuple[tuple[str, int, int, _Figure], ...] = (
    ("TTFT p50", 10, 1, lambda cell: cell.judged.ttft.p50_us),
    ("p99", 10, 1, lambda cell: cell.judged.ttft.p99_us),
    ("max", 10, 0, lambda cell: cell.judged.ttft.max_us),
    ("gap p50", 9, 1, lambda cell: _of(cell.judged.gap, "p50_us")),
    ("p99", 9, 1, lambda cell: _of(cell.judged.gap, "p99_us")),
    ("max", 9, 0, lambda cell: _of(cell.judged.gap, "max_us")),
    ("mean gap", 9, 2, lambda cell: _of(cell.judged.mean_gap, "p50_us")),
    ("deliv.", 8, 3, lambda cell: cell.judged.delivered_of_ideal),
    ("CPU s", 8, 4, lambda cell: cell.cpu_s_per_1000_tokens),
    ("MiB", 7, 0, lambda cell: cell.memory_mib),
    ("first s", 8, 2, lambda cell: cell.first_request_s),
    ("late p99", 9, 2, lambda cell: cell.judged.standin_late_p99_ms),
    ("share", 7, 2, lambda cell: cell.standin_cpu_share),
)
LEGEND = """\
Absolute errors in µs, medians over the pairs. TTFT: told - (first token written - request received); gap: of every
single gap, mean gap: of the mean of each request. deliv.: tokens a second over the ideal. CPU s: of one core, for 1,000
tokens. MiB: peak, all processes. first s: from the command to its first request. late p99 (ms) and share (of a core):
the stand-in's own; it is the limit where it is late by as much as an error, or near a whole core. -: not told."""
_RATIOS: tuple[tuple[str, _Figure], ...] = (
    ("TTFT p50", lambda cell: cell.judged.ttft.p50_us),
    ("TTFT p99", lambda cell: cell.judged.ttft.p99_us),
    ("gap p99", lambda cell: _of(cell.judged.gap, "p99_us")),
    ("CPU", lambda cell: cell.cpu_s_per_1000_tokens),
    ("memory", lambda cell: cell.memory_mib),
    ("first", lambda cell: cell.first_request_s),
)


@dataclass(frozen=True, slots=True)
class Aim:
    """One aim: what was wanted, what was seen, whether that is enough; None: not measured in this run."""

    what: str
    wanted: str
    seen: float | None
    met: bool | None


def _of(errors: Errors | None, name: str) -> float | None:
    return None if errors is None else asdict(errors)[name]


def by_load(cells: Sequence[Cell]) -> dict[int, dict[str, list[Cell]]]:
    """Cells by streams, then by reader, in the order in which they came."""
    table: dict[int, dict[str, list[Cell]]] = {}
    for cell in cells:
        table.setdefault(cell.load.streams, {}).setdefault(cell.reader, []).append(cell)
    return table


def middle(cells: Iterable[Cell], figure: _Figure) -> float | None:
    """The median of a figure over the pairs; None where no cell has it."""
    values = [value for cell in cells if (value := figure(cell)) is not None]
    return statistics.median(values) if values else None


def print_figures(cells: Sequence[Cell]) -> None:
    """One row a reader and number of streams."""
    head = "".join(f"{title:>{width}}" for title, width, _, _ in _COLUMNS)
    print(f"{'streams':>7} {'reader':<12}{'pairs':>5}{head}")
    for streams, readers in sorted(by_load(cells).items()):
        for reader, ran in readers.items():
            values = "".join(_text(middle(ran, figure), width, digits) for _, width, digits, figure in _COLUMNS)
            print(f"{streams:>7} {reader:<12}{len(ran):>5}{values}")


def _text(value: float | None, width: int, digits: int) -> str:
    return f"{'-':>{width}}" if value is None else f"{value:>{width}.{digits}f}"


def print_ratios(cells: Sequence[Cell]) -> None:
    """How many times OBT's figure the others' is, pair by pair: median, and lowest to highest."""
    print(f"{'streams':>7} {'reader':<12}" + "".join(f"{title:>26}" for title, _ in _RATIOS))
    for streams, readers in sorted(by_load(cells).items()):
        for reader, theirs in readers.items():
            if reader != OURS and OURS in readers:
                texts = (_ratio_text(ratios(readers[OURS], theirs, figure)) for _, figure in _RATIOS)
                print(f"{streams:>7} {reader:<12}" + "".join(f"{text:>26}" for text in texts))


def ratios(ours: Sequence[Cell], theirs: Sequence[Cell], figure: _Figure) -> list[float]:
    """Their figure over ours, in each pair that has both."""
    own = {cell.pair: figure(cell) for cell in ours}
    both = ((figure(cell), own.get(cell.pair)) for cell in theirs)
    return sorted(their / our for their, our in both if their is not None and our)


def _ratio_text(values: list[float]) -> str:
    if not values:
        return "-"
    digits = 0 if values[0] >= 10 else 1
    middle_one, low, high = (f"{value:.{digits}f}" for value in (statistics.median(values), values[0], values[-1]))
    return f"{middle_one} ({low} to {high})"


def aims(cells: Sequence[Cell], first: First | None, size: Size | None) -> list[Aim]:
    """What the project aims at on Linux, held against this run."""
    table = by_load(cells)
    ours = [cell for cell in cells if cell.reader == OURS]
    worst_p50 = _worst(table, lambda cell: _of(cell.judged.gap, "p50_us"))
    worst_p99 = _worst(table, lambda cell: _of(cell.judged.gap, "p99_us"))
    delivered = middle(table.get(256, {}).get(OURS, []), lambda cell: cell.judged.delivered_of_ideal)
    reader_first = middle(ours, lambda cell: cell.first_request_s)
    command_first = first.contact_s if first else None
    return [
        _at_least("TTFT error p99 of the best peer over ours, 128 streams", 100, _best_peer(table, 128, _RATIOS[1][1])),
        _at_most("gap error p50, worst of the levels, µs", 5, worst_p50),
        _at_most("gap error p99, worst of the levels, µs", 100, worst_p99),
        _at_least("delivered of ideal, 256 streams", 0.98, delivered),
        _at_least("CPU of the best peer over ours, 128 streams", 4, _best_peer(table, 128, _RATIOS[3][1])),
        _at_most("resident: the reader at any level, MiB", 80, max((cell.memory_mib for cell in ours), default=None)),
        _at_most("resident: obt-client, MiB", 80, first.memory_mib if first and first.tokens_s else None),
        _at_most("reader's command to first request, s", 0.5, reader_first),
        _at_most("obt-client's command to first request, s", 0.5, command_first),
        _at_most("installed client, MB", 60, size.compiled_mb if size else None),
    ]


def print_aims(rows: Sequence[Aim]) -> None:
    """One line an aim."""
    words = {True: "met", False: "MISSED", None: "not measured"}
    for aim in rows:
        seen = "" if aim.seen is None else f"{aim.seen:.3g}"
        print(f"  {aim.what:<58}{aim.wanted:>10}{seen:>10}  {words[aim.met]}")


def _at_most(what: str, limit: float, seen: float | None) -> Aim:
    return Aim(what, f"<= {limit:g}", seen, None if seen is None else seen <= limit)


def _at_least(what: str, limit: float, seen: float | None) -> Aim:
    return Aim(what, f">= {limit:g}", seen, None if seen is None else seen >= limit)


def _worst(table: dict[int, dict[str, list[Cell]]], figure: _Figure) -> float | None:
    middles = (middle(readers.get(OURS, []), figure) for readers in table.values())
    return max((value for value in middles if value is not None), default=None)


def _best_peer(table: dict[int, dict[str, list[Cell]]], streams: int, figure: _Figure) -> float | None:
    """The median ratio of the peer that comes nearest to OBT."""
    readers = table.get(streams, {})
    found = [ratios(readers.get(OURS, []), readers[peer], figure) for peer in PEERS if peer in readers]
    return min((statistics.median(values) for values in found if values), default=None)
