# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with desired settings on a server: each function returns problems as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._api.smtp_profile import RELAY_AUTHENTICATION
from .desired_profile import DesiredProfile
from .secret import PamReference, Secret
from .stored_profile import OAUTH_SETTINGS, StoredProfile

# What each way to authenticate does not have.
FOREIGN = {
    "anonymous": (
        "relay_username",
        "relay_password",
        "client_id",
        "client_secret",
        "token_endpoint",
        "scope",
        "audience",
        "request_headers",
    ),
    "basic": (*OAUTH_SETTINGS, "client_secret"),
    "oauth": ("relay_password",),
}
REQUIRED = {
    "basic": ("relay_username",),
    "oauth": ("client_id", "token_endpoint"),
}


def unknown_to_server(number: Any, stored: StoredProfile, desired: DesiredProfile) -> list[str]:
    """Return what this version of the API does not have. What is unset there cannot be unset.

    :param number: the resulting relay_authentication_type.
    """
    problems = []
    if number not in (*RELAY_AUTHENTICATION, None) and stored.may_hide_oauth:
        remedy = "change the profile in Command itself"
        if stored.version == 1 and stored.offers_version_2:
            remedy = "use api_version 2"
        problems.append(
            f"version {stored.version} of this server's API does not show all settings of "
            f"relay_authentication_type {number}, and a change would clear them, so {remedy}"
        )
    if not stored.has_oauth:
        given = [name for name in OAUTH_SETTINGS if desired.settings.get(name)]
        given += ["request_headers"] if desired.headers else []
        given += ["client_secret"] if "client_secret" in desired.secrets else []
        if given:
            names = " and ".join(f"profile.{name}" for name in given)
            problems.append(
                f"version {stored.version} of this server's API does not have {names}, so leave it "
                f"out" + ("" if stored.version > 1 else " or use api_version 2, from Command 25.4")
            )
    if stored.version == 1:
        problems += [
            f"version 1 of the API knows no PAM, so profile.{name}_pam needs api_version 2, "
            f"from Command 25.1"
            for name, secret in desired.secrets.items()
            if isinstance(secret, PamReference)
        ]
    return problems


def unfit(
    way: str,
    stored: StoredProfile,
    desired: DesiredProfile,
) -> list[str]:
    """Return what was given and has no effect. What the server already has is no problem."""
    foreign = FOREIGN.get(way, ())
    if way == "oauth" and stored.secret("RelayUsername"):
        # What the number means is not published, and there is a login.
        foreign = ()
    given = [
        name
        for name in foreign
        if name in desired.secrets
        or (name == "request_headers" and desired.headers and not stored.headers())
        or (desired.settings.get(name) and desired.settings[name] != stored.values.get(name))
    ]
    if not given:
        return []
    names = " and ".join(f"profile.{name}" for name in given)
    return [
        f"the mail server is used with {way} authentication, which does not have {names}, so leave "
        f"{'it' if len(given) == 1 else 'them'} out"
    ]


def unset(
    way: str,
    desired: DesiredProfile,
    settings: Mapping[str, Any],
    secrets: Mapping[str, Secret | None],
    stored: StoredProfile,
) -> list[str]:
    """Return what a profile must have and would not have."""
    if desired.settings.get("relay_authentication") == "oauth":
        way = "oauth"
    needed = ("host", "port", "sender_account", *REQUIRED.get(way, ()))
    values = {**settings, **secrets}
    if stored.hides_username and "relay_username" not in desired.settings:
        values["relay_username"] = "in PAM"
    return [
        f"profile.{name} is needed and neither given nor set on the server"
        for name in needed
        if not values.get(name)
    ]
