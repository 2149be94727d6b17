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
LONGEST = 200


def quoted(words: str, secrets: Iterable[str]) -> str:
    """Return the words on one line, without control characters, cut after 200 characters."""
    for secret in secrets:
        for form in _forms(secret):
            words = words.replace(form, MASK)
    # Control and formatting characters could rewrite the terminal's line or its direction.
    line = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    return line if len(line) <= LONGEST else line[: LONGEST - 3] + "..."


def _forms(secret: str) -> list[str]:
    """Return the ways in which a server may echo a secret, the longest first."""
    encoded = secret.encode("utf-8", "surrogatepass")
    forms = {
        secret,
        quote(encoded, safe=""),
        quote_plus(encoded),
        base64.b64encode(encoded).decode("ascii"),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
    }
    return sorted(filter(None, forms), key=len, reverse=True)


def without_query(url: str, secrets: Iterable[str]) -> str:
    """Return a URL without user, query and fragment, where tokens and passwords travel."""
    try:
        parts = urlsplit(url)
        place = re.sub(r".*@", "", parts.netloc)
    except ValueError:
        return "an address that cannot be read"
    bare = f"{parts.scheme}://{place}{parts.path}" if place else parts.path
    return quoted(bare, secrets)
