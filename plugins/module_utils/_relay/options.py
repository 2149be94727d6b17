# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a probe: which relay, as whom, and within which time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._config import converters
from .._errors import configuration_error, unusable_value_error
from .address import DnsServer, parse_dns_server

DEFAULT_PORT = 25
IMPLICIT_TLS_PORT = 465
DEFAULT_DAYS = 30
# What a profile holds is exclusive with naming the same by options.
ADDRESS_OPTIONS = ("host", "port", "use_ssl", "sender")

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "profile": {"type": "dict"},
    "host": {"type": "str"},
    "port": {"type": "int"},
    "use_ssl": {"type": "bool"},
    "sender": {"type": "str"},
    "recipient": {"type": "str"},
    "username": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "ca_cert": {"type": "str"},
    "validate_certs": {"type": "bool", "default": True},
    "certificate_days": {"type": "int", "default": DEFAULT_DAYS},
    "domain_checks": {"type": "bool", "default": True},
    "dns_server": {"type": "str"},
    "timeout": {"type": "str", "default": "30"},
}


@dataclass(frozen=True)
class ProbeOptions:
    """What to probe. Settings of the profile are as the server sent them: possibly unusable.

    :param relay_authentication: anonymous, basic, oauth or unknown.
    :param timeout: seconds for the whole probe.
    """

    host: str | None
    port: int
    use_ssl: bool
    sender: str | None
    relay_authentication: str
    recipient: str | None
    username: str | None
    password: str | None = field(repr=False)
    ca_cert: str | None
    validate_certs: bool
    certificate_days: int
    domain_checks: bool
    dns_server: DnsServer | None
    timeout: float

    @property
    def tls(self) -> str:
        """How TLS begins: none, implicit or starttls."""
        if not self.use_ssl:
            return "none"
        return "implicit" if self.port == IMPLICIT_TLS_PORT else "starttls"

    @property
    def label(self) -> str:
        """The relay in messages."""
        host = self.host or ""
        return f"[{host}]:{self.port}" if ":" in host and "[" not in host else f"{host}:{self.port}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that must not be shown, also not within the answer of SASL PLAIN."""
        if not self.password:
            return ()
        return self.password, f"\0{self.username}\0{self.password}"


def parse_options(params: Mapping[str, Any]) -> ProbeOptions:
    """Return the options of a task. :raises CommandError: of kind configuration."""
    values = {name: None if value == "" else value for name, value in params.items()}
    profile = values.get("profile")
    given = [name for name in ADDRESS_OPTIONS if values.get(name) is not None]
    if profile and given:
        raise configuration_error(
            f"The options profile and {given[0]} exclude each other: give the relay by the profile, "
            f"or by {', '.join(ADDRESS_OPTIONS)}."
        )
    if not profile and not values.get("host"):
        raise configuration_error(
            "There is no relay to probe. Set profile to an SMTP profile, as keyfactor_smtp_info "
            "returns it in smtp, or set host."
        )
    settings = _profile_settings(profile) if profile else {name: values[name] for name in given}
    username = values.get("username") or settings.pop("relay_username", None)
    password = values.get("password")
    way = settings.get("relay_authentication") or ("basic" if password else "unknown")
    # A password for several environments does not matter to those that do not use one.
    without_user = password and not username and way == "basic"
    if without_user or (values.get("username") and not password):
        missing = "password" if username else "username"
        raise configuration_error(
            f"The option {missing} is missing: the login needs username and password."
        )
    port = _convert("port", converters.port, settings.get("port") or DEFAULT_PORT)
    return ProbeOptions(
        host=_convert("host", converters.text, settings.get("host")),
        port=port or DEFAULT_PORT,
        use_ssl=bool(_convert("use_ssl", converters.boolean, settings.get("use_ssl"))),
        sender=_convert("sender", converters.text, settings.get("sender")),
        relay_authentication=way,
        recipient=_convert("recipient", converters.text, values.get("recipient")),
        username=_convert("username", converters.text, username),
        password=_convert("password", converters.text, password),
        ca_cert=_convert("ca_cert", converters.path_or_pem, values.get("ca_cert")),
        validate_certs=values.get("validate_certs") is not False,
        certificate_days=_days(values.get("certificate_days", DEFAULT_DAYS)),
        domain_checks=values.get("domain_checks") is not False,
        dns_server=_convert("dns_server", parse_dns_server, values.get("dns_server")),
        timeout=_convert("timeout", converters.seconds, values.get("timeout") or "30") or 30.0,
    )


def _profile_settings(profile: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a profile by the names of the options."""
    if "host" not in profile:
        raise configuration_error(
            "The value of profile is not an SMTP profile: it has no host. Set it to what "
            "keyfactor_smtp_info returns in smtp."
        )
    names = ("host", "port", "use_ssl", "relay_authentication", "relay_username")
    sender = profile.get("sender_account") or profile.get("sender_address")
    settings = {**{name: profile.get(name) for name in names}, "sender": sender}
    return {name: value for name, value in settings.items() if value not in (None, "")}


def _convert(name: str, convert: Callable[[object], Any], value: object) -> Any:
    try:
        return None if value is None else convert(value)
    except ValueError as error:
        raise unusable_value_error(name, error) from None


def _days(value: object) -> int:
    if isinstance(value, int) and 0 <= value <= 3650:
        return value
    raise unusable_value_error("certificate_days", "it must be a number of days from 0 to 3650")
