# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The response to a request, and what its first bytes say it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

PREFIX_LENGTH = 65536


@dataclass(frozen=True)
class Response:
    """What came back. Header names are matched without regard to case."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    attempts: int = 1


def text_prefix(response: Response) -> str:
    """Return as much of the body as is needed to recognize it."""
    return response.body[:PREFIX_LENGTH].decode("utf-8", "replace")


def is_html(response: Response) -> bool:
    """Tell whether the response is an HTML page."""
    declared = "html" in response.headers.get("Content-Type", "").lower()
    return declared or bool(re.match(r"\s*(<!doctype html|<html)", text_prefix(response), re.I))
