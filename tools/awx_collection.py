# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Put the collection awx.awx into build/awx/, unless it is there, for the playbook of the AWX kit.

It comes from a package of some 60 MB, of which only this collection is kept.
"""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from zipfile import ZipFile

from tools import sources

PLACE = sources.ROOT / "build" / "awx"
REQUIREMENTS = sources.ROOT / "tests" / "requirements-awx.txt"
STATE = PLACE / ".made-from"
COLLECTION = "ansible_collections/awx/awx/"


def main() -> None:
    state = REQUIREMENTS.read_text()
    if STATE.is_file() and STATE.read_text() == state:
        return
    print("Adding the collection awx.awx to build/awx (a download of 60 MB, only now)")
    shutil.rmtree(PLACE, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=sources.ROOT / "build") as directory:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary"]
        subprocess.run(
            [*command, ":all:", "--disable-pip-version-check", "-r", str(REQUIREMENTS)],
            cwd=directory,
            check=True,
        )
        (wheel,) = Path(directory).glob("*.whl")
        with ZipFile(wheel) as archive:
            names = [name for name in archive.namelist() if name.startswith(COLLECTION)]
            archive.extractall(PLACE, names)
    STATE.write_text(state)


if __name__ == "__main__":
    PLACE.parent.mkdir(exist_ok=True)
    with (PLACE.parent / ".awx.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two makes at the same time
        main()
