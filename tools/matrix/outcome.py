# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What came of the tests, and the table of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

KINDS = ("unit", "sanity", "integration")
HEADINGS = ("CORE", "PYTHON", *(kind.upper() for kind in KINDS))


@dataclass(frozen=True)
class Step:
    """One kind of tests with one core: whether it passed, and the counts in words."""

    passed: bool
    words: str


@dataclass
class Row:
    """One core: its versions and its steps by kind, or why it was skipped."""

    core: str
    python: str = "-"
    steps: dict[str, Step] = field(default_factory=dict)
    why: str = ""

    @property
    def failed(self) -> bool:
        return any(not step.passed for step in self.steps.values())

    def cells(self) -> tuple[str, ...]:
        if self.why:
            return (self.core, self.python, self.why)
        words = (self.steps[kind].words if kind in self.steps else "not run" for kind in KINDS)
        return (self.core, self.python, *words)


def pytest_step(status: int, report: Path) -> Step:
    """Return what pytest's report in JUnit's format says."""
    if not report.is_file():
        return Step(False, f"FAILED: ended with status {status}, without a report")
    suites = ElementTree.parse(report).getroot().iter("testsuite")
    totals = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for suite in suites:
        for name in totals:
            totals[name] += int(suite.get(name, 0))
    bad = totals["failures"] + totals["errors"]
    passed = totals["tests"] - bad - totals["skipped"]
    # A run that tested nothing has not passed.
    good = status == 0 and bad == 0 and passed > 0
    return Step(good, _words(good, passed, bad, totals["skipped"]))


def sanity_step(status: int, output: str, left_out: Sequence[str]) -> Step:
    """Return what ansible-test's output says."""
    ran = set(re.findall(r'^Running sanity test "([^"]+)"', output, re.M))
    listed = re.search(r"listed below \(out of \d+\) failed\..*\n((?:[\w-]+\n?)*)", output)
    failed = set(listed.group(1).split()) if listed else set()
    good = status == 0 and len(ran) > 0
    words = _words(good, len(ran - failed), len(failed), 0)
    return Step(good, words + "".join(f", {name} left out" for name in left_out))


def table(rows: Sequence[Row]) -> str:
    """Return the rows as text. A row that was skipped says why across the columns."""
    cells: list[tuple[str, ...]] = [HEADINGS, *(row.cells() for row in rows)]
    whole = [line for line in cells if len(line) == len(HEADINGS)]
    widths = [max(len(line[at]) for line in whole) for at in range(len(HEADINGS))]
    widths[0] = max(len(line[0]) for line in cells)
    lines = ("  ".join(cell.ljust(widths[at]) for at, cell in enumerate(line)) for line in cells)
    return "\n".join(line.rstrip() for line in lines)


def _words(good: bool, passed: int, failed: int, skipped: int) -> str:
    told = [f"{passed} passed"]
    if failed or not good:
        told.insert(0, f"FAILED: {failed} failed")
    if skipped:
        told.append(f"{skipped} skipped")
    return ", ".join(told)
