# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""One GET of Keyfactor Command's API: a JSON object, or a CommandError."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._auth.base import Auth, Basic, Bearer, ClientCertificate
from .._config.settings import ConnectionSettings
from .._http.tls import TlsConfig
from .._http.transport import Transport
from .json_body import RequestContext, parse_object

UNAUTHORIZED = 401


@dataclass(frozen=True)
class JsonDocument:
    """A JSON object of the API, and what its reply said of the server."""

    content: Mapping[str, Any]
    url: str
    product_version: str | None
    attempts: int


def build_auth(settings: ConnectionSettings) -> Auth:
    """Return the way to authenticate that the settings chose. It makes no call."""
    values = settings.credentials.convert()
    kind = settings.credentials.kind
    if kind == "basic":
        return Basic(**values)
    if kind == "token":
        return Bearer(**values)
    if kind == "oauth":
        from .._auth.oauth import ClientCredentials

        trust = TlsConfig(settings.validate_certs, settings.auth_ca_cert, "auth_ca_cert")
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


def _transport(settings: ConnectionSettings, trust: TlsConfig) -> Transport:
    return Transport(trust, settings.timeout, settings.retries, settings.use_proxy)


class CommandClient:
    """A connection to one Keyfactor Command. Making it makes no call, and checks all that it can."""

    def __init__(self, settings: ConnectionSettings) -> None:
        self.settings = settings
        self.authentication = build_auth(settings)
        self.transport = _transport(
            settings,
            TlsConfig(
                settings.validate_certs,
                settings.ca_cert,
                "ca_cert",
                settings.client_cert,
                settings.client_key,
            ),
        )

    def get(self, path: str, version: int) -> JsonDocument:
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
        asked = RequestContext(
            self.settings.api_path,
            self.authentication.account_label,
            self.authentication.hint,
            (*self.settings.secrets, *self.authentication.secrets),
        )
        content = parse_object(reply, asked)
        return JsonDocument(
            content, url, reply.headers.get("X-Keyfactor-Product-Version"), reply.attempts
        )
