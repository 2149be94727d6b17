# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulator: starts servers, issues certificates and stops everything."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from .command import Command, CommandOptions
from .identity import IdentityOptions, IdentityProvider
from .listener import Acceptor, Listener
from .mail_relay import MailRelay, MailRelayOptions
from .servers import expand
from .tls import Certificates, Tls

Server = TypeVar("Server", bound=Listener)


class Emulator:
    """Emulated Command instances and identity providers that run until the with block ends.

    The certificates go to `directory`; every emulator needs its own.
    """

    def __init__(self, directory: Path | str) -> None:
        self._certificates = Certificates(Path(directory).resolve())
        self._acceptor = Acceptor()
        self._reserved: list[socket.socket] = []
        self._commands: list[Command] = []
        self._relays: list[MailRelay] = []
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
        """Close every port and connection."""
        self._acceptor.stop()
        for relay in self._relays:
            relay.stop()
        for reserved in self._reserved:
            reserved.close()

    def command(self, **options: Any) -> Command:
        """Start a Command with the options of CommandOptions, and those that `server` sets."""
        self._count += 1
        options.setdefault("name", f"command-{self._count}")
        command = Command(self._certificates, CommandOptions(**expand(options)))
        self._acceptor.add(command)
        self._commands.append(command)
        return command

    def profiles_sent(self) -> int:
        """Return how many requests the Commands have answered with status 200."""
        requests = (request for command in self._commands for request in command.requests)
        return sum(request.status == 200 for request in requests)

    def mails_received(self) -> list[dict[str, str]]:
        """Return the From, To and Subject of the mails that the relays have received."""
        mails = (mail for relay in self._relays for mail in relay.mails)
        return [{name: str(mail[name]) for name in ("From", "To", "Subject")} for mail in mails]

    def identity(self, **options: Any) -> IdentityProvider:
        """Start an identity provider with the options of IdentityOptions."""
        provider = IdentityProvider(self._certificates, IdentityOptions(**options))
        self._acceptor.add(provider)
        return provider

    def serve(self, build: Callable[[ssl.SSLContext | None], Server]) -> Server:
        """Start a server of another kind, which C(build) returns for its TLS context."""
        server = build(self._certificates.context(Tls.VALID))
        self._acceptor.add(server)
        return server

    def relay(self, tls: Tls = Tls.VALID, **options: Any) -> MailRelay:
        """Start a mail relay with the options of MailRelayOptions. Tls.PLAIN_HTTP is without TLS."""
        context = self._certificates.context(tls)
        relay = MailRelay(MailRelayOptions(context=context, **options))
        self._relays.append(relay)
        return relay

    def client_certificate(
        self,
        name: str = "svc-ansible",
        *,
        encrypted_with: str | None = None,
    ) -> tuple[Path, Path]:
        """Issue a certificate that CLIENT_CERTIFICATE servers accept; return its path and its key's."""
        return self._certificates.client(name, encrypted_with=encrypted_with)

    def foreign_client_certificate(
        self,
        name: str = "svc-ansible",
        *,
        encrypted_with: str | None = None,
    ) -> tuple[Path, Path]:
        """Issue a client certificate from an authority that no server trusts."""
        return self._certificates.client(name, encrypted_with=encrypted_with, foreign=True)

    def closed_port(self) -> int:
        """Return a loopback port on which nothing listens, reserved until the emulator stops."""
        reserved = socket.socket()
        reserved.bind(("127.0.0.1", 0))
        self._reserved.append(reserved)
        return int(reserved.getsockname()[1])
