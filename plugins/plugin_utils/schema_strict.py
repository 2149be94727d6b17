# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""JSON Schema made strict.

The language of JSON Schema passes over what it does not know and what does not fit a value's type.
An expectation that checks nothing would read as met, so all of that is refused here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from ansible_collections.keyfactor.command.plugins.module_utils.profile import KEYS

from .schema import can_check_format
from .setting_types import IGNORE_CASE, json_type, known, suggestion, typed
from .words import shown

# What a schema may be about: the whole profile, a setting by its name, a name in a list,
# or any setting's value.
PROFILE, ITEM, ANY_VALUE = "the profile", "a name", "any setting"

NOTES = {"title", "description", "$comment", "$defs", "$schema", "$id", "examples", "deprecated"}
FOR_ALL = {"type", "enum", "const", "$ref", "not", "allOf", "anyOf", "oneOf", "if", "then", "else"}
FOR_NUMBERS = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
FOR_TEXT = {"pattern", "minLength", "maxLength", "format"}
FOR_LISTS = {
    "items",
    "prefixItems",
    "contains",
    "minContains",
    "maxContains",
    "minItems",
    "maxItems",
    "uniqueItems",
}
FOR_PROFILES = {"properties", "patternProperties", "additionalProperties", "required"}
KEYWORDS = NOTES | FOR_ALL | FOR_NUMBERS | FOR_TEXT | FOR_LISTS | FOR_PROFILES
# Names of hosts and of HTTP headers have no case.
SMALL = IGNORE_CASE | {ITEM}
# What would compare a profile as a whole, which has more settings than anybody means.
NOT_FOR_PROFILES = {"const", "enum"}
# A profile has all settings, so being there means being set.
SET = {"not": {"type": "null"}}
# Parts of a pattern whose letters stand for something else.
NO_LETTER = re.compile(r"\\.|\(\?P")
# Keywords that say nothing without another one.
NEEDS = {"then": "if", "else": "if", "minContains": "contains", "maxContains": "contains"}
BY_TYPE = {
    "integer": FOR_NUMBERS,
    "boolean": set(),
    "string": FOR_TEXT,
    "array": FOR_LISTS,
    PROFILE: FOR_PROFILES,
    ANY_VALUE: FOR_NUMBERS | FOR_TEXT | FOR_LISTS,
}


class Preparation:
    """Makes a schema strict, with values in the settings' types and references resolved.

    :param root: the schema that references start from.
    """

    def __init__(self, root: Mapping[str, Any]) -> None:
        self.root = root

    def of(self, schema: Any, about: str, seen: tuple[str, ...] = ()) -> Any:
        """Return a schema ready to be applied. :raises ValueError: if part of it has no effect."""
        if isinstance(schema, bool):
            return schema
        self._check_keywords(schema, about)
        ready: dict[str, Any] = {}
        for keyword, value in schema.items():
            if keyword == "$ref":
                ready.setdefault("allOf", []).append(self._referenced(value, about, seen))
            elif keyword == "allOf":
                ready.setdefault("allOf", []).extend(self.of(e, about, seen) for e in value)
            elif keyword in NOTES or (keyword in FOR_PROFILES and value in ({}, [])):
                continue
            elif keyword == "required":
                there = {"properties": {known(name): SET for name in value}}
                ready.setdefault("allOf", []).append(there)
            else:
                ready[keyword] = self._value(keyword, value, about, seen)
        if not ready:
            raise ValueError(f"it has a part that anything meets: {shown(schema)}")
        return ready

    def _check_keywords(self, schema: Mapping[str, Any], about: str) -> None:
        fitting = NOTES | FOR_ALL | BY_TYPE[_type_of(about)]
        fitting -= NOT_FOR_PROFILES if about == PROFILE else set()
        for keyword in schema:
            if keyword not in KEYWORDS:
                hint = suggestion(keyword, KEYWORDS) or "JSON Schema 2020-12 would pass over it"
                raise ValueError(f"{shown(keyword)} has no effect here ({hint})")
            if keyword not in fitting:
                raise ValueError(f"{keyword} does not apply to {about}")
            if NEEDS.get(keyword, keyword) not in schema:
                raise ValueError(f"{keyword} has no effect without {NEEDS[keyword]}")
        if "if" in schema and not {"then", "else"} & set(schema):
            raise ValueError("if has no effect without then or else")

    def _value(self, keyword: str, value: Any, about: str, seen: tuple[str, ...]) -> Any:
        """Return a keyword's value, prepared."""
        if keyword in ("not", "if", "then", "else"):
            return self.of(value, about, seen)
        if keyword in ("anyOf", "oneOf"):
            return [self.of(each, about, seen) for each in value]
        if keyword == "properties":
            return {known(name): self.of(each, name, seen) for name, each in value.items()}
        if keyword in ("patternProperties", "additionalProperties"):
            return self._others(keyword, value, seen)
        if keyword in ("items", "contains"):
            return self.of(value, ITEM, seen)
        if keyword == "prefixItems":
            return [self.of(each, ITEM, seen) for each in value]
        return self._plain(keyword, value, about)

    def _plain(self, keyword: str, value: Any, about: str) -> Any:
        """Return the value of a keyword that holds no schema."""
        if keyword == "const":
            return self._typed(about, value)
        if keyword == "enum":
            return [self._typed(about, each) for each in value]
        if keyword == "type":
            self._check_type(value, about)
        elif keyword == "format" and not can_check_format(value):
            raise ValueError(f"format {shown(value)} cannot be checked here")
        elif (
            keyword == "pattern" and about in SMALL and re.search("[A-Z]", NO_LETTER.sub("", value))
        ):
            raise ValueError(
                f"{about} is compared in small letters, so its pattern must be "
                f"written in small letters, and is {shown(value)}"
            )
        return value

    def _others(self, keyword: str, value: Any, seen: tuple[str, ...]) -> Any:
        if keyword == "additionalProperties":
            return self.of(value, ANY_VALUE, seen)
        for pattern in value:
            if not any(re.search(pattern, key) for key in KEYS):
                raise ValueError(f"{shown(pattern)} is the name of no setting")
        return {name: self.of(each, ANY_VALUE, seen) for name, each in value.items()}

    def _typed(self, about: str, value: Any) -> Any:
        if about in KEYS:
            value = typed(about, value)
        if about in SMALL and isinstance(value, str):
            return value.lower()
        return value

    def _check_type(self, value: Any, about: str) -> None:
        own = {PROFILE: "object", ITEM: "string"}.get(about) or json_type(about)
        possible = {own, "null", *(("number",) if own == "integer" else ())}
        wrong = set([value] if isinstance(value, str) else value) - possible
        if wrong and about != ANY_VALUE:
            raise ValueError(f"{about} is never of type {', '.join(sorted(wrong))}")

    def _referenced(self, reference: str, about: str, seen: tuple[str, ...]) -> Any:
        """Return what a reference within the schema leads to. Nothing is ever fetched."""
        if reference in seen:
            raise ValueError(f"$ref {shown(reference)} leads to itself")
        if not re.match(r"#(/|$)", reference):
            raise ValueError(
                f"$ref must lead to a place in the same schema, such as "
                f"#/$defs/name, and is {shown(reference)}"
            )
        target: Any = self.root
        for step in unquote(reference).split("/")[1:]:
            try:
                name = step.replace("~1", "/").replace("~0", "~")
                target = target[int(name) if isinstance(target, list) else name]
            except (KeyError, IndexError, ValueError, TypeError):
                raise ValueError(f"$ref {shown(reference)} leads nowhere") from None
        if not isinstance(target, (Mapping, bool)):
            raise ValueError(f"$ref {shown(reference)} leads to no schema")
        return self.of(target, about, (*seen, reference))


def _type_of(about: str) -> str:
    if about in (PROFILE, ANY_VALUE):
        return about
    return "string" if about == ITEM else json_type(about)
