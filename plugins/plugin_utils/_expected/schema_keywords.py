# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The keywords of JSON Schema that have an effect here, and on what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import SETTINGS

from .._format import format_value
from .setting_types import LISTS, json_type, require_setting

# What a schema may be about: the whole profile, a setting by its name, or a name in a list.
PROFILE, ITEM = "the profile", "a name"

NOTES = {"title", "description", "$comment", "$defs", "$schema", "$id", "examples", "deprecated"}
FOR_ALL = {"type", "$ref", "not", "allOf", "anyOf", "oneOf", "if", "then", "else"}
FOR_VALUES = {"enum", "const"}
FOR_NUMBERS = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
FOR_TEXT = {"pattern", "minLength", "maxLength", "format"}
FOR_LISTS = {
    "items",
    "contains",
    "minContains",
    "maxContains",
    "minItems",
    "maxItems",
    "uniqueItems",
}
FOR_PROFILES = {
    "properties",
    "patternProperties",
    "additionalProperties",
    "required",
    "dependentRequired",
    "dependentSchemas",
}
KEYWORDS = NOTES | FOR_ALL | FOR_VALUES | FOR_NUMBERS | FOR_TEXT | FOR_LISTS | FOR_PROFILES
# Keywords that say nothing without another one.
NEEDS = {"then": "if", "else": "if", "minContains": "contains", "maxContains": "contains"}
# Values with which a keyword says nothing.
SAYS_NOTHING = {"minLength": 0, "minItems": 0, "uniqueItems": False, "pattern": ""}
BY_TYPE = {
    "integer": FOR_VALUES | FOR_NUMBERS,
    "boolean": FOR_VALUES,
    "string": FOR_VALUES | FOR_TEXT,
    "array": FOR_VALUES | FOR_LISTS,
    "object": FOR_PROFILES,
}


def in_properties(keyword: str, schema: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Return what a keyword says of a profile as schemas that use C(properties) alone.

    A profile has every setting, null where it is unset. What JSON Schema says of members that are
    there would hold always, so here it is said of settings that are set.

    :raises ValueError: if it is about no setting.
    """
    value = schema[keyword]
    if keyword == "required":
        yield _set(value)
    elif keyword == "dependentRequired":
        for name, others in value.items():
            yield {"if": _set([name]), "then": _set(others)}
    elif keyword == "dependentSchemas":
        for name, each in value.items():
            yield {"if": _set([name]), "then": each}
    elif keyword == "patternProperties":
        for pattern, each in value.items():
            check_pattern(pattern)
            names = [key for key in SETTINGS if re.search(pattern, key)]
            if not names:
                raise ValueError(f"{format_value(pattern)} is the name of no setting")
            yield {"properties": dict.fromkeys(names, each)}
    else:
        patterns = schema.get("patternProperties", {})
        for pattern in patterns:
            check_pattern(pattern)
        names = [
            key for key in SETTINGS if not any(re.search(pattern, key) for pattern in patterns)
        ]
        others = [key for key in names if key not in schema.get("properties", {})]
        if not others:
            raise ValueError(f"{keyword} has no effect, as no setting is left")
        yield {"properties": dict.fromkeys(others, value)}


def check_pattern(pattern: str) -> None:
    """Check a regular expression. :raises ValueError: which not every version of jsonschema does."""
    try:
        re.compile(pattern)
    except (re.error, OverflowError) as error:
        raise ValueError(
            f"pattern {format_value(pattern)} is no regular expression: {error}"
        ) from None


def _set(names: list[str]) -> dict[str, Any]:
    """Return the schema of a profile in which some settings are set."""
    is_set = {name: {"type": json_type(require_setting(name))} for name in names}
    return {"properties": {n: {"minItems": 1} if n in LISTS else e for n, e in is_set.items()}}
