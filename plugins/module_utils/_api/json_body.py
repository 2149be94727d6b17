# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The JSON object of a reply, or a CommandError saying what came in its place."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from .._http.transport import Response


@dataclass(frozen=True)
class RequestContext:
    """What was asked of whom, for the words of a refusal."""

    api_path: str
    account_label: str | None
    hint: str
    secrets: tuple[str, ...]


def parse_object(reply: Response, asked: RequestContext) -> dict[str, Any]:
    """Return the reply's JSON object. :raises CommandError: saying what came in its place."""
    if reply.status != HTTPStatus.OK:
        from .response_errors import status_error

        raise status_error(reply, asked)
    if is_html(reply):
        from .body_errors import html_error

        raise html_error(reply, asked)
    try:
        content = json.loads(
            reply.body, object_pairs_hook=_unique_members, parse_constant=_reject_constant
        )
    except (ValueError, RecursionError) as error:
        from .body_errors import not_json_error

        raise not_json_error(reply, error) from None
    if not isinstance(content, dict):
        from .body_errors import not_an_object

        raise not_an_object(reply, asked, json_type_name(content))
    return content


def is_html(reply: Response) -> bool:
    """Tell whether the reply is an HTML page."""
    html = "html" in reply.headers.get("Content-Type", "").lower()
    return html or bool(re.match(r"\s*(<!doctype html|<html)", text_prefix(reply), re.I))


def text_prefix(reply: Response) -> str:
    """Return as much of the reply as tells what it is."""
    return reply.body[:65536].decode("utf-8", "replace")


def json_type_name(value: object) -> str:
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


def _unique_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member is there twice")
    return found


def _reject_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
