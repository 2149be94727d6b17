# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON Schema as what is expected of one setting: what meets it, what is refused, and why."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import SETTINGS
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected import (
    schema,
    setting_types,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.expectations import (
    parse_expectations,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.policy import (
    parse_policy,
)
from tests.unit.schemas import KEYWORDS, KINDS, META_SCHEMA


def mismatch(setting: str, expected: dict[str, Any], actual: object) -> str | None:
    (expectation,), problems = parse_expectations({setting: expected})
    assert problems == []
    return expectation.mismatch(actual)


@pytest.mark.parametrize(
    ("setting", "expected", "meets", "fails"),
    [
        ("port", {"minimum": 25}, 25, 24),
        ("port", {"maximum": 25}, 25, 26),
        ("port", {"exclusiveMinimum": 25}, 26, 25),
        ("port", {"exclusiveMaximum": 25}, 24, 25),
        ("port", {"multipleOf": 5}, 25, 26),
        ("port", {"enum": [465, 587]}, 465, 25),
        ("port", {"const": 25}, 25, 26),
        ("port", {"not": {"const": 25}}, 26, 25),
        ("port", {"type": "integer"}, 25, None),
        ("port", {"type": "null"}, None, 25),
        ("id", {"enum": [1, None]}, None, 2),
        ("use_ssl", {"const": True}, True, False),
        ("use_ssl", {"enum": [False]}, False, None),
        ("use_ssl", {"enum": [False, None]}, None, True),
        ("use_ssl", {"type": "boolean"}, False, None),
        ("sender_name", {"pattern": "^Example"}, "Example PKI", "An Example"),
        ("sender_name", {"minLength": 3}, "abc", "ab"),
        ("sender_name", {"maxLength": 3}, "abc", "abcd"),
        ("sender_account", {"format": "email"}, "a@example.com", "a"),
        ("sender_name", {"const": ""}, None, "a"),
        ("sender_name", {"const": "A"}, "A", "a"),
        ("host", {"pattern": r"^smtp\S*\.example\.com$"}, "SMTP1.Example.COM", "smtp.example.org"),
        ("host", {"const": "Smtp.Example.com"}, "sMTP.example.com", "smtp.example.org"),
        ("host", {"enum": ["A.example.com"]}, "a.EXAMPLE.com", "b.example.com"),
        ("relay_authentication", {"not": {"const": "anonymous"}}, "basic", "anonymous"),
        ("request_headers", {"contains": {"const": "X-A"}}, ["x-a", "x-b"], ["X-B"]),
        ("request_headers", {"not": {"contains": {"const": "X-Debug"}}}, None, ["x-DEBUG"]),
        ("request_headers", {"items": {"pattern": "^x-"}}, ["X-A"], ["A"]),
        ("request_headers", {"const": ["X-A", "X-B"]}, ["x-b", "x-a"], ["X-A"]),
        ("request_headers", {"enum": [["X-A"], None]}, None, ["X-B"]),
        ("request_headers", {"const": None}, [], ["X-B"]),
        ("request_headers", {"minItems": 1}, ["A"], None),
        ("request_headers", {"maxItems": 1}, None, ["A", "B"]),
        ("request_headers", {"uniqueItems": True}, ["A", "B"], ["A", "a"]),
        (
            "request_headers",
            {"contains": {"pattern": "^x-"}, "minContains": 0, "maxContains": 1},
            ["X-A", "B"],
            ["X-A", "X-B"],
        ),
        ("port", {"anyOf": [{"maximum": 25}, {"const": 587}]}, 587, 465),
        ("port", {"oneOf": [{"minimum": 25}, {"minimum": 465}]}, 26, 587),
        ("port", {"allOf": [{"minimum": 25}, {"maximum": 30}]}, 26, 31),
        (
            "host",
            {"allOf": [{"const": "SMTP.example.com"}]},
            "smtp.EXAMPLE.com",
            "smtp.example.org",
        ),
        ("port", {"if": {"maximum": 100}, "then": {"const": 25}, "else": {"const": 587}}, 587, 26),
        (
            "port",
            {"$schema": "https://json-schema.org/draft/2020-12/schema", "const": 25},
            25,
            26,
        ),
        (
            "port",
            {
                "title": "a",
                "description": "b",
                "$comment": "c",
                "examples": [25],
                "deprecated": True,
                "anyOf": [{"title": "d", "const": 25}],
            },
            25,
            26,
        ),
        ("sender_address", {"format": "ipv4"}, "192.0.2.1", "192.0.2.256"),
        ("host", {"pattern": r"^(?P<a>\S)\D$"}, "AB", "A1"),
        ("host", {"not": {"enum": ["Old.example.com", None]}}, "a", "OLD.example.com"),
        ("request_headers", {"contains": {"enum": ["X-A", "X-B"]}}, ["x-b"], ["X-C"]),
        ("request_headers", {"type": "array", "minItems": 1}, ["A"], []),
    ],
)
def test_what_meets_a_schema(
    setting: str, expected: dict[str, Any], meets: object, fails: object
) -> None:
    assert mismatch(setting, expected, meets) is None
    message = mismatch(setting, expected, fails)
    assert message
    assert message.startswith(f"{setting} is ")
    assert "must " in message


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("sender_name", {"pattern": "."}),
        ("sender_name", {"maxLength": 9}),
        ("sender_name", {"not": {"const": "a"}}),
        ("sender_name", {"not": {"type": "null"}}),
        ("sender_name", {"allOf": [{"pattern": "a|"}]}),
        ("sender_name", {"anyOf": [{"pattern": "a"}, {"not": {"const": None}}]}),
        ("sender_name", {"if": {"const": None}, "then": {"maxLength": 5}}),
        ("sender_account", {"format": "email"}),
        ("port", {"minimum": 1}),
        ("port", {"not": {"enum": [25]}}),
    ],
)
@pytest.mark.parametrize("unset", [None, ""])
def test_what_is_unset_meets_nothing_that_does_not_allow_it(
    setting: str, expected: dict[str, Any], unset: object
) -> None:
    assert "is unset, must be " in str(mismatch(setting, expected, unset))


@pytest.mark.parametrize(
    "expected",
    [
        {"type": ["string", "null"], "pattern": "a"},
        {"anyOf": [{"pattern": "a"}, {"const": None}]},
        {"anyOf": [{"type": "string", "pattern": "a"}, {"type": "null"}]},
        {"oneOf": [{"const": "a"}, {"type": "null"}]},
        {"allOf": [{"type": ["string", "null"], "pattern": "a"}], "maxLength": 5},
        {"enum": ["a", None]},
        {"enum": ["a", ""]},
    ],
)
def test_what_is_unset_meets_a_schema_that_allows_it(expected: dict[str, Any]) -> None:
    assert mismatch("sender_name", expected, None) is None
    assert mismatch("sender_name", expected, "b")


@pytest.mark.parametrize(
    ("setting", "expected", "actual", "message"),
    [
        ("port", {"enum": [465, 587]}, 25, "port is 25, must be one of 465, 587"),
        ("port", {"enum": [465]}, 25, "port is 25, must be 465"),
        (
            "port",
            {"minimum": 26, "multipleOf": 2},
            25,
            "port is 25, must be 26 or more and must be a multiple of 2",
        ),
        ("scope", {"pattern": "a"}, None, "scope is unset, must be text and match a"),
        ("scope", {"pattern": "\u202e"}, "a", "scope is a, must match \\u202e"),
        ("scope", {"not": {"const": "a b"}}, "a b", "scope is 'a b', must not be 'a b'"),
        (
            "scope",
            {"anyOf": [{"const": "a"}, {"minLength": 3}]},
            "b",
            "scope is b, must be a or be 3 characters or longer",
        ),
        (
            "request_headers",
            {"items": {"maxLength": 1}},
            ["A", "X-A"],
            "request_headers is [A, X-A], of its values, number 2 must be 1 characters or shorter",
        ),
        (
            "request_headers",
            {"contains": {"const": "x"}},
            ["X-A"],
            "request_headers is [X-A], must hold one that must be x",
        ),
    ],
)
def test_the_words(setting: str, expected: dict[str, Any], actual: object, message: str) -> None:
    assert mismatch(setting, expected, actual) == message


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "Draft202012Validator", None)
    found, problems = parse_expectations({"port": 25, "host": {"const": "a"}})
    assert len(found) == 1, "what is no schema works without it"
    assert "library jsonschema, which is missing" in problems[0]
    assert f"{sys.executable} -m pip install jsonschema" in problems[0]


def refused(setting: str, expected: object) -> str:
    found, problems = parse_expectations({setting: expected})
    assert found == []
    (problem,) = problems
    assert problem.startswith(f"the schema of {setting}: ")
    assert problem.isprintable()
    return problem


@pytest.mark.parametrize(
    ("setting", "expected", "phrase"),
    [
        ("port", {}, "it has no effect: anything meets it"),
        ("port", {"title": "a"}, "it has no effect: anything meets it"),
        ("port", {"type": ["integer", "null"]}, "it has no effect: anything meets it"),
        ("port", {"type": ["null", "integer"], "title": "a"}, "it has no effect"),
        ("port", {"anyOf": [{"minimum": 1}, {}]}, "anyOf.1 has no effect: anything meets it"),
        ("port", {"anyOf": [{"minimum": 1}, True]}, "anyOf.1 must be a mapping of keywords"),
        ("port", {"not": False}, "not must be a mapping of keywords, and is false"),
        ("port", {"if": {"minimum": 1}, "then": True}, "then must be a mapping of keywords"),
        ("port", {"minimun": 1}, ": minimun has no effect here (did you mean minimum)"),
        ("port", {"Minimum": 1}, "did you mean minimum"),
        ("port", {"titel": "a"}, "did you mean title"),
        ("port", {"qqqq": 1}, "qqqq has no effect here (what fits: type, const, enum, minimum,"),
        ("port", {"anyOf": [{"const": 1}, {"not": {"enmu": [25]}}]}, ": anyOf.1.not.enmu has no"),
        ("port", {"pattern": "25"}, ": pattern does not apply to port (what fits: type, const,"),
        ("port", {"not": {"minLength": 1}}, ": not.minLength does not apply to port (what fits"),
        ("port", {"properties": {"port": {"const": 1}}}, "properties does not apply to port"),
        ("use_ssl", {"minimum": 1}, "minimum does not apply to use_ssl (what fits: type, const,"),
        ("host", {"maximum": 1}, "maximum does not apply to host"),
        ("host", {"contains": {"const": "a"}}, "contains does not apply to host"),
        ("relay_authentication", {"minLength": 1}, "minLength does not apply to relay_auth"),
        ("request_headers", {"pattern": "a"}, "pattern does not apply to request_headers"),
        ("request_headers", {"items": {"minimum": 1}}, "items.minimum does not apply to a name"),
        ("request_headers", {"prefixItems": [{"const": "a"}]}, "prefixItems does not apply to"),
        ("request_headers", {"contains": {"const": 5}}, "contains.const must be text, and is 5"),
        ("request_headers", {"const": ["a", 5]}, "const.1 must be text, and is 5"),
        ("request_headers", {"type": "array"}, "it has no effect: anything meets it"),
        ("request_headers", {"items": {"type": "string"}}, "items has no effect: anything meets"),
        ("request_headers", {"not": {"type": "null"}}, "not.type must be array, and is null"),
        ("port", {"then": {"const": 1}}, "then has no effect without if"),
        ("port", {"else": {"const": 1}}, "else has no effect without if"),
        ("port", {"not": {"if": {"const": 1}}}, "not.if has no effect without then or else"),
        ("request_headers", {"maxContains": 1}, "maxContains has no effect without contains"),
        ("request_headers", {"minContains": 1}, "minContains has no effect without contains"),
        (
            "request_headers",
            {"contains": {"const": "a"}, "minContains": 0},
            "minContains 0 has no effect without maxContains",
        ),
        ("host", {"minLength": 0}, "minLength must be 1 or more, and is 0"),
        ("host", {"pattern": ""}, "pattern is empty"),
        ("request_headers", {"minItems": 0}, "minItems must be 1 or more, and is 0"),
        ("request_headers", {"uniqueItems": False}, "uniqueItems must be true, and is false"),
        ("port", {"not": {"enum": []}}, "not.enum is empty"),
        ("port", {"multipleOf": 1}, "multipleOf must be 2 or more, and is 1"),
        ("use_ssl", {"enum": [True, False, None]}, "enum must hold 2 or fewer"),
        ("relay_username_source", {"enum": ["plain", "pam", "none"]}, "enum must hold 2 or fewer"),
        ("port", {"not": {"type": "string"}}, "not.type must be integer, null, or a list of both"),
        ("port", {"type": ["integer", "array"]}, "type must be integer, null, or a list of both"),
        ("use_ssl", {"not": {"const": "yes"}}, "not.const must be true or false without quotes"),
        ("port", {"const": "587"}, "const must be a whole number without quotes, or null, and is"),
        ("port", {"not": {"enum": [25, "smtp"]}}, "not.enum.1 must be a whole number without"),
        ("port", {"const": True}, "whole number without quotes, or null, and is true"),
        ("scope", {"const": 5}, "const must be text, in quotes if need be, or null, and is 5"),
        ("relay_authentication", {"const": "ntlm"}, "be one of anonymous, basic, oauth, unset"),
        ("relay_authentication", {"const": "Basic"}, "and is Basic (did you mean basic)"),
        ("host", {"not": {"pattern": "^Old"}}, "not.pattern must be in lower case"),
        ("request_headers", {"items": {"pattern": "^X-"}}, "items.pattern must be in lower case"),
        ("scope", {"format": "emial"}, "ipv6, uuid, and is emial (did you mean email)"),
        ("scope", {"format": "hostname"}, "format must be one of date, email, idn-email, ipv4"),
        ("scope", {"pattern": "["}, "pattern must be a regular expression, and is '[' (unterm"),
        ("scope", {"pattern": "a{99999999999999999999}"}, "must be a regular expression, and is"),
        ("scope", {"pattern": 5}, "pattern must be a regular expression, and is 5"),
        ("port", {"minimum": "1"}, "minimum must be a number without quotes, and is 1"),
        ("port", {"allOf": []}, "allOf is empty"),
        ("port", {"allOf": {"const": 1}}, "allOf must be a list, and is {const: 1}"),
        ("port", {"title": 5, "const": 1}, "title must be text, and is 5"),
        (
            "port",
            {"$schema": "http://json-schema.org/draft-07/schema#", "const": 1},
            "$schema must be https://json-schema.org/draft/2020-12/schema, and is http",
        ),
        ("port", {"$ref": "#/$defs/a"}, "$ref does not apply to port (what fits: type, const,"),
        ("port", {"const": 1, "$defs": {"a": {}}}, "$defs has no effect here (what fits: type,"),
        ("port", {"const": 1, "$id": "a"}, "$id has no effect here"),
        ("port", {"\u202e": 1}, ": \\u202e has no effect here"),
    ],
)
def test_what_has_no_effect(setting: str, expected: object, phrase: str) -> None:
    assert phrase in refused(setting, expected)


def test_all_that_is_wrong_comes_at_once() -> None:
    expected = {"minimun": 1, "anyOf": [{"pattern": "a"}, {"const": "b"}], "then": {"const": 1}}
    message = refused("port", expected)
    for phrase in ("minimun has", "anyOf.0.pattern does", "anyOf.1.const must", "then has"):
        assert message.count(phrase) == 1


def test_the_meta_schema_knows_the_settings_and_their_types() -> None:
    definitions = META_SCHEMA["$defs"]
    assert tuple(KINDS) == SETTINGS
    assert tuple(definitions["setting_names"]["items"]["enum"]) == SETTINGS
    assert tuple(definitions["setting_dependencies"]["properties"]) == SETTINGS
    for setting, kind in KINDS.items():
        own = definitions[kind]["properties"]
        types = own["type"].get("const") or own["type"]["anyOf"][0]["enum"][0]
        assert types == setting_types.json_type(setting)
        is_lower = own.get("pattern") == {"$ref": "#/$defs/lower_case_pattern"}
        assert is_lower is (setting in setting_types.IGNORE_CASE)
        choices = definitions[f"{setting}_value"]["enum"] if kind == setting != "host" else [None]
        assert tuple(choices[:-1]) == setting_types.CHOICES.get(setting, ())


def test_the_meta_schema_is_a_schema_and_each_format_can_be_checked() -> None:
    Draft202012Validator.check_schema(META_SCHEMA)
    for kind in ("text", "host", "name"):
        formats = META_SCHEMA["$defs"][kind]["properties"]["format"]["enum"]
        checker = FormatChecker()
        assert [each for each in formats if checker.conforms("no/such", each)] == []
    for kind in META_SCHEMA["$defs"].values():
        # Each kind of schema takes the same notes, and none of them is compiled.
        if "title" in kind.get("properties", {}):
            assert list(kind["properties"])[-len(schema.NOTES) :] == [*NOTES]


NOTES = ("title", "description", "$comment", "$schema", "examples", "deprecated")
SCHEMAS: list[tuple[str, dict[str, Any]]] = [
    ("port", {"minimum": 1, "not": {"const": 25}}),
    ("port", {"if": {"minimum": 100}, "then": {"maximum": 600}, "else": {"const": 25}}),
    ("host", {"anyOf": [{"pattern": "^a", "maxLength": 9}, {"const": "b", "title": "c"}]}),
    (
        "request_headers",
        {"contains": {"pattern": "a"}, "maxContains": 2, "items": {"minLength": 1}},
    ),
    ("scope", {"allOf": [{"enum": ["a", None]}]}),
]


def _places(value: object) -> list[dict[str, Any]]:
    """Return the schemas in a schema."""
    if isinstance(value, list):
        return [place for each in value for place in _places(each)]
    if not isinstance(value, dict):
        return []
    here = [value] if set(value) & set(KEYWORDS) else []
    return here + [place for each in value.values() for place in _places(each)]


@given(st.data(), st.sampled_from(SCHEMAS), st.text(min_size=1))
def test_a_keyword_that_is_nonsense_is_always_refused(
    data: st.DataObject, chosen: tuple[str, dict[str, Any]], nonsense: str
) -> None:
    setting, original = chosen
    assert parse_expectations({setting: original})[1] == []
    expected = json.loads(json.dumps(original))
    place = data.draw(st.sampled_from(_places(expected)))
    keyword = data.draw(st.sampled_from(sorted(place)))
    if nonsense in KEYWORDS:
        nonsense += "x"
    place[nonsense] = place.pop(keyword)
    refused(setting, expected)
    rules, problems = parse_policy({"properties": {setting: expected}})
    assert rules == []
    assert problems


# Values that settings have, some near to what the schemas below are about.
SAMPLES: dict[str, list[Any]] = {
    "integer": [None, -(10**9), 0, 1, 2, 3, 24, 25, 587, 10**9],
    "boolean": [None, True, False],
    "string": [None, "a", "b", "basic", "oauth", "unknown", "plain", "none", "a long text"],
    "array": [[], ["a"], ["b"], ["a", "b"], ["b", "b"], ["a", "a"], ["a long text", "x", "y"]],
}
CONSTANTS = {
    "integer": st.sampled_from([None, 2, 25]),
    "boolean": st.sampled_from([None, True, False]),
    "string": st.sampled_from([None, "a", "basic", "plain"]),
    "array": st.sampled_from([None, [], ["a"]]),
}


def flat(kind: str, depth: int = 0) -> st.SearchStrategy[Any]:
    """Return schemas of up to three keywords that fit, and more of them in each other."""
    of_type = META_SCHEMA["$defs"][kind]["properties"]["type"]
    own = of_type.get("const") or of_type["anyOf"][0]["enum"][0]
    constant = st.just("a") if kind == "name" else CONSTANTS[own]
    number, count = st.sampled_from([0, 2, 25]), st.sampled_from([0, 1])
    one = flat(kind, depth - 1) if depth else None
    several = st.lists(one, max_size=2) if one is not None else None
    values: dict[str, Any] = {
        "type": st.sampled_from([own, "null", [own, "null"]]),
        "const": constant,
        "enum": st.lists(constant, max_size=3),
        **dict.fromkeys(["minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"], number),
        **dict.fromkeys(["multipleOf", "minLength", "maxLength"], st.just(2)),
        **dict.fromkeys(["minContains", "maxContains", "minItems", "maxItems"], count),
        **dict.fromkeys(["not", "if", "then", "else"], one),
        **dict.fromkeys(["allOf", "anyOf", "oneOf"], several),
        **dict.fromkeys(["items", "contains"], flat("name") if kind == "names" else None),
        "pattern": st.sampled_from(["a", "^b", "", "["]),
        "format": st.sampled_from(["email", "hostname"]),
        "uniqueItems": st.booleans(),
        **dict.fromkeys(["title", "$ref", "then"], st.just("a")),
    }
    fitting = {
        keyword: values[keyword]
        for keyword in META_SCHEMA["$defs"][kind]["properties"]
        if values.get(keyword) is not None
    }
    return st.lists(st.sampled_from(sorted(fitting)), max_size=3, unique=True).flatmap(
        lambda keywords: st.fixed_dictionaries({each: fitting[each] for each in keywords})
    )


def met(setting: str, expected: Any) -> list[bool] | None:
    """Tell which of the samples meet a schema, None if it is refused."""
    found, problems = parse_expectations({setting: expected})
    if problems:
        assert problems[0].startswith(f"the schema of {setting}: ")
        return None
    Draft202012Validator.check_schema(expected)
    samples = SAMPLES[setting_types.json_type(setting)]
    return [found[0].mismatch(sample) is None for sample in samples]


@given(st.data(), st.sampled_from(sorted(KINDS)), st.booleans())
def test_no_schema_of_one_level_is_met_by_everything(
    data: st.DataObject, setting: str, negated: bool
) -> None:
    """Schemas that are combined may be met by all values together, which no grammar finds."""
    expected = data.draw(flat(KINDS[setting]))
    outcome = met(setting, {"not": expected} if negated else expected)
    assert outcome is None or not all(outcome)


@given(st.data(), st.sampled_from(sorted(KINDS)))
def test_no_schema_is_met_by_what_is_unset_without_saying_so(
    data: st.DataObject, setting: str
) -> None:
    expected = data.draw(flat(KINDS[setting], depth=2))
    outcome = met(setting, expected)
    if outcome and not setting_types.is_list(setting) and "null" not in json.dumps(expected):
        assert outcome[0] is False
