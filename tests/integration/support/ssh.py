# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""An SSH server for the current user, with its keys and configuration in one directory."""

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

from tests.integration.support.optional import skip_or_fail

PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
# Hard-coded in sshd of Debian, which does not start as root without this directory.
PRIVILEGE_SEPARATION = Path("/run/sshd")
SSHD_CONFIG = """
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
    """Return the path of a program. Skip the test if it is not installed."""
    path = shutil.which(name, path=PATH)
    if not path:
        skip_or_fail(f"{name} is missing. As root, tools/install_debian_packages installs it.")
    return str(Path(path).absolute())


class SshServer:
    """Starts one sshd per connection to a free port."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._sshd, keygen = program("sshd"), program("ssh-keygen")
        program("ssh")
        for name in ("host_key", "user_key"):
            subprocess.run(
                [keygen, "-q", "-t", "ed25519", "-N", "", "-f", str(directory / name)], check=True
            )
        (directory / "sshd_config").write_text(SSHD_CONFIG.format(directory=directory))
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
                socket_fd = connection.fileno()
                with connection, (self.directory / "log").open("ab") as log:
                    self._processes.append(
                        subprocess.Popen(command, stdin=socket_fd, stdout=socket_fd, stderr=log)
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
        """The connection variables of this host in an inventory."""
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
            # Keep files out of the home directory of the user.
            "ansible_remote_tmp": str(self.directory / "tmp"),
        }
