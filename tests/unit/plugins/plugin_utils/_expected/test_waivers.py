# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waivers: to the end of their last day and no longer, and never out of sight."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import (
    normalize_profile,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.waivers import (
    parse_date,
    parse_waivers,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._verdict.verdict import (
    summarize,
)
from tests.unit.support import evaluate_profile

PROFILE = normalize_profile({"Port": 587, "Host": "smtp.example.com"}, 2).values
WAIVER = {"setting": "port", "reason": "Change 4711", "owner": "Mail", "expires": "2026-11-30"}
NO_TEXTS: list[object] = [None, "", " \n", "\t", 5, True, ["a"], {}]
NO_DATES: list[object] = [
    *("", "2026-02-29", "2026-13-01", "2026-1-1", "20261231", "tomorrow", "0000-01-01"),
    *("2026-12-31T00:00:00", " 2026-12-31", "2026-12-31\n", "\u0662\u0660\u0662\u0666-12-31"),
    *(None, 20261231, ["2026-12-31"], True),
]
FIELDS = "setting, reason, owner, expires"
TODAY = "Waivers were evaluated as of {}, which was set."


def entry_with(*waivers: object, today: object = "2026-11-01", **more: Any) -> dict[str, Any]:
    read = {"smtp": PROFILE, "api_version": 2, "tls_verified": True}
    expected = {"port": 25, "host": "smtp.example.com"}
    return evaluate_profile(
        "p", PROFILE, expected, read, waivers=list(waivers), today=today, **more
    )


@pytest.mark.parametrize(
    ("today", "expires", "holds"),
    [
        ("2026-11-29", "2026-11-30", True),
        ("2026-11-30", "2026-11-30", True),
        ("2026-12-01", "2026-11-30", False),
        ("2027-01-01", "2026-12-31", False),
        ("2028-02-29", "2028-02-29", True),
        ("2028-03-01", "2028-02-29", False),
        ("2026-12-01", "9999-12-31", True),
        (date(2026, 11, 30), date(2026, 11, 30), True),
    ],
)
def test_the_last_day_is_inclusive(today: object, expires: object, holds: bool) -> None:
    entry = entry_with({**WAIVER, "expires": expires}, today=today)
    finding = entry["findings"][0]
    assert entry["verdict"] == ("compliant" if holds else "drifted")
    assert finding["status"] == ("waived" if holds else "drift")
    assert finding["waiver"] == {
        "reason": "Change 4711",
        "owner": "Mail",
        "expires": str(expires),
    }
    passed = "" if holds else ", which has passed"
    assert finding["message"] == (
        f"port is 587, expected 25 (waived until {expires}{passed}; Mail: Change 4711)"
    )
    assert ("which has passed" in summarize(entry)) is not holds


def test_today_is_a_day_in_utc() -> None:
    today = datetime.now(timezone.utc).date().isoformat()
    entry = entry_with({**WAIVER, "expires": today}, today="")
    # At midnight the day may have changed between the two looks at the clock.
    assert entry["verdict"] == "compliant" or datetime.now(timezone.utc).hour == 0
    assert not [each for each in entry["warnings"] if "as of" in each]


@pytest.mark.parametrize(
    ("today", "days", "when"),
    [
        ("2026-11-30", 14, "today"),
        ("2026-11-30", 0, "today"),
        ("2026-11-29", 1, "tomorrow"),
        ("2026-11-29", 0, None),
        ("2026-11-16", 14, "in 14 days"),
        ("2026-11-16", "14", "in 14 days"),
        ("2026-11-15", 14, None),
        ("2026-12-01", 14, None),
    ],
)
def test_a_waiver_that_ends_soon_is_a_warning(today: str, days: object, when: str | None) -> None:
    warnings = entry_with(WAIVER, today=today, waiver_warning_days=days)["warnings"]
    assert warnings[0] == TODAY.format(today)
    line = f"The waiver of port (Mail: Change 4711) expires {when}, on 2026-11-30."
    assert warnings[1:] == ([line] if when else [])


@pytest.mark.parametrize("today", ["2026-11-30", "2026-12-01"])
@pytest.mark.parametrize("setting", ["host", "scope"])
def test_a_waiver_that_waives_nothing_is_a_warning(setting: str, today: str) -> None:
    entry = entry_with({**WAIVER, "setting": setting}, today=today)
    (line,) = entry["warnings"][1:]
    assert line == f"The waiver of {setting} (Mail: Change 4711) waives no difference. Remove it."
    assert entry["verdict"] == "drifted"
    assert all(each["waiver"] is None for each in entry["findings"])


def test_a_value_that_cannot_be_known_is_not_waived() -> None:
    found = {**PROFILE, "port": "********"}
    read = {"smtp": found, "api_version": 2}
    entry = evaluate_profile("p", found, {"port": 25}, read, waivers=[WAIVER], today="2026-11-01")
    assert (entry["verdict"], entry["findings"][0]["status"]) == ("indeterminate", "unknown")


def test_a_rule_of_the_policy_is_waived_by_its_name() -> None:
    policy = {"allOf": [{"title": "a rule", "properties": {"host": {"const": "a"}}}]}
    waivers = [WAIVER, {**WAIVER, "setting": "policy.a rule"}]
    entry = entry_with(*waivers, policy=policy)
    assert entry["verdict"] == "compliant"
    assert [each["status"] for each in entry["findings"]] == ["waived", "match", "waived"]
    assert entry_with(WAIVER, policy=policy)["verdict"] == "drifted"


def test_text_of_several_lines_and_hostile_text_keep_to_one_line() -> None:
    found, problems = parse_waivers(
        [{**WAIVER, "reason": " a\n\tb\u202e {{ c }} ", "owner": "\x1b[2JMail\r\n"}], []
    )
    assert problems == []
    assert found["port"].as_dict == {
        "reason": "a b\\u202e {{ c }}",
        "owner": "\\u001b[2JMail",
        "expires": "2026-11-30",
    }


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [
        *(
            ({"expires": value}, "1: expires must be a date such as 2026-12-31, and is ")
            for value in NO_DATES
        ),
        *(
            ({"reason": value}, "1: reason must be text that says who or why, and is ")
            for value in NO_TEXTS
        ),
        *(
            ({"owner": value}, "1: owner must be text that says who or why, and is ")
            for value in NO_TEXTS
        ),
        ({"setting": None}, "setting"),
        ({"setting": "prot"}, "did you mean port"),
        ({"setting": "policy.other"}, "nor a rule of the policy (policy.rule)"),
        ({"setting": "rule"}, "nor a rule of the policy (policy.rule)"),
        ({"setting": ["port"]}, "is not a setting"),
        ({"setting": {"port": 1}}, "is not a setting"),
        ({"expiry": "2026-12-31"}, f"1: it has expiry, and may have only {FIELDS}"),
    ],
)
def test_a_waiver_that_cannot_be_used(changes: dict[str, Any], phrase: str) -> None:
    found, problems = parse_waivers([{**WAIVER, **changes}], ["policy.rule"])
    assert found == {}
    (problem,) = problems
    assert problem.startswith("verify_smtp_waivers, number 1: ")
    assert phrase in problem
    assert problem.isprintable()


@pytest.mark.parametrize("field", WAIVER)
def test_all_four_are_required(field: str) -> None:
    given = {key: value for key, value in WAIVER.items() if key != field}
    assert [field in each for each in parse_waivers([given], [])[1]] == [True]


@pytest.mark.parametrize(
    ("waivers", "phrase"),
    [
        (
            "[{'setting': 'port'}]",
            f" must be a list of mappings with {FIELDS}; where it is made by a template, write its "
            "dates in quotes",
        ),
        ({"port": "reason"}, f" must be a list of mappings with {FIELDS}"),
        (5, f" must be a list of mappings with {FIELDS}"),
        ([[]], f", number 1: it must be a mapping with {FIELDS}"),
        ([WAIVER, "port"], f", number 2: it must be a mapping with {FIELDS}"),
        ([WAIVER, WAIVER], ", number 2: port is waived twice"),
    ],
)
def test_waivers_that_are_no_list_of_mappings(waivers: object, phrase: str) -> None:
    (problem,) = parse_waivers(waivers, [])[1]
    assert problem == f"verify_smtp_waivers{phrase}"


def test_a_day() -> None:
    assert parse_date("2028-02-29") == date(2028, 2, 29)
