# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the results of the matrix and of their table."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.matrix.outcome import Row, Step, pytest_step, sanity_step, table

SANITY = """\
Running sanity test "compile"
Running sanity test "validate-modules"
ERROR: Found 1 validate-modules issue(s) which need to be resolved:
ERROR: plugins/modules/x.py:0:0: invalid-documentation: x
ERROR: The 1 sanity test(s) listed below (out of 2) failed. See error output above for details.
validate-modules
"""


def write_report(
    directory: Path, tests: int, failures: int = 0, errors: int = 0, skipped: int = 0
) -> Path:
    path = directory / "unit.xml"
    path.write_text(
        f'<testsuites><testsuite tests="{tests}" failures="{failures}" errors="{errors}" '
        f'skipped="{skipped}"/></testsuites>'
    )
    return path


def test_pytest_counts(tmp_path: Path) -> None:
    path = write_report(tmp_path, 12, skipped=2)
    assert pytest_step(0, path) == Step(True, "10 passed, 2 skipped")


@pytest.mark.parametrize(
    ("status", "counts", "summary"),
    [
        (1, {"tests": 12, "failures": 1, "errors": 1}, "FAILED: 2 failed, 10 passed"),
        (0, {"tests": 2, "skipped": 2}, "FAILED: 0 failed, 0 passed, 2 skipped"),
        (1, {"tests": 3}, "FAILED: 0 failed, 3 passed"),
    ],
)
def test_pytest_failures(tmp_path: Path, status: int, counts: dict[str, int], summary: str) -> None:
    assert pytest_step(status, write_report(tmp_path, **counts)) == Step(False, summary)


def test_missing_report_is_a_failure(tmp_path: Path) -> None:
    step = pytest_step(0, tmp_path / "none.xml")
    assert not step.passed
    assert "no report" in step.summary


def test_sanity_counts() -> None:
    assert sanity_step(0, SANITY.partition("ERROR")[0], []) == Step(True, "2 passed")
    assert sanity_step(1, SANITY, []) == Step(False, "FAILED: 1 failed, 1 passed")
    assert sanity_step(0, "", []) == Step(False, "FAILED: 0 failed, 0 passed")
    step = sanity_step(0, 'Running sanity test "compile"\n', ["pylint"])
    assert step == Step(True, "1 passed, pylint excluded")


def test_table() -> None:
    steps = {"unit": Step(True, "10 passed"), "sanity": Step(False, "FAILED: 1 failed, 1 passed")}
    rows = [
        Row("2.16.19", "3.12.1", steps),
        Row("2.22", note="skipped: no Python 3.14 or 3.13 on this machine"),
    ]
    assert [row.failed for row in rows] == [True, False]
    assert table(rows).splitlines() == [
        "CORE     PYTHON  UNIT       SANITY                      INTEGRATION",
        "2.16.19  3.12.1  10 passed  FAILED: 1 failed, 1 passed  not run",
        "2.22     -       skipped: no Python 3.14 or 3.13 on this machine",
    ]
