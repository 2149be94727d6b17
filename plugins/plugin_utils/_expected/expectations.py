# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a user writes for a setting, and whether a value meets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Union

from .._format import format_list, format_value
from . import schema
from .schema_messages import describe_keywords
from .setting_types import IGNORE_CASE, LISTS, coerce, require_setting, to_instance


@dataclass(frozen=True)
class AllowedValues:
    """A setting must have one of some values, None standing for unset."""

    setting: str
    values: tuple[Any, ...]

    @property
    def expected(self) -> Any:
        """What the report shows: the one value, or the list of those allowed."""
        return self.values[0] if len(self.values) == 1 else list(self.values)

    @property
    def requirement_text(self) -> str:
        """The same for messages."""
        if len(self.values) == 1:
            return "expected " + format_value(self.values[0])
        return "expected one of " + format_list(self.values)

    def mismatch(self, actual: Any) -> str | None:
        """Say in what a value is not as expected, None if it is. What is empty counts as unset."""
        if any(self._form(actual) == self._form(value) for value in self.values):
            return None
        return f"{self.setting} is {format_value(actual)}, {self.requirement_text}"

    def _form(self, value: Any) -> Any:
        if isinstance(value, str) and self.setting in IGNORE_CASE:
            value = value.lower()
        if isinstance(value, (list, tuple)) and value:
            # Names of HTTP headers have no case and no order.
            return sorted(str(each).lower() for each in value)
        return None if value in ("", [], ()) else value


@dataclass(frozen=True)
class SchemaExpectation:
    """A setting must meet a JSON Schema."""

    setting: str
    expected: Mapping[str, Any]
    compiled: Mapping[str, Any]

    @property
    def requirement_text(self) -> str:
        """The schema for messages."""
        return "must " + " and ".join(describe_keywords(self.compiled))

    def mismatch(self, actual: Any) -> str | None:
        """Say in what a value does not meet the schema, None if it does."""

        def say(place: list[str], wanted: list[str]) -> str:
            what = f"of its values, number {int(place[0]) + 1} " if place else ""
            return f"{what}must {' and '.join(wanted)}"

        found = schema.problems(self.compiled, to_instance(self.setting, actual), say)
        return f"{self.setting} is {format_value(actual)}, {' and '.join(found)}" if found else None


Expectation = Union[AllowedValues, SchemaExpectation]


def parse_expectations(expected: Mapping[str, Any]) -> tuple[list[Expectation], list[str]]:
    """Return the expectations, and all that is wrong with what was written for them."""
    found: list[Expectation] = []
    problems = []
    for setting, value in expected.items():
        try:
            found.append(_expectation(require_setting(setting), value))
        except ValueError as error:
            problems.append(str(error))
    return found, problems


def _expectation(setting: str, value: Any) -> Expectation:
    if isinstance(value, Mapping):
        return SchemaExpectation(setting, value, _compiled(setting, value))
    if not isinstance(value, list):
        return AllowedValues(setting, (coerce(setting, value),))
    if setting in LISTS and not any(isinstance(each, list) for each in value):
        return AllowedValues(setting, (coerce(setting, value),))
    if not value:
        raise ValueError(f"{setting} is an empty list, which nothing can match")
    return AllowedValues(setting, tuple(coerce(setting, each) for each in value))


def _compiled(setting: str, value: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return schema.compile_schema(value, setting)
    except ValueError as error:
        raise ValueError(f"the schema of {setting}: {error}") from None
