"""What the test runners reported, counted. Standard library only."""

import json
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from dev.trouble import Trouble


@dataclass(frozen=True)
class Counts:
    """How many tests passed, failed, and were skipped."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def line(self) -> str:
        """Return the closing line: `N passed, N failed`, and what was skipped if anything was."""
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


def of_junit(report: Path) -> Counts:
    """Count pytest's `--junit-xml`. A test that fails and whose clean-up fails too is one failed test."""
    cases = list(ET.fromstring(_read(report)).iter("testcase"))  # noqa: S314 - our own pytest wrote it
    by_test: dict[tuple[str | None, str | None], set[str]] = {}
    for case in cases:
        ends = by_test.setdefault((case.get("classname"), case.get("name")), set())
        ends.update(child.tag for child in case if child.tag in {"failure", "error", "skipped"})
    failed = sum(bool(ends & {"failure", "error"}) for ends in by_test.values())
    skipped = sum(ends == {"skipped"} for ends in by_test.values())
    return Counts(len(by_test) - failed - skipped, failed, skipped)


def of_vitest(report: Path) -> Counts:
    """Count Vitest's JSON reporter. A file that could not be run at all counts as one failed test."""
    told = _json(report)
    failed = _number(told, "numFailedTests") + sum(_is_broken(file) for file in _list(told, "testResults"))
    return Counts(
        _number(told, "numPassedTests"), failed, _number(told, "numPendingTests") + _number(told, "numTodoTests")
    )


def of_playwright(report: Path) -> Counts:
    """Count Playwright's JSON reporter. An error outside any test counts as one failed test."""
    told = _json(report)
    stats = cast("dict[str, object]", told.get("stats", {}))
    passed = _number(stats, "expected") + _number(stats, "flaky")
    return Counts(passed, _number(stats, "unexpected") + len(_list(told, "errors")), _number(stats, "skipped"))


def _is_broken(file: dict[str, object]) -> bool:
    return file.get("status") == "failed" and not _list(file, "assertionResults")


def _read(report: Path) -> str:
    try:
        return report.read_text("utf-8")
    except OSError as error:
        raise Trouble(f"The report {report.name} was not written.") from error


def _json(report: Path) -> dict[str, object]:
    try:
        return cast("dict[str, object]", json.loads(_read(report)))
    except ValueError as error:
        raise Trouble(f"The report {report.name} is cut short.") from error


def _number(told: dict[str, object], name: str) -> int:
    value = told.get(name, 0)
    return value if isinstance(value, int) else 0


def _list(told: dict[str, object], name: str) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", told.get(name) or [])
