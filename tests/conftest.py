"""What holds for every test: how hard Hypothesis tries, and that nothing is skipped in silence."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# A pull request is judged on the same examples each time; the long run looks for new ones.
settings.register_profile("quick", derandomize=True, database=None, deadline=None, print_blob=True, max_examples=100)
settings.register_profile(
    "long", deadline=None, print_blob=True, max_examples=5_000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("quick")


@pytest.fixture(scope="session")
def amount() -> Callable[[int, int], int]:
    """Picks how often a test does a thing: ``amount(100, 3_000)`` is 100, and 3,000 in the long run."""
    is_long = settings.get_current_profile_name() == "long"
    return lambda quick, long: long if is_long else quick


# What pytest writes where the author wrote nothing.
SILENT = {"", "unconditional skip"}


def reason_of(report: Any) -> str | None:
    """Why a test or a file was skipped or expected to fail; ``None`` if it was neither."""
    if hasattr(report, "wasxfail"):
        return str(report.wasxfail).removeprefix("reason: ").strip()
    if not report.skipped:
        return None
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return re.sub("^Skipped:?", "", str(text)).strip()


class SkipGuard:
    """Fails the run when a test was skipped, or expected to fail, and nobody said why."""

    def __init__(self) -> None:
        self.silent: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._look(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._look(report)

    def _look(self, report: Any) -> None:
        if reason_of(report) in SILENT:
            self.silent.append(report.nodeid)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.silent and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.silent:
            terminalreporter.section("skipped without a reason", red=True)
            for nodeid in self.silent:
                terminalreporter.line(nodeid)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(SkipGuard(), "skip-guard")
