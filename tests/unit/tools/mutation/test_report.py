# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Survivors are printed, and all outcomes counted by room."""

from __future__ import annotations

import pytest

from tools.mutation.mutants import mutants
from tools.mutation.report import Report


def test_report(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report()
    (mutant,) = mutants("plugins/a/b.py", "def f():\n    a = 1\n")
    (other,) = mutants("plugins/c.py", "d = 1\n")
    for outcome in ("killed", "killed", "survived", "timeout"):
        report.add(mutant, outcome)  # type: ignore[arg-type]
    report.add(other, "killed")
    assert capsys.readouterr().out == "".join(
        f"{outcome}: plugins/a/b.py:2 f\n  - a = 1\n  + a = 2\n"
        for outcome in ("survived", "timeout")
    )
    assert report.score() == 80
    assert [line.split() for line in report.table().splitlines()] == [
        ["room", "mutants", "killed", "survived", "timeout", "score"],
        ["plugins", "1", "1", "0", "0", "100.0%"],
        ["plugins/a", "4", "2", "1", "1", "75.0%"],
        ["all", "5", "3", "1", "1", "80.0%"],
    ]


def test_empty_report() -> None:
    assert Report().score() == 100
