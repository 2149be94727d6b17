# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""One GET of Keyfactor Command's API: a JSON object, or a CommandError."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._auth.base import Authentication, Basic, Bearer, ClientCertificate
from .._config.settings import ConnectionSettings
from .._http.tls import Trust
from .._http.transport import Transport
from .json_body import Asked, read_object

UNAUTHORIZED = 401


@dataclass(frozen=True)
class Document:
    """A JSON object of the API, and what its reply said of the server."""

    content: Mapping[str, Any]
    url: str
    product_version: str | None
    attempts: int


def authentication(settings: ConnectionSettings) -> Authentication:
    """Return the way to authenticate that the settings chose. It makes no call."""
    values = settings.credentials.read()
    kind = settings.credentials.kind
    if kind == "basic":
        return Basic(**values)
    if kind == "token":
        return Bearer(**values)
    if kind == "oauth":
        from .._auth.oauth import ClientCredentials

        trust = Trust(settings.validate_certs, settings.auth_ca_cert, "auth_ca_cert")
        transport = _transport(settings, trust)
        return ClientCredentials(**values, allow_http=settings.allow_http, transport=transport)
    if kind == "kerberos":
        from .._auth.kerberos import Kerberos

        return Kerberos(
            values,
            url=settings.url,
            config=settings.kerberos_config,
            spn=settings.kerberos_spn,
            timeout=settings.timeout,
        )
    return ClientCertificate()


def _transport(settings: ConnectionSettings, trust: Trust) -> Transport:
    return Transport(trust, settings.timeout, settings.retries, settings.use_proxy)


class CommandClient:
    """A connection to one Keyfactor Command. Making it makes no call, and checks all that it can."""

    def __init__(self, settings: ConnectionSettings) -> None:
        self.settings = settings
        self.authentication = authentication(settings)
        self.transport = _transport(
            settings,
            Trust(
                settings.validate_certs,
                settings.ca_cert,
                "ca_cert",
                settings.client_cert,
                settings.client_key,
            ),
        )

    def get(self, path: str, version: int) -> Document:
        """Return what the API has at this path. :raises CommandError: with all that went wrong."""
        url = f"{self.settings.url}/{path}"
        headers = {
            "Accept": "application/json",
            "x-keyfactor-requested-with": "APIClient",
            "x-keyfactor-api-version": str(version),
        }
        self.authentication.obtain()
        reply = self.transport.send("GET", url, headers=headers, auth=self.authentication)
        if reply.status == UNAUTHORIZED and self.authentication.renew():
            reply = self.transport.send("GET", url, headers=headers, auth=self.authentication)
        self.authentication.check(reply)
        asked = Asked(
            self.settings.api_path,
            self.authentication.who,
            self.authentication.advice,
            (*self.settings.secrets, *self.authentication.secrets),
        )
        content = read_object(reply, asked)
        return Document(
            content, url, reply.headers.get("X-Keyfactor-Product-Version"), reply.attempts
        )
