# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A pytest plugin that measures coverage: pytest -p tools.pytest_coverage

It follows [tool.coverage] of the pyproject.toml in pytest's root directory and measures every place
of [tool.coverage.paths]. The report comes before pytest's closing lines, so that the last line of a
run still counts the tests. A total below fail_under fails the run.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import coverage
import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Start before any conftest.py imports what is measured."""
    early_config.pluginmanager.register(Measurement(early_config.rootpath))


class Measurement:
    """The coverage of one run, in all of its processes."""

    def __init__(self, root: Path) -> None:
        self._config_file = str(root / "pyproject.toml")
        self._coverage = coverage.Coverage(config_file=self._config_file)
        paths: Any = self._coverage.get_option("paths")
        self._sources = [root / places[0] for places in paths.values()]
        copies = [place for places in paths.values() for place in places[1:]]
        # Absolute, because a process would take them relative to its own working directory.
        include = [f"{place}/*" for place in (*self._sources, *copies)]
        self._coverage.set_option("run:include", include)
        self._coverage.erase()
        self._coverage.start()
        self._report = ""
        self._failure = ""

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Stop, and fail the run if too little was covered."""
        self._coverage.stop()
        self._coverage.save()
        combined = coverage.Coverage(config_file=self._config_file)
        combined.combine()
        combined.save()
        # Files that no process imported count as well.
        files = [str(path) for source in self._sources for path in source.rglob("*.py")]
        report = io.StringIO()
        total = combined.report(files, file=report)
        self._report = report.getvalue()
        floor: Any = combined.get_option("report:fail_under")
        if total < floor:
            self._failure = f"Coverage failure: total of {total:.2f}% is below {floor:g}%"
            if session.exitstatus == pytest.ExitCode.OK:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Show what is not covered."""
        terminalreporter.section("coverage")
        terminalreporter.write(self._report)
        if self._failure:
            terminalreporter.write_line(self._failure, red=True)
