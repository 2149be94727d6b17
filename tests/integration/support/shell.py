# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shell commands of the documentation, run as they stand."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.support.ansible import Ansible

# Stands in for a program that would reach out of this machine: it notes how it was called.
STAND_IN = """\
#!/bin/sh
echo "$(basename "$0") $*" >>"$STAND_IN_CALLS"
"""


class Shell:
    """Runs scripts with bash in the directory of a run of Ansible."""

    def __init__(self, ansible: Ansible) -> None:
        self.ansible = ansible
        self.directory = ansible.directory
        self.stand_ins = self.directory / "stand-ins"
        self.stand_ins.mkdir(exist_ok=True)
        self.calls = self.directory / "calls.txt"

    def stand_in(self, name: str, script: str = STAND_IN) -> Path:
        path = self.stand_ins / name
        path.write_text(script)
        path.chmod(0o755)
        return path

    def called(self) -> list[str]:
        return self.calls.read_text().splitlines() if self.calls.is_file() else []

    def run(self, script: str, stdin: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        """Run a script with bash as pipelines do: the first command that fails ends it."""
        environment = self.ansible.environment(STAND_IN_CALLS=str(self.calls), **more)
        environment["PATH"] = f"{self.stand_ins}{os.pathsep}{environment['PATH']}"
        # The callback of these tests would need a file of its own.
        environment.pop("ANSIBLE_CALLBACKS_ENABLED")
        done = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", script],
            cwd=self.directory,
            env=environment,
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stdout, done.stdout
        assert "[DEPRECATION WARNING]" not in done.stdout, done.stdout
        return done
