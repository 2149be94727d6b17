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

from .._format import format_value
from .schema import can_check_format
from .schema_keywords import (
    BY_TYPE,
    FOR_ALL,
    FOR_PROFILES,
    ITEM,
    KEYWORDS,
    NEEDS,
    NOTES,
    PROFILE,
    SAYS_NOTHING,
    check_pattern,
    in_properties,
)
from .setting_types import (
    IGNORE_CASE,
    LISTS,
    coerce,
    did_you_mean,
    json_type,
    require_setting,
    to_instance,
)

# Names of hosts and of HTTP headers have no case.
SMALL = IGNORE_CASE | {ITEM}
# What is never null: a profile, a name, and a list, which is empty where there are no names.
NEVER_NULL = LISTS | {PROFILE, ITEM}
# Parts of a pattern whose letters stand for something else.
NO_LETTER = re.compile(r"\\.|\(\?P")


class Preparation:
    """Makes a schema strict, with values in the settings' types and references resolved.

    :param root: the schema that references start from.
    """

    def __init__(self, root: Mapping[str, Any]) -> None:
        self.root = root
        self.used: set[str] = set()

    def of(self, schema: Any, about: str, seen: tuple[str, ...] = ()) -> dict[str, Any]:
        """Return a schema ready to be applied. :raises ValueError: if part of it has no effect."""
        if isinstance(schema, bool):
            meets = "anything" if schema else "nothing"
            raise ValueError(f"it has a part that {meets} meets: {format_value(schema)}")
        self._check_keywords(schema, about)
        ready: dict[str, Any] = {}
        for keyword, value in schema.items():
            if keyword == "$ref":
                ready.setdefault("allOf", []).append(self._referenced(value, about, seen))
            elif keyword == "allOf":
                ready.setdefault("allOf", []).extend(self.of(e, about, seen) for e in value)
            elif keyword in FOR_PROFILES and keyword != "properties":
                same = [self.of(e, about, seen) for e in in_properties(keyword, schema)]
                ready.setdefault("allOf", []).extend(same)
            elif keyword not in NOTES:
                ready[keyword] = self._value(keyword, value, about, seen)
        if about in NEVER_NULL:
            ready.pop("type", None)
        if not ready or _any_type(ready):
            raise ValueError(f"it has a part that anything meets: {format_value(schema)}")
        return ready

    def of_setting(self, schema: Any, setting: str, seen: tuple[str, ...] = ()) -> dict[str, Any]:
        """Return the same of a setting's schema, which an unset value meets only if it says so.

        Most keywords pass over null, so what is unset would meet them.
        """
        ready = self.of(schema, setting, seen)
        if setting in NEVER_NULL or {"type", "const", "enum"} & set(ready) or _allows_null(ready):
            return ready
        return {"type": json_type(setting), **ready}

    def check_definitions(self) -> None:
        """Check, after all was prepared, that no definition was forgotten.

        :raises ValueError: if nothing refers to one, so that it has no effect.
        """
        for name in self.root.get("$defs", {}):
            place = "#/$defs/" + name.replace("~", "~0").replace("/", "~1")
            if not any(f"{unquote(each)}/".startswith(f"{place}/") for each in self.used):
                raise ValueError(f"$defs has {format_value(name)}, to which no $ref leads")

    def _check_keywords(self, schema: Mapping[str, Any], about: str) -> None:
        fitting = NOTES | FOR_ALL | BY_TYPE[_type_of(about)]
        for keyword, value in schema.items():
            if keyword not in KEYWORDS:
                hint = did_you_mean(keyword, KEYWORDS)
                raise ValueError(
                    f"{format_value(keyword)} has no effect here" + (hint and f" ({hint})")
                )
            if keyword not in fitting:
                raise ValueError(f"{keyword} does not apply to {about}")
            if NEEDS.get(keyword, keyword) not in schema:
                raise ValueError(f"{keyword} has no effect without {NEEDS[keyword]}")
            if SAYS_NOTHING.get(keyword) == value and keyword in SAYS_NOTHING:
                raise ValueError(f"{keyword} has no effect with {value!r}")
            if keyword in FOR_PROFILES | {"enum"} and value in ({}, []):
                raise ValueError(f"{keyword} is empty")
        if "if" in schema and not {"then", "else"} & set(schema):
            raise ValueError("if has no effect without then or else")
        if schema.get("minContains") == 0 and "maxContains" not in schema:
            raise ValueError("contains has no effect with minContains 0 and no maxContains")
        if "$defs" in schema and schema is not self.root:
            raise ValueError("$defs has no effect here: it belongs to the top of the schema")

    def _value(self, keyword: str, value: Any, about: str, seen: tuple[str, ...]) -> Any:
        """Return a keyword's value, prepared."""
        if keyword in ("not", "if", "then", "else"):
            return self.of(value, about, seen)
        if keyword in ("anyOf", "oneOf"):
            return [self.of(each, about, seen) for each in value]
        if keyword == "properties":
            return {
                require_setting(name): self.of_setting(e, name, seen) for name, e in value.items()
            }
        if keyword in ("items", "contains"):
            return self.of(value, ITEM, seen)
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
            raise ValueError(f"format {format_value(value)} cannot be checked here")
        elif keyword == "pattern":
            self._check_pattern(value, about)
        return value

    def _check_pattern(self, value: str, about: str) -> None:
        check_pattern(value)
        if about in SMALL and re.search("[A-Z]", NO_LETTER.sub("", value)):
            raise ValueError(
                f"{about} is compared in small letters, so its pattern must be "
                f"written in small letters, and is {format_value(value)}"
            )

    def _typed(self, about: str, value: Any) -> Any:
        if about != ITEM:
            return to_instance(about, coerce(about, value))
        if not isinstance(value, str):
            raise ValueError(f"{about} is always text, and never {format_value(value)}")
        return value.lower()

    def _check_type(self, value: Any, about: str) -> None:
        own = _type_of(about)
        possible = {own} if about in NEVER_NULL else {own, "null"}
        possible |= {"number"} if own == "integer" else set()
        wrong = set([value] if isinstance(value, str) else value) - possible
        if wrong:
            raise ValueError(f"{about} is never of type {', '.join(sorted(wrong))}")

    def _referenced(self, reference: str, about: str, seen: tuple[str, ...]) -> Any:
        """Return what a reference within the schema leads to. Nothing is ever fetched."""
        if reference in seen:
            raise ValueError(f"$ref {format_value(reference)} leads to itself")
        if not re.match(r"#(/|$)", reference):
            raise ValueError(
                f"$ref must lead to a place in the same schema, such as "
                f"#/$defs/name, and is {format_value(reference)}"
            )
        target: Any = self.root
        for step in unquote(reference).split("/")[1:]:
            try:
                name = step.replace("~1", "/").replace("~0", "~")
                target = target[int(name) if isinstance(target, list) else name]
            except (KeyError, IndexError, ValueError, TypeError):
                raise ValueError(f"$ref {format_value(reference)} leads nowhere") from None
        if not isinstance(target, (Mapping, bool)):
            raise ValueError(f"$ref {format_value(reference)} leads to no schema")
        self.used.add(reference)
        return self.of(target, about, (*seen, reference))


def _type_of(about: str) -> str:
    return {PROFILE: "object", ITEM: "string"}.get(about) or json_type(about)


def _any_type(ready: Mapping[str, Any]) -> bool:
    """Tell whether a schema only says that a value may be there or not."""
    types = ready["type"] if set(ready) == {"type"} else ()
    return isinstance(types, list) and "null" in types and len(set(types)) > 1


def _allows_null(ready: Any) -> bool:
    """Tell whether a prepared schema says somewhere, and not to exclude it, that null is right."""
    if isinstance(ready, list):
        return any(_allows_null(each) for each in ready)
    if not isinstance(ready, Mapping):
        return False
    # A type that is one word holds "null" only as a whole: no other has these letters in it.
    if "null" in ready.get("type", ()) or None in [*ready.get("enum", ()), ready.get("const", 0)]:
        return True
    inner = ("allOf", "anyOf", "oneOf", "then", "else")
    return any(_allows_null(ready[keyword]) for keyword in inner if keyword in ready)
