# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measuring a process, and keeping what was measured."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.plan import Series, Turn
from benchmarks.process import environment, measure
from benchmarks.results import Results
from benchmarks.server import BenchError, serve

from .support import ABOUT, run

# A child of the process uses the time and the memory.
BUSY = """
import subprocess, sys
child = "import time; b = bytearray(150_000_000); t = time.process_time()\\nwhile time.process_time() < t + 0.3: pass"
subprocess.run([sys.executable, "-c", child], check=True)
sys.exit(3)
"""


def test_the_whole_tree_is_measured(tmp_path: Path) -> None:
    took = measure([sys.executable, "-c", BUSY], {}, tmp_path / "output.txt")
    assert took.status == 3
    assert took.cpu >= 0.3
    assert took.seconds >= 0.3
    assert 150_000_000 < took.memory < 300_000_000


def test_nothing_of_the_caller_comes_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "ANSIBLE_FORKS",
        "KEYFACTOR_HOSTNAME",
        "HTTPS_PROXY",
        "SSL_CERT_FILE",
        "PYTHONPATH",
    ):
        monkeypatch.setenv(name, "of the caller")
    found = environment(tmp_path, tmp_path / "collections")
    assert "of the caller" not in found.values()
    assert found["HOME"] == str(tmp_path / "home")
    assert Path(found["ANSIBLE_CONFIG"]).read_text() == ""


def test_results_are_resumed(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    results = Results.resumed(path, ABOUT)
    results.add(run("uri", 10, 1.5))
    results.add(run("role", 100, 2.5, number=2, latency=0.05))
    again = Results.resumed(path, ABOUT)
    assert again.runs == results.runs
    assert again.has(Turn(Series(0.05, 100), 2, "role"))
    assert not again.has(Turn(Series(0.0, 100), 2, "role"))


def test_results_of_another_machine_are_not_resumed(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    Results(path, ABOUT).add(run("uri", 10, 1.5))
    with pytest.raises(BenchError, match="measured elsewhere"):
        Results.resumed(path, {**ABOUT, "cpus": 64})


def test_the_emulator_is_counted(tmp_path: Path) -> None:
    with serve(Series(0.0, 3), tmp_path) as server:
        assert len(server.state["environments"]) == 3
        assert server.profiles_sent() == 0
    assert (tmp_path / "inventory.json").is_file()
