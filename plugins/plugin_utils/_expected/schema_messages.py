# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a JSON Schema demands, in words that follow "must"."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.keyfactor.command.plugins.module_utils._sanitize import printable

from .._format import listed, shown

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
    return " or ".join(together(each) for each in schemas)


def _types(value: Any) -> str:
    return "be " + " or ".join(
        TYPES[each] for each in ([value] if isinstance(value, str) else value)
    )


def _members(value: Mapping[str, Any]) -> str:
    return " and ".join(f"have {name} {together(each)}" for name, each in value.items())


PHRASES: dict[str, Callable[[Any], str]] = {
    "type": _types,
    "const": lambda value: f"be {shown(value)}",
    "enum": lambda value: f"be {'one of ' if len(value) > 1 else ''}{listed(value)}",
    "pattern": lambda value: f"match {printable(value)}",
    "format": lambda value: f"be a valid {printable(value)}",
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
    "contains": lambda value: f"hold one that must {together(value)}",
    "items": lambda value: f"hold only what must {together(value)}",
    "not": lambda value: f"not {together(value)}",
    "allOf": lambda value: " and ".join(together(each) for each in value),
    "anyOf": _either,
    "oneOf": lambda value: "meet exactly one of: " + _either(value),
    "properties": _members,
}


def demands(schema: Any) -> list[str]:
    """Return what each keyword of a schema demands."""
    if isinstance(schema, bool):
        return ["be anything" if schema else "not be there"]
    return [
        PHRASES[keyword](value)
        if keyword in PHRASES
        else f"meet {printable(keyword)}: {printable(json.dumps(value))}"
        for keyword, value in schema.items()
    ]


def together(schema: Any) -> str:
    """Return all that a schema demands, in one phrase."""
    return " and ".join(demands(schema))
