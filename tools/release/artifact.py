# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build the artifact twice from scratch and compare the bytes: python -m tools.release.artifact

The environment variable VERSION, if set, must be the version in galaxy.yml.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tools.sources import ROOT

from . import version
from .version import ReleaseError


def main() -> int:
    try:
        check_version(ROOT, os.environ.get("VERSION", ""))
        checksum = build_twice(ROOT)
    except ReleaseError as error:
        print(f"artifact: {error}", file=sys.stderr)
        return 1
    print(f"Two builds are identical:\n{checksum}", end="")
    return 0


def check_version(root: Path, expected: str) -> None:
    """Fail if a tag does not name the version that is built."""
    number = version.read(root)
    if expected and expected != number:
        raise ReleaseError(f"galaxy.yml has version {number}, not {expected}.")


def build_twice(root: Path) -> str:
    """Build the artifact twice, and return the contents of its .sha256 file."""
    first, second = (_build(root) for _attempt in range(2))
    if first != second:
        raise ReleaseError(f"Two builds differ: {first.split()[0]} and {second.split()[0]}.")
    return second


def _build(root: Path) -> str:
    # Without this file, nothing counts as up to date.
    (root / "build" / "collections" / ".built-from").unlink(missing_ok=True)
    command = [sys.executable, "-m", "tools.build"]
    if subprocess.run(command, cwd=root, check=False).returncode:
        raise ReleaseError("The build failed.")
    (checksum,) = (root / "build").glob("keyfactor-command-*.tar.gz.sha256")
    return checksum.read_text()


if __name__ == "__main__":
    sys.exit(main())
