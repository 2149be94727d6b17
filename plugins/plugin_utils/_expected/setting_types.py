# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The settings of a profile by name and type, and what users write for them in that type."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import SETTINGS
from ansible_collections.keyfactor.command.plugins.module_utils._config.converters import boolean

from .._format import format_list, format_value

INTEGERS = frozenset(("id", "port", "relay_authentication_type"))
BOOLEANS = frozenset(("use_ssl",))
# The only setting that is a list itself: a plain list is its value, a list of lists is any of.
LISTS = frozenset(("request_headers",))
CHOICES = {
    "relay_authentication": ("anonymous", "basic", "oauth"),
    "relay_username_source": ("plain", "pam", "none"),
}
# One of the names in such a list.
NAME = "a name"
# Names of hosts and of HTTP headers have no case.
IGNORE_CASE = frozenset(("host", NAME))


def json_type(setting: str) -> str:
    """Return the type of a setting that is set, as JSON Schema calls it."""
    if setting in INTEGERS:
        return "integer"
    if setting in BOOLEANS:
        return "boolean"
    return "array" if setting in LISTS else "string"


def has_type(setting: str, value: object) -> bool:
    """Tell whether a value of a profile has the setting's type, or is null."""
    if value is None:
        return True
    if setting in INTEGERS:
        return isinstance(value, int) and not isinstance(value, bool)
    if setting in BOOLEANS:
        return isinstance(value, bool)
    return isinstance(value, (list, tuple) if setting in LISTS else str)


def to_instance(setting: str, value: Any) -> Any:
    """Return a value as schemas see it: empty text is unset, having no names is an empty list."""
    if setting in LISTS:
        # Names of HTTP headers have no case and no order.
        return sorted(str(each).lower() for each in value or ())
    if isinstance(value, str) and setting in IGNORE_CASE:
        value = value.lower()
    return None if value == "" else value


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """Return a hint at the name that was meant, empty where none is close."""
    close = get_close_matches(name, list(names), n=1, cutoff=0.5)
    return f"did you mean {close[0]}" if close else ""


def require_setting(setting: object) -> str:
    """Return a setting's name. :raises ValueError: if there is none, suggesting the right one."""
    if setting in SETTINGS:
        return str(setting)
    hint = did_you_mean(re.sub(r"[^a-z]", "_", str(setting).lower()), SETTINGS)
    hint = hint or "the settings are " + ", ".join(SETTINGS)
    raise ValueError(f"{format_value(setting)} is not a setting ({hint})")


def coerce(setting: str, value: object) -> Any:
    """Return a value in the setting's type. Surveys and extra variables bring all as text.

    :raises ValueError: if the setting can never have it.
    """
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
        raise ValueError(
            f"{setting} must be text, and is {format_value(value)}: write it in quotes"
        )
    if setting in CHOICES and value not in CHOICES[setting]:
        raise ValueError(
            f"{setting} must be one of {format_list(CHOICES[setting])}, not {format_value(value)}"
        )
    return str(value)


def _integer(setting: str, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,9}", value.strip()):
        return int(value)
    raise ValueError(f"{setting} must be a whole number, and is {format_value(value)}")


def _boolean(setting: str, value: object) -> bool:
    try:
        if isinstance(value, (bool, str)):
            return boolean(value)
    except ValueError:
        pass
    raise ValueError(f"{setting} must be true or false, and is {format_value(value)}")
