"""Survival tests say what they counted; the figures stand at the end of the run."""

from __future__ import annotations

from collections.abc import Callable

import pytest

PROPERTY = "survival figure"


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Says a line with what a test counted."""

    def say(line: str) -> None:
        record_property(PROPERTY, line)
        print(line)  # noqa: T201 - `pytest -rA` shows it beside the test

    return say


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """All figures of the run, whichever process counted them."""
    reports = [report for outcome in ("passed", "failed", "xfailed") for report in terminalreporter.getreports(outcome)]
    lines = sorted({str(line) for report in reports for name, line in report.user_properties if name == PROPERTY})
    if lines:
        terminalreporter.section("survival")
        for line in lines:
            terminalreporter.line(line)
