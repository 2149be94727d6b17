# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults: error replies, unexpected bodies and broken connections."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from functools import cache
from typing import Literal

from .messages import HTML, JSON, Reply, html_reply, json_reply

MEBIBYTE = 1024 * 1024
LOGIN_PAGE = (
    "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>"
    '<form method="post" action="/login"><input name="username">'
    '<input name="password" type="password"><button>Sign in</button></form></body></html>\n'
)


class Delivery(Enum):
    """How a server delivers a reply."""

    COMPLETE = auto()
    WAIT = auto()
    CUT_OFF = auto()
    DROP = auto()
    DROP_REPLY = auto()
    DRIP_HEADERS = auto()
    DRIP_BODY = auto()


@dataclass
class Fault:
    """A fault: either `answer` replaces the server's reply, or `delivery` breaks it.

    It applies to the first `times` requests, or to all of them if `times` is None. Requests with
    another method than `method`, if that is set, neither have the fault nor count.
    """

    delivery: Delivery = Delivery.COMPLETE
    answer: Reply | None = None
    wait: float = 0.0
    interval: float = 0.0
    times: int | None = None
    used: int = field(default=0, init=False)
    method: str | None = field(default=None, kw_only=True)

    def on(self, method: str) -> Fault:
        """Return this fault for requests with this method only."""
        return replace(self, method=method)

    @classmethod
    def none(cls, times: int | None = None) -> Fault:
        """No fault for `times` requests, before the next fault in the list applies."""
        return cls(times=times)

    @classmethod
    def status(  # noqa: PLR0913, RUF100
        cls,
        status: int,
        *,
        body: bytes | str | Mapping[str, object] = b"",
        headers: Mapping[str, str] | None = None,
        media_type: str | None = None,
        retry_after: str | None = None,
        times: int | None = None,
    ) -> Fault:
        """Reply with this status and optionally a body (a mapping becomes JSON) and headers."""
        reply_headers = dict(headers or {})
        if retry_after is not None:
            reply_headers["Retry-After"] = retry_after
        if isinstance(body, Mapping):
            body, media_type = json.dumps(body), media_type or JSON
        return cls(answer=Reply(status, _bytes(body), media_type, reply_headers), times=times)

    @classmethod
    def body(
        cls,
        body: bytes | str,
        *,
        media_type: str | None = JSON,
        times: int | None = None,
    ) -> Fault:
        """Reply with status 200 and this body instead of the profile."""
        return cls(answer=Reply(200, _bytes(body), media_type), times=times)

    @classmethod
    def html(cls, times: int | None = None) -> Fault:
        """Reply with status 200 and an HTML page."""
        return cls(answer=html_reply(200, "Welcome to example.com."), times=times)

    @classmethod
    def login_page(cls, times: int | None = None) -> Fault:
        """Reply with status 200 and a login page."""
        return cls.body(LOGIN_PAGE, media_type=HTML, times=times)

    @classmethod
    def not_json(cls, times: int | None = None) -> Fault:
        """Reply with status 200 and a body that is not JSON although its media type says so."""
        return cls.body("This is not JSON.", times=times)

    @classmethod
    def truncated_json(cls, times: int | None = None) -> Fault:
        """Reply with status 200, truncated JSON and a matching Content-Length."""
        return cls.body('{"Host": "smtp.example.com", "Po', times=times)

    @classmethod
    def too_large(
        cls,
        size: int = 2 * MEBIBYTE,
        *,
        chunked: bool = False,
        times: int | None = None,
    ) -> Fault:
        """Reply with valid JSON of at least `size` bytes; `chunked` omits Content-Length."""
        return cls(answer=Reply(200, _filler(size), JSON, chunked=chunked), times=times)

    @classmethod
    def gzip_bomb(cls, size: int = 16 * MEBIBYTE, *, times: int | None = None) -> Fault:
        """Reply with a small gzip body that decompresses to at least `size` bytes of valid JSON."""
        encoding = {"Content-Encoding": "gzip"}
        return cls(answer=Reply(200, _compressed(size), JSON, encoding), times=times)

    @classmethod
    def redirect(cls, location: str, *, status: int = 302, times: int | None = None) -> Fault:
        """Redirect the client."""
        return cls(answer=html_reply(status, headers={"Location": location}), times=times)

    @classmethod
    def oauth_error(
        cls,
        error: str,
        *,
        status: int | None = None,
        times: int | None = None,
    ) -> Fault:
        """Reply with an OAuth error (RFC 6749 section 5.2)."""
        code = status or (401 if error == "invalid_client" else 400)
        return cls(answer=json_reply(code, {"error": error}), times=times)

    @classmethod
    def cut_off(cls, times: int | None = None) -> Fault:
        """Send the full Content-Length and half of the body, then close the connection."""
        return cls(Delivery.CUT_OFF, times=times)

    @classmethod
    def drop(cls, times: int | None = None) -> Fault:
        """Close the connection without a reply."""
        return cls(Delivery.DROP, times=times)

    @classmethod
    def drop_reply(cls, times: int | None = None) -> Fault:
        """Do what the request asks for, and close the connection without a reply."""
        return cls(Delivery.DROP_REPLY, times=times)

    @classmethod
    def drip(
        cls,
        part: Literal["headers", "body"] = "body",
        *,
        interval: float = 0.1,
        times: int | None = None,
    ) -> Fault:
        """Send one byte every `interval` seconds, starting with the headers or the body."""
        deliveries = {"headers": Delivery.DRIP_HEADERS, "body": Delivery.DRIP_BODY}
        if part not in deliveries:
            raise ValueError('drip: part must be "headers" or "body"')
        return cls(deliveries[part], interval=interval, times=times)

    @classmethod
    def delay(cls, seconds: float, times: int | None = None) -> Fault:
        """Wait before the reply; the next fault in the list applies too."""
        return cls(Delivery.WAIT, wait=seconds, times=times)


def _bytes(text: bytes | str) -> bytes:
    return text.encode() if isinstance(text, str) else text


@cache
def _filler(size: int) -> bytes:
    return b'{"SenderName": "' + b"x" * size + b'"}'


@cache
def _compressed(size: int) -> bytes:
    return gzip.compress(_filler(size), mtime=0)
