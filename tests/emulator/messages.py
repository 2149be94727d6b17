# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP requests as received and replies as sent."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"


class Headers(Mapping[str, str]):
    """Headers by case-insensitive name."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._values: dict[str, tuple[str, str]] = {}
        for name, value in pairs:
            key = name.lower()
            if key in self._values:
                first, earlier = self._values[key]
                self._values[key] = (first, f"{earlier}, {value}")
            else:
                self._values[key] = (name, value)

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()][1]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._values

    def __iter__(self) -> Iterator[str]:
        return (name for name, _value in self._values.values())

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Headers({list(self.items())!r})"


@dataclass
class Request:
    """A request as received; `status` and `reply_headers` are those of the reply once it is sent."""

    method: str
    path: str
    headers: Headers
    body: bytes = b""
    status: int | None = None
    certificate: str | None = None
    """Common name of the client certificate."""
    keep_alive: bool = True
    reply_headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """A reply; `chunked` omits Content-Length."""

    status: int
    body: bytes = b""
    media_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    chunked: bool = False


def reason_phrase(status: int) -> str:
    """Return the standard reason phrase of a status."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def json_reply(status: int, content: object, headers: Mapping[str, str] | None = None) -> Reply:
    """Return a reply with a JSON body."""
    return Reply(status, json.dumps(content).encode(), JSON, headers or {})


def html_reply(status: int, text: str = "", headers: Mapping[str, str] | None = None) -> Reply:
    """Return an HTML page like those that IIS shows for its own errors."""
    title = f"{status} - {reason_phrase(status)}"
    page = (
        "<!DOCTYPE html>\r\n"
        f"<html><head><title>{title}</title></head>\r\n"
        f"<body><h1>Server Error</h1><h2>{title}</h2><p>{text}</p></body></html>\r\n"
    )
    return Reply(status, page.encode(), HTML, headers or {})
