# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measure an ansible-playbook process and its descendants."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# The environment variables that a run inherits, so that no settings or credentials affect it.
INHERITED = ("LANG", "LC_ALL", "TMPDIR")


@dataclass(frozen=True)
class Measurement:
    """The resource usage of a process and its descendants."""

    status: int
    seconds: float
    # User and system time of all processes, in seconds.
    cpu: float
    # Memory of the largest process, in bytes.
    memory: int


def environment_variables(directory: Path, collections: Path) -> dict[str, str]:
    """Return the environment variables of a run, with a separate home directory."""
    config = directory / "ansible.cfg"
    config.touch()
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return {
        "LC_ALL": "C.UTF-8",
        **inherited,
        "HOME": str(directory / "home"),
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), "/usr/bin", "/bin")),
        "ANSIBLE_COLLECTIONS_PATH": str(collections),
        # Instead of /etc/ansible/ansible.cfg.
        "ANSIBLE_CONFIG": str(config),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_NOCOLOR": "true",
    }


def measure(command: Sequence[str], environ: Mapping[str, str], output: Path) -> Measurement:
    """Run a command in the directory of its output and measure it."""
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
        # wait4 includes the descendants, because their parents wait for them.
        try:
            _pid, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            process.wait()
            raise
        seconds = time.perf_counter() - start
    # Tell Popen that the process has exited.
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu = usage.ru_utime + usage.ru_stime
    # ru_maxrss is in KiB.
    return Measurement(process.returncode, seconds, cpu, usage.ru_maxrss * 1024)
