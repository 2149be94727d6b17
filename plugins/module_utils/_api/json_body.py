# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parse a response's body as one JSON object."""

from __future__ import annotations

import json
from math import isinf
from typing import Any

# The names of JSON's types, with their articles.
JSON_TYPES: dict[type, str] = {
    type(None): "null",
    bool: "a boolean",
    int: "a whole number",
    float: "a number",
    str: "text",
    list: "a list",
    dict: "an object",
}


class JsonBodyError(ValueError):
    """The body is not JSON. The message says what it is instead."""


class NotAnObjectError(JsonBodyError):
    """The body is JSON, but not an object."""


def parse_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object. :raises JsonBodyError: if the body is anything else."""
    try:
        content = json.loads(
            body,
            object_pairs_hook=_unique_members,
            parse_constant=_no_constants,
            parse_float=_finite,
        )
    except (ValueError, RecursionError) as error:
        raise JsonBodyError(_describe_error(body, error)) from None
    if not isinstance(content, dict):
        raise NotAnObjectError(f"{JSON_TYPES[type(content)]} where a JSON object belongs")
    return content


def _describe_error(body: bytes, error: Exception) -> str:
    if not body.strip():
        return "an empty reply"
    if isinstance(error, UnicodeDecodeError):
        return "text that is not JSON"
    if not isinstance(error, json.JSONDecodeError):
        return f"bad JSON ({error})"
    # An unterminated string is reported at its start.
    if error.msg.startswith("Unterminated") or error.pos >= len(error.doc.rstrip()) - 1:
        return "JSON that ends in the middle"
    return f"text that is not JSON (line {error.lineno}, column {error.colno})"


def _unique_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is there twice")
    return members


def _finite(text: str) -> float:
    value = float(text)
    if isinf(value):
        raise ValueError("a number is too large")
    return value


def _no_constants(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
