# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers of the ASP.NET versioning library, in all its generations."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Literal

from .messages import JSON, Reply, Request

VersionRefusal = Literal["error-400", "problem-400", "problem-404", "empty-404"]
"""The generations: an error object (up to 5), problem details (6 and later), nothing (6.0.0)."""

CODE, TITLE = "UnsupportedApiVersion", "Unsupported API version"
PROBLEM = "application/problem+json; charset=utf-8"


def refuse(
    refusal: VersionRefusal, address: str, version: str, headers: Mapping[str, str]
) -> Reply:
    """Return the answer to a version that the endpoint at an address does not have."""
    kind, status = refusal.split("-")
    detail = f"The HTTP resource that matches the request URI '{address}' does not support the API version '{version}'."
    if kind == "empty":
        return Reply(int(status), headers=headers)
    content: dict[str, object] = {"error": {"code": CODE, "message": detail, "innerError": None}}
    if kind == "problem":
        link = "https://docs.api-versioning.org/problems#unsupported"
        texts = {"type": link, "title": TITLE, "status": int(status), "detail": detail}
        content = {**texts, "code": CODE}
    media_type = PROBLEM if kind == "problem" else JSON
    return Reply(int(status), json.dumps(content).encode(), media_type, headers)


def consumes(request: Request) -> bool:
    """Tell whether an endpoint takes the body's media type; otherwise it lacks the version, too."""
    is_json = request.headers.get("Content-Type") == "application/json"
    return is_json or request.method not in ("PUT", "POST")
