# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make untrusted text safe to quote: one line, bounded, secrets masked."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

MASK = "********"
MAX_LENGTH = 200


def escape_unprintable(text: str) -> str:
    """Return text with control and formatting characters escaped, as in \\u202e."""
    if text.isprintable():  # nearly always the case, and a large report needs this often
        return text
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)


def quote_untrusted(text: str, secrets: Iterable[str]) -> str:
    """Return text on one line, without control characters and secrets, at most 200 characters."""
    secrets = tuple(filter(None, secrets))
    # Control and formatting characters could rewrite a line of the terminal, or its direction.
    line = "".join(char if char.isprintable() else " " for char in mask(text, secrets))
    # Joining the lines can also join the parts of a secret.
    line = mask(" ".join(line.split()), secrets)
    return line if len(line) <= MAX_LENGTH else line[: MAX_LENGTH - 3] + "..."


def mask(text: str, secrets: Iterable[str]) -> str:
    """Return text with every form masked in which a server may echo a secret."""
    is_plain = text.isascii() and not re.search(r"[%&\\+]", text)
    forms = {form for secret in secrets for form in _forms(secret) if len(form) <= len(text)}
    for form in sorted(forms, key=len, reverse=True):
        # A run of backslashes is as long as its escapes make it.
        form = re.sub(r"\\+", r"\\", form)
        pattern = re.escape(form) if is_plain else "".join(map(_character_pattern, form))
        # Without regard to case, as %2F and %2f are the same.
        text = re.sub(pattern, MASK, text, flags=re.IGNORECASE)
    return text


def _forms(secret: str) -> Iterator[str]:
    """Yield a secret, and its Base64 in all alphabets, from UTF-8 and from Latin-1."""
    yield secret
    yield " ".join(secret.split())
    for encoding, errors in (("utf-8", "surrogatepass"), ("latin-1", "replace")):
        encoded = secret.encode(encoding, errors)
        yield base64.b64encode(encoded).decode("ascii").rstrip("=")
        yield base64.urlsafe_b64encode(encoded).decode("ascii").rstrip("=")


def _character_pattern(char: str) -> str:
    """Return the expression for a character as it is, and escaped once or several times.

    By percent signs, for HTML, for JSON (as .NET does, and nested), and as UTF-8 that was decoded
    as Latin-1. All repetitions are bounded, so that no text makes the search slow.
    """
    if char.isascii() and char.isalnum():  # no encoding escapes these
        return char
    octets = char.encode("utf-8", "surrogatepass")
    units = char.encode("utf-16-be", "surrogatepass").hex(" ", 2).split()
    forms = [
        "".join(rf"\\{{1,8}}u{unit}" for unit in units),
        "".join(f"%(?:25){{0,3}}{octet:02x}" for octet in octets),
        f"&(?:amp;){{0,3}}#(?:0{{0,6}}{ord(char)}|x0{{0,6}}{ord(char):x});",
        re.escape(octets.decode("latin-1")),
        re.escape(char),
    ]
    if char in "&<>\"'":
        forms.insert(0, "&(?:amp;){0,3}" + html.escape(char)[1:])
    if char in "\"\\/'":
        forms.insert(0, r"\\{1,8}" + re.escape(char))
    if char == " ":
        forms.append(r"\+")
    # Each once, or a search that fails would try all combinations.
    return f"(?:{'|'.join(dict.fromkeys(forms))})"


def redact_url(url: str, secrets: Iterable[str]) -> str:
    """Return a URL without user, query and fragment, which may hold tokens and passwords."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "an address that cannot be read"
    bare = f"{parts.scheme}://{host}{parts.path}" if host else parts.path
    return quote_untrusted(bare, secrets)
