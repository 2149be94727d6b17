# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A real SSH server for the current user, with keys and settings in a directory of its own."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

SBIN = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
# Compiled into Debian's sshd, which as root does not start without it.
PRIVILEGE_SEPARATION = Path("/run/sshd")
SETTINGS = """
HostKey {directory}/host_key
AuthorizedKeysFile {directory}/user_key.pub
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
PidFile none
Subsystem sftp internal-sftp
"""


def program(name: str) -> str:
    """Return a program's path. Continuous integration as root has installed it, others may not."""
    found = shutil.which(name, path=SBIN)
    if found:
        return str(Path(found).absolute())
    reason = f"{name} is missing. As root, tools/install_debian_packages installs it."
    if os.environ.get("CI") and os.geteuid() == 0:
        pytest.fail(reason)
    pytest.skip(reason)


class SshServer:
    """Starts an sshd for each connection to a port that the system has chosen."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._sshd, keygen = program("sshd"), program("ssh-keygen")
        program("ssh")
        for name in ("host_key", "user_key"):
            subprocess.run(
                [keygen, "-q", "-t", "ed25519", "-N", "", "-f", str(directory / name)], check=True
            )
        (directory / "sshd_config").write_text(SETTINGS.format(directory=directory))
        if os.geteuid() == 0:
            PRIVILEGE_SEPARATION.mkdir(mode=0o755, exist_ok=True)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        host_key = (directory / "host_key.pub").read_text()
        (directory / "known_hosts").write_text(f"[127.0.0.1]:{self.port} {host_key}")
        self._processes: list[subprocess.Popen[bytes]] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _address = self._listener.accept()
                command = [self._sshd, "-i", "-e", "-f", str(self.directory / "sshd_config")]
                stream = connection.fileno()
                with connection, (self.directory / "log").open("ab") as log:
                    self._processes.append(
                        subprocess.Popen(command, stdin=stream, stdout=stream, stderr=log)
                    )

    def stop(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for process in self._processes:
            process.terminate()
            process.wait()

    @property
    def variables(self) -> dict[str, Any]:
        """What an inventory says of this host."""
        options = {
            "UserKnownHostsFile": self.directory / "known_hosts",
            "StrictHostKeyChecking": "yes",
            "IdentitiesOnly": "yes",
            "ControlMaster": "no",
        }
        return {
            "ansible_connection": "ssh",
            "ansible_host": "127.0.0.1",
            "ansible_port": self.port,
            "ansible_user": getpass.getuser(),
            "ansible_ssh_private_key_file": str(self.directory / "user_key"),
            "ansible_ssh_args": " ".join(
                ["-F /dev/null", *(f"-o {name}={value}" for name, value in options.items())]
            ),
            # Not in the user's own home.
            "ansible_remote_tmp": str(self.directory / "tmp"),
        }
