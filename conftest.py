"""Of all tests: what failed is named at once, since a run that is stopped has no summary."""

import sys

import pytest


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Name a failure when it happens."""
    if report.failed:
        sys.stdout.write(f"\n{report.nodeid}: {report.when} failed\n")
