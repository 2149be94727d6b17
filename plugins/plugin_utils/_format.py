# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Format values for messages and for the table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from ..module_utils._sanitize import escape_unprintable

# Compiled before Ansible starts a process for each environment.
PLAIN = re.compile(r"[^\s',;\[\]]+")
PLAIN_NAME = re.compile(r"[a-z_]+")
VERSION_WITH_COMMIT = re.compile(r"([0-9]+(?:\.[0-9]+)*)\+\S+")


def format_value(value: object) -> str:
    """Return a value on one line: unset, true, 587, smtp.example.com, 'Example PKI'."""
    if value is None or value == "":
        return "unset"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "[" + format_list(value) + "]"
    if isinstance(value, Mapping):
        items = (f"{format_value(key)}: {format_value(item)}" for key, item in value.items())
        return "{" + ", ".join(items) + "}"
    if not isinstance(value, str):
        return str(value)
    text = escape_unprintable(value)
    # Quotes delimit text with blanks, and text that looks like another value.
    plain = PLAIN.fullmatch(text) and text not in ("unset", "true", "false")
    return text if plain else f"'{text}'"


def format_name(name: object) -> str:
    """Return an unknown name if it is a plain word. In C({password:secret}), the secret is in it."""
    if PLAIN_NAME.fullmatch(str(name)):
        return str(name)
    return "a name that is not shown (a blank may be missing after a colon)"


def one_line(text: str) -> str:
    """Return text on one line, with control characters escaped."""
    return escape_unprintable(" ".join(text.split()))


def format_version(version: str) -> str:
    """Return a product version without the commit that servers append since 25.4."""
    match = VERSION_WITH_COMMIT.fullmatch(version)
    return match[1] if match else version


def format_list(values: Iterable[object]) -> str:
    """Return values separated by commas."""
    return ", ".join(format_value(value) for value in values)


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """Return a suggestion for a misspelled name, empty if no name is close."""
    by_lower_case = {known.lower(): known for known in names}
    close = get_close_matches(name.lower(), by_lower_case, n=1, cutoff=0.5)
    return f"did you mean {format_value(by_lower_case[close[0]])}" if close else ""


def split_names(names: object) -> list[str]:
    """Return names from a list, or from text with commas, as surveys provide it."""
    if isinstance(names, str):
        return [item.strip() for item in names.split(",") if item.strip()]
    return [str(item) for item in names] if isinstance(names, Iterable) else []
