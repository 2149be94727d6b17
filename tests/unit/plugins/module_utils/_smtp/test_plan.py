# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans: whether something is to be sent, and whether the server then has what it should."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._smtp.plan import Plan, plan_change
from ansible_collections.keyfactor.command.plugins.module_utils._smtp.stored_profile import (
    StoredProfile,
)
from tests.emulator import Hidden, SmtpProfile
from tests.unit.smtp import IN_PAM, OAUTH, PAM, PLAIN, RELAY_PASSWORD, desired, fetched, stored
from tests.unit.support import refusal


def plan(profile: SmtpProfile = PLAIN, update_secrets: str = "on_change", **given: Any) -> Plan:
    return plan_change(stored(profile), desired(**given), update_secrets)


def test_nothing_to_do_needs_no_secret() -> None:
    assert plan(port=587).changed == []
    assert plan(port=587, relay_password=RELAY_PASSWORD).changed == []


def test_change() -> None:
    change = plan(port=25, use_ssl=False, relay_password=RELAY_PASSWORD)
    assert change.changed == ["port", "use_ssl"]
    assert change.after == {**stored().values, "port": 25, "use_ssl": False}
    assert change.is_visible
    assert RELAY_PASSWORD not in repr(change)
    refusal(lambda: plan(port=25), "relay_password")


def test_secrets_are_always_sent() -> None:
    change = plan(update_secrets="always", relay_password=RELAY_PASSWORD)
    assert (change.changed, change.is_visible) == (["relay_password"], False)
    assert change.body["RelayPassword"]["SecretValue"] == RELAY_PASSWORD
    refusal(lambda: plan(update_secrets="always", port=25), "profile has no secret to send")
    assert plan(update_secrets="always", relay_password_pam=PAM).changed == ["relay_password"]
    # The second time, too.
    again = plan(IN_PAM, "always", relay_password_pam=PAM)
    assert again.body["RelayPassword"]["Provider"] == 7


def test_secret_for_other_environments_does_not_replace_a_reference_to_pam() -> None:
    for given in ({}, {"sender_name": "Other"}, {"port": 25}):
        refusal(
            lambda given=given: plan(IN_PAM, relay_password=RELAY_PASSWORD, **given),
            "reference to PAM that the server has for relay_password would be lost",
            "Leave profile.relay_password out, or set update_secrets to always",
        )
    replaced = plan(IN_PAM, "always", relay_password=RELAY_PASSWORD)
    assert replaced.changed == ["relay_password"]


def test_headers_that_are_not_given_are_sent_as_they_are() -> None:
    """HTTP allows several headers of a name."""
    members = {
        **stored(replace(OAUTH, client_secret_pam=PAM)).fetched.members,
        "RequestHeaders": [
            {"Name": "X", "Value": "one"},
            {"Name": "x", "Value": "two", "Id": 4},
        ],
    }
    profile = StoredProfile(fetched(members))
    change = plan_change(profile, desired(scope="other"), "on_change")
    assert change.changed == ["scope"]
    assert change.body["RequestHeaders"] == members["RequestHeaders"]
    assert change.deviations(StoredProfile(fetched({**members, "Scope": "other"}))) == []


@pytest.mark.parametrize(
    "value",
    [
        "********",
        "ends in ****",
        {"deep": ["****"]},
        {"SecretValue": None, "Provider": None, "Parameters": None},
        [{"name": "a", "secret": {"secretValue": None}}],
    ],
    ids=str,
)
def test_unknown_member_that_hides_something(value: Any) -> None:
    profile = stored(replace(PLAIN, unknown_members={"ProxyPassword": value}))
    given = {"port": 25, "relay_password": RELAY_PASSWORD}
    refusal(
        lambda: plan_change(profile, desired(**given), "on_change"),
        "does not show the value of ProxyPassword",
        "use a newer version, or change the profile in Command itself",
    )
    assert plan_change(profile, desired(port=587), "on_change").changed == []


def test_names_of_what_changes() -> None:
    given = {"relay_authentication": "basic", "relay_username": "svc", "relay_password": "x"}
    anonymous = replace(PLAIN, relay_authentication_type=0, relay_username=None)
    assert plan(anonymous, **given).changed == [
        "relay_authentication_type",
        "relay_authentication",
        "relay_username",
        "relay_username_source",
    ]
    assert plan(relay_password_pam=PAM).changed == ["relay_password"]


def test_server_as_it_should_be() -> None:
    change = plan(port=25, relay_password=RELAY_PASSWORD)
    now = stored(replace(PLAIN, port=25, host="SMTP.example.com", id=2))
    assert change.deviations(now) == []


@pytest.mark.parametrize(
    ("profile", "phrase"),
    [
        (PLAIN, "port is 587 instead of 25"),
        (
            replace(PLAIN, port=25, sender_name="x"),
            'sender_name is "x" instead of "Keyfactor Command"',
        ),
        (replace(PLAIN, port=25, relay_username=None), "relay_username is null instead of"),
        (replace(PLAIN, port=25, relay_password_pam=PAM), "PAM reference that was not sent"),
        (replace(PLAIN, port=25, request_headers={"X-A": "b"}), 'request_headers is ["X-A"]'),
    ],
)
def test_server_with_other_settings(profile: SmtpProfile, phrase: str) -> None:
    deviations = plan(port=25, relay_password=RELAY_PASSWORD).deviations(stored(profile))
    assert any(phrase in each for each in deviations), deviations


def test_server_with_another_reference_or_header() -> None:
    profile = replace(OAUTH, client_secret_pam=PAM)
    headers = [{"name": "X-Relay-Key", "value": "new"}]
    change = plan(profile, scope="other", request_headers=headers)
    same = replace(profile, scope="other", request_headers={"X-Relay-Key": "new"})
    assert change.deviations(stored(same, hidden=None)) == []
    assert change.deviations(stored(same, hidden=Hidden.MASK)) == []
    lost = replace(same, client_secret_pam=None, request_headers={"X-Relay-Key": "old"})
    assert change.deviations(stored(lost, hidden=None)) == [
        "client_secret is not the PAM reference that was sent",
        "the header X-Relay-Key has another value",
    ]
