# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The JSON object of a reply, or a CommandError saying what came in its place."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from .errors import CommandError
from .refusals import Asked, failure, page, refusal
from .transport import Reply


def read_object(reply: Reply, asked: Asked) -> dict[str, Any]:
    """Return the reply's JSON object. :raises CommandError: saying what came in its place."""
    if reply.status != HTTPStatus.OK:
        raise refusal(reply, asked)
    shown = page(reply, asked)
    if shown:
        raise failure(
            reply,
            "protocol",
            f"{reply.url} answered with {shown}, not with JSON. Check host and api_path ({asked.api_path}).",
        )
    try:
        content = json.loads(
            reply.body, object_pairs_hook=_without_doubles, parse_constant=_no_constant
        )
    except (ValueError, RecursionError) as error:
        raise _not_json(reply, error) from None
    if not isinstance(content, dict):
        raise failure(
            reply,
            "protocol",
            f"{reply.url} answered with {kind_of(content)} where a "
            f"JSON object belongs. Check host and api_path ({asked.api_path}).",
        )
    return content


def kind_of(value: object) -> str:
    """Name the JSON type of a value, with its article."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    names: dict[type, str] = {
        int: "a whole number",
        float: "a number",
        str: "text",
        list: "a list",
        dict: "an object",
    }
    return names[type(value)]


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member is there twice")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _ends_early(error: json.JSONDecodeError) -> bool:
    """Tell whether the text stops where more must follow. An open text is reported at its start."""
    return error.msg.startswith("Unterminated") or error.pos >= len(error.doc.rstrip()) - 1


def _not_json(reply: Reply, error: Exception) -> CommandError:
    if not reply.body.strip():
        why = "an empty reply"
    elif isinstance(error, json.JSONDecodeError) and _ends_early(error):
        why = "JSON that ends in the middle"
    elif isinstance(error, json.JSONDecodeError):
        why = f"text that is not JSON (line {error.lineno}, column {error.colno})"
    else:
        why = (
            "text that is not JSON"
            if isinstance(error, UnicodeDecodeError)
            else f"bad JSON ({error})"
        )
    return failure(
        reply,
        "protocol",
        f"{reply.url} answered with {why}. Look at the server and at the proxies before it.",
    )
