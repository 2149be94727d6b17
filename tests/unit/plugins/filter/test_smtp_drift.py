# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdicts by names that can be variables, environments that are missing, and filters."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.keyfactor.command.plugins.filter import smtp_drift
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.expected_state import (
    ExpectedStateInput,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._format import (
    format_value,
    one_line,
    split_names,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._report.report import (
    build_report,
    verdicts_by_variable,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._report.table import render_table
from ansible_collections.keyfactor.command.plugins.plugin_utils._verdict.verdict import (
    indeterminate_entry,
)

FILTERS = smtp_drift.FilterModule().filters()
PAGES = {name: Path(smtp_drift.__file__).with_name(f"{name}.yml") for name in FILTERS}
WORSE = ["compliant", "indeterminate", "drifted"]


def report(judged: dict[str, str], **more: Any) -> dict[str, Any]:
    entries = [
        {**indeterminate_entry(name), "verdict": verdict} for name, verdict in judged.items()
    ]
    return build_report(entries, list(judged), **more)


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
def test_the_names_of_variables(name: str, variable: str) -> None:
    found = verdicts_by_variable(report({name: "compliant"}))
    assert found == {f"verify_smtp_verdict_{variable}": "compliant"}


@given(st.permutations([("a-b", 0), ("a.b", 1), ("a b", 2)]), st.permutations(WORSE))
def test_where_names_come_out_alike_the_worst_verdict_stays(
    names: list[tuple[str, int]], words: list[str]
) -> None:
    found = verdicts_by_variable(report({name: words[place] for name, place in names}))
    assert found == {"verify_smtp_verdict_a_b": "drifted"}
    two = report({"a-b": words[0], "a.b": words[1]})
    worst = max(words[:2], key=WORSE.index)
    assert verdicts_by_variable(two) == {"verify_smtp_verdict_a_b": worst}


@pytest.mark.parametrize("required", [["a", "b", "c", "c"], "a, b,c , c", ("a", "b", "c")])
def test_what_must_be_judged_and_is_not_in_the_run(required: object) -> None:
    made = report({"a": "compliant"}, required=required)
    assert [each["name"] for each in made["environments"]] == ["a", "b", "c"]
    assert made["summary"]["indeterminate"] == 2
    assert "--limit" in made["environments"][1]["error"]["message"]
    assert verdicts_by_variable(made)["verify_smtp_verdict_c"] == "indeterminate"


def test_an_environment_of_a_later_batch_is_not_missing() -> None:
    made = build_report([], ["a", "b"], ["b"], ["a", "b"])
    assert [each["name"] for each in made["environments"]] == ["a"]


def test_what_is_waived_and_warnings_stay_visible() -> None:
    entry = {
        **indeterminate_entry("a"),
        "verdict": "compliant",
        "findings": [
            {"status": "waived", "message": "port is 587 (waived)"},
            {"status": "match", "message": "host is a"},
        ],
        "warnings": ["It is old."],
    }
    lines = "\n".join(render_table(build_report([entry], ["a"])))
    assert "port is 587 (waived)" in lines
    assert "It is old." in lines
    assert "host is a" not in lines


@pytest.mark.parametrize(
    ("names", "found"),
    [("a, b,,c ", ["a", "b", "c"]), (["a ", 5], ["a ", "5"]), ("", []), (None, []), (5, [])],
)
def test_names_as_list_or_text(names: object, found: list[str]) -> None:
    assert split_names(names) == found


def test_words() -> None:
    assert one_line(" a\r\n\tb\u202e\x1b ") == "a b\\u202e\\u001b"
    assert format_value({"a b": [None, True, {"c": 5}]}) == "{'a b': [unset, true, {c: 5}]}"
    assert format_value({}) == "{}"


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_is_documented_as_it_is(name: str) -> None:
    documented = yaml.safe_load(PAGES[name].read_text())["DOCUMENTATION"]
    options = documented["options"]
    signature = list(inspect.signature(FILTERS[name]).parameters.values())
    assert next(iter(options)) == "_input"
    own = {each.name: each for each in signature[1:] if each.kind is not each.VAR_KEYWORD}
    if len(own) + 1 < len(signature):
        of_parse = list(inspect.signature(ExpectedStateInput).parameters.values())[1:]
        own |= {each.name: each for each in of_parse}
    assert set(options) - {"_input"} == set(own)
    for each in own.values():
        option = options[each.name]
        has_default = each.default is not each.empty
        assert option.get("required", False) is not has_default, each.name
        if has_default:
            default = list(each.default) if isinstance(each.default, tuple) else each.default
            assert (option.get("default") or None) == (default or None), each.name
    positional = documented.get("positional", "").replace(" ", "").split(",")
    assert positional == [""] or positional == list(own)[: len(positional)]
