# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs of the shell commands in the documentation."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.support.ansible import Ansible

# Replaces a program that would access the network, and records its arguments.
STUB = """\
#!/bin/sh
echo "$(basename "$0") $*" >>"$STUB_CALLS"
"""


class Shell:
    """Runs bash scripts in the directory of an Ansible run."""

    def __init__(self, ansible: Ansible) -> None:
        self.ansible = ansible
        self.directory = ansible.directory
        self.stubs = self.directory / "stubs"
        self.stubs.mkdir(exist_ok=True)
        self.calls_file = self.directory / "calls.txt"

    def add_stub(self, name: str, script: str = STUB) -> Path:
        """Add a program to PATH that replaces the one of this name."""
        path = self.stubs / name
        path.write_text(script)
        path.chmod(0o755)
        return path

    def calls(self) -> list[str]:
        """Return the commands that stubs replaced."""
        return self.calls_file.read_text().splitlines() if self.calls_file.is_file() else []

    def run(
        self, script: str, stdin: str = "", **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a script as CI systems do. It ends with the first command that fails."""
        environ = self.ansible.environ(STUB_CALLS=str(self.calls_file), **variables)
        environ["PATH"] = f"{self.stubs}{os.pathsep}{environ['PATH']}"
        # The callback record would need RECORD_FILE.
        environ.pop("ANSIBLE_CALLBACKS_ENABLED")
        process = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", script],
            cwd=self.directory,
            env=environ,
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert "Traceback" not in process.stdout, process.stdout
        assert "[DEPRECATION WARNING]" not in process.stdout, process.stdout
        return process
