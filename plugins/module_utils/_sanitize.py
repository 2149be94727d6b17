# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make untrusted text safe to quote: one line, bounded, secrets masked."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus, urlsplit

MASK = "********"
MAX_LENGTH = 200


def escape_unprintable(text: str) -> str:
    """Return text with control and formatting characters escaped, as in \\u202e."""
    if text.isprintable():  # fast, as a large report needs this often
        return text
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)


def quote_untrusted(text: str, secrets: Iterable[str]) -> str:
    """Return text on one line, without control characters and secrets, at most 200 characters."""
    forms = [form for secret in secrets for form in _echoed_forms(secret)]
    # Control and formatting characters could rewrite a line of the terminal, or its direction.
    line = "".join(c if c.isprintable() else " " for c in _mask(text, forms))
    # Joining the lines can also join the parts of a secret.
    line = _mask(" ".join(line.split()), (" ".join(form.split()) for form in forms))
    return line if len(line) <= MAX_LENGTH else line[: MAX_LENGTH - 3] + "..."


def _mask(text: str, forms: Iterable[str]) -> str:
    # Without regard to case, as %2F and %2f are the same.
    for form in sorted(filter(None, forms), key=len, reverse=True):
        text = re.sub(re.escape(form), MASK, text, flags=re.IGNORECASE)
    return text


def _echoed_forms(secret: str) -> list[str]:
    """Return the forms in which a server may echo a secret."""
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
    """Return a URL without user, query and fragment, which may hold tokens and passwords."""
    try:
        parts = urlsplit(url)
        host = re.sub(r".*@", "", parts.netloc)
    except ValueError:
        return "an address that cannot be read"
    bare = f"{parts.scheme}://{host}{parts.path}" if host else parts.path
    return quote_untrusted(bare, secrets)
