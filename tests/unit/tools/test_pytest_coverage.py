# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the coverage of a run includes, and what a run with too little of it ends with."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
INSTALLED = "installed/ansible_collections/keyfactor/command/plugins"
CODE = """\
def sign(number):
    if number < 0:
        return "minus"
    return "plus"
"""
# Covers four of six: one of the four statements and one of the two branches are missed.
TEST = """\
from plugins.signs import sign

def test_plus():
    assert sign(1) == "plus"
"""
FORKED = """
import os

def test_minus():
    child = os.fork()
    if not child:
        sign(-1)
        os._exit(0)
    os.waitpid(child, 0)
"""
# A copy, in a process with another working directory.
INSTALLED_COPY = f"""
import subprocess, sys

def test_minus():
    command = [sys.executable, "-c", "from signs import sign; sign(-1)"]
    subprocess.run(command, cwd={INSTALLED!r}, check=True)
"""


def run(project: Path, test: str, floor: int, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the tests of a project that has this repository's settings, but for the floor."""
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    settings, floors = re.subn(r"(?m)^fail_under = .*$", f"fail_under = {floor}", settings)
    assert floors == 1
    coverage = settings[settings.index("[tool.coverage.run]") :]
    files = {
        "pyproject.toml": '[tool.pytest.ini_options]\npythonpath = ["."]\n' + coverage,
        "plugins/signs.py": CODE,
        f"{INSTALLED}/signs.py": CODE,
        "test_signs.py": test,
    }
    for name, content in files.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    # The run of this test may be measured as well, into files of its own.
    environment = {
        k: v for k, v in os.environ.items() if not k.startswith(("COVERAGE_", "PYTEST_"))
    }
    environment |= {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tools.pytest_coverage", *options],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def last_line(done: subprocess.CompletedProcess[str]) -> str:
    assert not done.stderr
    return done.stdout.splitlines()[-1].strip("= ")


@pytest.mark.parametrize(("floor", "status"), [(66, 0), (67, 1), (100, 1)])
def test_a_total_below_the_floor_fails_the_run(tmp_path: Path, floor: int, status: int) -> None:
    done = run(tmp_path, TEST, floor)
    assert done.returncode == status, done.stdout
    assert re.search(r"plugins/signs.py +4 +1 +2 +1 +66.67% +3\n", done.stdout)
    failure = f"Coverage failure: total of 66.67% is below {floor}%"
    assert (failure in done.stdout) == bool(status)
    assert re.fullmatch(r"1 passed in [\d.]+s", last_line(done))


@pytest.mark.parametrize("more", [FORKED, INSTALLED_COPY], ids=["forked", "installed copy"])
def test_other_processes_count(tmp_path: Path, more: str) -> None:
    done = run(tmp_path, TEST + more, 100)
    assert done.returncode == 0, done.stdout
    assert re.fullmatch(r"2 passed in [\d.]+s", last_line(done))


def test_parallel_workers_count(tmp_path: Path) -> None:
    done = run(tmp_path, TEST + INSTALLED_COPY, 100, "-p", "xdist.plugin", "--numprocesses=2")
    assert done.returncode == 0, done.stdout
    assert "2 workers" in done.stdout
    assert re.fullmatch(r"2 passed in [\d.]+s", last_line(done))


def test_a_file_that_nothing_imports_counts(tmp_path: Path) -> None:
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "unused.py").write_text("USED = False\n", encoding="utf-8")
    done = run(tmp_path, TEST + FORKED, 100)
    assert done.returncode == 1, done.stdout
    assert re.search(r"plugins/unused.py +1 +1 +0 +0 +0.00% +1\n", done.stdout)


def test_failed_tests_stay_failed(tmp_path: Path) -> None:
    done = run(tmp_path, TEST + FORKED + "\ndef test_no():\n    assert False\n", 100)
    assert done.returncode == 1, done.stdout
    assert re.fullmatch(r"1 failed, 2 passed in [\d.]+s", last_line(done))
