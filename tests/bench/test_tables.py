"""Ratios made pair by pair, and aims met or missed."""

import pytest

from bench._cell import Cell
from bench._first import First
from bench._load import Load
from bench._seen import Errors, Judged
from bench._tables import Aim, aims, print_figures, print_ratios, ratios
from obt_client.bench.standin.asked import Times


def _cell(reader: str, pair: int, *, ttft_us: float = 10, cpu_s: float = 0.02, streams: int = 128) -> Cell:
    errors = Errors(p50_us=1, p99_us=ttft_us, max_us=ttft_us, n=1)
    judged = Judged(
        requests=1,
        ttft=errors,
        gap=None if reader == "guidellm" else Errors(p50_us=1, p99_us=50, max_us=60, n=1),
        mean_gap=None,
        merged_share=0,
        flagged=0,
        delivered_of_ideal=0.99,
        standin_late_p50_ms=0.1,
        standin_late_p99_ms=0.2,
    )
    load = Load(streams, Times(), waves=2)
    return Cell(
        reader=reader,
        pair=pair,
        load=load,
        judged=judged,
        cpu_s_per_1000_tokens=cpu_s,
        cpu_s=1,
        memory_mib=40,
        first_request_s=0.3,
        standin_cpu_share=None,
    )


def _named(rows: list[Aim], start: str) -> Aim:
    return next(row for row in rows if row.what.startswith(start))


def test_a_ratio_is_of_cells_of_the_same_pair() -> None:
    ours = [_cell("obt", 1, ttft_us=10), _cell("obt", 2, ttft_us=20)]
    theirs = [_cell("aiperf", 2, ttft_us=2_000), _cell("aiperf", 3, ttft_us=9_000), _cell("aiperf", 1, ttft_us=500)]
    assert ratios(ours, theirs, lambda cell: cell.judged.ttft.p99_us) == [50, 100]


def test_the_best_peer_decides_whether_an_aim_is_met() -> None:
    ours = [_cell("obt", 1)]
    far, near = _cell("guidellm", 1, ttft_us=5_000, cpu_s=0.2), _cell("aiperf", 1, ttft_us=900, cpu_s=0.09)
    met = aims([*ours, far], None, None)
    assert _named(met, "TTFT error p99").met is True
    missed = aims([*ours, far, near], None, None)
    assert (_named(missed, "TTFT error p99").seen, _named(missed, "TTFT error p99").met) == (pytest.approx(90), False)
    assert _named(missed, "CPU of the best peer").seen == pytest.approx(4.5)


def test_a_plain_reader_is_no_peer() -> None:
    rows = aims([_cell("obt", 1), _cell("aiohttp", 1, ttft_us=20)], None, None)
    assert _named(rows, "TTFT error p99") == Aim(_named(rows, "TTFT error p99").what, ">= 100", None, None)


def test_what_was_not_measured_is_neither_met_nor_missed() -> None:
    rows = aims([_cell("obt", 1)], First("obt-client bench", None, None, 0.0, 0.0), None)
    assert [row.met for row in rows if row.seen is None] == [None] * 6
    assert _named(rows, "gap error p99").met is True


def test_tables_have_a_row_a_reader_and_a_dash_where_a_tool_tells_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    cells = [_cell("obt", 1), _cell("guidellm", 1, ttft_us=5_000)]
    print_figures(cells)
    print_ratios(cells)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines] == ["reader", "obt", "guidellm", "reader", "guidellm"]
    assert lines[2].split()[6:9] == ["-", "-", "-"]
    assert "500 (500 to 500)" in lines[4]
