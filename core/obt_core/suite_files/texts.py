"""What a suite's file takes from other files: prompts, shipped or beside it, and recorded traces."""

import csv
import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from obt_core.suite_files.problems import Problem, SuiteFileError, explained, shown
from obt_core.suites import ReplayRequest

FILE_BYTES_MAX = 1_000_000
TRACE_COLUMNS = ("at_s", "prompt_tokens", "generate_tokens")


class TakenFileError(ValueError):
    """A named file that cannot be taken."""


@cache
def shipped_prompts() -> dict[str, tuple[str, str]]:
    """The prompts that come with OBT by their names, each with its purpose and its text."""
    folder = resources.files("obt_core") / "prompts"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    read = {file.name.removesuffix(".toml"): tomllib.loads(file.read_text("utf-8")) for file in files}
    return {name: (content["purpose"], content["text"].strip("\n")) for name, content in read.items()}


def prompt_text(name: object, folder: Path | None) -> str:
    """The text of a shipped prompt, or of a file beside the suite, without its last line ends.

    Raises TakenFileError.
    """
    if not isinstance(name, str):
        raise TakenFileError(f"is {shown(name)}; it must be the name of a prompt or of a file, in quotes")
    if shipped := shipped_prompts().get(name):
        return shipped[1]
    known = ", ".join(shipped_prompts())
    if close := get_close_matches(name, list(shipped_prompts()), n=1, cutoff=0.75):
        known = f'did you mean "{close[0]}"? {known}'
    if folder is None:
        raise TakenFileError(f"there is no shipped prompt {shown(name)}: {known}")
    try:
        return _beside(name, folder).rstrip("\n")
    except FileNotFoundError:
        raise TakenFileError(
            f"there is no file {shown(name)} beside the suite, nor a shipped prompt: {known}"
        ) from None


def trace_requests(name: object, folder: Path | None) -> list[dict[str, Any]]:
    """The requests of a CSV file beside the suite. Raises TakenFileError, and SuiteFileError with the file's lines."""
    if not isinstance(name, str):
        raise TakenFileError(f"is {shown(name)}; it must be the name of a CSV file, in quotes")
    if folder is None:
        raise TakenFileError("a trace stands beside the suite's file, and this suite is in none: write its requests")
    try:
        text = _beside(name, folder)
    except FileNotFoundError:
        raise TakenFileError(f"there is no file {shown(name)} beside the suite") from None
    return _rows(name, text)


def _beside(name: str, folder: Path) -> str:
    """Read a file of that folder. Raises FileNotFoundError, TakenFileError."""
    try:
        path = (folder / name.replace("\x00", "\N{REPLACEMENT CHARACTER}")).resolve(strict=True)
        if wrong := _wrong_with(path, folder):
            raise TakenFileError(f"{shown(name)} {wrong}")
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TakenFileError(f"{shown(name)} is not UTF-8 text: see its byte {error.start + 1}") from None
    except FileNotFoundError:
        raise
    except (OSError, RuntimeError) as error:  # RuntimeError: links that lead to each other
        raise TakenFileError(f"{shown(name)} cannot be read: {error}") from None


def _wrong_with(path: Path, folder: Path) -> str | None:
    if not path.is_relative_to(folder.resolve()):
        return "is outside of the suite's folder: only files in it are read"
    if not path.is_file():
        return "is no file"
    if path.stat().st_size > FILE_BYTES_MAX:
        return f"is larger than {FILE_BYTES_MAX:,} bytes"
    return None


def _rows(name: str, text: str) -> list[dict[str, Any]]:
    reader = csv.DictReader(text.splitlines(), restkey="more")
    requests: list[dict[str, Any]] = []
    problems: list[Problem] = []
    try:
        if tuple(reader.fieldnames or ()) != TRACE_COLUMNS:
            found = shown(",".join(reader.fieldnames or ()))
            raise SuiteFileError([Problem(name, 1, "", f"begins with {found}; it must be {','.join(TRACE_COLUMNS)}")])
        for row in reader:
            before = requests[-1]["at_s"] if requests else 0.0
            problems.extend(Problem(name, reader.line_num, *wrong) for wrong in _take_row(row, before, requests))
    except csv.Error as error:
        problems.append(Problem(name, max(1, reader.line_num), "", f"is no CSV: {error}"))
    if problems or not requests:
        raise SuiteFileError(problems or [Problem(name, 1, "", "holds no requests")])
    return requests


def _take_row(row: dict[str, Any], before_s: float, requests: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Add a row to the requests, or yield each column that is wrong and what is."""
    if "more" in row:
        yield "", f"has more than {len(TRACE_COLUMNS)} cells"
        return
    try:
        request = ReplayRequest.model_validate(row)
    except ValidationError as error:
        yield from ((str(each["loc"][0]), explained(each)) for each in error.errors())
        return
    if request.at_s < before_s:
        yield "at_s", f"is {request.at_s:g}, before {before_s:g} of the row above: a trace stands in order"
        return
    requests.append(request.model_dump())
