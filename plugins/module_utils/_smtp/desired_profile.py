# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parse the settings that a user gives, and refuse what no server could take."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from .._api.smtp_profile import HEADER_NAME, PAM_TEXT, RELAY_AUTHENTICATION, UNSETTABLE
from .._config.sources import is_set
from .._errors import configuration_error
from .secret import Header, PamReference, PlainValue, Secret, is_mask

SECRETS = ("relay_password", "client_secret")
TYPES_BY_NAME = {name: number for number, name in RELAY_AUTHENTICATION.items()}
MAX_INTEGER = 2**31 - 1


@dataclass(frozen=True)
class DesiredProfile:
    """The settings to set. Those that were not given are in none of the fields.

    :param settings: the settings that a profile shows, None to unset one.
    :param secrets: relay_password and client_secret, and names that PAM has.
    """

    settings: Mapping[str, Any]
    secrets: Mapping[str, Secret]
    headers: tuple[Header, ...] | None

    @property
    def secret_values(self) -> tuple[str, ...]:
        """What no message must show."""
        plain = (secret.value for secret in self.secrets.values() if isinstance(secret, PlainValue))
        headers = (header.value for header in self.headers or () if header.value)
        return (*plain, *headers)


def parse_desired_profile(given: Mapping[str, Any]) -> DesiredProfile:
    """Return the settings. :raises CommandError: naming everything that is wrong with them.

    :param given: the suboptions of profile, None for those that were not given.
    """
    problems: list[str] = []
    settings: dict[str, Any] = {}
    secrets: dict[str, Secret] = {}
    for name, value in given.items():
        if value is None or (name in SECRETS and not is_set(value)):
            continue
        try:
            if name in SECRETS:
                secrets[name] = PlainValue(_secret(value))
            elif name.endswith("_pam"):
                secrets[name[: -len("_pam")]] = _pam_reference(value)
            elif name != "request_headers":
                settings[name] = _setting(name, value)
        except ValueError as error:
            problems.append(f"profile.{name} {error}")
    headers = None
    try:
        headers = _headers(given.get("request_headers"))
    except ValueError as error:
        problems.append(f"profile.request_headers {error}")
    problems += _contradictions(given, settings)
    if problems:
        raise configuration_error(f"The profile cannot be used: {'; '.join(problems)}.")
    return DesiredProfile(settings, secrets, headers)


def _contradictions(given: Mapping[str, Any], settings: Mapping[str, Any]) -> list[str]:
    problems = [
        f"profile.{name} and profile.{name}_pam exclude each other, give one of them"
        for name in ("relay_username", *SECRETS)
        if is_set(given.get(name)) and is_set(given.get(f"{name}_pam"))
    ]
    name = settings.get("relay_authentication")
    number = settings.get("relay_authentication_type")
    if name and number is not None and RELAY_AUTHENTICATION.get(number, "oauth") != name:
        meant = RELAY_AUTHENTICATION.get(number, "neither anonymous nor basic")
        problems.append(
            f"profile.relay_authentication is {name}, but profile.relay_authentication_type {number} "
            f"is {meant}, give one of them"
        )
    return problems


def _setting(name: str, value: Any) -> Any:
    if name in UNSETTABLE and value == "":
        return None
    return CHECKS.get(name, _line)(value)


def _line(value: Any) -> str:
    text = str(value)
    if not text.strip():
        raise ValueError("is empty, leave it out to keep what the server has")
    if re.search("[\x00-\x1f\x7f\ud800-\udfff]", text):
        raise ValueError("has a line break or another control character, which no setting has")
    if text == PAM_TEXT:
        raise ValueError("is what version 1 of the API shows for a secret in PAM, not a value")
    return text


def _name(value: Any) -> str:
    return _secret(_line(value))


def _secret(value: str) -> str:
    if re.search("[\x00\ud800-\udfff]", value):
        raise ValueError("must be valid Unicode text")
    if value.endswith(("\n", "\r")):
        raise ValueError("ends with a line break, which a file or a pipe often adds: remove it")
    if is_mask(value):
        raise ValueError("is a mask of a secret, not the secret itself")
    return value


def _integer(lowest: int, highest: int) -> Callable[[Any], int]:
    def check(value: Any) -> int:
        if not lowest <= value <= highest:
            raise ValueError(f"must be a whole number from {lowest} to {highest}")
        return int(value)

    return check


def _host(value: Any) -> str:
    text = _line(value)
    if "://" in text or re.search(r"[\s/@?#,;]", text):
        raise ValueError(
            "must be the name or the address of the mail server, without a URL around it"
        )
    if re.fullmatch(r"[^:]*:[0-9]*", text) or text.startswith("["):
        raise ValueError("must be a name without a port, which belongs in profile.port")
    return text


def _address(value: Any) -> str:
    text = _line(value)
    local, at, domain = text.rpartition("@")
    if not (local and at and domain) or re.search(r"[\s<>,;]", text) or "@" in local:
        raise ValueError("must be one e-mail address, like pki@example.com")
    return text


def _url(value: Any) -> str:
    text = _line(value)
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("https", "http") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    # The value itself is not repeated: it may have credentials.
    if not usable or parts.username is not None or re.search(r"\s", text):
        raise ValueError("must be an https:// URL without a user")
    return text


CHECKS: dict[str, Callable[[Any], Any]] = {
    "host": _host,
    "port": _integer(1, 65535),
    "use_ssl": bool,
    "relay_authentication_type": _integer(0, MAX_INTEGER),
    "relay_username": _name,
    "client_id": _name,
    "sender_account": _address,
    "token_endpoint": _url,
}


def check_recipient(option: str, value: str) -> str:
    """Return the address of a recipient. :raises CommandError: if it cannot be one."""
    try:
        return _address(value)
    except ValueError as error:
        raise configuration_error(f"The value of {option} {error}.") from None


def _pam_reference(value: Mapping[str, Any]) -> PamReference:
    provider, parameters = value["provider"], value["parameters"]
    if not 1 <= provider <= MAX_INTEGER:
        raise ValueError("needs the number of a provider, from 1")
    if not parameters:
        raise ValueError("needs parameters, which say where the provider has the secret")
    if not all(isinstance(item, (str, int, float)) for item in parameters.values()):
        raise ValueError("needs text as value of each of its parameters")
    return PamReference(provider, {str(name): str(item) for name, item in parameters.items()})


def _headers(value: list[Mapping[str, Any]] | None) -> tuple[Header, ...] | None:
    if value is None:
        return None
    headers = tuple(Header(str(item["name"]), item.get("value") or None) for item in value)
    for header in headers:
        if not HEADER_NAME.fullmatch(header.name):
            raise ValueError("must have names of HTTP headers, without colons and blanks")
        if re.search("[\x00\r\n\ud800-\udfff]", header.value or ""):
            raise ValueError(f"has a line break in the value of {header.name}")
        if is_mask(header.value):
            raise ValueError(f"has a mask in place of the value of {header.name}")
    names = [header.name.lower() for header in headers]
    if len(set(names)) < len(names):
        raise ValueError("has a header twice")
    return headers
