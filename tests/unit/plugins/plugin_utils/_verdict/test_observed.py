# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why there is no profile, and why the value of a setting cannot be known."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import (
    SETTINGS,
    normalize_profile,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._verdict.observed import (
    NO_RESULT,
    ONLY_IN_VERSION_2,
    ObservedProfile,
)

PROFILE = normalize_profile({"Id": 1, "Host": "smtp.example.com", "Port": 587}, 2).values
HIDDEN = "Ansible hides it, because it contains the text of a secret option"
WRONG_TYPE = "the facts hold it with a wrong type"
IN_PAM = "it is kept in a privileged access management provider"
NOT_IN_VERSION_1 = "version 1 of the API does not report it"


def observed(version: int | None = 2, **changes: Any) -> ObservedProfile:
    """Return a profile with its module result, or a saved one if there is no version."""
    profile = {**PROFILE, **changes}
    result = None if version is None else {"smtp": profile, "api_version": version}
    return ObservedProfile(profile, result)


@pytest.mark.parametrize("version", [2, 1, None])
def test_profile_that_was_read_or_saved_is_no_failure(version: int | None) -> None:
    assert observed(version).failure is None


@pytest.mark.parametrize(
    ("profile", "module_result", "failure"),
    [
        (PROFILE, {"failed": True, "msg": "It is\ndown."}, "It is down."),
        # Facts of an earlier run do not stand in for the result of this one.
        (PROFILE, {"failed": True}, NO_RESULT),
        (PROFILE, {"failed": True, "msg": ""}, NO_RESULT),
        (PROFILE, {"skipped": True}, NO_RESULT),
        (PROFILE, {"smtp": None, "msg": "It is down."}, "It is down."),
        (None, {"smtp": PROFILE}, NO_RESULT),
        ("facts", {"smtp": PROFILE}, NO_RESULT),
        (None, None, NO_RESULT),
        ("facts", None, NO_RESULT),
    ],
)
def test_profile_that_is_missing_is_a_failure(
    profile: object, module_result: dict[str, Any] | None, failure: str
) -> None:
    assert ObservedProfile(profile, module_result).failure == failure


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("version", [2, None])
def test_setting_of_a_whole_profile_is_available(setting: str, version: int | None) -> None:
    profile = observed(version, relay_authentication="basic")
    assert profile.why_not_comparable(setting) is None


@pytest.mark.parametrize("setting", SETTINGS)
def test_setting_that_the_facts_do_not_hold(setting: str) -> None:
    values = {name: value for name, value in PROFILE.items() if name != setting}
    assert ObservedProfile(values).why_corrupted(setting) == "the facts do not hold it"


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
    assert observed(**{setting: value}).why_corrupted(setting) == HIDDEN


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
    assert observed(**{setting: value}).why_corrupted(setting) == WRONG_TYPE


def test_fewer_asterisks_are_not_a_mask() -> None:
    assert observed(host="*******").why_corrupted("host") is None


def test_user_name_that_is_kept_in_pam() -> None:
    profile = observed(relay_username_source="pam")
    assert profile.why_not_reported("relay_username") == IN_PAM
    assert profile.why_not_reported("relay_username_source") is None


@pytest.mark.parametrize(("number", "text"), [(3, "3"), (None, "unset")])
def test_kind_of_authentication_without_a_published_meaning(number: int | None, text: str) -> None:
    profile = observed(relay_authentication="unknown", relay_authentication_type=number)
    reason = f"the server's number for it is {text}, which has no published meaning"
    assert profile.why_not_reported("relay_authentication") == reason
    assert profile.why_not_reported("relay_authentication_type") is None


@pytest.mark.parametrize("setting", SETTINGS)
def test_settings_that_version_1_does_not_report(setting: str) -> None:
    profile = observed(1, relay_authentication="basic")
    reason = NOT_IN_VERSION_1 if setting in ONLY_IN_VERSION_2 else None
    assert profile.why_not_reported(setting) == reason


def test_settings_of_version_2() -> None:
    names = {"client_id", "token_endpoint", "scope", "audience", "request_headers"}
    assert set(ONLY_IN_VERSION_2) == names


@pytest.mark.parametrize(
    ("value", "reason"),
    [(None, NOT_IN_VERSION_1), ("********", HIDDEN), (5, WRONG_TYPE)],
)
def test_corruption_takes_precedence(value: object, reason: str) -> None:
    assert observed(1, scope=value).why_not_comparable("scope") == reason


def test_unavailable_settings_have_a_reason_each() -> None:
    profile = observed(
        1, relay_authentication="basic", relay_username_source="pam", port="587", host="********"
    )
    assert list(profile.unavailable_settings().items()) == [
        ("host", HIDDEN),
        ("port", WRONG_TYPE),
        ("relay_username", IN_PAM),
        *((name, NOT_IN_VERSION_1) for name in SETTINGS if name in ONLY_IN_VERSION_2),
    ]


def test_all_settings_of_a_whole_profile_are_available() -> None:
    assert observed(relay_authentication="basic").unavailable_settings() == {}
