# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a schema demands, in words that follow "must"."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.schema_messages import (
    DESCRIPTIONS,
    describe_keywords,
    describe_schema,
)

EXAMPLES: list[tuple[dict[str, Any], str]] = [
    ({"type": "integer"}, "be a whole number"),
    ({"type": ["string", "null"]}, "be text or unset"),
    ({"type": ["boolean", "array"]}, "be true or false or a list"),
    ({"type": ["number", "object"]}, "be a number or a profile"),
    ({"const": "a b"}, "be 'a b'"),
    ({"enum": [None]}, "be unset"),
    ({"enum": [25, None]}, "be one of 25, unset"),
    ({"pattern": "^a\u202e"}, "match ^a\\u202e"),
    ({"format": "email"}, "be a valid email"),
    ({"minLength": 2}, "be 2 characters or longer"),
    ({"maxLength": 2}, "be 2 characters or shorter"),
    ({"minimum": 2}, "be 2 or more"),
    ({"maximum": 2}, "be 2 or less"),
    ({"exclusiveMinimum": 2}, "be more than 2"),
    ({"exclusiveMaximum": 2}, "be less than 2"),
    ({"multipleOf": 2}, "be a multiple of 2"),
    ({"minItems": 2}, "hold 2 or more"),
    ({"maxItems": 2}, "hold 2 or fewer"),
    ({"uniqueItems": True}, "hold nothing twice"),
    ({"contains": {"const": "a"}}, "hold one that must be a"),
    ({"items": {"minLength": 2}}, "hold only what must be 2 characters or longer"),
    ({"not": {"const": 25}}, "not be 25"),
    ({"allOf": [{"minimum": 1}, {"maximum": 2}]}, "be 1 or more and be 2 or less"),
    ({"anyOf": [{"const": 1}, {"minimum": 5}]}, "be 1 or be 5 or more"),
    ({"oneOf": [{"const": 1}, {"minimum": 5}]}, "meet exactly one of: be 1 or be 5 or more"),
    ({"properties": {"port": {"const": 1}, "id": {"const": 2}}}, "have port be 1 and have id be 2"),
]


@pytest.mark.parametrize(("schema", "words"), EXAMPLES)
def test_the_words_of_a_keyword(schema: dict[str, Any], words: str) -> None:
    assert describe_schema(schema) == words


def test_every_keyword_with_words_of_its_own_has_an_example() -> None:
    assert {keyword for schema, _words in EXAMPLES for keyword in schema} == set(DESCRIPTIONS)


def test_several_keywords() -> None:
    schema = {"minimum": 1, "if": {"const": 2}}
    assert describe_keywords(schema) == ["be 1 or more", 'meet if: {"const": 2}']
    assert describe_schema(schema) == 'be 1 or more and meet if: {"const": 2}'
