# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever is expected of whatever was read: a verdict and a report, never a crash."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from ansible_collections.keyfactor.command.plugins.plugin_utils._report.report import (
    build_report,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._verdict.verdict import (
    indeterminate_entry,
    summarize,
)
from tests.unit.strategies import EXPECTED, FACTS, MODULE_RESULTS
from tests.unit.support import evaluate_profile


@given(FACTS, EXPECTED, MODULE_RESULTS)
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
