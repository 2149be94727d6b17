# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Encode secrets as servers may echo them, and find them in texts again."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from random import Random
from typing import Any
from urllib.parse import quote, quote_plus, unquote, unquote_plus

SHORTEST_SECRET = 8


def _base64(text: str, encoding: str = "utf-8") -> str:
    return base64.b64encode(text.encode(encoding, "replace")).decode()


def _json(text: str) -> str:
    return json.dumps(text)[1:-1]


def _dotnet(text: str) -> str:
    """Escape as System.Text.Json does."""
    return "".join(c if c.isascii() and c.isalnum() else _unit_escapes(c) for c in text)


def _unit_escapes(char: str) -> str:
    units = char.encode("utf-16-be").hex(" ", 2).split()
    return "".join(f"\\u{unit.upper()}" for unit in units)


def _percent(text: str) -> str:
    return quote(text, safe="")


def _entities(form: str) -> Callable[[str], str]:
    return lambda text: "".join(c if c.isalnum() else form.format(ord(c)) for c in text)


# Forms in which a server may echo a secret, each with a name.
ENCODERS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "upper case": str.upper,
    "swapped case": str.swapcase,
    "lines": lambda text: text.replace(" ", "\r\n\t"),
    "percent": _percent,
    "lower-case percent": lambda text: re.sub("%..", lambda m: m[0].lower(), _percent(text)),
    "percent twice": lambda text: _percent(_percent(text)),
    "percent four times": lambda text: _percent(_percent(_percent(_percent(text)))),
    "form": quote_plus,
    "HTML": html.escape,
    "HTML twice": lambda text: html.escape(html.escape(text)),
    "decimal entities": _entities("&#{};"),
    "padded entities": _entities("&#x{:06X};"),
    "escaped entities": lambda text: html.escape(_entities("&#{};")(text)),
    "JSON": _json,
    "JSON in JSON": lambda text: _json(_json(text)),
    ".NET JSON": _dotnet,
    ".NET JSON in JSON": lambda text: _json(_dotnet(text)),
    "backslashes": lambda text: text.replace("/", "\\/"),
    "Base64": _base64,
    "Base64 of Latin-1": lambda text: _base64(text, "latin-1"),
    "unpadded Base64": lambda text: _base64(text).rstrip("="),
    "URL-safe Base64": lambda text: _base64(text).translate(str.maketrans("+/", "-_")),
    "UTF-8 as Latin-1": lambda text: text.encode().decode("latin-1"),
}


def echo(rng: Random, secret: str) -> str:
    """Return a secret in a random form, or in one after another, with text around it."""
    encoded = secret
    for _number in range(rng.choice((1, 2))):
        encoded = ENCODERS[rng.choice(list(ENCODERS))](encoded)
    around = rng.choice((" ", '"', "'", "/", "=", "\n", "; ", "%20", "&quot;", "\\"))
    return f"{rng.choice(('', 'credentials'))}{around}{encoded}{rng.choice((around, ''))}"


def revealed(value: Any, secrets: Iterable[str]) -> list[str]:
    """Return the secrets that can be read from a value in some form."""
    secrets = [secret for secret in secrets if len(secret) >= SHORTEST_SECRET]
    texts = list(_texts(value))
    decoded = {_comparable(form) for text in texts for form in _decoded_forms(text)}
    return [each for each in secrets if any(_comparable(each) in form for form in decoded)]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _texts(name)
            yield from _texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item)
    else:
        yield str(value)


def _comparable(text: str) -> str:
    text = text.replace("\\", "")  # decoding loses some of them
    return " ".join(text.split()).casefold()


def _decoded_forms(text: str) -> set[str]:
    """Return the text, and what it is after decoding up to five times."""
    forms, new = {text}, {text}
    for _number in range(5):
        new = {form for each in new for form in _decode(each)} - forms
        if not new or len(forms) > 100:
            break
        forms |= new
    return forms


def _decode(text: str) -> Iterator[str]:
    if "%" in text or "+" in text:
        yield unquote(text)
        yield unquote_plus(text)
    if "&" in text:
        yield html.unescape(text)
    if "\\" in text:
        yield re.sub(r"\\+u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text)
        yield re.sub(r"\\+(.)", r"\1", text)
    if not text.isascii():
        with suppress(UnicodeError):
            yield text.encode("latin-1").decode()
        # What .NET escapes as two UTF-16 units.
        with suppress(UnicodeError):
            yield text.encode("utf-16-be", "surrogatepass").decode("utf-16-be")
    for match in re.findall(r"[A-Za-z0-9+/_-]{12,}", text):
        digits = match.translate(str.maketrans("-_", "+/"))
        digits = digits[: len(digits) - (len(digits) % 4 == 1)]
        octets = base64.b64decode(digits + "=" * (-len(digits) % 4))
        yield octets.decode("latin-1")
        with suppress(UnicodeError):
            yield octets.decode()
