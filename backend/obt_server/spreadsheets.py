"""Tables as CSV that any spreadsheet opens, and that none computes."""

import csv
import io
import re
from collections.abc import Sequence

Cell = str | int | float | None
_FORMULA = re.compile(r"[\s\x00-\x1f\x7f-\x9f]*[=+\-@＝＋－＠]|[\t\r\n]")  # noqa: RUF001 - what spreadsheets compute too


def csv_lines(rows: Sequence[Sequence[Cell]]) -> str:
    """Write lines by RFC 4180. An apostrophe stands before a text that a spreadsheet would compute.

    Every text is quoted: spreadsheets of other languages split at other signs.
    """
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerows([[_safe(cell) for cell in row] for row in rows])
    return text.getvalue()


def _safe(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    return f"'{cell}" if _FORMULA.match(cell) else cell
