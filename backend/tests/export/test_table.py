"""Tables of results: every text comes back as it was, and no spreadsheet computes one."""

import csv
import io
import math
import re

from hypothesis import given
from hypothesis import strategies as st

from obt_server.export.table import markdown_lines
from obt_server.spreadsheets import csv_lines

TEXT = st.text(st.characters(exclude_categories=("Cs",))) | st.text(st.sampled_from("=+-@＝,;\"'|\\\n\r\t_*`< a1"))  # noqa: RUF001
CELL = TEXT | st.floats(allow_nan=False, allow_infinity=False) | st.integers() | st.none()
SIGNS = tuple("=+-@＝＋－＠\t\r\n")  # noqa: RUF001


@given(st.lists(st.tuples(CELL, CELL, CELL), max_size=5))
def test_csv_reads_back_what_was_written(rows: list[tuple[str | float | None, ...]]) -> None:
    read = list(csv.reader(io.StringIO(csv_lines(rows), newline="")))
    assert len(read) == len(rows)
    for row, told in zip(rows, read, strict=True):
        for cell, text in zip(row, told, strict=True):
            if isinstance(cell, str):
                assert text in {cell, f"'{cell}"}
                assert not text.lstrip().startswith(SIGNS)
            elif cell is None:
                assert text == ""
            else:
                assert math.isclose(float(text), cell)


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=5))
def test_markdown_has_a_line_a_row_and_a_cell_a_column(rows: list[tuple[str | float | None, ...]]) -> None:
    lines = markdown_lines(rows).splitlines()
    assert len(lines) == len(rows)
    for row, line in zip(rows, lines, strict=True):
        cells = re.split(r"(?<!\\)(?:\\\\)*\|", line)[1:-1]
        assert len(cells) == len(row)


def test_numbers_stay_numbers_and_names_readable() -> None:
    assert csv_lines([["=1+1", -2.5, None, "-2", "a,b"]]) == '"\'=1+1",-2.5,"","\'-2","a,b"\r\n'
    assert markdown_lines([["qwen3_8b|<i>", 98.4, None]]) == "| qwen3_8b\\|\\<i\\> | 98.4 |  |\n"
