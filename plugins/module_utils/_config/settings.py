# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""All settings of a connection, resolved: option, environment, config file, default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .._errors import configuration_error
from .._sanitize import redact_url
from .base_url import DEFAULT_PORTS, Address
from .config_file import from_config_file, select_config_profile
from .converters import is_token
from .credentials import Credentials, select_client_certificate, select_credentials
from .options import OPTIONS_BY_NAME
from .sources import OptionValue, Source, find, from_environment, from_options

LEGACY_WARNING = (
    "KEYFACTOR_IGNORE_SSL is understood as a boolean, as the older collection's name for "
    "KEYFACTOR_SKIP_VERIFY; use that name."
)


@dataclass(frozen=True)
class ConnectionSettings:
    """What a connection needs. C(effective) has the value and the source of each option in use."""

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
    timeout: float  # seconds for each attempt
    retries: int
    use_proxy: bool
    api_version: int | None  # None for automatic
    effective: Mapping[str, dict[str, Any]] = field(repr=False)
    warnings: tuple[str, ...] = ()

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that must not be shown."""
        values = self.credentials.values
        return tuple(str(values[name].raw) for name in values if OPTIONS_BY_NAME[name].secret)


def show_value(name: str, value: Any) -> Any:
    """Return the value of an option as results may show it: no keys, no credentials of a URL."""
    if isinstance(value, tuple):
        return list(value)
    if not isinstance(value, str):
        return value
    if "-----BEGIN" in value:
        return "PEM text"
    if name == "client_assertion_file" and is_token(value):
        return "a token"
    if name in ("host", "token_url", "token_endpoint"):
        # A password with a slash or a number sign would end the host's part of the URL.
        user, _at, rest = value.rpartition("@")
        scheme, separator, _user = user.rpartition("://")
        value = f"{scheme}{separator}{rest}"
        return redact_url(value, ()) if "://" in value else value
    return value


def resolve(params: Mapping[str, Any], environ: Mapping[str, str]) -> ConnectionSettings:
    """Return the settings of a task. :raises CommandError: of kind configuration."""
    live = (from_options(params), from_environment(environ))
    profile, warnings = from_config_file(select_config_profile(live), environ)
    resolver = Resolver((*live, profile))
    value = resolver.value
    address = resolver.address()
    if address.scheme == "http" and not value("allow_http"):
        raise configuration_error(
            "The host's URL begins with http://, so credentials would travel unprotected. "
            "Use https://, or set allow_http if that is what you want."
        )
    validate_certs = value("validate_certs")
    if resolver.effective["validate_certs"]["source"].endswith(" KEYFACTOR_IGNORE_SSL"):
        warnings += (LEGACY_WARNING,)
    client_cert, client_key = map(resolver.use, select_client_certificate(resolver.sources))
    credentials = select_credentials(resolver.sources)
    for option in credentials.values.values():
        resolver.use(option)
    auth_type = find(resolver.sources, "auth_type")
    named = auth_type and auth_type.convert() == credentials.kind
    origin = auth_type.origin if auth_type and named else credentials.origin
    resolver.record("auth_type", credentials.kind, origin)
    kerberos = credentials.kind == "kerberos"
    return ConnectionSettings(
        url=address.url,
        api_path=address.api_path or "",
        credentials=credentials,
        # These belong to the machine and the server, so they are not part of the credentials.
        kerberos_config=value("kerberos_config") if kerberos else None,
        kerberos_spn=value("kerberos_spn") if kerberos else None,
        client_cert=client_cert,
        client_key=client_key,
        validate_certs=validate_certs,
        ca_cert=value("ca_cert"),
        auth_ca_cert=value("auth_ca_cert"),
        allow_http=value("allow_http"),
        timeout=value("timeout"),
        retries=value("retries"),
        use_proxy=value("use_proxy"),
        api_version=value("api_version"),
        effective=resolver.effective,
        warnings=warnings,
    )


class Resolver:
    """Resolves options by precedence, and records where each came from."""

    def __init__(self, sources: tuple[Source, ...]) -> None:
        self.sources = sources
        self.effective: dict[str, dict[str, Any]] = {}

    def value(self, name: str, default: Any = None) -> Any:
        """Return the value of an option, or its default."""
        option = find(self.sources, name)
        if option:
            return self.use(option)
        return self.record(name, default or OPTIONS_BY_NAME[name].default)

    def use(self, option: OptionValue | None) -> Any:
        """Return a value that a source has, None if there is none."""
        return self.record(option.option, option.convert(), option.origin) if option else None

    def record(self, name: str, value: Any, origin: str = "default") -> Any:
        """Return the value, recorded for the result with its source; secrets only as set."""
        shown = "set" if OPTIONS_BY_NAME[name].secret else show_value(name, value)
        self.effective[name] = {"value": shown, "source": origin}
        return value

    def address(self) -> Address:
        """Return the address with port and path, which a URL as host may contain."""
        host = find(self.sources, "host")
        if not host:
            raise configuration_error(
                self.sources[-1].unreadable
                or "There is no host to connect to. Set the option host, the environment variable "
                "KEYFACTOR_HOSTNAME, or host in a config file."
            )
        address: Address = host.convert()
        self.record("host", address.host, host.origin)
        self.sources = tuple(
            _with_url_parts(source, host, address) if source.values.get("host") is host else source
            for source in self.sources
        )
        port = self.value("port", default=DEFAULT_PORTS[address.scheme])
        return replace(address, port=port, api_path=self.value("api_path"))


def _with_url_parts(source: Source, host: OptionValue, address: Address) -> Source:
    """Return the source of the host with the port and the path of the host's URL as options."""
    values = dict(source.values)
    for name, part in (("port", address.port), ("api_path", address.api_path)):
        if part is None:
            continue
        option = values.setdefault(name, OptionValue(name, part, host.origin))
        if option.convert() != part:
            raise configuration_error(
                f"{option.origin} says {option.convert()}, and the URL in {host.origin} says "
                f"{part}. Give the {name} once."
            )
    return replace(source, values=values)
