# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decide which secrets of the stored profile a request keeps, and which must be given again.

A request clears what Command does not return, and Command sends the secrets that it has to the
servers in the profile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._api.smtp_profile import RELAY_AUTHENTICATION
from .desired_profile import SECRETS, DesiredProfile
from .secret import SECRET_MEMBERS, Header, PamReference, Secret, is_mask
from .stored_profile import StoredProfile

RELAY = ("relay_username", "relay_password")
# What each way to authenticate uses.
USED = {"anonymous": (), "basic": RELAY, "oauth": ("relay_username", "client_id", "client_secret")}
# Where Command sends secrets: to the mail server, or to the token endpoint.
RELAY_DESTINATION = ("host", "port", "use_ssl")
TOKEN_DESTINATION = (*RELAY_DESTINATION, "token_endpoint")


@dataclass(frozen=True)
class Retention:
    """The secrets that a request has.

    :param missing: what the user must give before anything is sent.
    :param cleared: what the server may have, and the request clears, as it is not used.
    """

    secrets: Mapping[str, Secret]
    missing: tuple[str, ...]
    cleared: tuple[str, ...]


def retain_secrets(
    way: str,
    stored: StoredProfile,
    desired: DesiredProfile,
    settings: Mapping[str, Any],
    secrets: Mapping[str, Secret | None],
) -> Retention:
    """Return the secrets to send, of those that are stored and those that are desired."""
    used = USED.get(way, RELAY if _may_have_login(stored, desired, secrets) else ())
    kept = {name: secret for name, secret in secrets.items() if secret}
    missing, cleared = [], []
    for name, secret in secrets.items():
        if name in desired.secrets or name in desired.settings:
            continue
        destination = RELAY_DESTINATION if name in RELAY else TOKEN_DESTINATION
        obstacle = _obstacle(name, secret, stored, _moved(destination, settings, stored))
        if not obstacle and secret is None and name in SECRETS and name in used:
            obstacle = f"Command never returns {name}"
        if obstacle and name in used:
            remedy = _remedy(name, stored)
            if way not in USED and not (secrets["relay_username"] or stored.hides_username):
                remedy += ", or an empty profile.relay_username if there is no login"
            missing.append(f"{obstacle}, so {remedy}")
        elif obstacle or (secret is None and stored.may_have(SECRET_MEMBERS[name])):
            kept.pop(name, None)
            cleared.append(name)
    return Retention(kept, tuple(missing), tuple(cleared))


def _may_have_login(
    stored: StoredProfile, desired: DesiredProfile, secrets: Mapping[str, Secret | None]
) -> bool:
    """Whether a way to authenticate that is not published may use the login of the profile."""
    if "relay_username" in desired.settings and not desired.settings["relay_username"]:
        return False
    has_login = bool(secrets["relay_username"] or secrets["relay_password"])
    return has_login or stored.hides_username or stored.may_have(SECRET_MEMBERS["relay_password"])


def retain_headers(
    way: str, desired: DesiredProfile, headers: tuple[Header, ...]
) -> tuple[Header, ...]:
    """Return the headers of the token request, without hidden ones that are of no use."""
    if way in RELAY_AUTHENTICATION.values() and desired.headers is None:
        return tuple(header for header in headers if header.value)
    return headers


def hidden_oauth(number: Any, stored: StoredProfile) -> list[str]:
    """Return what a request clears if OAuth is no longer used, and the server may not show it.

    :param number: the resulting relay_authentication_type.
    """
    before = stored.values["relay_authentication_type"]
    was_used = before not in (number, *RELAY_AUTHENTICATION, None)
    return ["settings of OAuth"] if was_used and stored.may_hide_oauth else []


def hidden_members(stored: StoredProfile) -> list[str]:
    """Return the members that this version of the collection does not know, and cannot keep."""
    return [
        f"the server does not show the value of {name}, which this version of the collection does "
        f"not know, so use a newer version, or change the profile in Command itself"
        for name in stored.hidden_unknown
    ]


def missing_headers(
    stored: StoredProfile,
    desired: DesiredProfile,
    settings: Mapping[str, Any],
    headers: tuple[Header, ...],
) -> list[str]:
    """Return the headers of the token request whose values the user must give."""
    where = _moved(TOKEN_DESTINATION, settings, stored)
    given = {header.name.lower() for header in desired.headers or () if header.value is not None}
    missing = []
    for header in headers:
        if header.name.lower() in given:
            continue
        if header.value is None:
            reason = "has no value, and the server does not return one"
        elif where:
            reason = f"would go to another server, as {where} changes"
        else:
            continue
        missing.append(
            f"the header {header.name} {reason}, so give its value in profile.request_headers, "
            f"or the list without it"
        )
    return missing


def _moved(destination: tuple[str, ...], settings: Mapping[str, Any], stored: StoredProfile) -> str:
    """Return the settings of a destination that change."""
    return " and ".join(name for name in destination if not stored.has(name, settings[name]))


def _obstacle(name: str, secret: Secret | None, stored: StoredProfile, where: str) -> str:
    """Return why a stored secret cannot be sent again, empty if it can."""
    if name == "relay_username" and stored.hides_username:
        return "the user name is in PAM, and version 1 of the API does not say where"
    if isinstance(secret, PamReference):
        if where:
            return f"the PAM reference of {name} would go to another server, as {where} changes"
        if not secret.is_complete:
            return f"the server does not show all parameters of the PAM reference of {name}"
    elif secret and is_mask(secret.value):
        return f"the server shows a mask in place of {name}"
    return ""


def _remedy(name: str, stored: StoredProfile) -> str:
    if name == "relay_username" and stored.hides_username:
        return "give profile.relay_username or use api_version 2"
    if name == "client_id" or stored.version == 1:
        return f"give profile.{name}"
    return f"give profile.{name} or profile.{name}_pam"
