# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parse the Authorization header."""

from __future__ import annotations

import base64
import binascii

from .messages import Request


def basic(request: Request) -> tuple[str, str] | None:
    """Return user name and password of HTTP Basic authentication, decoded as UTF-8."""
    encoded = _parameter(request, "basic")
    if encoded is None:
        return None
    try:
        text = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    name, colon, password = text.partition(":")
    return (name, password) if colon else None


def bearer(request: Request) -> str | None:
    """Return the bearer token."""
    return _parameter(request, "bearer")


def _parameter(request: Request, scheme: str) -> str | None:
    request_scheme, _blank, value = request.headers.get("Authorization", "").partition(" ")
    return value.strip() if request_scheme.lower() == scheme and value else None
