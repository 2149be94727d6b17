# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which cores are tested with which Python, and the places that repeat the list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tools.matrix import __main__ as program
from tools.matrix import pythons
from tools.matrix.cores import CORES, SERIES, ends
from tools.matrix.run import BRIEF

ROOT = Path(__file__).parents[4]
PYTHON = """\
#!/bin/sh
# A Python that is what find_python asks for, as far as that goes.
echo {answer}
"""


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """What one test finds is not told to the next."""
    pythons.find.cache_clear()
    yield
    pythons.find.cache_clear()


def put(folder: Path, version: str, answer: str | None = None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"python{version}"
    path.write_text(PYTHON.format(answer=answer or path))
    path.chmod(0o755)
    return path


def test_pythons_on_path_and_of_pyenv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrappers, versions = tmp_path / "shims", tmp_path / "pyenv" / "versions"
    # A wrapper that leads to another version, as pyenv's do.
    put(wrappers, "3.12", str(put(tmp_path / "other", "3.11")))
    put(versions / "3.12.9" / "bin", "3.12")
    newest = put(versions / "3.12.11" / "bin", "3.12")
    plain = put(tmp_path / "bin", "3.13")
    monkeypatch.setenv("PATH", f"{wrappers}:{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    assert pythons.find("3.12") == str(newest)
    assert pythons.find("3.13") == str(plain)
    assert pythons.find("3.99") is None
    by_series = {core.series: core for core in CORES}
    assert pythons.newest(by_series["2.16"]) == str(newest)
    assert pythons.newest(by_series["2.18"]) == str(plain)


def test_ends() -> None:
    assert [core.series for core in ends(CORES, "2.19")] == [SERIES[0], SERIES[-1]]
    assert [core.series for core in ends(CORES, SERIES[-1])] == [SERIES[0]]
    assert [core.series for core in ends(CORES[1:3], "2.19")] == list(SERIES[1:3])
    assert ends([], "2.19") == []


@pytest.mark.parametrize(("which", "status"), [("--core=2.22", 1), ("--ends", 0)])
def test_a_machine_without_the_pythons(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    which: str,
    status: int,
) -> None:
    monkeypatch.setattr(program, "newest", lambda core: None)
    monkeypatch.setattr(program, "PLACE", tmp_path)
    # Nothing tested is a failure where a person asked, and told where make test follows.
    assert program.main([which]) == status
    shown = capsys.readouterr().out
    assert "2.22  -       skipped: no Python 3.14 or 3.13 on this machine" in shown
    assert (tmp_path / "table.txt").read_text() in shown


def test_the_list_of_cores_is_the_same_everywhere() -> None:
    oldest, newest = SERIES[0], int(SERIES[-1].split(".")[1])
    assert list(SERIES) == [f"2.{number}" for number in range(16, newest + 1)]
    runtime = yaml.safe_load((ROOT / "meta/runtime.yml").read_text())
    assert runtime["requires_ansible"] == f">={oldest}.0"
    wanted = (ROOT / "tests/requirements.txt").read_text()
    assert f"\nansible-core >={oldest}, <2.{newest + 1}\n" in wanted
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
