# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the lowest supported versions of the libraries, and of files that repeat them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml

from tools.matrix import __main__ as program
from tools.matrix.cores import CORES, Core
from tools.matrix.lowest import pins
from tools.matrix.outcome import Row, Step
from tools.matrix.run import CHECK_PINS

ROOT = Path(__file__).parents[4]
PINS = pins((ROOT / "requirements.txt").read_text())
# Series, Python, pins, kinds, and whether the integration tests are brief.
Run = tuple[str, str, tuple[str, ...], tuple[str, ...], bool]
LOWEST: Run = ("2.19", "python3.11", tuple(PINS), ("unit", "integration"), True)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Run]:
    """The runs that the program asks for. None of them takes place."""
    recorded: list[Run] = []

    class RecordingTests:
        def __init__(self, core: Core, python: str, lowest: Sequence[str] = ()) -> None:
            self.subject = (core.series, python, tuple(lowest))

        def run(self, kinds: Sequence[str], brief: bool) -> Row:
            recorded.append((*self.subject, tuple(kinds), brief))
            return Row(self.subject[0], "3.11", {kind: Step(True, "1 passed") for kind in kinds})

    monkeypatch.setattr(program, "Tests", RecordingTests)
    monkeypatch.setattr(program, "OUTPUT", tmp_path)
    monkeypatch.setattr(program, "current_series", lambda: "2.19")
    monkeypatch.setattr(program, "newest", lambda core: f"python{core.pythons[0]}")
    monkeypatch.setattr(program, "oldest", lambda core: f"python{core.pythons[-1]}")
    return recorded


def test_pins_are_the_lowest_versions() -> None:
    text = "# comment\n\nrequests >= 2.25.1\nrequests-gssapi >= 1.2\n"
    assert pins(text) == ["requests==2.25.1", "requests-gssapi==1.2"]


@pytest.mark.parametrize("text", ["", "requests\n", "a >= 1.0\nrequests >= 2.25.1, < 3\n"])
def test_every_requirement_needs_a_lowest_version(text: str) -> None:
    with pytest.raises(ValueError, match="needs lines such as"):
        pins(text)


def test_only_the_lowest(runs: list[Run]) -> None:
    assert program.main(["--lowest"]) == 0
    assert runs == [LOWEST]


def test_lowest_are_part_of_the_full_matrix(runs: list[Run]) -> None:
    assert program.main([]) == 0
    assert runs[-1] == LOWEST
    assert [run[0] for run in runs[:-1]] == [core.series for core in CORES]


@pytest.mark.parametrize("option", ["--ends", "--core=2.19", "--only=sanity"])
def test_lowest_are_not_part_of_others(runs: list[Run], option: str) -> None:
    assert program.main([option]) == 0
    assert runs
    assert [run for run in runs if run[2]] == []


def test_lowest_fail_without_a_python(
    runs: list[Run], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(program, "oldest", lambda core: None)
    assert program.main(["--lowest"]) == 1
    assert "2.19 lowest" in capsys.readouterr().out
    assert runs == []


@pytest.mark.parametrize(("number", "status"), [(version("pytest"), 0), ("0.1", 1)])
def test_other_installed_versions_are_noticed(number: str, status: int) -> None:
    command = [sys.executable, "-c", CHECK_PINS, f"pytest=={number}"]
    process = subprocess.run(command, check=False, capture_output=True, text=True)
    assert process.returncode == status
    assert ("pytest==0.1 is not installed" in process.stderr) is bool(status)


def test_files_repeat_the_lowest_versions() -> None:
    assert len(PINS) == 2
    readme = " ".join((ROOT / "README.md").read_text().split())
    support = (ROOT / "docs/support.md").read_text()
    for pin in PINS:
        name, number = pin.split("==")
        assert f"`{name}` {number} or later" in readme
        assert f"\n| `{name}` | {number} |" in support
    fragment = (ROOT / "plugins/doc_fragments/connection.py").read_text()
    assert f"\n  - {PINS[0].replace('==', ' >= ')}\n" in fragment


def test_nightly_tests_the_lowest_versions() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/nightly.yml").read_text())
    assert workflow["jobs"]["lowest"]["steps"][-1] == {"run": 'make matrix ARGS="--lowest"'}
