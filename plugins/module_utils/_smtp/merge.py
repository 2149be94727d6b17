# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Put the desired settings on top of the stored profile: the settings that a request will have.

Nothing is lost and no secret is passed on without being told: what the server does not return, and
what it would send to another server than before, must be given again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._api.smtp_profile import RELAY_AUTHENTICATION
from .._errors import configuration_error
from .desired_profile import TYPES_BY_NAME, DesiredProfile
from .problems import unfit, unknown_to_server, unset
from .retention import (
    RELAY_DESTINATION,
    hidden_members,
    hidden_oauth,
    missing_headers,
    retain_headers,
    retain_secrets,
)
from .secret import SECRET_MEMBERS, Header, PamReference, PlainValue, Secret
from .stored_profile import StoredProfile


@dataclass(frozen=True)
class Merged:
    """The settings that a request will have, and in what they differ from the stored ones.

    :param settings: what a profile shows, except names that are in C(secrets).
    :param secrets: RelayUsername, RelayPassword, ClientId and ClientSecret, as far as they are set.
    :param changes: the names of the settings that differ.
    :param given_secrets: what the user gave and no server shows, so that no difference can be seen.
    :param missing: what the user must give before anything is sent.
    :param cleared: secrets that the server may have, and that a request clears as it does not use
        them.
    """

    settings: Mapping[str, Any]
    secrets: Mapping[str, Secret]
    headers: tuple[Header, ...]
    changes: tuple[str, ...]
    given_secrets: tuple[str, ...]
    missing: tuple[str, ...]
    cleared: tuple[str, ...]

    def require_complete(self) -> None:
        """Refuse a request without what it needs. :raises CommandError: naming the options."""
        if self.missing:
            raise configuration_error(
                f"Nothing was sent, as something would be lost or passed on: "
                f"{'; '.join(self.missing)}."
            )


def merge(stored: StoredProfile, desired: DesiredProfile) -> Merged:
    """Return the merged settings. :raises CommandError: naming all that the server cannot take."""
    number, problems = _relay_type(stored, desired)
    problems += unknown_to_server(number, stored, desired)
    settings = {**stored.values, **desired.settings, "relay_authentication_type": number}
    # The same host in another case is the same host.
    if stored.has("host", settings["host"]):
        settings["host"] = stored.values["host"]
    secrets = _merge_secrets(stored, desired)
    headers, given_headers = _merge_headers(stored, desired)
    has_oauth = bool(secrets["client_id"] or settings["token_endpoint"])
    way = RELAY_AUTHENTICATION.get(number, "oauth" if has_oauth else "unknown")
    problems += unfit(way, stored, desired)
    problems += unset(way, desired, settings, secrets, stored)
    if problems:
        raise configuration_error(f"The profile was not changed: {'; '.join(problems)}.")
    # Without what is cleared: that alone is no reason for a change.
    changes = _changes(stored, settings, secrets, headers)
    retention = retain_secrets(way, stored, desired, settings, secrets)
    kept_headers = retain_headers(way, desired, headers)
    cleared = [*retention.cleared, *hidden_oauth(number, stored)]
    cleared += ["request_headers"] if kept_headers != headers else []
    given = [name for name in desired.secrets if name not in changes and _is_plain(desired, name)]
    given += ["request_headers"] if given_headers and "request_headers" not in changes else []
    return Merged(
        settings,
        retention.secrets,
        kept_headers,
        tuple(changes),
        tuple(given),
        (
            *retention.missing,
            *missing_headers(stored, desired, settings, kept_headers),
            *hidden_members(stored),
        ),
        tuple(cleared),
    )


def _merge_secrets(stored: StoredProfile, desired: DesiredProfile) -> dict[str, Secret | None]:
    secrets: dict[str, Secret | None] = {
        name: desired.secrets.get(name, stored.secret(member))
        for name, member in SECRET_MEMBERS.items()
    }
    for name in ("relay_username", "client_id"):
        if name in desired.settings:
            plain = desired.settings[name]
            secrets[name] = PlainValue(plain) if plain else None
    return secrets


def _is_plain(desired: DesiredProfile, name: str) -> bool:
    return isinstance(desired.secrets[name], PlainValue)


def _relay_type(stored: StoredProfile, desired: DesiredProfile) -> tuple[Any, list[str]]:
    """Return Command's number for the way to authenticate."""
    current = stored.values["relay_authentication_type"]
    number = desired.settings.get("relay_authentication_type")
    name = desired.settings.get("relay_authentication")
    if number is not None or name is None:
        return current if number is None else number, []
    if name in TYPES_BY_NAME:
        return TYPES_BY_NAME[name], []
    if stored.values["relay_authentication"] == "oauth":
        return current, []
    return current, [
        "Command's number for oauth is not published, so give profile.relay_authentication_type as "
        "well, which keyfactor_smtp_info shows where it is in use"
    ]


def _merge_headers(
    stored: StoredProfile, desired: DesiredProfile
) -> tuple[tuple[Header, ...], bool]:
    """Return the headers, and whether the user gave values that cannot be compared."""
    if desired.headers is None:
        return stored.headers(), False
    known = {header.name.lower(): header for header in stored.headers()}
    merged, is_given = [], False
    for header in desired.headers:
        before = known.get(header.name.lower())
        if before and header.value is None:
            header = before
        elif before and before.value is None:
            is_given = True
        merged.append(header)
    return tuple(merged), is_given


def _changes(
    stored: StoredProfile,
    settings: Mapping[str, Any],
    secrets: Mapping[str, Secret | None],
    headers: tuple[Header, ...],
) -> list[str]:
    """Return the names of the settings whose difference can be seen."""
    changes = []
    for name in (
        *RELAY_DESTINATION,
        "relay_authentication_type",
        *("sender_account", "sender_name", "token_endpoint", "scope", "audience"),
    ):
        if not stored.has(name, settings[name]):
            changes.append(name)
    for name, member in SECRET_MEMBERS.items():
        before, after = stored.secret(member), secrets[name]
        if name in ("relay_username", "client_id"):
            is_change = before != after
        else:
            # Only references to PAM can be compared.
            is_change = before != after and isinstance(before or after, PamReference)
        if is_change:
            changes.append(name)
    if not _same_headers(stored.headers(), headers):
        changes.append("request_headers")
    return changes


def _same_headers(before: tuple[Header, ...], after: tuple[Header, ...]) -> bool:
    if before == after:
        return True
    values = {header.name.lower(): header.value for header in before}
    if set(values) != {header.name.lower() for header in after}:
        return False
    pairs = [(values[header.name.lower()], header.value) for header in after]
    return all(one == other for one, other in pairs if one is not None)
