# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a user expects of one setting, and whether a value meets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Union

from .._format import format_list, format_value
from . import schema
from .setting_types import coerce, is_list, require_setting, to_instance

# The usual reason why nothing is expected.
IGNORED_FILE = "Ansible ignores group_vars/all.yml if there is a directory group_vars/all"


@dataclass(frozen=True)
class AllowedValues:
    """A setting must have one of some values. None means unset."""

    setting: str
    values: tuple[Any, ...]

    @property
    def expected(self) -> Any:
        """The expectation in the report: the one value, or the list of allowed values."""
        return self.values[0] if len(self.values) == 1 else list(self.values)

    def mismatch(self, actual: Any) -> str | None:
        """Return in what a value is not as expected, None if it is."""
        instances = [to_instance(self.setting, value) for value in self.values]
        if to_instance(self.setting, actual) in instances:
            return None
        one_of = "one of " if len(self.values) > 1 else ""
        requirement = f"expected {one_of}{format_list(self.values)}"
        return f"{self.setting} is {format_value(actual)}, {requirement}"


@dataclass(frozen=True)
class SchemaExpectation:
    """A setting must meet a JSON Schema."""

    setting: str
    expected: Mapping[str, Any]
    compiled: Mapping[str, Any]

    def mismatch(self, actual: Any) -> str | None:
        """Return in what a value does not meet the schema, None if it does."""

        def format_message(path: list[str], requirements: list[str]) -> str:
            item = f"of its values, number {int(path[0]) + 1} " if path else ""
            return f"{item}must {' and '.join(requirements)}"

        instance = to_instance(self.setting, actual)
        problems = schema.validate(self.compiled, instance, format_message)
        if not problems:
            return None
        return f"{self.setting} is {format_value(actual)}, {' and '.join(problems)}"


Expectation = Union[AllowedValues, SchemaExpectation]


def parse_expectations(expected: Mapping[str, Any]) -> tuple[list[Expectation], list[str]]:
    """Return the expectations, and everything that is wrong with them."""
    expectations: list[Expectation] = []
    problems = []
    for setting, value in expected.items():
        try:
            expectations.append(_parse_expectation(require_setting(setting), value))
        except ValueError as error:
            problems.append(str(error))
    return expectations, problems


def _parse_expectation(setting: str, value: Any) -> Expectation:
    if isinstance(value, Mapping):
        try:
            return SchemaExpectation(setting, value, schema.compile_schema(value, setting))
        except ValueError as error:
            raise ValueError(f"the schema of {setting}: {error}") from None
    if not isinstance(value, list):
        return AllowedValues(setting, (coerce(setting, value),))
    if is_list(setting) and not any(isinstance(item, list) for item in value):
        return AllowedValues(setting, (coerce(setting, value),))
    if not value:
        raise ValueError(f"{setting} is an empty list, which nothing can match")
    return AllowedValues(setting, tuple(coerce(setting, item) for item in value))
