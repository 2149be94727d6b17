# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the selection of cores and Pythons, and of files that repeat the list of cores."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tools.matrix import __main__ as program
from tools.matrix import pythons
from tools.matrix.cores import CORES, SERIES, oldest_and_newest
from tools.matrix.run import BRIEF

ROOT = Path(__file__).parents[4]
PYTHON = """\
#!/bin/sh
# A fake Python that satisfies find_python.
echo {answer}
"""


@pytest.fixture(autouse=True)
def clear_cache() -> Iterator[None]:
    """Do not share found interpreters between tests."""
    pythons.find.cache_clear()
    yield
    pythons.find.cache_clear()


def write_python(folder: Path, version: str, answer: str | None = None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"python{version}"
    path.write_text(PYTHON.format(answer=answer or path))
    path.chmod(0o755)
    return path


def test_finds_pythons_on_path_and_of_pyenv(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrappers, versions = tmp_path / "shims", tmp_path / "pyenv" / "versions"
    # A wrapper that runs another version, as those of pyenv do.
    write_python(wrappers, "3.12", str(write_python(tmp_path / "other", "3.11")))
    write_python(versions / "3.12.9" / "bin", "3.12")
    newest = write_python(versions / "3.12.11" / "bin", "3.12")
    on_path = write_python(tmp_path / "bin", "3.13")
    monkeypatch.setenv("PATH", f"{wrappers}:{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    assert pythons.find("3.12") == str(newest)
    assert pythons.find("3.13") == str(on_path)
    assert pythons.find("3.99") is None
    by_series = {core.series: core for core in CORES}
    assert pythons.newest(by_series["2.16"]) == str(newest)
    assert pythons.newest(by_series["2.18"]) == str(on_path)


def test_oldest_and_newest() -> None:
    assert [core.series for core in oldest_and_newest(CORES, "2.19")] == [SERIES[0], SERIES[-1]]
    assert [core.series for core in oldest_and_newest(CORES, SERIES[-1])] == [SERIES[0]]
    assert [core.series for core in oldest_and_newest(CORES[1:3], "2.19")] == list(SERIES[1:3])
    assert oldest_and_newest([], "2.19") == []


@pytest.mark.parametrize(("option", "status"), [("--core=2.22", 1), ("--ends", 0)])
def test_fails_without_pythons_unless_make_test_follows(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    option: str,
    status: int,
) -> None:
    monkeypatch.setattr(program, "newest", lambda core: None)
    monkeypatch.setattr(program, "OUTPUT", tmp_path)
    # --ends succeeds without a Python, because make test follows in continuous integration.
    assert program.main([option]) == status
    output = capsys.readouterr().out
    assert "2.22  -       skipped: no Python 3.14 or 3.13 on this machine" in output
    assert (tmp_path / "table.txt").read_text() in output


def test_files_repeat_list_of_cores() -> None:
    oldest, newest = SERIES[0], int(SERIES[-1].split(".")[1])
    assert list(SERIES) == [f"2.{number}" for number in range(16, newest + 1)]
    runtime = yaml.safe_load((ROOT / "meta/runtime.yml").read_text())
    assert runtime["requires_ansible"] == f">={oldest}.0"
    requirements = (ROOT / "tests/requirements.in").read_text()
    assert f"\nansible-core >={oldest}, <2.{newest + 1}\n" in requirements
    assert (
        f"The collection runs on ansible-core {oldest} or later."
        in (ROOT / "README.md").read_text()
    )
    for name in ("ci.yml", "nightly.yml"):
        workflow = yaml.safe_load((ROOT / ".github/workflows" / name).read_text())
        assert workflow["jobs"]["cores"]["strategy"]["matrix"]["core"] == list(SERIES), name
    support = (ROOT / "docs/support.md").read_text()
    rows = re.findall(r"^\| (2\.\d+)[^|]* \| ([^|]+) \|", support, re.M)
    assert rows == [(core.series, ", ".join(reversed(core.pythons))) for core in CORES]


def test_brief_tests_exist() -> None:
    assert [name for name in BRIEF if not (ROOT / "tests/integration" / name).is_file()] == []
