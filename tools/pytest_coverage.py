# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A pytest plugin that measures coverage: pytest -p tools.pytest_coverage

It reads [tool.coverage] from pyproject.toml in pytest's root directory and measures all directories
of [tool.coverage.paths]. The report precedes pytest's summary line, so that the last line of a run
still counts the tests. A total below fail_under fails the run.
"""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import coverage
import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Start before any conftest.py imports measured code."""
    # A worker of pytest-xdist is a subprocess of the run that measures.
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    early_config.pluginmanager.register(Measurement(early_config.rootpath))


class Measurement:
    """The coverage of one test run, including subprocesses."""

    def __init__(self, root: Path) -> None:
        self._config_file = str(root / "pyproject.toml")
        self._coverage = coverage.Coverage(config_file=self._config_file)
        paths: Any = self._coverage.get_option("paths")
        self._sources = [root / directories[0] for directories in paths.values()]
        copies = [path for directories in paths.values() for path in directories[1:]]
        # Absolute paths, because subprocesses have other working directories.
        include = [f"{path}/*" for path in (*self._sources, *copies)]
        self._coverage.set_option("run:include", include)
        self._coverage.erase()
        self._coverage.start()
        self._report = ""
        self._failure = ""

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Stop measuring, and fail the run if the total is too low."""
        self._coverage.stop()
        self._coverage.save()
        combined = coverage.Coverage(config_file=self._config_file)
        combined.combine()
        combined.save()
        # Include files that no process imported.
        files = [str(path) for source in self._sources for path in source.rglob("*.py")]
        report = io.StringIO()
        total = combined.report(files, file=report)
        self._report = report.getvalue()
        minimum: Any = combined.get_option("report:fail_under")
        if total < minimum:
            self._failure = f"Coverage failure: total of {total:.2f}% is below {minimum:g}%"
            if session.exitstatus == pytest.ExitCode.OK:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Show the coverage report."""
        terminalreporter.section("coverage")
        terminalreporter.write(self._report)
        if self._failure:
            terminalreporter.write_line(self._failure, red=True)
