# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON Schema as what is expected of one setting: what meets it, and in which words it is told."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.plugin_utils._expected import schema
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.expectations import (
    parse_expectations,
)


def mismatch(setting: str, wanted: dict[str, Any], actual: object) -> str | None:
    (expectation,), problems = parse_expectations({setting: wanted})
    assert problems == []
    return expectation.mismatch(actual)


@pytest.mark.parametrize(
    ("setting", "wanted", "meets", "fails"),
    [
        ("port", {"minimum": 25}, 25, 24),
        ("port", {"maximum": 25}, 25, 26),
        ("port", {"exclusiveMinimum": 25}, 26, 25),
        ("port", {"exclusiveMaximum": 25}, 24, 25),
        ("port", {"multipleOf": 5}, 25, 26),
        ("port", {"enum": ["465", 587]}, 465, 25),
        ("port", {"const": "25"}, 25, 26),
        ("port", {"not": {"const": "25"}}, 26, 25),
        ("port", {"type": "number"}, 25, None),
        ("port", {"type": "null"}, None, 25),
        ("id", {"enum": [1, None]}, None, 2),
        ("use_ssl", {"const": "yes"}, True, False),
        ("use_ssl", {"enum": ["no"]}, False, None),
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
        ("port", {"if": {"maximum": 100}, "then": {"const": 25}, "else": {"const": 587}}, 587, 26),
        ("port", {"$ref": "#/$defs/a%20b", "$defs": {"a b": {"const": 25}}}, 25, 26),
        ("port", {"$ref": "#/$defs/a~1b", "$defs": {"a/b": {"const": 25}}}, 25, 26),
        ("port", {"minimum": 20, "$ref": "#/$defs/a", "$defs": {"a": {"maximum": 30}}}, 25, 31),
    ],
)
def test_what_meets_a_schema(
    setting: str, wanted: dict[str, Any], meets: object, fails: object
) -> None:
    assert mismatch(setting, wanted, meets) is None
    said = mismatch(setting, wanted, fails)
    assert said
    assert said.startswith(f"{setting} is ")
    assert "must " in said


@pytest.mark.parametrize(
    ("setting", "wanted"),
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
    setting: str, wanted: dict[str, Any], unset: object
) -> None:
    assert "is unset, must be " in str(mismatch(setting, wanted, unset))


@pytest.mark.parametrize(
    "wanted",
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
def test_what_is_unset_meets_a_schema_that_allows_it(wanted: dict[str, Any]) -> None:
    assert mismatch("sender_name", wanted, None) is None
    assert mismatch("sender_name", wanted, "b")


@pytest.mark.parametrize(
    ("setting", "wanted", "actual", "said"),
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
def test_the_words(setting: str, wanted: dict[str, Any], actual: object, said: str) -> None:
    assert mismatch(setting, wanted, actual) == said


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "Draft202012Validator", None)
    found, problems = parse_expectations({"port": 25, "host": {"const": "a"}})
    assert len(found) == 1, "what is no schema works without it"
    assert "library jsonschema, which is missing" in problems[0]
    assert f"{sys.executable} -m pip install jsonschema" in problems[0]
