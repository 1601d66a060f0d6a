"""What the runners report is counted as a person would count it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dev.reports import Counts, of_junit, of_playwright, of_vitest
from dev.trouble import Trouble

JUNIT = """<testsuites><testsuite name="pytest">
<testcase classname="a" name="passes"/>
<testcase classname="a" name="fails"><failure message="no"/></testcase>
<testcase classname="a" name="skips"><skipped message="no Ollama"/></testcase>
<testcase classname="a" name="breaks_in_setup"><error message="no database"/></testcase>
<testcase classname="a" name="fails_twice"><failure message="no"/></testcase>
<testcase classname="a" name="fails_twice"><error message="nor its clean-up"/></testcase>
</testsuite></testsuites>"""


def test_junit_counts_a_test_once_even_if_its_clean_up_fails_too(tmp_path: Path) -> None:
    report = tmp_path / "pytest.xml"
    report.write_text(JUNIT)
    assert of_junit(report) == Counts(passed=1, failed=3, skipped=1)


def test_vitest_counts_a_file_that_could_not_be_loaded_as_a_failure(tmp_path: Path) -> None:
    report = tmp_path / "vitest.json"
    broken: dict[str, object] = {"status": "failed", "assertionResults": []}
    fine = {"status": "passed", "assertionResults": [{"status": "passed"}]}
    told = {"numPassedTests": 7, "numFailedTests": 1, "numPendingTests": 2, "numTodoTests": 1}
    report.write_text(json.dumps({**told, "testResults": [broken, fine]}))
    assert of_vitest(report) == Counts(passed=7, failed=2, skipped=3)


def test_playwright_counts_a_retried_test_as_passed_and_a_broken_setup_as_failed(tmp_path: Path) -> None:
    report = tmp_path / "playwright.json"
    stats = {"expected": 4, "flaky": 1, "unexpected": 2, "skipped": 3}
    report.write_text(json.dumps({"stats": stats, "errors": [{"message": "the server did not start"}]}))
    assert of_playwright(report) == Counts(passed=5, failed=3, skipped=3)


@pytest.mark.parametrize("count", [of_junit, of_vitest, of_playwright])
def test_a_report_that_was_not_written_is_trouble(tmp_path: Path, count: Callable[[Path], Counts]) -> None:
    with pytest.raises(Trouble, match="was not written"):
        count(tmp_path / "nothing")


def test_a_report_that_was_cut_short_is_trouble(tmp_path: Path) -> None:
    report = tmp_path / "vitest.json"
    report.write_text('{"numPassedTests": 7')
    with pytest.raises(Trouble, match="cut short"):
        of_vitest(report)


@pytest.mark.parametrize(
    ("counts", "line"),
    [
        (Counts(12, 0), "12 passed, 0 failed"),
        (Counts(1, 2) + Counts(3, 4), "4 passed, 6 failed"),
        (Counts(5, 0) + Counts(skipped=2), "5 passed, 0 failed, 2 skipped"),
    ],
)
def test_the_closing_line_says_what_was_skipped_only_where_something_was(counts: Counts, line: str) -> None:
    assert counts.line() == line
