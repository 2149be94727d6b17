# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Somebody else's words, made fit to be quoted: short, on one line, and without our secrets."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus, urlsplit

MASK = "********"
MAX_LENGTH = 200


def escape_unprintable(text: str) -> str:
    """Return text with its control and formatting characters written out, as \\u202e."""
    if text.isprintable():  # nearly always, and a report asks a hundred thousand times
        return text
    return "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in text)


def quote_untrusted(words: str, secrets: Iterable[str]) -> str:
    """Return the words on one line, without control characters, cut after 200 characters."""
    known = [form for secret in secrets for form in _echoed_forms(secret)]
    # Control and formatting characters could rewrite the terminal's line or its direction.
    line = "".join(c if c.isprintable() else " " for c in _mask(words, known))
    # A secret may also come together only when the line does.
    line = _mask(" ".join(line.split()), [" ".join(form.split()) for form in known])
    return line if len(line) <= MAX_LENGTH else line[: MAX_LENGTH - 3] + "..."


def _mask(words: str, forms: Iterable[str]) -> str:
    # Without regard to case, as %2F and %2f are the same.
    for form in sorted(filter(None, forms), key=len, reverse=True):
        words = re.sub(re.escape(form), MASK, words, flags=re.IGNORECASE)
    return words


def _echoed_forms(secret: str) -> list[str]:
    """Return the ways in which a server may echo a secret."""
    encoded = secret.encode("utf-8", "surrogatepass")
    return [
        secret,
        quote(encoded, safe=""),
        quote_plus(encoded),
        base64.b64encode(encoded).decode("ascii"),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
    ]


def redact_url(url: str, secrets: Iterable[str]) -> str:
    """Return a URL without user, query and fragment, where tokens and passwords travel."""
    try:
        parts = urlsplit(url)
        place = re.sub(r".*@", "", parts.netloc)
    except ValueError:
        return "an address that cannot be read"
    bare = f"{parts.scheme}://{place}{parts.path}" if place else parts.path
    return quote_untrusted(bare, secrets)
