# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON Schemas for a value: met or not, in words, and refused where a part has no effect."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.plugin_utils import schema, schema_strict
from ansible_collections.keyfactor.command.plugins.plugin_utils.schema_words import together

from .profiles import messages, profile, refusal, verdict


@pytest.mark.parametrize(
    ("setting", "wanted", "actual", "words"),
    [
        ("port", {"enum": [465, 587]}, 587, None),
        ("port", {"enum": ["465", "587"]}, 587, None),
        ("port", {"enum": [465, 587]}, 25, "port is 25, must be one of 465, 587"),
        ("port", {"enum": [465]}, 25, "port is 25, must be 465"),
        ("port", {"minimum": 1, "maximum": 100}, 25, None),
        ("port", {"minimum": 26}, 25, "port is 25, must be 26 or more"),
        ("port", {"maximum": 24}, 25, "port is 25, must be 24 or less"),
        ("port", {"exclusiveMinimum": 25}, 25, "port is 25, must be more than 25"),
        ("port", {"exclusiveMaximum": 25}, 25, "port is 25, must be less than 25"),
        ("port", {"multipleOf": 2}, 25, "port is 25, must be a multiple of 2"),
        ("port", {"minimum": 26}, None, "port is unset, must be 26 or more"),
        ("port", {"minimum": 26, "type": ["integer", "null"]}, None, None),
        ("port", {"enum": [25, None]}, None, None),
        ("port", {"not": {"const": "25"}}, 25, "port is 25, must not be 25"),
        ("port", {"anyOf": [{"const": 25}, {"minimum": 500}]}, 26, "must be 25 or be 500 or more"),
        ("port", {"allOf": [{"minimum": 1}, {"maximum": 9}]}, 25, "must be 9 or less"),
        ("port", {"if": {"minimum": 500}, "then": {"const": 587}}, 25, None),
        ("port", {"if": {"minimum": 500}, "then": {"const": 587}}, 501, "must be 587"),
        ("port", {"if": {"minimum": 500}, "else": {"const": 25}}, 26, "must be 25"),
        ("port", {"$ref": "#/$defs/a", "$defs": {"a": {"minimum": 26}}}, 25, "be 26 or more"),
        ("use_ssl", {"const": "yes"}, True, None),
        ("use_ssl", {"const": True}, False, "use_ssl is false, must be true"),
        ("host", {"const": "SMTP.example.COM"}, "smtp.example.com", None),
        ("host", {"pattern": r"^smtp\.EXAMPLE".lower()}, "SMTP.example.com", None),
        ("host", {"not": {"pattern": "^smtp"}}, "SMTP.example.com", "must not match ^smtp"),
        ("sender_account", {"pattern": "@example"}, "pki@example.com", None),
        ("sender_account", {"pattern": "@example"}, "pki@EXAMPLE.com", "must match @example"),
        ("sender_account", {"pattern": "@example"}, None, "is unset, must match @example"),
        ("sender_account", {"pattern": "@example"}, "", "is unset, must match @example"),
        ("sender_account", {"format": "email"}, "pki", "must be a valid email"),
        ("sender_name", {"minLength": 4}, "PKI", "must be 4 characters or longer"),
        ("sender_name", {"maxLength": 2}, "PKI", "must be 2 characters or shorter"),
        ("sender_name", {"type": ["string", "null"], "maxLength": 2}, None, None),
        ("sender_name", {"type": "null"}, "PKI", "must be unset"),
        ("request_headers", {"contains": {"const": "x-RELAY"}}, ["X-Relay"], None),
        ("request_headers", {"contains": {"const": "x-a"}}, [], "must hold one that must be x-a"),
        ("request_headers", {"items": {"pattern": "^x-"}}, ["X-A"], None),
        ("request_headers", {"items": {"pattern": "^x-"}}, ["X-A", "B"], "number 2 must match ^x-"),
        ("request_headers", {"maxItems": 0}, None, None),
        ("request_headers", {"minItems": 1}, None, "must hold 1 or more"),
        ("request_headers", {"uniqueItems": True}, ["a", "A"], "must hold nothing twice"),
        ("relay_authentication", {"enum": ["basic", "oauth"]}, "basic", None),
    ],
)
def test_whether_a_value_meets_a_schema(
    setting: str, wanted: dict[str, Any], actual: object, words: str | None
) -> None:
    entry = verdict(profile(**{setting: actual}), {setting: wanted})
    assert entry["error"] is None
    if words is None:
        assert entry["verdict"] == "compliant"
        return
    (message,) = messages(entry, "drift")
    assert words in message
    (finding,) = entry["findings"]
    assert (finding["expected"], finding["actual"]) == (wanted, actual)


@pytest.mark.parametrize(
    ("setting", "wanted", "words"),
    [
        ("port", {}, "that anything meets"),
        ("port", {"title": "only a note"}, "that anything meets"),
        ("port", {"anyOf": [{}, {"const": 1}]}, "that anything meets"),
        ("port", {"minimun": 1}, "minimun has no effect here (did you mean minimum)"),
        ("port", {"qqqq": 1}, "JSON Schema 2020-12 would pass over it"),
        ("port", {"pattern": "587"}, "pattern does not apply to port"),
        ("port", {"not": {"pattern": "587"}}, "pattern does not apply to port"),
        ("port", {"properties": {}}, "properties does not apply to port"),
        ("use_ssl", {"minimum": 1}, "minimum does not apply to use_ssl"),
        ("host", {"minimum": 1}, "minimum does not apply to host"),
        ("host", {"items": {}}, "items does not apply to host"),
        ("request_headers", {"pattern": "x"}, "pattern does not apply to request_headers"),
        ("request_headers", {"items": {"minimum": 1}}, "minimum does not apply to a name"),
        ("port", {"then": {"const": 1}}, "then has no effect without if"),
        ("port", {"if": {"const": 1}}, "if has no effect without then or else"),
        ("request_headers", {"minContains": 1}, "has no effect without contains"),
        ("port", {"type": "string"}, "port is never of type string"),
        ("port", {"not": {"type": "string"}}, "port is never of type string"),
        ("host", {"type": ["null", "integer"]}, "host is never of type integer"),
        ("port", {"const": "smtp"}, "port must be a whole number, and is smtp"),
        ("port", {"not": {"enum": ["smtp"]}}, "port must be a whole number, and is smtp"),
        ("relay_authentication", {"const": "ntlm"}, "must be one of anonymous, basic, oauth"),
        ("host", {"pattern": "SMTP"}, "must be written in small letters, and is SMTP"),
        ("request_headers", {"contains": {"pattern": "X-"}}, "written in small letters"),
        ("host", {"pattern": "("}, "at pattern: '(' is not a 'regex'"),
        ("host", {"minLength": "x"}, "at minLength: 'x' is not of type 'integer'"),
        ("sender_account", {"format": "no-such"}, "format no-such cannot be checked here"),
        ("port", {"$ref": "#/$defs/none"}, "$ref #/$defs/none leads nowhere"),
        ("port", {"$ref": "https://example.com/a"}, "must lead to a place in the same schema"),
        ("port", {"$ref": "#"}, "$ref # leads to itself"),
        ("port", {"$schema": "http://json-schema.org/draft-07/schema#"}, "$schema must be"),
        ("port", {"definitions": {}}, "definitions has no effect here"),
    ],
)
def test_a_schema_with_a_part_that_has_no_effect(
    setting: str, wanted: dict[str, Any], words: str
) -> None:
    message = refusal({setting: wanted})
    assert message.startswith(f"verify_smtp_expected cannot be used: the schema of {setting}: ")
    assert words in message


def test_letters_in_a_pattern_that_stand_for_something_else() -> None:
    assert refusal({"host": {"pattern": r"^\Smtp(?P<n>\D)\w"}}) == ""


def test_the_library_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "Draft202012Validator", None)
    message = refusal({"port": {"const": 25}})
    assert "needs the Python library jsonschema, which is missing for " in message
    assert f"{sys.executable} -m pip install jsonschema" in message
    assert "jsonschema" in refusal(policy={"properties": {"port": {"const": 25}}})
    # Values and lists do without.
    assert refusal({"port": [25, 587]}) == ""


def test_what_has_no_words_of_its_own_is_shown_as_it_is() -> None:
    assert together({"required": ["host"]}) == 'meet required: ["host"]'


@pytest.mark.parametrize("keyword", sorted(schema_strict.KEYWORDS))
def test_no_misspelt_keyword_is_passed_over(keyword: str) -> None:
    assert "has no effect here" in refusal({"port": {"const": 587, keyword + "s": 1}})
    assert f"did you mean {keyword}" in refusal({"port": {"const": 587, keyword + "x": 1}})
