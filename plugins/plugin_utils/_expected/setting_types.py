# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The types of settings, and the conversion of what users write to them."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

from ...module_utils._api.smtp_profile import SETTINGS
from ...module_utils._config.converters import boolean
from .._format import did_you_mean, format_list, format_name, format_value

# The settings that are not text, with their types in JSON Schema.
JSON_TYPES = {
    "id": "integer",
    "port": "integer",
    "relay_authentication_type": "integer",
    "use_ssl": "boolean",
    "request_headers": "array",
}
# Their types in Python, and in messages.
TYPES: dict[str, tuple[Any, str]] = {
    "integer": (int, "a whole number"),
    "boolean": (bool, "true or false"),
    "array": ((list, tuple), "a list of names"),
    "string": (str, "text"),
}
CHOICES = {
    "relay_authentication": ("anonymous", "basic", "oauth"),
    "relay_username_source": ("plain", "pam", "none"),
}
# One of the names in a list.
NAME = "a name"
# Host names and names of HTTP headers are compared without case.
IGNORE_CASE = frozenset(("host", NAME))


def json_type(setting: str) -> str:
    """Return the JSON Schema type of a setting that is set."""
    return JSON_TYPES.get(setting, "string")


def is_list(setting: str) -> bool:
    """Tell whether the setting is a list: a list is one value then, and a list of lists several."""
    return json_type(setting) == "array"


def has_type(setting: str, value: object) -> bool:
    """Tell whether a value has the setting's type, or is None."""
    kind = json_type(setting)
    if isinstance(value, bool):
        return kind == "boolean"
    return value is None or isinstance(value, TYPES[kind][0])


def to_instance(setting: str, value: Any) -> Any:
    """Return a value as it is compared: empty text is unset, and no names are an empty list."""
    if is_list(setting):
        # The order and the case of HTTP headers do not matter.
        return sorted(str(name).lower() for name in value or ())
    if isinstance(value, str) and setting in IGNORE_CASE:
        value = value.lower()
    return None if value == "" else value


def require_setting(setting: object) -> str:
    """Return a setting's name. :raises ValueError: if it does not exist, suggesting the right one."""
    if setting in SETTINGS:
        return str(setting)
    hint = did_you_mean(re.sub(r"[^a-z]", "_", str(setting).lower()), SETTINGS)
    hint = hint or "the settings are " + ", ".join(SETTINGS)
    name = format_name(setting) if ":" in str(setting) else format_value(setting)
    raise ValueError(f"{name} is not a setting ({hint})")


def coerce(setting: str, value: Any) -> Any:
    """Return a value in the setting's type. Surveys and extra variables have text for all types.

    :raises ValueError: if the setting can never have this value.
    """
    kind = json_type(setting)
    if kind == "integer" and isinstance(value, str) and re.fullmatch("-?[0-9]{1,9}", value.strip()):
        return int(value)
    if kind == "boolean" and isinstance(value, str):
        with suppress(ValueError):
            return boolean(value)
    if kind == "array" and not _has_names(value):
        # It is not shown, as it may have the values.
        raise ValueError(
            f"{setting} must be {TYPES[kind][1]}, the values belong in verify_smtp_secrets.{setting}"
        )
    if not has_type(setting, value):
        advice = ": write it in quotes" if kind == "string" else ""
        problem = f"must be {TYPES[kind][1]}, and is {format_value(value)}"
        raise ValueError(f"{setting} {problem}{advice}")
    if value is not None and value not in CHOICES.get(setting, (value,)):
        choices = format_list(CHOICES[setting])
        raise ValueError(f"{setting} must be one of {choices}, not {format_value(value)}")
    return value


def _has_names(value: Any) -> bool:
    """Tell whether a value is a list of names, or unset."""
    if not isinstance(value, (list, tuple)):
        return value is None
    return all(isinstance(name, str) for name in value)
