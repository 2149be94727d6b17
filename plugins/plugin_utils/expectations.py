# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The expectation language: what a user writes for a setting, and whether a profile meets it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from ansible_collections.keyfactor.command.plugins.module_utils.profile import KEYS
from ansible_collections.keyfactor.command.plugins.module_utils.values import boolean

from .words import listed, shown

INTEGERS = frozenset(("id", "port", "relay_authentication_type"))
BOOLEANS = frozenset(("use_ssl",))
# The only setting that is a list itself: a plain list is its value, a list of lists is any of.
LISTS = frozenset(("request_headers",))
CHOICES = {
    "relay_authentication": ("anonymous", "basic", "oauth"),
    "relay_username_source": ("plain", "pam", "none"),
}
IGNORE_CASE = frozenset(("host",))


class ExpectationError(Exception):
    """All that is wrong with the expectations, for the user to mend."""


@dataclass(frozen=True)
class Expectation:
    """What one setting should be: any of some values, None standing for unset."""

    setting: str
    values: tuple[Any, ...]

    @property
    def expected(self) -> Any:
        """What the report shows: the one value, or the list of those allowed."""
        return self.values[0] if len(self.values) == 1 else list(self.values)

    @property
    def words(self) -> str:
        """The same for messages."""
        if len(self.values) == 1:
            return shown(self.values[0])
        return "one of " + listed(self.values)

    def met_by(self, actual: Any) -> bool:
        """Tell whether a value is as expected. What is empty counts as unset."""
        return any(self._form(actual) == self._form(value) for value in self.values)

    def _form(self, value: Any) -> Any:
        if isinstance(value, str) and self.setting in IGNORE_CASE:
            value = value.lower()
        if isinstance(value, (list, tuple)) and value:
            # Names of HTTP headers have no case and no order.
            return sorted(str(each).lower() for each in value)
        return None if value in ("", [], ()) else value


def parse(expected: object) -> list[Expectation]:
    """Return the expectations. :raises ExpectationError: naming everything that is wrong."""
    if expected and not isinstance(expected, Mapping):
        raise ExpectationError("verify_smtp_expected must be a mapping of settings to values.")
    if not isinstance(expected, Mapping) or not expected:
        raise ExpectationError(
            "There is nothing to verify. Set verify_smtp_expected to the settings that you "
            "expect, for example host and port."
        )
    found, problems = [], []
    for setting, value in expected.items():
        try:
            found.append(Expectation(_known(setting), _values(setting, value)))
        except ValueError as error:
            problems.append(str(error))
    if problems:
        raise ExpectationError("verify_smtp_expected cannot be used: " + "; ".join(problems))
    return found


def _known(setting: object) -> str:
    if setting in KEYS:
        return str(setting)
    close = get_close_matches(re.sub(r"[^a-z]", "_", str(setting).lower()), KEYS, n=1, cutoff=0.5)
    hint = f"did you mean {close[0]}" if close else "the settings are " + ", ".join(KEYS)
    raise ValueError(f"{shown(str(setting))} is not a setting ({hint})")


def _values(setting: str, value: object) -> tuple[Any, ...]:
    if isinstance(value, Mapping):
        raise ValueError(f"{setting} must be a value, null or a list of values, not a mapping")
    if not isinstance(value, (list, tuple)):
        return (_typed(setting, value),)
    if setting in LISTS and not any(isinstance(each, (list, tuple)) for each in value):
        return (_typed(setting, value),)
    if not value:
        raise ValueError(f"{setting} is an empty list, which nothing can match")
    return tuple(_typed(setting, each) for each in value)


def _typed(setting: str, value: object) -> Any:
    """Return a value in the setting's type. Surveys and extra variables bring all as text."""
    if value is None:
        return None
    if setting in INTEGERS:
        return _integer(setting, value)
    if setting in BOOLEANS:
        return _boolean(setting, value)
    if setting in LISTS:
        if not isinstance(value, (list, tuple)) or not all(isinstance(v, str) for v in value):
            raise ValueError(f"{setting} must be a list of names")
        return [str(each) for each in value]
    if not isinstance(value, str):
        raise ValueError(f"{setting} must be text, and is {shown(value)}: write it in quotes")
    if setting in CHOICES and value not in CHOICES[setting]:
        raise ValueError(f"{setting} must be one of {listed(CHOICES[setting])}, not {shown(value)}")
    return str(value)


def _integer(setting: str, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,9}", value.strip()):
        return int(value)
    raise ValueError(f"{setting} must be a whole number, and is {shown(value)}")


def _boolean(setting: str, value: object) -> bool:
    try:
        if isinstance(value, (bool, str)):
            return boolean(value)
    except ValueError:
        pass
    raise ValueError(f"{setting} must be true or false, and is {shown(value)}")
