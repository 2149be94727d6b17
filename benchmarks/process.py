# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""One ansible-playbook process, measured as a whole."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# All that a run keeps of the caller's environment: no settings, credentials, proxies, authorities.
KEPT = ("LANG", "LC_ALL", "TMPDIR")


@dataclass(frozen=True)
class Measured:
    """What a process and all its descendants took."""

    status: int
    seconds: float
    # User and system time of all the processes, in seconds.
    cpu: float
    # The largest process, in bytes.
    memory: int


def environment(place: Path, collections: Path) -> dict[str, str]:
    """Return the environment of a run, with a home of its own."""
    settings = place / "ansible.cfg"
    settings.touch()
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {
        "LC_ALL": "C.UTF-8",
        **kept,
        "HOME": str(place / "home"),
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), "/usr/bin", "/bin")),
        "ANSIBLE_COLLECTIONS_PATH": str(collections),
        # In place of /etc/ansible/ansible.cfg.
        "ANSIBLE_CONFIG": str(settings),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_NOCOLOR": "true",
    }


def measure(command: Sequence[str], environ: Mapping[str, str], output: Path) -> Measured:
    """Run a command in the directory of its output, and return what it took."""
    with output.open("wb") as file:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=output.parent,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
        # wait4 counts the descendants too, as each of them was waited for by its parent.
        try:
            _pid, status, used = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            process.wait()
            raise
        seconds = time.perf_counter() - start
    # So that Popen does not wait for what is gone.
    process.returncode = os.waitstatus_to_exitcode(status)
    kibibytes = used.ru_maxrss
    return Measured(process.returncode, seconds, used.ru_utime + used.ru_stime, kibibytes * 1024)
