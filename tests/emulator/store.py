# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stored SMTP profile of an emulated Command, secrets included, and what PUT does to it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from .wire import Release, SmtpProfile

# The members of a request by lower-case name, each with its field and its type.
PLAIN: dict[str, tuple[str, type]] = {
    "host": ("host", str),
    "port": ("port", int),
    "usessl": ("use_ssl", bool),
    "relayauthenticationtype": ("relay_authentication_type", int),
    "senderaccount": ("sender_account", str),
    "sendername": ("sender_name", str),
}
SECRETS = {"relayusername": "relay_username", "relaypassword": "relay_password"}
OAUTH_PLAIN: dict[str, tuple[str, type]] = {
    name.replace("_", ""): (name, str) for name in ("token_endpoint", "scope", "audience")
}
OAUTH_SECRETS = {"clientid": "client_id", "clientsecret": "client_secret"}
# What is left of a profile if a request leaves out everything.
CLEARED = SmtpProfile(
    host=None,
    port=0,
    use_ssl=False,
    relay_authentication_type=0,
    relay_username=None,
    relay_password=None,
    sender_account=None,
    sender_name=None,
    sender_address=None,
    client_secret=None,
    request_headers={},
)


class InvalidRequestError(Exception):
    """The body of a request, as ASP.NET describes what is wrong with it."""


class SmtpStore:
    """The profile of one environment. Assigning to `profile` is what another administrator does."""

    def __init__(self, profile: SmtpProfile, release: Release) -> None:
        self._lock = threading.Lock()
        self._release = release
        self.profile = profile
        self.writes: list[SmtpProfile] = []
        """What each PUT asked for."""

    def put(self, body: Any, version: int, keep: Mapping[str, Any]) -> None:
        """Replace the profile. The server keeps its own values of the settings in `keep`."""
        with self._lock:
            wanted = self.parse(body, version)
            self.writes.append(wanted)
            self.profile = replace(wanted, **keep)

    def parse(
        self, body: Any, version: int, *, more: Mapping[str, type] | None = None
    ) -> SmtpProfile:
        """Return the profile of a request; raise InvalidRequestError for anything else.

        `more` are members that the request has in addition.
        """
        if not isinstance(body, dict):
            raise InvalidRequestError("A non-empty request body is required.")
        members = {name.lower(): value for name, value in body.items()}
        for name, kind in (more or {}).items():
            if not isinstance(members.pop(name, None), kind):
                raise InvalidRequestError(f"The {name} field is required.")
        current = self.profile
        unknown = {name.lower(): name for name in current.unknown_members}
        kept = {unknown[name]: members.pop(name) for name in list(members) if name in unknown}
        changes: dict[str, Any] = {"id": current.id, "unknown_members": kept}
        parsers = self._parsers(version)
        for name, value in members.items():
            if name not in parsers:
                raise InvalidRequestError(f"The member {name} does not exist.")
            changes |= parsers[name](name, value)
        return replace(CLEARED, **changes)

    def _parsers(self, version: int) -> dict[str, Callable[[str, Any], dict[str, Any]]]:
        parsers: dict[str, Callable[[str, Any], dict[str, Any]]] = dict.fromkeys(PLAIN, _plain)
        if version == 1:
            parsers |= dict.fromkeys(SECRETS, _plain)
            if self._release.has_id_in_requests:
                parsers["id"] = lambda _name, _value: {}
            if self._release.has_sender_address:
                parsers["senderaddress"] = _plain
            return parsers
        parsers |= dict.fromkeys(SECRETS, _secret)
        if self._release.has_oauth:
            parsers |= dict.fromkeys(OAUTH_PLAIN, _plain) | dict.fromkeys(OAUTH_SECRETS, _secret)
            parsers["requestheaders"] = _headers
        return parsers


def _plain(name: str, value: Any) -> dict[str, Any]:
    texts = {name: (field, str) for name, field in SECRETS.items()}
    texts["senderaddress"] = ("sender_address", str)
    field, kind = {**PLAIN, **OAUTH_PLAIN, **texts}[name]
    if value is None and kind is str:
        return {field: None}
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise InvalidRequestError(f"The JSON value of {name} is not of type {kind.__name__}.")
    return {field: value}


def _secret(name: str, value: Any) -> dict[str, Any]:
    field = {**SECRETS, **OAUTH_SECRETS}[name]
    if value is None:
        return {field: None}
    if not isinstance(value, dict) or not set(value) <= {"SecretValue", "Provider", "Parameters"}:
        raise InvalidRequestError(f"The JSON value of {name} is not a secret.")
    if value.get("Provider") is None:
        return {field: value.get("SecretValue")}
    reference = {"provider": value["Provider"], "parameters": value.get("Parameters")}
    changes: dict[str, Any] = {field: None, f"{field}_pam": reference}
    return changes | ({"relay_username_in_pam": True} if field == "relay_username" else {})


def _headers(name: str, value: Any) -> dict[str, Any]:
    if value is not None and not isinstance(value, list):
        raise InvalidRequestError(f"The JSON value of {name} is not a list.")
    return {"request_headers": {header["Name"]: header["Value"] for header in value or ()}}
