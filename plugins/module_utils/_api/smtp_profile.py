# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Normalize the SMTP profile: one shape for every API version and spelling of members."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .json_body import json_type_name

PAM_TEXT = "UnsupportedPAMSecret"
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
    name = _text(value)
    if name == PAM_TEXT:
        return None, "pam"
    return (name, "plain") if name else (None, "none")


def _header_names(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
        raise ValueError("a list of objects with Name and Value")
    names = []
    for header in value:
        name = _members(header).get("name")
        if not isinstance(name, str):
            raise ValueError("a list of objects with Name and Value")
        names.append(_text(name))
    return names


def _members(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object's members by their names in lower case."""
    members = {name.lower(): member for name, member in value.items()}
    if len(members) < len(value):
        raise DuplicateMemberError("a member of it is there twice, in different spellings")
    return members


# The setting of each member that the profile shows, and what converts its value.
MEMBERS: dict[str, tuple[str, Callable[[object], Any]]] = {
    "Id": ("id", _whole_number),
    "Host": ("host", _text),
    "Port": ("port", _whole_number),
    "UseSSL": ("use_ssl", _boolean),
    "RelayAuthenticationType": ("relay_authentication_type", _whole_number),
    "RelayUsername": ("relay_username", _secret),
    "SenderAccount": ("sender_account", _text),
    "SenderName": ("sender_name", _text),
    "SenderAddress": ("sender_address", _text),
    "ClientId": ("client_id", _secret),
    "TokenEndpoint": ("token_endpoint", _text),
    "Scope": ("scope", _text),
    "Audience": ("audience", _text),
    "RequestHeaders": ("request_headers", _header_names),
}
# Known members that are never returned, whatever the server sends in them.
SECRET_MEMBERS = frozenset(("relaypassword", "clientsecret"))
SPELLINGS = {name.lower(): name for name in MEMBERS}


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
    return SmtpProfile(_settings(converted), _version(sent, requested_version), sorted(unknown))


def _convert(name: str, value: object) -> Any:
    if value is None:
        return None
    try:
        return MEMBERS[name][1](value)
    except DuplicateMemberError as error:
        raise ValueError(f"{name} cannot be read, {error}") from None
    except ValueError as requirement:
        raise ValueError(f"{name} must be {requirement}, and is {json_type_name(value)}") from None


def _settings(converted: Mapping[str, Any]) -> dict[str, Any]:
    """Return every setting, None if the server did not send it."""
    values = {key: converted.get(name) for name, (key, _convert) in MEMBERS.items()}
    values["relay_username"], source = converted.get("RelayUsername") or (None, "none")
    values["client_id"], client_source = converted.get("ClientId") or (None, "none")
    values["relay_username_source"] = source
    number: Any = values["relay_authentication_type"]
    has_oauth = client_source != "none" or bool(values["token_endpoint"])
    values["relay_authentication"] = RELAY_AUTHENTICATION.get(number) or (
        "oauth" if has_oauth else "unknown"
    )
    return {key: values[key] for key in SETTINGS}


def _version(sent: Mapping[str, Any], requested: int) -> int:
    """Return the version whose shape the response has: some servers ignore the one requested."""
    only_in_1 = isinstance(sent.get("RelayUsername"), str) or "SenderAddress" in sent
    return 1 if only_in_1 else requested


SETTINGS = (
    "id",
    "host",
    "port",
    "use_ssl",
    "relay_authentication_type",
    "relay_authentication",
    "relay_username",
    "relay_username_source",
    "sender_account",
    "sender_name",
    "sender_address",
    "client_id",
    "token_endpoint",
    "scope",
    "audience",
    "request_headers",
)
