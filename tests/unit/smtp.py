# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Helpers of the unit tests of what sets the SMTP profile."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp import FetchedProfile
from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import (
    normalize_profile,
)
from ansible_collections.keyfactor.command.plugins.module_utils._http.response import Response
from ansible_collections.keyfactor.command.plugins.module_utils._smtp.desired_profile import (
    DesiredProfile,
    parse_desired_profile,
)
from ansible_collections.keyfactor.command.plugins.module_utils._smtp.merge import Merged, merge
from ansible_collections.keyfactor.command.plugins.module_utils._smtp.stored_profile import (
    StoredProfile,
)
from tests.emulator import Command, Hidden, SmtpProfile
from tests.emulator.wire import Release, render
from tests.unit.support import check_error, refusal

RELAY_PASSWORD = "Unique/Relay+password-3e5a71c0"
RELAY_SECRET = "Unique/Relay+secret-90bd24f1"
HEADER_VALUE = "Unique/Header+value-7a6c13e8"
SECRETS = (RELAY_PASSWORD, RELAY_SECRET, HEADER_VALUE)
PAM = {"provider": 7, "parameters": {"SecretId": "other-place"}}
URL = "https://command.example.com/KeyfactorAPI/SMTP"
PLAIN = SmtpProfile(client_secret=None, request_headers={})
ANONYMOUS = SmtpProfile(
    relay_authentication_type=0,
    relay_username=None,
    relay_password=None,
    client_secret=None,
    request_headers={},
)
OAUTH = SmtpProfile(
    relay_authentication_type=3,
    relay_username=None,
    relay_password=None,
    client_id="relay-client",
    token_endpoint="https://id.example.com/token",
    scope="mail.send",
    audience="https://mail.example.com",
)
IN_PAM = replace(PLAIN, relay_password=None, relay_password_pam=PAM)


def fetched(members: dict[str, Any], version: int = 2, **headers: str) -> FetchedProfile:
    """Return a profile as if a server had sent it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    response = Response(URL, 200, named, json.dumps(members).encode())
    return FetchedProfile(normalize_profile(members, version), members, response, version)


def stored(
    profile: SmtpProfile = PLAIN, release: str = "25.4", hidden: Hidden | None = Hidden.NULL
) -> StoredProfile:
    """Return the profile of a server of this release, in the newest version of its API."""
    parsed = Release.parse(release)
    version = 2 if parsed.has_version_2 else 1
    members = render(profile, parsed, version, hidden)
    return StoredProfile(fetched(members, version, X_Keyfactor_Product_Version=f"{release}.0.0"))


def desired(**given: Any) -> DesiredProfile:
    return parse_desired_profile(given)


def merged(profile: StoredProfile, **given: Any) -> Merged:
    return merge(profile, desired(**given))


def incomplete(profile: StoredProfile, *phrases: str, **given: Any) -> None:
    """Assert that a change needs something that was not given, and that it is named."""
    result = merged(profile, **given)
    assert result.changes
    error = refusal(result.require_complete, "Nothing was sent", *phrases)
    check_error(error, secrets=SECRETS)


def methods(command: Command) -> list[str]:
    """Return the methods of the requests that a server has received."""
    return [request.method for request in command.requests]
