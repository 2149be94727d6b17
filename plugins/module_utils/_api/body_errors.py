# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What came with status 200 in place of a JSON object, in words."""

from __future__ import annotations

import json

from .._errors import CommandError
from .._http.transport import Response
from .json_body import RequestContext
from .response_errors import html_description, response_error


def html_error(reply: Response, asked: RequestContext) -> CommandError:
    """Return the failure of a reply that is a page for people."""
    return response_error(
        reply,
        "protocol",
        f"{reply.url} answered with {html_description(reply, asked)}, not with JSON. "
        f"Check host and api_path ({asked.api_path}).",
    )


def not_an_object(reply: Response, asked: RequestContext, kind: str) -> CommandError:
    """Return the failure of a reply whose JSON is something else than an object."""
    return response_error(
        reply,
        "protocol",
        f"{reply.url} answered with {kind} where a "
        f"JSON object belongs. Check host and api_path ({asked.api_path}).",
    )


def not_json_error(reply: Response, error: Exception) -> CommandError:
    """Return the failure of a reply that is not JSON at all, or not all of it."""
    if not reply.body.strip():
        why = "an empty reply"
    elif isinstance(error, json.JSONDecodeError) and _is_truncated(error):
        why = "JSON that ends in the middle"
    elif isinstance(error, json.JSONDecodeError):
        why = f"text that is not JSON (line {error.lineno}, column {error.colno})"
    else:
        why = (
            "text that is not JSON"
            if isinstance(error, UnicodeDecodeError)
            else f"bad JSON ({error})"
        )
    return response_error(
        reply,
        "protocol",
        f"{reply.url} answered with {why}. Look at the server and at the proxies before it.",
    )


def _is_truncated(error: json.JSONDecodeError) -> bool:
    """Tell whether the text stops where more must follow. An open text is reported at its start."""
    return error.msg.startswith("Unterminated") or error.pos >= len(error.doc.rstrip()) - 1
