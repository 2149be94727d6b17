# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Schemas with a part that would check nothing are refused, saying which part."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.expectations import (
    parse_expectations,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.policy import (
    parse_policy,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.schema_keywords import (
    KEYWORDS,
)


def refused(setting: str, wanted: object) -> str:
    found, problems = parse_expectations({setting: wanted})
    assert found == []
    (problem,) = problems
    assert problem.startswith(f"the schema of {setting}: ")
    assert problem.isprintable()
    return problem


@pytest.mark.parametrize(
    ("setting", "wanted", "phrase"),
    [
        ("port", {}, "anything meets: {}"),
        ("port", {"title": "a"}, "anything meets"),
        ("port", {"type": ["integer", "null"]}, "anything meets"),
        ("port", {"anyOf": [{"minimum": 1}, {}]}, "anything meets: {}"),
        ("port", {"anyOf": [{"minimum": 1}, True]}, "anything meets: true"),
        ("port", {"not": False}, "nothing meets: false"),
        ("port", {"if": {"minimum": 1}, "then": True}, "anything meets: true"),
        ("port", {"minimun": 1}, "minimun has no effect here (did you mean minimum)"),
        ("port", {"Minimum": 1}, "did you mean minimum"),
        ("port", {"qqqq": 1}, "qqqq has no effect here"),
        ("port", {"not": {"enmu": [25]}}, "did you mean enum"),
        ("port", {"pattern": "25"}, "pattern does not apply to port"),
        ("port", {"not": {"minLength": 1}}, "minLength does not apply to port"),
        ("port", {"properties": {"port": {"const": 1}}}, "properties does not apply to port"),
        ("use_ssl", {"minimum": 1}, "minimum does not apply to use_ssl"),
        ("host", {"maximum": 1}, "maximum does not apply to host"),
        ("host", {"contains": {"const": "a"}}, "contains does not apply to host"),
        ("request_headers", {"pattern": "a"}, "pattern does not apply to request_headers"),
        ("request_headers", {"items": {"minimum": 1}}, "minimum does not apply to a name"),
        ("request_headers", {"prefixItems": [{"const": "a"}]}, "prefixItems has no effect here"),
        ("request_headers", {"contains": {"const": 5}}, "a name is always text, and never 5"),
        ("request_headers", {"type": "array"}, "anything meets"),
        ("request_headers", {"items": {"type": "string"}}, "anything meets"),
        ("request_headers", {"not": {"type": "null"}}, "never of type null"),
        ("port", {"then": {"const": 1}}, "then has no effect without if"),
        ("port", {"else": {"const": 1}}, "else has no effect without if"),
        ("port", {"if": {"const": 1}}, "if has no effect without then or else"),
        ("request_headers", {"maxContains": 1}, "maxContains has no effect without contains"),
        ("request_headers", {"contains": {"const": "a"}, "minContains": 0}, "minContains 0"),
        ("host", {"minLength": 0}, "minLength has no effect with 0"),
        ("host", {"pattern": ""}, "pattern has no effect with ''"),
        ("request_headers", {"minItems": 0}, "minItems has no effect with 0"),
        ("request_headers", {"uniqueItems": False}, "uniqueItems has no effect with False"),
        ("port", {"not": {"enum": []}}, "enum is empty"),
        ("port", {"not": {"type": "string"}}, "port is never of type string"),
        ("port", {"type": ["integer", "array"]}, "port is never of type array"),
        ("use_ssl", {"not": {"const": "maybe"}}, "use_ssl must be true or false, and is maybe"),
        ("port", {"not": {"enum": [25, "smtp"]}}, "whole number, and is smtp"),
        ("relay_authentication", {"not": {"const": "ntlm"}}, "one of anonymous, basic, oauth"),
        ("host", {"not": {"pattern": "^Old"}}, "must be written in small letters, and is ^Old"),
        ("request_headers", {"items": {"pattern": "^X-"}}, "written in small letters"),
        ("scope", {"format": "emial"}, "format emial cannot be checked here"),
        ("scope", {"pattern": "["}, "pattern"),
        ("scope", {"pattern": "a{99999999999999999999}"}, "is no regular expression"),
        ("port", {"minimum": "1"}, "no valid JSON Schema, at minimum"),
        ("port", {"allOf": []}, "no valid JSON Schema, at allOf"),
        ("port", {"multipleOf": 0}, "no valid JSON Schema, at multipleOf"),
        ("port", {"$schema": "http://json-schema.org/draft-07/schema#"}, "$schema must be"),
        ("port", {"$ref": "#/$defs/a"}, "$ref #/$defs/a leads nowhere"),
        ("port", {"$ref": "#/$defs/a/b/0", "$defs": {"a": {}}}, "leads nowhere"),
        ("port", {"$ref": "#"}, "leads to itself"),
        ("port", {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}}, "itself"),
        ("port", {"$ref": "https://example.com/a.json"}, "must lead to a place in the same"),
        ("port", {"$ref": "#/minimum", "minimum": 5}, "leads to no schema"),
        ("port", {"$ref": "#/$defs/a", "$defs": {"a": {"pattern": "a"}}}, "does not apply to port"),
        ("port", {"minimum": 1, "$defs": {"a": {"minimum": 5}}}, "$defs has a, to which no $ref"),
        ("port", {"not": {"const": 1, "$defs": {"a": {"const": 1}}}}, "belongs to the top"),
    ],
)
def test_what_has_no_effect(setting: str, wanted: object, phrase: str) -> None:
    assert phrase in refused(setting, wanted)


SCHEMAS: list[tuple[str, dict[str, Any]]] = [
    ("port", {"minimum": 1, "not": {"const": 25}}),
    ("port", {"if": {"minimum": 100}, "then": {"maximum": 600}, "else": {"const": 25}}),
    ("host", {"anyOf": [{"pattern": "^a", "maxLength": 9}, {"const": "b", "title": "c"}]}),
    (
        "request_headers",
        {"contains": {"pattern": "a"}, "maxContains": 2, "items": {"minLength": 1}},
    ),
    ("scope", {"$ref": "#/$defs/a", "$defs": {"a": {"enum": ["a", None]}}}),
]


def _places(value: object) -> list[dict[str, Any]]:
    """Return the schemas in a schema."""
    if isinstance(value, list):
        return [place for each in value for place in _places(each)]
    if not isinstance(value, dict):
        return []
    here = [value] if set(value) & KEYWORDS else []
    return here + [place for each in value.values() for place in _places(each)]


@given(st.data(), st.sampled_from(SCHEMAS), st.text(min_size=1))
def test_a_keyword_that_is_nonsense_is_always_refused(
    data: st.DataObject, chosen: tuple[str, dict[str, Any]], nonsense: str
) -> None:
    setting, original = chosen
    assert parse_expectations({setting: original})[1] == []
    wanted = copied(original)
    place = data.draw(st.sampled_from(_places(wanted)))
    keyword = data.draw(st.sampled_from(sorted(place)))
    if nonsense in KEYWORDS:
        nonsense += "x"
    place[nonsense] = place.pop(keyword)
    refused(setting, wanted)
    policy = {"properties": {setting: wanted}}
    rules, problems = parse_policy(policy if "$defs" not in original else {"allOf": [policy]})
    assert rules == []
    assert problems


def copied(value: Any) -> Any:
    if isinstance(value, list):
        return [copied(each) for each in value]
    return {k: copied(v) for k, v in value.items()} if isinstance(value, dict) else value
