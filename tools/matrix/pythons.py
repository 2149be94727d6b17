# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Pythons of this machine."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from tools.sources import ROOT

from .cores import Core

FIND = ROOT / "tools" / "find_python"


@cache
def find(version: str) -> str | None:
    """Return the path of a Python of this version, such as 3.12, that can make an environment."""
    for candidate in _candidates(version, os.environ):
        done = subprocess.run(
            [FIND],
            env={**os.environ, "PYTHON": str(candidate)},
            capture_output=True,
            text=True,
            check=False,
        )
        found = done.stdout.strip()
        # What a wrapper leads to may be another version than its name says.
        if done.returncode == 0 and Path(found).name == f"python{version}":
            return found
    return None


def newest(core: Core) -> str | None:
    """Return the newest Python of this machine that the core runs on."""
    return next((found for version in core.pythons if (found := find(version))), None)


def _candidates(version: str, environment: Mapping[str, str]) -> Iterator[Path]:
    """Yield the places to look at: PATH, then what pyenv has, by its real path."""
    name = f"python{version}"
    for folder in environment.get("PATH", "").split(os.pathsep):
        if folder and (path := Path(folder, name)).is_file():
            yield path
    home = environment.get("HOME", "/")
    pyenv = Path(environment.get("PYENV_ROOT") or Path(home, ".pyenv"), "versions")
    installed = [path for path in pyenv.glob(f"{version}.*/bin/{name}") if path.is_file()]
    yield from sorted(installed, key=_patch, reverse=True)


def _patch(path: Path) -> int:
    """Return the patch number of pyenv's directory, -1 where it is no number."""
    number = path.parents[1].name.rpartition(".")[2]
    return int(number) if number.isdigit() else -1
