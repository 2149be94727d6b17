# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS variants of a server and their certificates."""

from __future__ import annotations

import re
import ssl
from enum import Enum
from pathlib import Path

from cryptography import x509

from .authority import CLIENT, LOOPBACK, SERVER, Authority


class Tls(Enum):
    """The TLS variant of a server."""

    VALID = "valid"
    EXPIRED = "expired"
    WRONG_NAME = "wrong-name"
    UNKNOWN_CA = "unknown-ca"
    CLIENT_CERTIFICATE = "client-certificate"
    # As IIS does with TLS 1.3, unless it negotiates client certificates.
    POST_HANDSHAKE = "post-handshake"
    PLAIN_HTTP = "plain-http"


class Certificates:
    """The certificates of an emulator; creates each TLS context on first use."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self._authority = Authority("Emulator CA")
        self._foreign_authority = Authority("Foreign CA")
        self._client_authority = Authority("Emulator client CA")
        self._contexts: dict[Tls, ssl.SSLContext] = {}
        self.ca_cert = self._authority.write_certificate(directory / "ca.pem")
        self._client_ca_cert = self._client_authority.write_certificate(directory / "client-ca.pem")

    def context(self, tls: Tls) -> ssl.SSLContext | None:
        """Return the TLS context for a server; None for plain HTTP."""
        if tls is Tls.PLAIN_HTTP:
            return None
        if tls not in self._contexts:
            self._contexts[tls] = self._make_context(tls)
        return self._contexts[tls]

    def client(
        self,
        name: str,
        *,
        encrypted_with: str | None = None,
        foreign: bool = False,
    ) -> tuple[Path, Path]:
        """Issue a client certificate; return its path and its key's."""
        authority = self._foreign_authority if foreign else self._client_authority
        pair = authority.issue(name, CLIENT, [x509.RFC822Name("svc-ansible@keyexample.com")])
        parts = [
            "foreign-client" if foreign else "client",
            re.sub(r"[^A-Za-z0-9.-]+", "-", name),
            "encrypted" if encrypted_with else "",
        ]
        base = self._directory / "-".join(part for part in parts if part)
        return pair.write(base, encrypted_with)

    def _make_context(self, tls: Tls) -> ssl.SSLContext:
        authority = self._foreign_authority if tls is Tls.UNKNOWN_CA else self._authority
        wrong_name = tls is Tls.WRONG_NAME
        names = [x509.DNSName("command.keyexample.com")] if wrong_name else LOOPBACK
        pair = authority.issue(
            "command.keyexample.com" if wrong_name else "localhost",
            SERVER,
            names,
            expired=tls is Tls.EXPIRED,
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*pair.write(self._directory / f"server-{tls.value}"))
        if tls is Tls.CLIENT_CERTIFICATE:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self._client_ca_cert)
        if tls is Tls.POST_HANDSHAKE:
            context.post_handshake_auth = True
            context.verify_mode = ssl.CERT_REQUIRED
            context.minimum_version = ssl.TLSVersion.TLSv1_3
            context.load_verify_locations(self._client_ca_cert)
        return context
