# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make untrusted text safe to quote: one line, bounded, secrets masked."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from ._mask import mask

MAX_LENGTH = 200


def escape_unprintable(text: str) -> str:
    """Return text with control and formatting characters escaped, as in \\u202e."""
    if text.isprintable():  # nearly always the case, and a large report needs this often
        return text
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)


def quote_untrusted(text: str, secrets: Iterable[str]) -> str:
    """Return text on one line, without control characters and secrets, at most 200 characters."""
    # Control and formatting characters could rewrite a line of the terminal, or its direction.
    line = "".join(char if char.isprintable() else " " for char in mask(text, secrets))
    line = " ".join(line.split())
    return line if len(line) <= MAX_LENGTH else line[: MAX_LENGTH - 3] + "..."


def redact_url(url: str, secrets: Iterable[str]) -> str:
    """Return a URL without user, query and fragment, which may hold tokens and passwords."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "an address that cannot be read"
    bare = f"{parts.scheme}://{host}{parts.path}" if host else parts.path
    return quote_untrusted(bare, secrets)
