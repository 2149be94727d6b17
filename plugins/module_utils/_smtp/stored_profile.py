# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The SMTP profile that a server has, with what a request needs in order to keep it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._api.smtp import FetchedProfile
from .._api.smtp_profile import MEMBERS, SECRET_MEMBERS
from .._api.versions import FIRST_WITH_VERSION_2, product_release, supported_versions
from .._sanitize import escape_unprintable
from .secret import Header, PamReference, PlainValue, Secret, is_mask

# Settings that only later releases have, in version 2.
OAUTH_SETTINGS = ("client_id", "token_endpoint", "scope", "audience", "request_headers")
OAUTH_MEMBERS = ("ClientId", "ClientSecret", "TokenEndpoint", "Scope", "Audience", "RequestHeaders")
FIRST_WITH_OAUTH = (25, 4)
SECRET_OBJECT = {"secretvalue", "provider", "parameters"}
SPELLINGS = {name.lower(): name for name in (*MEMBERS, "RelayPassword", "ClientSecret")}


def comparable(name: str, value: Any) -> Any:
    """Return a setting's value without what makes no difference."""
    if name == "request_headers":
        return sorted(str(header).lower() for header in value or ())
    if name == "host":
        value = str(value or "").lower()
    # Empty text is unset; false and 0 are values.
    return None if value == "" else value


class StoredProfile:
    """The profile of a server. Its secrets are known only as far as it returns them.

    C(members) are the members that the API describes, in its own spelling, and C(unknown) all
    others. Neither has RelayPassword and ClientSecret.
    """

    def __init__(self, fetched: FetchedProfile) -> None:
        self.fetched = fetched
        self.values = fetched.profile.values
        self.version = fetched.profile.api_version
        members = {
            SPELLINGS.get(name.lower(), name): fetched.members[name] for name in fetched.members
        }
        self._secrets = {
            name: members.pop(name) for name in list(members) if name.lower() in SECRET_MEMBERS
        }
        self.unknown = {name: value for name, value in members.items() if name not in MEMBERS}
        self.members = {name: value for name, value in members.items() if name in MEMBERS}
        self._release = product_release(fetched.response)

    def is_same(self, other: StoredProfile) -> bool:
        """Whether another profile has the same values in all members that the API describes.

        Others can change by themselves, such as the time of the last test.
        """
        return self.members == other.members and self._secrets == other._secrets

    def has(self, name: str, value: Any) -> bool:
        """Whether a setting has this value already."""
        return bool(comparable(name, value) == comparable(name, self.values[name]))

    def _is_from(self, release: tuple[int, int]) -> bool:
        """Whether the server says that it is of this release or a later one."""
        return self._release is not None and self._release >= release

    @property
    def offers_version_2(self) -> bool:
        """Whether the server says that it has version 2 of the API."""
        is_supported = 2 in supported_versions(self.fetched.response)
        return is_supported or self._is_from(FIRST_WITH_VERSION_2)

    @property
    def has_oauth(self) -> bool:
        """Whether the profile has the settings of OAuth."""
        is_there = any(name in self.members or name in self._secrets for name in OAUTH_MEMBERS)
        return self.version > 1 and (is_there or self._is_from(FIRST_WITH_OAUTH))

    @property
    def may_hide_oauth(self) -> bool:
        """Whether the server may have settings of OAuth that this version of its API lacks."""
        is_older = self._release is not None and not self.offers_version_2
        return not self.has_oauth and not is_older

    @property
    def hidden_unknown(self) -> list[str]:
        """The names of unknown members that seem to hide a secret."""
        return [
            escape_unprintable(name)
            for name, value in self.unknown.items()
            if is_mask(value) or _hides_secret(value)
        ]

    @property
    def known_secrets(self) -> tuple[str, ...]:
        """Secrets that the server returned, which no message must show."""
        values = [header.value for header in self.headers()]
        for value in self._secrets.values():
            parts = value.values() if isinstance(value, Mapping) else [value]
            values += [part for part in parts if isinstance(part, str)]
        return tuple(value for value in values if value)

    @property
    def takes_id(self) -> bool:
        """Whether requests have the Id. Later releases have it only in responses."""
        return self.version == 1 and "Id" in self.members and not self.offers_version_2

    @property
    def hides_username(self) -> bool:
        """Whether the user name is in PAM, and the server does not say where."""
        is_reference = isinstance(self._secret("RelayUsername"), PamReference)
        return self.values["relay_username_source"] == "pam" and not is_reference

    def may_have(self, member: str) -> bool:
        """Whether the server seems to have a password or client secret, which it does not return."""
        return self._secrets.get(member) is not None

    def secret(self, member: str) -> Secret | None:
        """Return a secret of the profile, None if the server does not say what or where it is."""
        if member == "RelayUsername" and self.hides_username:
            return None
        return self._secret(member)

    def _secret(self, member: str) -> Secret | None:
        value = {**self.members, **self._secrets}.get(member)
        if isinstance(value, str) and member not in self._secrets:
            return PlainValue(value) if value else None
        if not isinstance(value, Mapping):
            return None
        parts = {name.lower(): part for name, part in value.items()}
        provider, parameters = parts.get("provider"), parts.get("parameters")
        if provider is not None or parameters:
            return PamReference(provider, parameters)
        plain = parts.get("secretvalue")
        # Whatever the server sends as a password or client secret, it is never sent back.
        if member in self._secrets or not isinstance(plain, str) or not plain:
            return None
        return PlainValue(plain)

    def headers(self) -> tuple[Header, ...]:
        """Return the headers of the token request, with the values that the server returns."""
        headers = []
        for item in self.members.get("RequestHeaders") or ():
            parts = {name.lower(): part for name, part in item.items()}
            value = parts.get("value")
            is_known = isinstance(value, str) and value != "" and not is_mask(value)
            headers.append(Header(str(parts.get("name")), value if is_known else None))
        return tuple(headers)


def _hides_secret(value: Any) -> bool:
    """Whether a value is, or contains, a secret that may be stored but is not returned."""
    if isinstance(value, list):
        return any(map(_hides_secret, value))
    if not isinstance(value, Mapping):
        return False
    names = {name.lower() for name in value}
    if "secretvalue" in names and names <= SECRET_OBJECT:
        return not any(value.values())
    return any(map(_hides_secret, value.values()))
