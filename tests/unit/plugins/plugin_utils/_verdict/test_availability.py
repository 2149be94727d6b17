# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why the value of a setting cannot be known."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import (
    SETTINGS,
    normalize_profile,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._verdict.availability import (
    ONLY_IN_VERSION_2,
    unavailable_settings,
    why_corrupted,
    why_not_comparable,
    why_not_reported,
)

PROFILE = normalize_profile({"Id": 1, "Host": "smtp.example.com", "Port": 587}, 2).values
HIDDEN = "Ansible hides it, because it contains the text of a secret option"
WRONG_TYPE = "the facts hold it with a wrong type"
IN_PAM = "it is kept in a privileged access management provider"
NOT_IN_VERSION_1 = "version 1 of the API does not report it"


def profile(**changes: Any) -> dict[str, Any]:
    return {**PROFILE, **changes}


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("version", [2, None])
def test_setting_of_a_whole_profile_is_available(setting: str, version: int | None) -> None:
    values = profile(relay_authentication="basic")
    assert why_not_comparable(setting, values, version) is None


@pytest.mark.parametrize("setting", SETTINGS)
def test_setting_that_the_facts_do_not_hold(setting: str) -> None:
    values = {name: value for name, value in PROFILE.items() if name != setting}
    assert why_corrupted(setting, values) == "the facts do not hold it"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("host", "********"),
        ("host", "smtp-********.example.com"),
        ("port", "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"),
        ("use_ssl", "$REDACTED$"),
        ("request_headers", ["X-A", "X-********"]),
        ("request_headers", ("X-********",)),
    ],
)
def test_setting_that_ansible_has_masked(setting: str, value: object) -> None:
    assert why_corrupted(setting, profile(**{setting: value})) == HIDDEN


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("port", "587"),
        ("port", True),
        ("use_ssl", 1),
        ("host", 5),
        ("request_headers", "X-A"),
    ],
)
def test_setting_with_a_wrong_type(setting: str, value: object) -> None:
    assert why_corrupted(setting, profile(**{setting: value})) == WRONG_TYPE


def test_fewer_asterisks_are_not_a_mask() -> None:
    assert why_corrupted("host", profile(host="*******")) is None


def test_user_name_that_is_kept_in_pam() -> None:
    values = profile(relay_username_source="pam")
    assert why_not_reported("relay_username", values, 2) == IN_PAM
    assert why_not_reported("relay_username_source", values, 2) is None


@pytest.mark.parametrize(("number", "text"), [(3, "3"), (None, "unset")])
def test_kind_of_authentication_without_a_published_meaning(number: int | None, text: str) -> None:
    values = profile(relay_authentication="unknown", relay_authentication_type=number)
    reason = f"the server's number for it is {text}, which has no published meaning"
    assert why_not_reported("relay_authentication", values, 2) == reason
    assert why_not_reported("relay_authentication_type", values, 2) is None


@pytest.mark.parametrize("setting", SETTINGS)
def test_settings_that_version_1_does_not_report(setting: str) -> None:
    values = profile(relay_authentication="basic")
    reason = NOT_IN_VERSION_1 if setting in ONLY_IN_VERSION_2 else None
    assert why_not_reported(setting, values, 1) == reason


def test_settings_of_version_2() -> None:
    names = {"client_id", "token_endpoint", "scope", "audience", "request_headers"}
    assert set(ONLY_IN_VERSION_2) == names


@pytest.mark.parametrize(
    ("value", "reason"),
    [(None, NOT_IN_VERSION_1), ("********", HIDDEN), (5, WRONG_TYPE)],
)
def test_corruption_takes_precedence(value: object, reason: str) -> None:
    assert why_not_comparable("scope", profile(scope=value), 1) == reason


def test_unavailable_settings_have_a_reason_each() -> None:
    values = profile(
        relay_authentication="basic", relay_username_source="pam", port="587", host="********"
    )
    assert list(unavailable_settings(values, 1).items()) == [
        ("host", HIDDEN),
        ("port", WRONG_TYPE),
        ("relay_username", IN_PAM),
        *((name, NOT_IN_VERSION_1) for name in SETTINGS if name in ONLY_IN_VERSION_2),
    ]


def test_all_settings_of_a_whole_profile_are_available() -> None:
    assert unavailable_settings(profile(relay_authentication="basic"), 2) == {}
