# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulator: its servers, its certificates, its beginning and its end."""

from __future__ import annotations

import socket
from pathlib import Path
from types import TracebackType
from typing import Any

from .command import Command, CommandOptions
from .identity import IdentityOptions, IdentityProvider
from .listener import Acceptor
from .tls import Certificates


class Emulator:
    """Plays Commands and identity providers until the with-block ends.

    `directory` receives the certificates; give each emulator its own.
    """

    def __init__(self, directory: Path | str) -> None:
        self._certificates = Certificates(Path(directory).resolve())
        self._acceptor = Acceptor()
        self._reserved: list[socket.socket] = []
        self._commands: list[Command] = []
        self._count = 0
        self.ca_cert = self._certificates.ca_cert

    def __enter__(self) -> Emulator:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Closes every port and connection."""
        self._acceptor.stop()
        for reserved in self._reserved:
            reserved.close()

    def command(self, **options: Any) -> Command:
        """Starts a Command; the options are those of CommandOptions."""
        self._count += 1
        options.setdefault("name", f"command-{self._count}")
        command = Command(self._certificates, CommandOptions(**options))
        self._acceptor.add(command)
        self._commands.append(command)
        return command

    def profiles_sent(self) -> int:
        """How many requests the Commands have answered with 200 so far."""
        return sum(each.status == 200 for command in self._commands for each in command.requests)

    def identity(self, **options: Any) -> IdentityProvider:
        """Starts an identity provider; the options are those of IdentityOptions."""
        provider = IdentityProvider(self._certificates, IdentityOptions(**options))
        self._acceptor.add(provider)
        return provider

    def client_certificate(
        self,
        name: str = "svc-ansible",
        *,
        encrypted_with: str | None = None,
    ) -> tuple[Path, Path]:
        """Paths of a certificate and its key, which CLIENT_CERTIFICATE servers accept."""
        return self._certificates.client(name, encrypted_with=encrypted_with)

    def foreign_client_certificate(
        self,
        name: str = "svc-ansible",
        *,
        encrypted_with: str | None = None,
    ) -> tuple[Path, Path]:
        """The same of an authority which no server knows."""
        return self._certificates.client(name, encrypted_with=encrypted_with, foreign=True)

    def closed_port(self) -> int:
        """A loopback port on which nothing listens, kept from others until the end."""
        reserved = socket.socket()
        reserved.bind(("127.0.0.1", 0))
        self._reserved.append(reserved)
        return int(reserved.getsockname()[1])
