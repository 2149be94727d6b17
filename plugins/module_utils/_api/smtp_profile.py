# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Normalize the SMTP profile: one shape for every API version and spelling of members."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .json_body import JSON_TYPES

PAM_TEXT = "UnsupportedPAMSecret"
# RFC 9110: a token.
HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
# Settings that may be unset, with empty text.
UNSETTABLE = frozenset(
    ("relay_username", "sender_name", "client_id", "token_endpoint", "scope", "audience")
)
# The numbers with a published name. 1, 3 and 4 exist as well.
RELAY_AUTHENTICATION = {0: "anonymous", 2: "basic"}


@dataclass(frozen=True)
class SmtpProfile:
    """The profile, the API version whose shape it had, and the names of unknown members."""

    values: dict[str, Any]
    api_version: int
    unknown_members: list[str]


class DuplicateMemberError(Exception):
    """An object has a member in more than one spelling."""


def _whole_number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("a whole number")
    return value


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("a boolean")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("text")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("valid Unicode text") from None
    return value


def _secret(value: object) -> tuple[str | None, str]:
    """Return a secret's value, None if it is not readable, and its source: plain, pam or none."""
    if isinstance(value, Mapping):
        members = _members(value)
        if members.get("provider") is not None or members.get("parameters"):
            return None, "pam"
        value = members.get("secretvalue")
        if value is None:
            return None, "none"
    if not isinstance(value, str):
        raise ValueError("text, or an object with SecretValue")
    if value == PAM_TEXT:
        return None, "pam"
    return (_text(value), "plain") if value else (None, "none")


def _header_names(value: object) -> list[str]:
    if isinstance(value, list) and all(isinstance(header, Mapping) for header in value):
        names = [_members(header).get("name") for header in value]
        if all(isinstance(name, str) for name in names):
            return [_text(name) for name in names]
    raise ValueError("a list of objects with Name and Value")


def _members(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object's members by their names in lower case."""
    members = {name.lower(): member for name, member in value.items()}
    if len(members) < len(value):
        raise DuplicateMemberError("a member of it is there twice, in different spellings")
    return members


# The settings in the order of the result, each with its member in the API and what converts its
# value. Settings without a member are derived from others.
FIELDS: dict[str, tuple[str, Callable[[object], Any]] | None] = {
    "id": ("Id", _whole_number),
    "host": ("Host", _text),
    "port": ("Port", _whole_number),
    "use_ssl": ("UseSSL", _boolean),
    "relay_authentication_type": ("RelayAuthenticationType", _whole_number),
    "relay_authentication": None,
    "relay_username": ("RelayUsername", _secret),
    "relay_username_source": None,
    "sender_account": ("SenderAccount", _text),
    "sender_name": ("SenderName", _text),
    "sender_address": ("SenderAddress", _text),
    "client_id": ("ClientId", _secret),
    "token_endpoint": ("TokenEndpoint", _text),
    "scope": ("Scope", _text),
    "audience": ("Audience", _text),
    "request_headers": ("RequestHeaders", _header_names),
}
SETTINGS = tuple(FIELDS)
MEMBERS = dict(field for field in FIELDS.values() if field)
SPELLINGS = {name.lower(): name for name in MEMBERS}
# Known members that are never returned, whatever the server sends in them.
SECRET_MEMBERS = ("relaypassword", "clientsecret")


def normalize_profile(content: Mapping[str, Any], requested_version: int) -> SmtpProfile:
    """Return the profile of a response. :raises ValueError: saying which member is wrong, and how."""
    sent: dict[str, Any] = {}
    unknown = []
    for name, value in content.items():
        spelling = SPELLINGS.get(name.lower())
        if spelling in sent:
            raise ValueError(f"{spelling} is there twice, in different spellings")
        if spelling:
            sent[spelling] = value
        elif name.lower() not in SECRET_MEMBERS:
            unknown.append(name.encode("utf-8", "backslashreplace").decode())
    if not sent:
        raise ValueError("none of its members is one of a profile")
    converted = {name: _convert(name, value) for name, value in sent.items()}
    # Some servers ignore the requested version: only version 1 has these.
    is_version_1 = isinstance(sent.get("RelayUsername"), str) or "SenderAddress" in sent
    version = 1 if is_version_1 else requested_version
    return SmtpProfile(_settings(converted), version, sorted(unknown))


def _convert(name: str, value: object) -> Any:
    if value is None:
        return None
    try:
        return MEMBERS[name](value)
    except DuplicateMemberError as error:
        raise ValueError(f"{name} cannot be read, {error}") from None
    except ValueError as error:
        json_type = JSON_TYPES[type(value)]
        raise ValueError(f"{name} must be {error}, and is {json_type}") from None


def _settings(converted: Mapping[str, Any]) -> dict[str, Any]:
    """Return every setting, None if the server did not send it."""
    values = {name: converted.get(field[0]) if field else None for name, field in FIELDS.items()}
    values["relay_username"], source = values["relay_username"] or (None, "none")
    values["relay_username_source"] = source
    values["client_id"], client_source = values["client_id"] or (None, "none")
    has_oauth = client_source != "none" or values["token_endpoint"]
    number: Any = values["relay_authentication_type"]
    derived = "oauth" if has_oauth else "unknown"
    values["relay_authentication"] = RELAY_AUTHENTICATION.get(number, derived)
    return values
