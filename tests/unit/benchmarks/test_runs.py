# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of measuring a process and storing results."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.plan import Series, Turn
from benchmarks.process import environment_variables, measure
from benchmarks.results import Results
from benchmarks.server import BenchError, serve

from .support import ABOUT, sample_run

# The time and memory are used by a child process.
BUSY = """
import subprocess, sys
child = "import time; b = bytearray(150_000_000); t = time.process_time()\\nwhile time.process_time() < t + 0.3: pass"
subprocess.run([sys.executable, "-c", child], check=True)
sys.exit(3)
"""


def test_measures_descendants(tmp_path: Path) -> None:
    measurement = measure([sys.executable, "-c", BUSY], {}, tmp_path / "output.txt")
    assert measurement.status == 3
    assert measurement.cpu >= 0.3
    assert measurement.seconds >= 0.3
    # The peak includes that of this process, from which the first child was forked.
    assert 150_000_000 < measurement.memory < 1_500_000_000


def test_ignores_environment_of_caller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "ANSIBLE_FORKS",
        "KEYFACTOR_HOSTNAME",
        "HTTPS_PROXY",
        "SSL_CERT_FILE",
        "PYTHONPATH",
    ):
        monkeypatch.setenv(name, "of the caller")
    variables = environment_variables(tmp_path, tmp_path / "collections")
    assert "of the caller" not in variables.values()
    assert variables["HOME"] == str(tmp_path / "home")
    assert Path(variables["ANSIBLE_CONFIG"]).read_text() == ""


def test_resumes_results(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    results = Results.resume(path, ABOUT)
    results.add(sample_run("uri", 10, 1.5))
    results.add(sample_run("role", 100, 2.5, number=2, latency=0.05))
    resumed = Results.resume(path, ABOUT)
    assert resumed.runs == results.runs
    assert resumed.has(Turn(Series(0.05, 100), 2, "role"))
    assert not resumed.has(Turn(Series(0.0, 100), 2, "role"))


def test_refuses_to_resume_results_of_another_system(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    Results(path, ABOUT).add(sample_run("uri", 10, 1.5))
    with pytest.raises(BenchError, match="results of another system"):
        Results.resume(path, {**ABOUT, "cpus": 64})


def test_serves_environments_and_writes_inventory(tmp_path: Path) -> None:
    with serve(Series(0.0, 3), tmp_path) as server:
        assert len(server.state["environments"]) == 3
        assert server.profiles_sent() == 0
    assert (tmp_path / "inventory.json").is_file()
