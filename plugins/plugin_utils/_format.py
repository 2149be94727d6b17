# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values as people read them: in messages and in the table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ansible_collections.keyfactor.command.plugins.module_utils._sanitize import escape_unprintable


def format_value(value: object) -> str:
    """Return a value on one line: unset, true, 587, smtp.example.com, 'Example PKI'."""
    if value is None or value == "":
        return "unset"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(format_value(each) for each in value) + "]"
    if isinstance(value, Mapping):
        return (
            "{" + ", ".join(f"{format_value(k)}: {format_value(v)}" for k, v in value.items()) + "}"
        )
    if not isinstance(value, str):
        return str(value)
    text = escape_unprintable(value)
    # Quotes tell text with blanks, and text that reads like another value, from what is around it.
    plain = re.fullmatch(r"[^\s',;\[\]]+", text) and text not in ("unset", "true", "false")
    return text if plain else f"'{text}'"


def one_line(text: str) -> str:
    """Return text of several lines on one, with nothing in it that could move the cursor."""
    return escape_unprintable(" ".join(text.split()))


def format_list(values: Iterable[object]) -> str:
    """Return several values with commas between them."""
    return ", ".join(format_value(value) for value in values)


def split_names(names: object) -> list[str]:
    """Return names that are given as a list, or as text with commas, as surveys deliver it."""
    if isinstance(names, str):
        return [each.strip() for each in names.split(",") if each.strip()]
    return [str(each) for each in names] if isinstance(names, Iterable) else []
