# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The profile of a server, and what a request needs of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._smtp.secret import (
    Header,
    PamReference,
    PlainValue,
)
from ansible_collections.keyfactor.command.plugins.module_utils._smtp.stored_profile import (
    StoredProfile,
)
from tests.emulator import Hidden
from tests.unit.smtp import HEADER_VALUE, OAUTH, PAM, PLAIN, RELAY_PASSWORD, fetched, stored

OTHER = PamReference(7, {"SecretId": "other-place"})


@pytest.mark.parametrize(
    ("release", "version", "has_oauth", "takes_id"),
    [
        ("11.0", 1, False, True),
        ("24.4", 1, False, True),
        ("25.1", 2, False, False),
        ("25.4", 2, True, False),
    ],
)
def test_releases(release: str, version: int, has_oauth: bool, takes_id: bool) -> None:
    profile = stored(release=release)
    assert (profile.version, profile.has_oauth, profile.takes_id) == (version, has_oauth, takes_id)
    assert profile.offers_version_2 is (version == 2)


def test_version_1_of_a_server_that_has_version_2() -> None:
    members = {"Host": "a", "Id": 1, "RelayUsername": "b"}
    header = {"Api_Supported_Versions": "1.0, 2"}
    assert StoredProfile(fetched(members, 1, **header)).takes_id is False
    assert StoredProfile(fetched(members, 1)).takes_id is True


def test_oauth_of_a_server_that_leaves_out_what_is_null() -> None:
    newer = {"X_Keyfactor_Product_Version": "25.4.1+dc0db2c8"}
    assert StoredProfile(fetched({"Host": "a"}, 2, **newer)).has_oauth is True
    assert StoredProfile(fetched({"Host": "a"}, 2)).has_oauth is False


def test_members_are_spelled_as_documented_and_unknown_ones_as_sent() -> None:
    profile = StoredProfile(fetched({"host": "a", "useSSL": True, "newThing": {"a": 1}}))
    assert profile.members == {"Host": "a", "UseSSL": True}
    assert profile.unknown == {"newThing": {"a": 1}}


@pytest.mark.parametrize("value", [RELAY_PASSWORD, "********"])
def test_password_that_a_server_returns_is_not_known(value: str) -> None:
    secret = {"SecretValue": value, "Provider": None, "Parameters": None}
    profile = StoredProfile(fetched({"Host": "a", "RelayPassword": secret, "clientsecret": secret}))
    assert profile.secret("RelayPassword") is profile.secret("ClientSecret") is None
    assert profile.may_have("RelayPassword") is profile.may_have("ClientSecret") is True
    assert profile.unknown == {}
    assert RELAY_PASSWORD not in str(profile.members)


def test_references_to_pam_are_known() -> None:
    profile = stored(
        replace(OAUTH, relay_username_in_pam=True, relay_password_pam=PAM, client_secret_pam=PAM)
    )
    assert profile.secret("RelayUsername") == PamReference(1, {"SecretId": "smtp-relay"})
    assert profile.secret("RelayPassword") == profile.secret("ClientSecret") == OTHER
    assert profile.secret("ClientId") == PlainValue("relay-client")
    assert profile.hides_username is False


def test_version_1_hides_a_name_in_pam() -> None:
    profile = stored(replace(PLAIN, relay_username_in_pam=True), "24.4")
    assert profile.hides_username is True
    assert profile.secret("RelayUsername") is None
    assert stored(PLAIN, "24.4").secret("RelayUsername") == PlainValue("KEYEXAMPLE\\svc-smtp")


@pytest.mark.parametrize(
    ("value", "known"),
    [(HEADER_VALUE, HEADER_VALUE), ("********", None), ("••••", None), ("", None), (None, None)],
)
def test_values_of_headers(value: Any, known: str | None) -> None:
    profile = StoredProfile(fetched({"RequestHeaders": [{"name": "X-A", "Value": value}]}))
    assert profile.headers() == (Header("X-A", known),)


def test_hidden_values_of_the_emulator() -> None:
    for hidden in Hidden:
        assert stored(OAUTH, hidden=hidden).headers() == (Header("X-Relay-Key", None),)
    assert stored(OAUTH, hidden=None).headers()[0].value
