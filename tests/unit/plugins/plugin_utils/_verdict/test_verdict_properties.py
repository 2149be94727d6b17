# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever is expected of whatever was read: a verdict, a report and a table, never a crash."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import SETTINGS
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.expectations import (
    AllowedValues,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.expected_state import (
    ExpectedStateError,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._format import format_value
from ansible_collections.keyfactor.command.plugins.plugin_utils._report.report import (
    build_report,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._report.table import render_table
from ansible_collections.keyfactor.command.plugins.plugin_utils._verdict.verdict import (
    indeterminate_entry,
    summarize,
)
from tests.unit.strategies import JSON
from tests.unit.support import evaluate_profile, expected_state

FACTS = JSON | st.fixed_dictionaries({}, optional=dict.fromkeys(SETTINGS, JSON))
EXPECTED = (
    st.just({"port": 587, "host": None})
    | JSON
    | st.dictionaries(st.sampled_from(SETTINGS) | st.text(), JSON, max_size=5)
)
RESULTS = st.none() | st.fixed_dictionaries(
    {},
    optional={
        "smtp": FACTS,
        "msg": st.text() | JSON,
        "error": st.none() | st.fixed_dictionaries({"kind": st.text()}),
        "url": st.none() | st.text(),
        "api_version": st.sampled_from([1, 2, None]),
        "tls_verified": st.booleans(),
        "unknown_members": st.lists(st.text(), max_size=3),
        "failed": st.booleans(),
    },
)


@given(FACTS, EXPECTED, RESULTS)
def test_anything_gets_a_verdict(facts: Any, expected: Any, result: Any) -> None:
    entry = evaluate_profile("production", facts, expected, result)
    assert set(entry) == set(indeterminate_entry("production"))
    statuses = {finding["status"] for finding in entry["findings"]}
    assert statuses <= {"match", "drift", "unknown"}
    if entry["verdict"] == "compliant":
        assert statuses == {"match"}
        assert entry["error"] is None
    elif entry["verdict"] == "drifted":
        assert "drift" in statuses
    else:
        assert entry["verdict"] == "indeterminate"
        assert entry["error"] or "unknown" in statuses
    report = build_report([entry], ["production", "unseen"])
    assert report["summary"][entry["verdict"]] >= 1
    assert summarize(entry).startswith(f"production is {entry['verdict']}")


@given(FACTS, EXPECTED, RESULTS)
def test_any_verdict_makes_a_table_of_printable_lines(
    facts: Any, expected: Any, result: Any
) -> None:
    entry = evaluate_profile("production", facts, expected, result)
    lines = render_table(build_report([entry], ["production"]))
    assert all(line.isprintable() for line in lines)


@given(EXPECTED)
def test_any_expectation_is_understood_or_refused(expected: Any) -> None:
    try:
        found = expected_state(expected).expectations
    except ExpectedStateError as error:
        assert str(error).isprintable()
        return
    assert [each.setting for each in found] == list(expected)
    for each in found:
        if isinstance(each, AllowedValues):
            assert not any(each.mismatch(value) for value in each.values)
        assert each.requirement_text.isprintable()


@given(JSON)
def test_any_value_is_shown_on_one_line(value: Any) -> None:
    assert format_value(value).isprintable()
    assert format_value(value)
