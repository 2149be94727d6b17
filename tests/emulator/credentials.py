# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the Authorization header."""

from __future__ import annotations

import base64
import binascii

from .messages import Request


def basic(request: Request) -> tuple[str, str] | None:
    """Name and password of HTTP Basic, decoded as UTF-8."""
    encoded = _after(request, "basic")
    if encoded is None:
        return None
    try:
        text = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    name, colon, password = text.partition(":")
    return (name, password) if colon else None


def bearer(request: Request) -> str | None:
    """A bearer token."""
    return _after(request, "bearer")


def _after(request: Request, scheme: str) -> str | None:
    given, _blank, value = request.headers.get("Authorization", "").partition(" ")
    return value.strip() if given.lower() == scheme and value else None
