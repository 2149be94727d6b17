# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report over all environments, and the verdicts by names of variables."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.keyfactor.command.plugins.module_utils._version import VERSION
from ansible_collections.keyfactor.command.plugins.plugin_utils._report.report import (
    build_report,
    missing_environments,
    verdicts_by_variable,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._verdict.verdict import (
    indeterminate_entry,
)
from tests.unit.reports import SIMPLE_ENTRIES, SIMPLE_NAMES

WORSE = ["compliant", "indeterminate", "drifted"]


def test_shape_of_the_report() -> None:
    before = datetime.now(timezone.utc).replace(microsecond=0)
    report = json.loads(json.dumps(build_report(SIMPLE_ENTRIES, SIMPLE_NAMES)))
    assert list(report) == [
        "schema_version",
        "generated_at",
        "collection_version",
        "summary",
        "environments",
    ]
    assert (report["schema_version"], report["collection_version"]) == ("1.1", VERSION)
    at = datetime.fromisoformat(report["generated_at"])
    assert at.utcoffset() is not None
    assert before <= at <= datetime.now(timezone.utc)
    assert report["summary"] == {
        "environments": 5,
        "compliant": 2,
        "drifted": 1,
        "indeterminate": 2,
    }
    assert [each["name"] for each in report["environments"]] == SIMPLE_NAMES


def test_environment_that_was_not_judged_is_indeterminate() -> None:
    report = build_report([], ["production"])
    (missing,) = report["environments"]
    assert set(missing) == set(SIMPLE_ENTRIES[0])
    assert (missing["verdict"], missing["findings"]) == ("indeterminate", [])
    assert "not verified" in missing["error"]["message"]
    assert report["summary"]["indeterminate"] == 1


def report_of(verdicts: dict[str, str], **more: Any) -> dict[str, Any]:
    entries = [
        {**indeterminate_entry(name), "verdict": verdict} for name, verdict in verdicts.items()
    ]
    return build_report(entries, list(verdicts), **more)


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("production", "production"),
        ("Prod-1.example.com", "Prod_1_example_com"),
        ("größe", "gr__e"),
        ("2", "2"),
        ("a b\n", "a_b_"),
    ],
)
def test_verdict_by_the_name_of_a_variable(name: str, variable: str) -> None:
    found = verdicts_by_variable(report_of({name: "compliant"}))
    assert found == {f"verify_smtp_verdict_{variable}": "compliant"}


@given(st.permutations([("a-b", 0), ("a.b", 1), ("a b", 2)]), st.permutations(WORSE))
def test_worst_verdict_is_kept_if_two_environments_have_one_variable(
    names: list[tuple[str, int]], words: list[str]
) -> None:
    found = verdicts_by_variable(report_of({name: words[place] for name, place in names}))
    assert found == {"verify_smtp_verdict_a_b": "drifted"}
    two = report_of({"a-b": words[0], "a.b": words[1]})
    worst = max(words[:2], key=WORSE.index)
    assert verdicts_by_variable(two) == {"verify_smtp_verdict_a_b": worst}


@pytest.mark.parametrize("required", [["a", "b", "c", "c"], "a, b,c , c", ("a", "b", "c")])
def test_required_environment_that_is_not_in_the_run_is_indeterminate(required: object) -> None:
    made = report_of({"a": "compliant"}, required=required)
    assert [each["name"] for each in made["environments"]] == ["a", "b", "c"]
    assert made["summary"]["indeterminate"] == 2
    assert "--limit" in made["environments"][1]["error"]["message"]
    assert verdicts_by_variable(made)["verify_smtp_verdict_c"] == "indeterminate"


def test_environment_of_a_later_batch_is_not_missing() -> None:
    made = build_report([], ["a", "b"], ["b"], ["a", "b"])
    assert [each["name"] for each in made["environments"]] == ["a"]


def test_missing_environments_are_named_once() -> None:
    assert missing_environments("a, b, c, b", ["a"]) == ["b", "c"]
    assert missing_environments(None, ["a"]) == []
