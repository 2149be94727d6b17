# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mask the secrets in a text, also where they are encoded, once or several times.

A server may echo a header in JSON, that in an HTML page, and a proxy may escape the page's address
once more. So the text is decoded step by step, with the place of each character in the original,
until nothing is left to decode. A secret is decoded in the same way and then looked for.
"""

from __future__ import annotations

import re
import sys
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

MASK = "********"
# More steps than encodings follow each other. One step decodes all repetitions of an encoding.
MAX_STEPS = 8

# Each alternative fails at once, or consumes what it has tried. So a search is linear.
ESCAPE = re.compile(
    r"(?i:%(?:25)*([0-9a-f]{2}))"  # an octet in a URL or a form
    r"|(?i:&(?:amp;)*(?:#([0-9]{1,7})|#x([0-9a-f]{1,6})|([a-z][a-z0-9]{1,30}));)"  # HTML
    r"|(?<!\\)\\+(?i:u([0-9a-f]{4}))?"  # JSON, as .NET writes it; other backslashes are dropped
    r"|([\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})"  # UTF-8 octets
    r"|([\ud800-\udbff][\udc00-\udfff])"  # UTF-16 units
)
# All but single spaces. The plus sign is a space in forms.
SPACES = re.compile(r"\+[ +]*| [ +]+")
URL_SAFE = str.maketrans("-_", "+/")
# Lower case of this letter would be two characters.
DOTTED_I = {0x130: "i"}


@dataclass(frozen=True)
class _View:
    """A text, and where each of its characters starts and ends in the original."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def of(cls, text: str) -> _View:
        """Return the view of an original."""
        return cls(text, range(len(text)), range(1, len(text) + 1))

    def replace(self, pattern: re.Pattern[str], decode: Callable[[re.Match[str]], str]) -> _View:
        """Return the view with all matches decoded."""
        texts: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        done = 0
        for match in pattern.finditer(self.text):
            first, after = match.span()
            decoded = decode(match)
            texts += self.text[done:first], decoded
            starts += [*self.starts[done:first], *[self.starts[first]] * len(decoded)]
            ends += [*self.ends[done:first], *[self.ends[after - 1]] * len(decoded)]
            done = after
        if not done:
            return self
        text = "".join((*texts, self.text[done:]))
        return _View(text, [*starts, *self.starts[done:]], [*ends, *self.ends[done:]])

    def decoded(self) -> _View:
        """Return the view without escapes."""
        view = self
        for _step in range(MAX_STEPS):
            decoded = view.replace(ESCAPE, _unescape)
            if decoded.text == view.text:
                break
            view = decoded
        return view

    def spans(self, secrets: Iterable[str]) -> Iterator[tuple[int, int]]:
        """Yield where secrets start and end in the original, without regard to case."""
        text = _lower(self.text)
        for secret in map(_lower, secrets):
            start = text.find(secret)
            while start >= 0:
                end = start + len(secret)
                yield self.starts[start], self.ends[end - 1]
                start = text.find(secret, end)


def mask(text: str, secrets: Iterable[str]) -> str:
    """Return text with every form masked in which a server may echo a secret."""
    secrets = set(filter(None, secrets))
    original = _View.of(text)
    spans = [*original.spans(secrets)]
    forms = {form for secret in secrets for form in _forms(secret) if form.strip()}
    if forms:
        decoded = original.decoded()
        for view in (decoded, *_base64_views(decoded, min(map(len, forms)))):
            spans += _comparable(view).spans(forms)
    parts: list[str] = []
    done = 0
    for start, end in sorted(spans):
        if end > done:
            parts += text[done:start], MASK if start >= done else ""
            done = end
    return "".join((*parts, text[done:]))


def _forms(secret: str) -> Iterator[str]:
    """Yield what stands for a secret in a view that is decoded and comparable."""
    utf8, latin1 = secret.encode("utf-8", "surrogatepass"), secret.encode("latin-1", "replace")
    # Base64 is decoded as well, but not in another case, nor twice.
    encoders = (b64encode, urlsafe_b64encode)
    encoded = {encode(octets).rstrip(b"=") for encode in encoders for octets in (utf8, latin1)}
    for form in (secret, *(octets.decode("latin-1") for octets in (latin1, *encoded))):
        comparable = _comparable(_View.of(form).decoded()).text
        yield comparable
        yield comparable.strip()


def _unescape(match: re.Match[str]) -> str:
    """Return the character of a match of ESCAPE, which may be a part of another escape."""
    octet, decimal, hexadecimal, entity, unit, octets, units = match.groups()
    if entity:
        # It loads a table of all entities, which take longer than the rest of this file.
        import html

        return html.unescape(f"&{entity};")
    if octets:
        return str(octets.encode("latin-1").decode("utf-8", "replace"))
    if units:
        return str(units.encode("utf-16-be", "surrogatepass").decode("utf-16-be"))
    if not (octet or decimal or hexadecimal or unit):
        return ""
    code = int(decimal) if decimal else int(octet or hexadecimal or unit, 16)
    return chr(min(code, sys.maxunicode))


def _base64_views(view: _View, shortest: int) -> Iterator[_View]:
    """Yield the view with what may be the Base64 of a secret decoded, also amid other content."""
    digit = "[A-Za-z0-9+/_-]"
    pattern = re.compile(f"(?<!{digit}){digit}{{{(4 * shortest + 2) // 3},}}=*")
    if pattern.search(view.text):
        for skipped in range(4):
            decode = partial(_decode_base64, skipped=skipped)
            yield view.replace(pattern, decode).decoded()


def _decode_base64(match: re.Match[str], skipped: int) -> str:
    """Return the content of a match without its first digits, which may belong to other text."""
    digits = match[0].rstrip("=")[skipped:].translate(URL_SAFE)
    digits = digits[: len(digits) - (len(digits) % 4 == 1)]
    return b64decode(digits + "=" * (-len(digits) % 4)).decode("latin-1")


def _comparable(view: _View) -> _View:
    """Return the view with a single space for all other spaces, plus signs and control characters."""
    if not view.text.isprintable():
        text = "".join(char if char.isprintable() else " " for char in view.text)
        view = replace(view, text=text)
    return view.replace(SPACES, lambda match: " ")


def _lower(text: str) -> str:
    return text.translate(DOTTED_I).lower()
