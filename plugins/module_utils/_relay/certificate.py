# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read names and dates of a certificate.

Python's ssl returns these only for a certificate that it accepts. They matter most for others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timezone
from ipaddress import ip_address
from typing import Any, NamedTuple

from .._sanitize import quote_untrusted

# Tags of DER (X.690), and object identifiers as encoded.
UTC_TIME = 0x17
VERSION, EXTENSIONS = 0xA0, 0xA3
DNS_NAME, IP_ADDRESS = 0x82, 0x87
COMMON_NAME = bytes((0x55, 4, 3))
ALTERNATIVE_NAMES = bytes((0x55, 29, 17))
BMP_STRING = 0x1E
MAX_NAMES = 20


class Certificate(NamedTuple):
    """What a certificate says. The names are quoted, as they are text of the server."""

    names: list[str]
    subject: str
    issuer: str
    not_before: datetime
    not_after: datetime

    def days_left(self, now: datetime) -> int:
        """Return the whole days until it expires, negative if it has."""
        return (self.not_after - now).days

    def as_dict(self, now: datetime) -> dict[str, Any]:
        """Return the certificate as it is in the result."""
        return {
            **self._asdict(),
            "not_before": self.not_before.isoformat(),
            "not_after": self.not_after.isoformat(),
            "days_left": self.days_left(now),
        }


class Element(NamedTuple):
    """An element of DER."""

    tag: int
    content: bytes


def parse_certificate(der: bytes) -> Certificate:
    """Return what a certificate says. :raises ValueError: if it cannot be read."""
    try:
        (certificate,) = _elements(der)
        fields = list(_elements(next(_elements(certificate.content)).content))
        if fields[0].tag == VERSION:
            fields = fields[1:]
        _serial, _algorithm, issuer, validity, subject, *others = fields
        not_before, not_after = map(_time, _elements(validity.content))
        names = [name for field in others if field.tag == EXTENSIONS for name in _names(field)]
    except (IndexError, StopIteration, TypeError, UnicodeError, OverflowError):
        raise ValueError("it is not a certificate") from None
    quoted = [quote_untrusted(name, ()) for name in names[:MAX_NAMES]]
    return Certificate(quoted, _common_name(subject), _common_name(issuer), not_before, not_after)


def _elements(content: bytes) -> Iterator[Element]:
    while content:
        tag, length, start = content[0], content[1], 2
        if length & 0x80:  # the length has a length of its own
            start += length & 0x7F
            length = int.from_bytes(content[2:start], "big")
        if len(content) < start + length:
            raise ValueError("it is cut off")
        yield Element(tag, content[start : start + length])
        content = content[start + length :]


def _time(element: Element) -> datetime:
    text = element.content.decode("ascii")
    if element.tag == UTC_TIME:  # two digits of the year, from 1950 on
        text = ("19" if text >= "5" else "20") + text
    if not re.fullmatch("[0-9]{14}Z", text):
        raise ValueError("a date in it cannot be read")
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=timezone.utc)


def _common_name(name: Element) -> str:
    """Return the common name, or the last part of a name without one."""
    text = ""
    for part in _elements(name.content):
        for attribute in _elements(part.content):
            identifier, value = _elements(attribute.content)
            encoding = "utf-16-be" if value.tag == BMP_STRING else "utf-8"
            text = value.content.decode(encoding, "replace")
            if identifier.content == COMMON_NAME:
                return quote_untrusted(text, ())
    return quote_untrusted(text, ())


def _names(extensions: Element) -> Iterator[str]:
    """Yield the host names and IP addresses that a certificate is for."""
    (sequence,) = _elements(extensions.content)
    for extension in _elements(sequence.content):
        identifier, *_critical, value = _elements(extension.content)
        if identifier.content != ALTERNATIVE_NAMES:
            continue
        (names,) = _elements(value.content)
        for name in _elements(names.content):
            if name.tag == DNS_NAME:
                yield name.content.decode("ascii", "replace")
            elif name.tag == IP_ADDRESS:
                yield str(ip_address(name.content))
