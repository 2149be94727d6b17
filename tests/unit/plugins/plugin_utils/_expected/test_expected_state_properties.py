# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever is expected: a verdict that says what it rests on, or a refusal in words."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import (
    SETTINGS,
    normalize_profile,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.expected_state import (
    ExpectedStateError,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._report.report import (
    build_report,
    verdicts_by_variable,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._report.table import render_table
from ansible_collections.keyfactor.command.plugins.plugin_utils._verdict.observed import (
    ObservedProfile,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._verdict.verdict import (
    entry_messages,
    summarize,
)
from tests.unit.schemas import KEYWORDS, OTHERS
from tests.unit.strategies import JSON
from tests.unit.support import evaluate_profile, expected_state

PROFILE = normalize_profile(
    {"Id": 1, "Host": "smtp.example.com", "Port": 587, "UseSSL": True}, 2
).values
DAYS = st.dates().map(str) | st.dates()
NAMES = st.sampled_from(SETTINGS)
VALUES = st.sampled_from([587, "587", "smtp.example.com", "a", "", None, True, "yes", ["X-A"], 0])
# Nearer to what can be used than any JSON is.
SCHEMAS: Any = st.deferred(
    lambda: st.dictionaries(
        st.sampled_from([*KEYWORDS, *OTHERS]),
        VALUES
        | JSON
        | SCHEMAS
        | st.lists(SCHEMAS | VALUES, max_size=2)
        | st.lists(NAMES, max_size=2)
        | st.dictionaries(NAMES, SCHEMAS, max_size=2)
        | st.dictionaries(NAMES, st.lists(NAMES, max_size=2), max_size=2)
        | st.sampled_from(["string", "integer", "object", "#", "#/allOf/0", "#/$defs/id", "email"]),
        max_size=3,
    )
)
EXPECTED = JSON | st.dictionaries(NAMES, VALUES | JSON | SCHEMAS, max_size=3)
POLICIES = JSON | SCHEMAS | st.fixed_dictionaries({"allOf": st.lists(SCHEMAS, max_size=3)})
WAIVER = st.fixed_dictionaries(
    {"setting": NAMES, "reason": st.text(min_size=1), "owner": st.just("a"), "expires": DAYS}
)

WAIVERS = JSON | st.lists(WAIVER | JSON, max_size=3)
EVERYTHING = st.fixed_dictionaries(
    {},
    optional={
        "policy": POLICIES,
        "waivers": WAIVERS,
        "waiver_warning_days": JSON,
        "today": JSON | DAYS,
        "reference": JSON | st.sampled_from(["production", "staging"]),
        "reference_exclude": JSON | st.lists(NAMES),
        "environments": st.lists(st.text() | st.sampled_from(["production", "staging"])),
        "saved_profile": JSON | st.dictionaries(NAMES, JSON),
    },
)
PROFILES: Any = st.just(PROFILE) | st.builds(dict, st.dictionaries(NAMES, JSON)) | JSON
LIVE = st.builds(
    ObservedProfile,
    PROFILES,
    st.none() | st.fixed_dictionaries({"smtp": PROFILES, "msg": JSON, "api_version": JSON}),
)


def check(entry: dict[str, Any]) -> None:
    """Hold a verdict to its promises."""
    statuses = [finding["status"] for finding in entry["findings"]]
    if entry["verdict"] == "compliant":
        assert statuses
        assert set(statuses) <= {"match", "waived"}
        assert entry["error"] is None
    elif entry["verdict"] == "drifted":
        assert "drift" in statuses
    else:
        assert entry["verdict"] == "indeterminate"
        assert "drift" not in statuses
        assert entry["error"] or "unknown" in statuses
    for finding in entry["findings"]:
        assert re.fullmatch(r"policy\..+|reference|" + "|".join(SETTINGS), finding["setting"])
        assert (finding["waiver"] is None) or finding["status"] in ("waived", "drift")
    report = build_report([entry], ["production", "unseen"])
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    for line in [
        summarize(entry),
        *entry_messages(entry),
        *(row.text for row in render_table(report)),
        *verdicts_by_variable(report),
    ]:
        assert line.isprintable()


@given(EXPECTED, EVERYTHING, LIVE)
def test_anything_gets_a_verdict_or_a_refusal(
    expected: object, more: dict[str, Any], live: ObservedProfile
) -> None:
    entry = evaluate_profile(
        "production", PROFILE, expected, {"smtp": PROFILE, "api_version": 2}, live, **more
    )
    check(entry)
    refused = entry["error"] is not None and entry["error"]["kind"] == "configuration"
    try:
        expected_state(expected, **more)
    except ExpectedStateError:
        assert refused
    else:
        assert not refused


@given(PROFILES, EXPECTED, EVERYTHING)
def test_any_saved_profile_gets_a_verdict_or_a_refusal(
    profile: Any, expected: object, more: dict[str, Any]
) -> None:
    check(
        evaluate_profile(
            "production", profile, expected, None, **{**more, "saved_profile": profile}
        )
    )


@settings(max_examples=400)
@given(NAMES, SCHEMAS)
def test_any_schema_is_applied_or_refused(setting: str, schema: Any) -> None:
    entry = evaluate_profile(
        "production", PROFILE, {setting: schema}, {"smtp": PROFILE, "api_version": 2}
    )
    check(entry)


@settings(max_examples=400)
@given(SCHEMAS)
def test_any_policy_is_applied_or_refused(schema: Any) -> None:
    read = {"smtp": PROFILE, "api_version": 2}
    entry = evaluate_profile("production", PROFILE, {}, read, policy=schema)
    check(entry)
    for finding in entry["findings"]:
        assert finding["actual"], "a rule that looks at nothing checks nothing"


@given(st.dates(), st.dates())
def test_a_waiver_holds_exactly_to_its_last_day(today: date, expires: date) -> None:
    waiver = {"setting": "port", "reason": "a", "owner": "b", "expires": expires}
    read = {"smtp": PROFILE, "api_version": 2}
    entry = evaluate_profile(
        "production", PROFILE, {"port": 25}, read, waivers=[waiver], today=today
    )
    assert entry["verdict"] == ("compliant" if today <= expires else "drifted")
