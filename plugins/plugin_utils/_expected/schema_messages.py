# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Describe what a JSON Schema requires, in phrases that follow "must"."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ...module_utils._sanitize import escape_unprintable
from .._format import format_list, format_value

TYPES = {
    "integer": "a whole number",
    "number": "a number",
    "string": "text",
    "boolean": "true or false",
    "array": "a list",
    "object": "a profile",
    "null": "unset",
}


def _either(schemas: list[Any]) -> str:
    return " or ".join(describe_schema(item) for item in schemas)


def _types(value: Any) -> str:
    names = [value] if isinstance(value, str) else value
    return "be " + " or ".join(TYPES[name] for name in names)


def _members(value: Mapping[str, Any]) -> str:
    return " and ".join(f"have {name} {describe_schema(item)}" for name, item in value.items())


DESCRIPTIONS: dict[str, Callable[[Any], str]] = {
    "type": _types,
    "const": lambda value: f"be {format_value(value)}",
    "enum": lambda value: f"be {'one of ' if len(value) > 1 else ''}{format_list(value)}",
    "pattern": lambda value: f"match {escape_unprintable(value)}",
    "format": lambda value: f"be a valid {escape_unprintable(value)}",
    "minLength": lambda value: f"be {value} characters or longer",
    "maxLength": lambda value: f"be {value} characters or shorter",
    "minimum": lambda value: f"be {value} or more",
    "maximum": lambda value: f"be {value} or less",
    "exclusiveMinimum": lambda value: f"be more than {value}",
    "exclusiveMaximum": lambda value: f"be less than {value}",
    "multipleOf": lambda value: f"be a multiple of {value}",
    "minItems": lambda value: f"hold {value} or more",
    "maxItems": lambda value: f"hold {value} or fewer",
    "uniqueItems": lambda value: "hold nothing twice",
    "contains": lambda value: f"hold one that must {describe_schema(value)}",
    "items": lambda value: f"hold only what must {describe_schema(value)}",
    "not": lambda value: f"not {describe_schema(value)}",
    "allOf": lambda value: " and ".join(describe_schema(item) for item in value),
    "anyOf": _either,
    "oneOf": lambda value: "meet exactly one of: " + _either(value),
    "properties": _members,
}


def describe_keywords(schema: Any) -> list[str]:
    """Return what each keyword of a schema requires."""
    return [
        DESCRIPTIONS[keyword](value)
        if keyword in DESCRIPTIONS
        else f"meet {escape_unprintable(keyword)}: {escape_unprintable(json.dumps(value))}"
        for keyword, value in schema.items()
    ]


def describe_schema(schema: Any) -> str:
    """Return everything that a schema requires, in one phrase."""
    return " and ".join(describe_keywords(schema))
