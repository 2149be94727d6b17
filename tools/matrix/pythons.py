# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find the Python interpreters of this machine."""

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
    """Return a Python of this version, such as 3.12, that can create virtual environments."""
    for candidate in _candidates(version, os.environ):
        process = subprocess.run(
            [FIND],
            env={**os.environ, "PYTHON": str(candidate)},
            capture_output=True,
            text=True,
            check=False,
        )
        python = process.stdout.strip()
        # A wrapper may run a version that does not match its name.
        if process.returncode == 0 and Path(python).name == f"python{version}":
            return python
    return None


def newest(core: Core) -> str | None:
    """Return the newest Python of this machine that the core supports."""
    return next((python for version in core.pythons if (python := find(version))), None)


def oldest(core: Core) -> str | None:
    """Return the oldest Python of this machine that the core supports."""
    return next((python for version in reversed(core.pythons) if (python := find(version))), None)


def _candidates(version: str, environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield the interpreters on PATH, then those of pyenv by their real paths."""
    name = f"python{version}"
    for folder in environ.get("PATH", "").split(os.pathsep):
        if folder and (path := Path(folder, name)).is_file():
            yield path
    home = environ.get("HOME", "/")
    pyenv = Path(environ.get("PYENV_ROOT") or Path(home, ".pyenv"), "versions")
    installed = [path for path in pyenv.glob(f"{version}.*/bin/{name}") if path.is_file()]
    yield from sorted(installed, key=_patch, reverse=True)


def _patch(path: Path) -> int:
    """Return the patch number of a pyenv directory, or -1 if it is not a number."""
    number = path.parents[1].name.rpartition(".")[2]
    return int(number) if number.isdigit() else -1
