# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The expected state, checked as a whole: whatever is wrong comes in one message."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import SETTINGS
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.expected_state import (
    ExpectedStateError,
)
from tests.unit.support import evaluate_profile, expected_state

WAIVER = {"setting": "port", "reason": "a", "owner": "b", "expires": "2026-12-31"}


def refused(expected: object, **more: Any) -> str:
    with pytest.raises(ExpectedStateError) as caught:
        expected_state(expected, **more)
    message = str(caught.value)
    assert message.isprintable()
    assert message.endswith(".")
    return message


@pytest.mark.parametrize("nothing", [{}, None, "", [], 0, False])
def test_wanting_nothing_is_an_error(nothing: object) -> None:
    assert "There is nothing to verify" in refused(nothing)
    assert "Ansible ignores group_vars/all.yml if" in refused(nothing)
    assert "There is nothing to verify" in refused(nothing, waivers=[WAIVER])
    assert "There is nothing to verify" in refused(nothing, saved_profile={"port": 25})


@pytest.mark.parametrize("expected", ["port", ["port"], 5, True])
def test_expectations_are_a_mapping(expected: object) -> None:
    assert refused(expected) == "verify_smtp_expected must be a mapping of settings to values."


def test_everything_that_is_wrong_comes_at_once() -> None:
    message = refused(
        {"prot": 25, "host": {"patern": "a"}},
        policy={"allOf": [{"title": "one", "then": True}]},
        waivers=[{}],
        waiver_warning_days="many",
        today="today",
        reference="stagin",
        reference_exclude=["hots"],
        environments=["staging"],
        saved_profile={"prot": 5},
    )
    for phrase in (
        "verify_smtp_expected cannot be used: prot is not a setting (did you mean port)",
        "patern has no effect here (did you mean pattern)",
        "verify_smtp_policy, rule one: then has no effect without if",
        "verify_smtp_waivers, number 1: reason must",
        "verify_smtp_waiver_warning_days must be a number of days, and is many",
        "verify_smtp_today must be a date such as 2026-12-31, and is today",
        "verify_smtp_reference: stagin is not in the inventory (did you mean staging)",
        "verify_smtp_reference_exclude: hots is not a setting (did you mean host)",
        "verify_smtp_saved_profile has prot, which no profile has",
    ):
        assert phrase in message
    assert ".." not in message


@pytest.mark.parametrize(
    ("days", "expected"), [(0, 0), (14, 14), ("14", 14), (" 30 ", 30), (99999, 99999)]
)
def test_days(days: object, expected: int) -> None:
    assert expected_state({"port": 25}, waiver_warning_days=days).warning_days == expected


@pytest.mark.parametrize(
    "days", [-1, "-1", 1.5, "1.5", True, None, "", "two", [14], "\u0661", "9" * 6, 10**400]
)
def test_what_is_no_number_of_days(days: object) -> None:
    assert "verify_smtp_waiver_warning_days must be" in refused(
        {"port": 25}, waiver_warning_days=days
    )


@pytest.mark.parametrize("today", ["2026-11-30", date(2026, 11, 30)])
def test_a_day_that_is_set(today: object) -> None:
    state = expected_state({"port": 25}, today=today)
    assert (state.today, state.today_is_set) == (date(2026, 11, 30), True)


@pytest.mark.parametrize("today", ["", None])
def test_a_day_that_is_not_set(today: object) -> None:
    assert not expected_state({"port": 25}, today=today).today_is_set


class Tagged(str):
    """Text as Ansible has it from 2.19 on."""


def test_ansibles_own_types_are_understood() -> None:
    expected = {
        Tagged("host"): {Tagged("pattern"): Tagged("^a")},
        "port": [Tagged("25"), 587],
        "request_headers": (Tagged("X-A"),),
    }
    state = expected_state(
        expected,
        policy={Tagged("required"): [Tagged("host")]},
        waivers=({**WAIVER, "expires": Tagged("2026-12-31")},),
        reference=Tagged("staging"),
        reference_exclude=(Tagged("id"),),
        today=Tagged("2026-11-30"),
    )
    assert [each.setting for each in state.expectations] == ["host", "port", "request_headers"]
    assert state.waivers["port"].reason.__class__ is str


@pytest.mark.parametrize(
    ("expected", "phrase"),
    [
        (
            {"port": {"minimum": float("nan")}},
            "minimum must be a number without quotes, and is nan",
        ),
        (
            {"port": {"maximum": float("inf")}},
            "maximum must be a number without quotes, and is inf",
        ),
        ({"port": float("nan")}, "port must be a whole number, and is nan"),
        ({"sender_name": date(2026, 1, 31)}, None),
    ],
)
def test_values_that_json_does_not_have(expected: dict[str, Any], phrase: str | None) -> None:
    if phrase:
        assert phrase in refused(expected)
    else:
        assert expected_state(expected).expectations[0].expected == "2026-01-31"


@pytest.mark.parametrize(
    ("profile", "phrase"),
    [
        ("text", "verify_smtp_saved_profile must be a profile, as the module returns it in smtp"),
        ([{"port": 25}], "must be a profile"),
        (5, "must be a profile"),
        (
            {"prot": 1, "\u202e": 2},
            "verify_smtp_saved_profile has prot, \\u202e, which no profile has",
        ),
        ({"smtp": {"port": 25}}, "it must be a profile as the module returns it in smtp"),
    ],
)
def test_what_is_no_saved_profile(profile: object, phrase: str) -> None:
    assert phrase in refused({"port": 25}, saved_profile=profile)


def test_a_saved_profile_says_so_and_is_judged_like_any_other() -> None:
    saved = {**dict.fromkeys(SETTINGS), "port": 25, "sender_name": date(2026, 1, 31)}
    entry = evaluate_profile(
        "p", saved, {"port": 25, "sender_name": "2026-01-31"}, None, saved_profile=saved
    )
    assert entry["verdict"] == "compliant"
    assert entry["warnings"] == ["A saved profile was verified. Nothing was read from a server."]
    assert entry["profile"]["sender_name"] == "2026-01-31"
    partial = evaluate_profile("p", {"port": 25}, {"port": 25, "host": None}, None)
    assert partial["verdict"] == "indeterminate", "what was not saved is not known"
