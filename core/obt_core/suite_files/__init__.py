"""A suite as a person writes it, in TOML, becomes a plain `Suite`. What a file may say: docs/suites.md.

All that is wrong is told at once, each at its line.
"""

from functools import cache
from importlib import resources
from pathlib import Path

from obt_core.suite_files.contexts import beyond_context, context_tokens
from obt_core.suite_files.problems import Problem, SuiteFileError
from obt_core.suite_files.reader import Reader
from obt_core.suite_files.texts import FILE_BYTES_MAX, shipped_prompts
from obt_core.suites import Suite

SHIPPED = ("quick", "standard", "concurrency", "context", "cold-start")
"""The suites that come with OBT, in the order in which people meet them."""

__all__ = [
    "SHIPPED",
    "Problem",
    "SuiteFileError",
    "beyond_context",
    "context_tokens",
    "parse_suite_file",
    "parse_suite_text",
    "shipped_prompts",
    "shipped_suites",
]


def parse_suite_file(path: Path) -> Suite:
    """Read a suite's file; prompts and traces that it names are read from its folder. Raises SuiteFileError."""
    name = str(path)
    try:
        content = path.read_bytes() if path.stat().st_size <= FILE_BYTES_MAX else None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise SuiteFileError([Problem(name, 1, "", f"cannot be read: {why}")]) from None
    if content is None:
        raise SuiteFileError([Problem(name, 1, "", f"is larger than {FILE_BYTES_MAX:,} bytes")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SuiteFileError([Problem(name, line, "", "is not UTF-8 text")]) from None
    return parse_suite_text(text, name=name, folder=path.parent)


def parse_suite_text(text: str, *, name: str = "suite.toml", folder: Path | None = None) -> Suite:
    """Read a suite. `name` stands before each problem; with a `folder`, files in it may be named.

    Raises SuiteFileError.
    """
    try:
        return Reader(text.replace("\r\n", "\n"), name, folder).suite()
    except RecursionError:
        raise SuiteFileError([Problem(name, 1, "", "is nested too deeply")]) from None


@cache
def shipped_suites() -> tuple[Suite, ...]:
    """Return the suites that come with OBT, the one for a first look first."""
    folder = resources.files("obt_core") / "shipped_suites"
    files = [folder / f"{name}.toml" for name in SHIPPED]
    return tuple(parse_suite_text(file.read_text("utf-8"), name=file.name) for file in files)
