# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The JSON object of a reply, or a CommandError saying what came in its place."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from .._http.transport import Reply


@dataclass(frozen=True)
class Asked:
    """What was asked of whom, for the words of a refusal."""

    api_path: str
    who: str | None
    advice: str
    secrets: tuple[str, ...]


def read_object(reply: Reply, asked: Asked) -> dict[str, Any]:
    """Return the reply's JSON object. :raises CommandError: saying what came in its place."""
    if reply.status != HTTPStatus.OK:
        from .response_errors import refusal

        raise refusal(reply, asked)
    if is_page(reply):
        from .body_errors import page_instead

        raise page_instead(reply, asked)
    try:
        content = json.loads(
            reply.body, object_pairs_hook=_without_doubles, parse_constant=_no_constant
        )
    except (ValueError, RecursionError) as error:
        from .body_errors import not_json

        raise not_json(reply, error) from None
    if not isinstance(content, dict):
        from .body_errors import no_object

        raise no_object(reply, asked, kind_of(content))
    return content


def is_page(reply: Reply) -> bool:
    """Tell whether the reply is an HTML page."""
    html = "html" in reply.headers.get("Content-Type", "").lower()
    return html or bool(re.match(r"\s*(<!doctype html|<html)", beginning(reply), re.I))


def beginning(reply: Reply) -> str:
    """Return as much of the reply as tells what it is."""
    return reply.body[:65536].decode("utf-8", "replace")


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
