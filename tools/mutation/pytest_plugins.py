# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plugins of pytest: one records which lines each test runs, one runs selected tests."""

from __future__ import annotations

import hashlib
import sys
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import coverage
import hypothesis
import pytest


@dataclass(frozen=True)
class Baseline:
    """What a run of the tests of unchanged code has shown."""

    seconds: dict[str, float]  # by the name of a test
    tests: dict[str, dict[str, list[str]]]  # by file and line; "" is the line's import
    digests: dict[str, str]  # of the files
    modules: list[str]  # which were imported


def load_hypothesis_profile(**settings: Any) -> None:
    """Change the settings of the unit tests' profile."""
    hypothesis.settings.register_profile("mutation", parent=hypothesis.settings.default, **settings)
    hypothesis.settings.load_profile("mutation")


class Recorder:
    """Records a baseline."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._coverage = coverage.Coverage(
            data_file=None, config_file=False, include=[f"{root}/plugins/*"]
        )
        self._coverage.start()
        self._seconds: dict[str, float] = defaultdict(float)

    def pytest_sessionstart(self) -> None:
        """Try few examples: more run hardly any other line."""
        load_hypothesis_profile(max_examples=25)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._coverage.switch_context(item.nodeid)
        yield
        self._coverage.switch_context("")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._seconds[report.nodeid] += report.duration

    def baseline(self) -> dict[str, object]:
        """Return the baseline as JSON takes it."""
        self._coverage.stop()
        data = self._coverage.get_data()
        tests, digests = {}, {}
        for file in data.measured_files():
            name = str(Path(file).relative_to(self._root))
            lines = data.contexts_by_lineno(file)
            tests[name] = {str(line): sorted(contexts) for line, contexts in lines.items()}
            digests[name] = hashlib.sha256(Path(file).read_bytes()).hexdigest()
        return asdict(Baseline(dict(self._seconds), tests, digests, sorted(sys.modules)))


class Selection:
    """Runs selected tests, the fastest first, and accepts the first counterexample as it is.

    Tests that were not measured run as well.
    """

    def __init__(self, selected: Collection[str], seconds: Mapping[str, float]) -> None:
        self._selected = selected
        self._seconds = seconds

    def pytest_sessionstart(self) -> None:
        """Find no smaller counterexamples, which takes long."""
        load_hypothesis_profile(phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate))

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        chosen = [
            item
            for item in items
            if item.nodeid in self._selected or item.nodeid not in self._seconds
        ]
        items[:] = sorted(chosen, key=lambda item: self._seconds.get(item.nodeid, 0))
