"""Numbers as text: the one formatter of the command line."""

import pytest

from obt_client.cli import show
from obt_core.results import Estimate
from obt_core.suites import Metric


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (98.347, "98.3"),
        (0.04567, "0.0457"),
        (999.96, "1,000"),
        (12_345.6, "12,346"),
        (99.96, "100"),
        (3, "3.00"),
    ],
)
def test_a_figure_has_three_digits(value: float, text: str) -> None:
    assert show.figure(value) == text


@pytest.mark.parametrize(
    ("value_ms", "text"), [(0.0123, "12.3 µs"), (0.5, "0.500 ms"), (41.26, "41.3 ms"), (1_234.5, "1.23 s"), (0, "0 ms")]
)
def test_a_time_has_the_unit_that_reads_best(value_ms: float, text: str) -> None:
    assert show.duration_ms(value_ms) == text


@pytest.mark.parametrize(
    ("share", "text"), [(0.005, "+0.5 %"), (-0.031, "-3.1 %"), (0.56, "+56 %"), (12.345, "+1,234 %"), (0, "+0.0 %")]
)
def test_a_change_has_its_sign(share: float, text: str) -> None:
    assert show.signed_percent(share) == text


@pytest.mark.parametrize(("seconds", "text"), [(-1, "0:00"), (7.4, "0:07"), (200, "3:20"), (3_840, "1:04:00")])
def test_a_wait(seconds: float, text: str) -> None:
    assert show.span(seconds) == text


def test_an_estimate_tells_the_wider_side_of_its_interval_and_what_was_not_measured_is_a_dash() -> None:
    assert show.estimate(Metric.DECODE, Estimate(median=100, low=98, high=101, n=20)) == "100 ±2.0 %"
    assert show.estimate(Metric.TTFT, Estimate(median=41.3, low=None, high=None, n=3)) == "41.3 ms"
    assert show.estimate(Metric.TTFT, None) == "-"


@pytest.mark.parametrize(
    ("name", "width", "text"),
    [
        ("llama3.2:3b", 20, "llama3.2:3b"),
        ("hf.co/some/very-long-name-of-a-model:Q4_K_M", 20, "hf.co/s…model:Q4_K_M"),
        ("abcdef", 1, "a"),
    ],
)
def test_a_name_is_cut_in_the_middle(name: str, width: int, text: str) -> None:
    assert show.shorten(name, width) == text
    assert len(text) <= width


@pytest.mark.parametrize("width", [40, 60, 80, 160])
def test_tables_hold_every_figure_whatever_the_width(width: int) -> None:
    heading = ["workload", *(f"column {n}" for n in range(12)), "empty"]
    rows = [[f"a-workload-{row}", *(f"{row}.{n} ±1.0 %" for n in range(12)), "-"] for row in range(3)]
    lines = show.tables(heading, rows, width)
    assert max(map(len, lines)) <= width
    text = "\n".join(lines)
    assert all(cell in text for row in rows for cell in row[1:-1])
    assert "empty" not in text


def test_a_number_stays_beside_its_unit() -> None:
    lines = show.paragraph("A chance of 0.5 % and 12 ms", 17, indent="")
    assert lines == ["A chance of 0.5 %", "and 12 ms"]
