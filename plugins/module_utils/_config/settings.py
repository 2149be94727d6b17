# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""All settings of a connection, resolved: option, environment, config file, default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .._errors import CommandError
from .._sanitize import redact_url
from . import base_url as address
from .config_file import from_config_file, select_config_profile
from .credentials import Credentials, select_client_certificate, select_credentials
from .options import OPTIONS_BY_NAME
from .sources import OptionValue, Source, from_environment, from_options

LEGACY_WARNING = (
    "KEYFACTOR_IGNORE_SSL is understood as a boolean, as the older collection's name for "
    "KEYFACTOR_SKIP_VERIFY; use that name."
)


@dataclass(frozen=True)
class ConnectionSettings:
    """What a connection needs, checked as far as that goes without a call.

    C(timeout) is in seconds and bounds each attempt. C(api_version) is None for automatic.
    C(effective) says for each option in use what it is and where it came from.
    """

    url: str
    api_path: str
    credentials: Credentials
    kerberos_config: str | None
    kerberos_spn: str | None
    client_cert: str | None
    client_key: str | None
    validate_certs: bool
    ca_cert: str | None
    auth_ca_cert: str | None
    allow_http: bool
    timeout: float
    retries: int
    use_proxy: bool
    api_version: int | None
    effective: Mapping[str, dict[str, Any]] = field(repr=False)
    warnings: tuple[str, ...] = ()

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that must not be shown."""
        found = self.credentials.values
        return tuple(str(found[name].raw) for name in found if OPTIONS_BY_NAME[name].secret)


def resolve(params: Mapping[str, Any], environ: Mapping[str, str]) -> ConnectionSettings:
    """Return the settings of a task. :raises CommandError: of kind configuration."""
    live = (from_options(params), from_environment(environ))
    profile, warnings = from_config_file(select_config_profile(live))
    return Resolver((*live, profile)).settings(warnings)


class Resolver:
    """Asks the sources in their order, and remembers what it was told."""

    def __init__(self, sources: tuple[Source, ...]) -> None:
        self.sources = sources
        self.effective: dict[str, dict[str, Any]] = {}

    def settings(self, warnings: tuple[str, ...]) -> ConnectionSettings:
        scheme, host, port, api_path = self.address()
        validate_certs = self.value("validate_certs")
        if any("KEYFACTOR_IGNORE_SSL" in each["source"] for each in self.effective.values()):
            warnings += (LEGACY_WARNING,)
        client_cert, client_key = self.client_certificate()
        credentials = select_credentials(self.sources, self.find("client_cert"))
        for found in credentials.values.values():
            self.record_effective(found.option, found.convert(), found.origin)
        declared = self.find("auth_type")
        chosen_by = declared if declared and declared.convert() == credentials.kind else credentials
        self.record_effective("auth_type", credentials.kind, chosen_by.origin)
        kerberos = credentials.kind == "kerberos"
        return ConnectionSettings(
            url=address.base_url(scheme, host, port, api_path),
            api_path=api_path,
            credentials=credentials,
            # Of the machine and of the server, not of the account: no part of the credentials.
            kerberos_config=self.value("kerberos_config") if kerberos else None,
            kerberos_spn=self.value("kerberos_spn") if kerberos else None,
            client_cert=client_cert,
            client_key=client_key,
            validate_certs=validate_certs,
            ca_cert=self.value("ca_cert"),
            auth_ca_cert=self.value("auth_ca_cert"),
            allow_http=self.allow_http(scheme),
            timeout=self.value("timeout"),
            retries=self.value("retries"),
            use_proxy=self.value("use_proxy"),
            api_version=self.value("api_version"),
            effective=self.effective,
            warnings=warnings,
        )

    def find(self, name: str) -> OptionValue | None:
        return next((s.values[name] for s in self.sources if name in s.values), None)

    def precedence(self, name: str) -> int:
        """Return how early a source has the option; the number of sources if none has."""
        ranks = (i for i, source in enumerate(self.sources) if name in source.values)
        return next(ranks, len(self.sources))

    def value(self, name: str) -> Any:
        found = self.find(name)
        value = found.convert() if found else OPTIONS_BY_NAME[name].default
        self.record_effective(name, value, found.origin if found else "default")
        return value

    def record_effective(self, name: str, value: Any, origin: str) -> None:
        """Remember for the result what is used, and where it came from; secrets only as set."""
        if OPTIONS_BY_NAME[name].secret:
            value = "set"
        elif isinstance(value, str) and "-----BEGIN" in value:
            value = "PEM text"
        elif isinstance(value, tuple):
            value = list(value)
        elif name == "token_url":
            value = redact_url(value, ())
        self.effective[name] = {"value": value, "source": origin}

    def address(self) -> tuple[str, str, int, str]:
        """Return scheme, host, port and API path; a URL as host may name all four."""
        found = self.find("host")
        if not found:
            raise CommandError(
                "configuration",
                "There is no host to connect to. Set the option host, the environment variable "
                "KEYFACTOR_HOSTNAME, or host in a config file.",
            )
        try:
            given = address.parse_host(found.convert())
        except ValueError as error:
            raise CommandError(
                "configuration", f"The value of {found.origin} cannot be used: {error}."
            ) from None
        self.record_effective("host", given.host, found.origin)
        port = self.resolve_host_part(
            "port", given.port, found, address.DEFAULT_PORTS[given.scheme]
        )
        usual_path = OPTIONS_BY_NAME["api_path"].default
        api_path = self.resolve_host_part("api_path", given.api_path, found, usual_path)
        return given.scheme, given.host, port, api_path

    def resolve_host_part(self, name: str, in_host: Any, host: OptionValue, default: Any) -> Any:
        """Return the port or path: from the earlier source, and no contradiction within one."""
        found = self.find(name)
        own: Any = found.convert() if found else None
        if found and name == "api_path":
            try:
                own = address.clean_api_path(own)
            except ValueError as error:
                raise CommandError(
                    "configuration", f"The value of {found.origin} cannot be used: {error}."
                ) from None
        if found and in_host is not None and own != in_host:
            if self.precedence(name) == self.precedence("host"):
                raise CommandError(
                    "configuration",
                    f"{found.origin} says {own}, and the URL in {host.origin} says {in_host}. Give the {name} once.",
                )
            if self.precedence(name) > self.precedence("host"):
                found = None
        if found:
            self.record_effective(name, own, found.origin)
            return own
        if in_host is not None:
            self.record_effective(name, in_host, host.origin)
            return in_host
        self.record_effective(name, default, "default")
        return default

    def client_certificate(self) -> tuple[str | None, str | None]:
        """Return the paths of certificate and key."""
        found = select_client_certificate(self.sources)
        for each in filter(None, found):
            self.record_effective(each.option, each.convert(), each.origin)
        cert, key = (each.convert() if each else None for each in found)
        return cert, key

    def allow_http(self, scheme: str) -> bool:
        allowed = bool(self.value("allow_http"))
        if scheme == "http" and not allowed:
            raise CommandError(
                "configuration",
                "The host's URL begins with http://, so credentials would travel unprotected. "
                "Use https://, or set allow_http if that is what you want.",
            )
        return allowed
