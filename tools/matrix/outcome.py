# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Results of the tests and their table."""

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
    """The result of one kind of tests with one core."""

    passed: bool
    summary: str


@dataclass
class Row:
    """One core: its versions and its steps by kind, or a note if it was not tested."""

    core: str
    python: str = "-"
    steps: dict[str, Step] = field(default_factory=dict)
    note: str = ""

    @property
    def failed(self) -> bool:
        return any(not step.passed for step in self.steps.values())

    def cells(self) -> tuple[str, ...]:
        if self.note:
            return (self.core, self.python, self.note)
        return (
            self.core,
            self.python,
            *(self.steps[kind].summary if kind in self.steps else "not run" for kind in KINDS),
        )


def pytest_step(status: int, report: Path) -> Step:
    """Return the result in pytest's JUnit report."""
    if not report.is_file():
        return Step(False, f"FAILED: exit status {status}, no report")
    suites = ElementTree.parse(report).getroot().iter("testsuite")
    totals = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for suite in suites:
        for name in totals:
            totals[name] += int(suite.get(name, 0))
    failed = totals["failures"] + totals["errors"]
    passed = totals["tests"] - failed - totals["skipped"]
    # A run in which no test passed counts as failed.
    ok = status == 0 and failed == 0 and passed > 0
    return Step(ok, _summary(ok, passed, failed, totals["skipped"]))


def sanity_step(status: int, output: str, excluded: Sequence[str]) -> Step:
    """Return the result in the output of ansible-test sanity."""
    ran = set(re.findall(r'^Running sanity test "([^"]+)"', output, re.M))
    listed = re.search(r"listed below \(out of \d+\) failed\..*\n((?:[\w-]+\n?)*)", output)
    failed = set(listed.group(1).split()) if listed else set()
    ok = status == 0 and len(ran) > 0
    summary = _summary(ok, len(ran - failed), len(failed), 0)
    return Step(ok, summary + "".join(f", {name} excluded" for name in excluded))


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a text table, in which a note spans the columns of the results."""
    cells: list[tuple[str, ...]] = [HEADINGS, *(row.cells() for row in rows)]
    complete = [line for line in cells if len(line) == len(HEADINGS)]
    widths = [max(len(line[column]) for line in complete) for column in range(len(HEADINGS))]
    widths[0] = max(len(line[0]) for line in cells)
    lines = ("  ".join(cell.ljust(widths[i]) for i, cell in enumerate(line)) for line in cells)
    return "\n".join(line.rstrip() for line in lines)


def _summary(ok: bool, passed: int, failed: int, skipped: int) -> str:
    counts = [f"{passed} passed"]
    if failed or not ok:
        counts.insert(0, f"FAILED: {failed} failed")
    if skipped:
        counts.append(f"{skipped} skipped")
    return ", ".join(counts)
