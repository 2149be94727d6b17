# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""List, hash and copy the files of the project: tracked by git, or untracked and not ignored."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COLLECTION = Path("ansible_collections/keyfactor/command")


def files(*pathspecs: str) -> list[Path]:
    """Return paths relative to ROOT, without deleted files that git still tracks."""
    command = [
        "git",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
        "--",
        *pathspecs,
    ]
    output = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    names = sorted(set(output.split("\0")) - {""})
    return [Path(name) for name in names if (ROOT / name).is_symlink() or (ROOT / name).is_file()]


def digest(paths: list[Path]) -> str:
    """Return one hash over names, modes and contents."""
    total = hashlib.sha256()
    for path in paths:
        content = hashlib.sha256((ROOT / path).read_bytes()).hexdigest()
        total.update(f"{path} {(ROOT / path).lstat().st_mode:o} {content}\n".encode())
    return total.hexdigest()


def copy(paths: list[Path], destination: Path) -> None:
    """Replace the destination with copies of these files."""
    shutil.rmtree(destination, ignore_errors=True)
    for path in paths:
        (destination / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, destination / path, follow_symlinks=False)
