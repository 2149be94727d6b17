# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SMTP profile and its JSON representations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

PAM_TEXT = "UnsupportedPAMSecret"
COMMIT = "dc0db2c8af1b4e5d96a7f3b20c81e94d75a6b3f0"
REQUEST_HEADERS = {"X-Relay-Key": "emulated-header-value"}
PAM = {"provider": 1, "parameters": {"SecretId": "smtp-relay"}}


class Hidden(Enum):
    """What a server sends in place of a secret's value."""

    NULL = None
    MASK = "********"


@dataclass(frozen=True, kw_only=True)
class SmtpProfile:
    """The SMTP profile that an administrator configured, secrets included."""

    host: str | None = "smtp.example.com"
    id: int = 1
    port: int = 587
    use_ssl: bool = True
    relay_authentication_type: int = 2
    relay_username: str | None = "KEYEXAMPLE\\svc-smtp"
    relay_username_in_pam: bool = False
    relay_username_pam: Mapping[str, Any] | None = None
    """Where in PAM it is, `provider` and `parameters`, if not where the emulator has it."""
    relay_password: str | None = "emulated-relay-password"
    relay_password_pam: Mapping[str, Any] | None = None
    sender_account: str | None = "keyfactor@keyexample.com"
    sender_name: str | None = "Keyfactor Command"
    sender_address: str | None = "keyfactor@keyexample.com"
    client_id: str | None = None
    client_id_pam: Mapping[str, Any] | None = None
    client_secret: str | None = "emulated-client-secret"
    client_secret_pam: Mapping[str, Any] | None = None
    token_endpoint: str | None = None
    scope: str | None = None
    audience: str | None = None
    request_headers: Mapping[str, str | None] = field(default_factory=lambda: dict(REQUEST_HEADERS))
    unknown_members: Mapping[str, object] = field(default_factory=dict)
    """Members that a later release might add, sent unchanged."""


@dataclass(frozen=True)
class Release:
    """The SMTP features of a release of Command."""

    major: int
    minor: int

    @classmethod
    def parse(cls, text: str) -> Release:
        """Parse a release such as "25.1"."""
        try:
            major, minor = (int(part) for part in text.split("."))
        except ValueError:
            raise ValueError(f'release must look like "25.1", not {text!r}') from None
        return cls(major, minor)

    @property
    def has_version_2(self) -> bool:
        """Whether version 2 of the endpoint exists."""
        return (self.major, self.minor) >= (25, 1)

    @property
    def versions(self) -> tuple[str, ...]:
        """The versions of the endpoint, as the versioning library lists them."""
        return ("1.0", "2") if self.has_version_2 else ("1.0",)

    @property
    def product_version(self) -> str:
        """The version of the product, which names the commit since 25.4."""
        if (self.major, self.minor) >= (25, 4):
            return f"{self.major}.{self.minor}.1+{COMMIT}"
        return f"{self.major}.{self.minor}.0.0"

    @property
    def has_oauth(self) -> bool:
        """Whether version 2 returns the OAuth settings of the mail relay."""
        return (self.major, self.minor) >= (25, 3)

    @property
    def has_id_in_requests(self) -> bool:
        """Whether version 1 of PUT knows Id."""
        return self.major < 25

    @property
    def has_sender_address(self) -> bool:
        """Whether version 1 returns SenderAddress."""
        return self.major <= 11


def render(
    profile: SmtpProfile, release: Release, version: int, hidden: Hidden | None = None
) -> dict[str, Any]:
    """Return the profile as this release sends it in this version of the endpoint.

    `hidden` takes the place of the values of secrets.
    """
    members: dict[str, Any] = {
        "Host": profile.host,
        "Id": profile.id,
        "Port": profile.port,
        "RelayAuthenticationType": profile.relay_authentication_type,
        "RelayUsername": profile.relay_username,
        "SenderAccount": profile.sender_account,
        "SenderName": profile.sender_name,
        "UseSSL": profile.use_ssl,
    }
    if version == 1:
        if profile.relay_username_in_pam:
            members["RelayUsername"] = PAM_TEXT
        if release.has_sender_address:
            members["SenderAddress"] = profile.sender_address
    else:
        pam = profile.relay_username_pam or (PAM if profile.relay_username_in_pam else None)
        members["RelayUsername"] = _secret(profile.relay_username, pam)
        members["RelayPassword"] = _secret(
            profile.relay_password, profile.relay_password_pam, hidden
        )
        if release.has_oauth:
            members |= _oauth(profile, hidden)
    return members | dict(profile.unknown_members)


def camel_case(value: Any) -> Any:
    """Return the JSON with member names in camel case."""
    if isinstance(value, Mapping):
        return {name[:1].lower() + name[1:]: camel_case(item) for name, item in value.items()}
    if isinstance(value, list):
        return [camel_case(item) for item in value]
    return value


def _oauth(profile: SmtpProfile, hidden: Hidden | None) -> dict[str, Any]:
    headers = [
        (name, hidden.value if hidden else value) for name, value in profile.request_headers.items()
    ]
    return {
        "ClientId": _secret(profile.client_id, profile.client_id_pam),
        "ClientSecret": _secret(profile.client_secret, profile.client_secret_pam, hidden),
        "TokenEndpoint": profile.token_endpoint,
        "Scope": profile.scope,
        "Audience": profile.audience,
        "RequestHeaders": [{"Name": name, "Value": value} for name, value in headers],
    }


def _secret(
    value: str | None, pam: Mapping[str, Any] | None = None, hidden: Hidden | None = None
) -> dict[str, Any] | None:
    if pam:
        provider, parameters = pam["provider"], pam["parameters"]
        return {"SecretValue": None, "Parameters": parameters, "Provider": provider}
    if value is None:
        return None
    shown = hidden.value if hidden else value
    return {"SecretValue": shown, "Parameters": None, "Provider": None}
