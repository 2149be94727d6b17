# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tests of a small project meet the mutants of its code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tools.sources import ROOT

# Forks, so it needs a process without the threads of other tests.
PROGRAM = """
import sys
from pathlib import Path
from tools.mutation.mutants import mutants
from tools.mutation.run import MutationError, Project, check_all, read_baseline

root = Path(sys.argv[1])
path = "plugins/small.py"
found = list(mutants(path, (root / path).read_text()))
project = Project(root, ("tests/unit",), grace=10)
try:
    project.measure(root / "baseline.json")
except MutationError as error:
    sys.exit(str(error))
baseline = read_baseline(root / "baseline.json")
print("survived" == project.run_tests(found[0], baseline))
(root / "tests/unit/plugins/test_small_added.py").write_text(sys.argv[2])
for mutant, outcome in check_all(found, [project], baseline):
    print(outcome, mutant.after)
"""
SOURCE = """
FACTOR = 2

def count(number):
    while number < 3:
        number += 1
    return number

def double(number):
    return number * FACTOR

def triple(number):
    return number * 3

def quadruple(number):
    return number * 4
"""
TESTS = """
from plugins import small

def test_count():
    assert small.count(0) == 3

def test_triple():
    small.triple(1)
"""
OTHER_TESTS = """
from plugins import small

def test_double():
    assert small.double(2) == 4
"""
ADDED_TESTS = """
from plugins import small

def test_quadruple():
    assert small.quadruple(2) == 8
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in {
        "pyproject.toml": '[tool.pytest.ini_options]\npythonpath = ["."]\n',
        "plugins/small.py": SOURCE,
        "tests/unit/plugins/test_small.py": TESTS,
        "tests/unit/plugins/test_other.py": OTHER_TESTS,
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def run(project: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", PROGRAM, str(project), ADDED_TESTS]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=100
    )


def test_outcomes(project: Path) -> None:
    done = run(project)
    assert done.returncode == 0, done.stderr
    unchanged, *outcomes = done.stdout.splitlines()
    assert unchanged == "True"
    assert outcomes == [
        "killed FACTOR = 3",  # by the tests of another file
        "killed while number <= 3:",
        "killed while number < 4:",
        "timeout number -= 1",
        "killed number += 2",
        "killed return None",
        "killed return None",
        "killed return number // FACTOR",
        "survived return None",
        "survived return number // 3",
        "survived return number * 4",
        "killed return None",  # by a test that was added after the measurement
        "killed return number // 4",
        "killed return number * 5",
    ]
    assert (project / "plugins/small.py").read_text() == SOURCE


def test_tests_must_pass_without_a_mutant(project: Path) -> None:
    (project / "plugins/small.py").write_text(SOURCE.replace("FACTOR = 2", "FACTOR = 3"))
    done = run(project)
    assert done.returncode == 1
    assert "The tests fail without a mutant." in done.stderr
    assert "test_double" in (project / "baseline.log").read_text()
