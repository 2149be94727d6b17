# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Install the collection awx.awx, which the playbook of the AWX kit uses, in build/awx/.

It is extracted from the ansible package, a download of about 60 MB.
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

INSTALLED = sources.ROOT / "build" / "awx"
REQUIREMENTS = sources.ROOT / "tests" / "requirements-awx.txt"
STATE = INSTALLED / ".made-from"
COLLECTION = "ansible_collections/awx/awx/"


def main() -> None:
    state = REQUIREMENTS.read_text()
    if STATE.is_file() and STATE.read_text() == state:
        return
    print("Installing the collection awx.awx in build/awx (a download of 60 MB, once)")
    shutil.rmtree(INSTALLED, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=sources.ROOT / "build") as directory:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--require-hashes"]
        options = ["--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"]
        subprocess.run(
            [*command, *options, "-r", str(REQUIREMENTS)],
            cwd=directory,
            check=True,
        )
        (wheel,) = Path(directory).glob("*.whl")
        with ZipFile(wheel) as archive:
            names = [name for name in archive.namelist() if name.startswith(COLLECTION)]
            archive.extractall(INSTALLED, names)
    STATE.write_text(state)


if __name__ == "__main__":
    INSTALLED.parent.mkdir(exist_ok=True)
    with (INSTALLED.parent / ".awx.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several make processes at the same time
        main()
