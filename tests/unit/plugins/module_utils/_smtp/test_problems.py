# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Desired settings that a server does not have, or that do not fit together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._smtp.merge import merge
from ansible_collections.keyfactor.command.plugins.module_utils._smtp.stored_profile import (
    StoredProfile,
)
from tests.emulator import SmtpProfile
from tests.unit.smtp import ANONYMOUS, OAUTH, PAM, PLAIN, desired, fetched, stored
from tests.unit.support import refusal

UNFIT: list[tuple[SmtpProfile, str, dict[str, Any], str]] = [
    (PLAIN, "25.1", {"scope": "a"}, "version 2 of this server's API does not have profile.scope"),
    (PLAIN, "24.4", {"client_id": "a"}, "use api_version 2, from Command 25.4"),
    (
        PLAIN,
        "25.1",
        {"client_secret": "a"},
        "version 2 of this server's API does not have profile.client_secret",
    ),
    (PLAIN, "25.1", {"request_headers": [{"name": "a"}]}, "does not have profile.request_headers"),
    (PLAIN, "24.4", {"relay_password_pam": PAM}, "profile.relay_password_pam needs api_version 2"),
    (ANONYMOUS, "25.4", {"relay_username": "a"}, "anonymous authentication, which does not have"),
    (ANONYMOUS, "25.4", {"relay_password": "a"}, "does not have profile.relay_password"),
    (PLAIN, "25.4", {"token_endpoint": "https://a.example.com"}, "basic authentication"),
    (
        PLAIN,
        "25.4",
        {"request_headers": [{"name": "a", "value": "b"}]},
        "basic authentication, which does not have profile.request_headers, so leave it out.",
    ),
    (OAUTH, "25.4", {"relay_password": "a"}, "oauth authentication, which does not have"),
    (PLAIN, "25.4", {"relay_authentication": "oauth"}, "give profile.relay_authentication_type"),
    (
        PLAIN,
        "25.4",
        {"relay_authentication": "oauth", "relay_authentication_type": 3},
        "profile.client_id is needed",
    ),
    (ANONYMOUS, "25.4", {"relay_authentication": "basic"}, "profile.relay_username is needed"),
    (replace(PLAIN, host=None), "25.4", {"port": 25}, "profile.host is needed"),
    (replace(PLAIN, sender_account=None), "25.4", {"port": 25}, "profile.sender_account is needed"),
]


@pytest.mark.parametrize(("profile", "release", "given", "phrase"), UNFIT, ids=str)
def test_what_does_not_fit_is_refused(
    profile: SmtpProfile, release: str, given: dict[str, Any], phrase: str
) -> None:
    refusal(
        lambda: merge(stored(profile, release), desired(**given)),
        "The profile was not changed",
        phrase,
    )


def test_settings_that_the_server_already_has_are_no_problem() -> None:
    """A recorded profile has the settings of all ways to authenticate."""
    leftover = replace(ANONYMOUS, relay_username="svc", client_id="id", scope="a")
    given = {"relay_username": "svc", "client_id": "id", "scope": "a", "audience": ""}
    assert merge(stored(leftover), desired(**given)).changes == ()
    assert merge(stored(PLAIN, "25.1"), desired(client_id="", scope="")).changes == ()
    headers = [{"name": "X-Relay-Key"}]
    with_headers = replace(leftover, request_headers={"X-Relay-Key": "a"})
    result = merge(stored(with_headers, hidden=None), desired(**given, request_headers=headers))
    assert result.changes == ()


@pytest.mark.parametrize(
    ("version", "headers", "remedy"),
    [
        (1, {"Api_Supported_Versions": "1.0, 2"}, "use api_version 2"),
        (2, {"X_Keyfactor_Product_Version": "25.1.0.0"}, "change the profile in Command itself"),
        (1, {}, "change the profile in Command itself"),
        (2, {}, "change the profile in Command itself"),
        (1, {"X_Keyfactor_Product_Version": "24.4.0.0"}, ""),
    ],
)
def test_settings_of_oauth_that_this_version_does_not_show(
    version: int, headers: dict[str, str], remedy: str
) -> None:
    members = {"Host": "a", "Port": 25, "SenderAccount": "a@b", "RelayAuthenticationType": 3}
    profile = StoredProfile(fetched(members, version, **headers))
    if not remedy:
        assert merge(profile, desired(port=26)).changes == ("port",)
        return
    refusal(
        lambda: merge(profile, desired(port=26)),
        "relay_authentication_type 3, and a change would clear them, so " + remedy,
    )
    given = {"relay_authentication": "basic", "relay_username": "a", "relay_password": "b"}
    result = merge(profile, desired(**given))
    assert "relay_username" in result.changes
    assert "settings of OAuth" in result.cleared


def test_name_in_pam_cannot_be_unset_for_basic_authentication() -> None:
    hidden = stored(replace(PLAIN, relay_username_in_pam=True), "24.4")
    refusal(
        lambda: merge(hidden, desired(relay_username="", port=25, relay_password="a")),
        "profile.relay_username is needed",
    )


def test_login_beside_settings_of_oauth_keeps_its_password() -> None:
    """What the number means is not published."""
    both = replace(OAUTH, relay_authentication_type=4, relay_username="svc")
    given = {"relay_password": "a", "client_secret": "b", "sender_name": "Other"}
    given["request_headers"] = [{"name": "X-Relay-Key", "value": "c"}]
    result = merge(stored(both), desired(**given))
    result.require_complete()
    assert {"relay_password", "client_secret"} <= result.secrets.keys()


def test_number_of_oauth_is_taken_only_from_a_profile_with_oauth() -> None:
    unknown = replace(PLAIN, relay_authentication_type=1)
    given = {"client_id": "a", "token_endpoint": "https://id.example.com", "client_secret": "b"}
    refusal(
        lambda: merge(stored(unknown), desired(relay_authentication="oauth", **given)),
        "give profile.relay_authentication_type",
    )
