# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the locks of the test requirements, and of their installation."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TESTS = ROOT / "tests"
INPUTS = sorted(TESTS.glob("requirements*.in"))
LOCKED = re.compile(
    r"^([\w.-]+)==(\S+)(?: ; [^\\\n]+)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.M
)
PINNED = re.compile(r"^([\w.-]+) == (\S+)$", re.M)
# A fake Python that writes its arguments to a file. It is the one in the environment as well.
PYTHON = """\
#!/bin/sh
echo "$*" >>{log}
if [ "$2" = venv ]; then mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; fi
"""


def locked(path: Path) -> set[tuple[str, str]]:
    """Return the names and versions in a lock. All of its lines must have a version and hashes."""
    text = path.read_text()
    others = LOCKED.sub("", text).splitlines()
    assert [line for line in others if not line.startswith("#")] == []
    return {(name, version) for name, version, _hashes in LOCKED.findall(text)}


def pinned(path: Path) -> set[tuple[str, str]]:
    """Return the names and versions in an input."""
    found = PINNED.findall(path.read_text())
    assert found
    return {(re.sub(r"[-_.]+", "-", name).lower(), version) for name, version in found}


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.name)
def test_locks_are_up_to_date(path: Path) -> None:
    assert pinned(path) - locked(path.with_suffix(".txt")) == set()


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.name)
def test_locks_are_for_all_pythons_and_name_no_index(path: Path) -> None:
    text = path.with_suffix(".txt").read_text()
    # Dependabot takes these options from the head.
    assert " --universal --python-version 3.11 --generate-hashes " in text
    assert re.findall(r"://|--(?:extra-)?index-url |--find-links ", text) == []


def test_every_lock_has_an_input() -> None:
    locks = [path.stem for path in sorted(TESTS.glob("requirements*.txt"))]
    assert [path.stem for path in INPUTS] == locks


def test_locks_of_one_environment_agree() -> None:
    """Installing one must not replace what another one installed in .venv/."""
    versions: dict[str, set[frozenset[str]]] = {}
    for suffix in ("", "-build", "-lint", "-kerberos"):
        lock = locked(TESTS / f"requirements{suffix}.txt")
        for package, _version in lock:
            found = frozenset(version for each, version in lock if each == package)
            versions.setdefault(package, set()).add(found)
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


@pytest.mark.parametrize("name", ["requirements-awx", "requirements-kerberos"])
def test_locks_without_dependencies(name: str) -> None:
    assert locked(TESTS / f"{name}.txt") == pinned(TESTS / f"{name}.in")


def test_packages_of_locks_need_hashes(tmp_path: Path) -> None:
    python, log, venv = tmp_path / "python", tmp_path / "log", tmp_path / "venv"
    python.write_text(PYTHON.format(log=log))
    python.chmod(0o755)
    command = [ROOT / "tools/new_venv", venv, python, "tests/a.txt", "tests/b.txt", "--", "x==1"]
    subprocess.run(command, check=True, capture_output=True)
    calls = log.read_text().splitlines()
    pip = "-m pip install --quiet --disable-pip-version-check"
    assert calls == [
        f"-m venv {venv}",
        f"{pip} --require-hashes --only-binary :all: -r {TESTS}/requirements-build.txt",
        f"{pip} --require-hashes --no-build-isolation -r tests/a.txt",
        f"{pip} --require-hashes --no-build-isolation -r tests/b.txt",
        f"{pip} --upgrade x==1",
    ]
    # The second time, it only checks that the environment works.
    subprocess.run(command, check=True, capture_output=True)
    assert log.read_text().splitlines() == [*calls, "-c "]
