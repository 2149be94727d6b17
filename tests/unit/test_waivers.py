# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waivers: visible, with somebody who answers for them, and only until their day."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.plugin_utils.waivers import WARNING_DAYS

from .profiles import messages, profile, refusal, verdict

WAIVER = {"setting": "port", "reason": "The relay moves", "owner": "Mail team"}


def waived(expires: object, today: object = "2026-12-31", **more: Any) -> dict[str, Any]:
    waivers = [{**WAIVER, "expires": expires}]
    return verdict(profile(), {"port": 25}, waivers=waivers, today=today, **more)


@pytest.mark.parametrize(
    ("expires", "holds"),
    [
        ("2026-12-30", False),
        ("2026-12-31", True),
        ("2027-01-01", True),
        (date(2026, 12, 31), True),
        (date(2026, 12, 30), False),
    ],
)
def test_the_last_day_is_inclusive(expires: object, holds: bool) -> None:
    entry = waived(expires)
    (finding,) = entry["findings"]
    assert entry["verdict"] == ("compliant" if holds else "drifted")
    assert finding["status"] == ("waived" if holds else "drift")
    assert finding["waiver"] == {
        "reason": "The relay moves",
        "owner": "Mail team",
        "expires": str(expires),
    }
    past = "" if holds else ", which has passed"
    assert finding["message"] == (
        f"port is 587, expected 25 (waived until {expires}{past}; Mail team: The relay moves)"
    )


def test_today_is_the_day_in_utc() -> None:
    today = datetime.now(timezone.utc).date()
    assert waived(str(today), None)["verdict"] == "compliant"
    assert waived("2026-01-01", "")["verdict"] == "drifted"
    assert not any("as of" in each for each in waived(str(today), None)["warnings"])


def test_a_day_that_was_set_is_told() -> None:
    assert (
        "Waivers were judged as of 2026-12-31, which was set." in waived("2028-02-29")["warnings"]
    )


@pytest.mark.parametrize(
    ("expires", "days", "words"),
    [
        ("2026-12-31", 14, "expires today, on 2026-12-31."),
        ("2027-01-01", 14, "expires tomorrow, on 2027-01-01."),
        ("2027-01-14", 14, "expires in 14 days, on 2027-01-14."),
        ("2027-01-15", 14, None),
        ("2027-01-15", "30", "expires in 15 days"),
        ("2026-12-31", 0, "expires today"),
        ("2027-01-01", 0, None),
    ],
)
def test_one_that_ends_soon_is_a_warning(expires: str, days: object, words: str | None) -> None:
    found = [e for e in waived(expires, waiver_warning_days=days)["warnings"] if "expires" in e]
    assert len(found) == (words is not None)
    assert all(words in each for each in found if words)


def test_how_long_before_if_nothing_is_said() -> None:
    assert WARNING_DAYS == 14
    assert any("expires in 14 days" in each for each in waived("2027-01-14")["warnings"])
    assert not any("expires" in each for each in waived("2027-01-15")["warnings"])


@pytest.mark.parametrize("expected", [{"port": 587}, {"host": "smtp.example.com"}])
def test_one_that_waives_nothing_is_a_warning(expected: dict[str, Any]) -> None:
    waivers = [{**WAIVER, "expires": "2027-01-01"}]
    entry = verdict(profile(), expected, waivers=waivers)
    assert entry["verdict"] == "compliant"
    assert entry["warnings"] == [
        "The waiver of port (Mail team: The relay moves) waives no difference. Remove it."
    ]


def test_what_cannot_be_known_is_not_waived() -> None:
    found = profile(port="********")
    waivers = [{**WAIVER, "expires": "2999-01-01"}]
    entry = verdict(found, {"port": 25}, waivers=waivers)
    assert (entry["verdict"], entry["warnings"]) == ("indeterminate", [])


def test_a_rule_of_the_policy_can_be_waived() -> None:
    policy = {"allOf": [{"title": "my rule", "properties": {"port": {"const": 25}}}]}
    waivers = [{**WAIVER, "setting": "policy.my rule", "expires": "2999-01-01"}]
    entry = verdict(profile(), policy=policy, waivers=waivers)
    assert (entry["verdict"], len(messages(entry, "waived"))) == ("compliant", 1)


@pytest.mark.parametrize(
    ("waivers", "words"),
    [
        ("port", ["must be a list of mappings", "write its dates in quotes"]),
        ({"setting": "port"}, ["must be a list of mappings"]),
        ([5], ["number 1: it must be a mapping with setting, reason, owner, expires"]),
        ([{}], ["reason must be text", "owner must be text", "expires must be a date", "setting"]),
        ([{**WAIVER, "expires": "2026-02-29"}], ["expires must be a date", "is 2026-02-29"]),
        ([{**WAIVER, "expires": "31.12.2026"}], ["expires must be a date"]),
        ([{**WAIVER, "expires": "20261231"}], ["expires must be a date"]),
        ([{**WAIVER, "expires": datetime(2026, 12, 31)}], ["expires must be a date"]),
        ([{**WAIVER, "expires": None}], ["expires must be a date", "is unset"]),
        ([{**WAIVER, "expires": 20261231}], ["expires must be a date"]),
        ([{**WAIVER, "owner": " ", "expires": "2027-01-01"}], ["owner must be text"]),
        ([{**WAIVER, "reason": 5, "expires": "2027-01-01"}], ["reason must be text"]),
        ([{**WAIVER, "setting": "prot", "expires": "2027-01-01"}], ["did you mean port"]),
        ([{**WAIVER, "setting": "policy.x", "expires": "2027-01-01"}], ["is not a setting"]),
        ([{**WAIVER, "expire": "2027-01-01"}], ["it has expire, and may have only"]),
        ([{**WAIVER, "expires": "2027-01-01"}] * 2, ["number 2: port is waived twice"]),
    ],
)
def test_waivers_that_cannot_be_used(waivers: object, words: list[str]) -> None:
    message = refusal({"port": 25}, waivers=waivers)
    assert "verify_smtp_waivers" in message
    for each in words:
        assert each in message


@pytest.mark.parametrize("today", ["tomorrow", 5, "2026-13-01", True])
def test_a_day_that_cannot_be_used(today: object) -> None:
    assert "verify_smtp_today must be a date" in refusal({"port": 587}, today=today)


@pytest.mark.parametrize("days", [-1, "soon", 1.5, None, True, "", []])
def test_days_that_cannot_be_used(days: object) -> None:
    message = refusal({"port": 587}, waiver_warning_days=days)
    assert "verify_smtp_waiver_warning_days must be a number of days" in message
