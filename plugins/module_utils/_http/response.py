# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The response to a request, and what its first bytes say it is."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._errors import CommandError, ErrorKind

HTML = re.compile(r"\s*(<!doctype html|<html)", re.I)
NO_CERTIFICATE = re.compile(r"403\.7\b|client certificate|SSL certificate (was sent|error)", re.I)


@dataclass(frozen=True)
class Response:
    """A response of any status. Header names are matched without regard to case.

    :param correlation_id: what the server calls the request in its log, safe to quote. None if it
        does not say so.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    attempts: int = 1
    correlation_id: str | None = None

    @property
    def text_prefix(self) -> str:
        """As much of the body as is needed to recognize it."""
        return self.body[:65536].decode("utf-8", "replace")

    @property
    def is_html(self) -> bool:
        declared = "html" in self.headers.get("Content-Type", "").lower()
        return declared or bool(HTML.match(self.text_prefix))

    @property
    def wants_client_certificate(self) -> bool:
        """Whether IIS or nginx say so above TLS."""
        return self.status in (400, 403) and bool(NO_CERTIFICATE.search(self.text_prefix))

    def json_members(self) -> dict[str, Any]:
        """Return the members of a JSON object, none if the body is anything else."""
        try:
            content = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return content if isinstance(content, dict) else {}

    def error(self, kind: ErrorKind, message: str, detail: str | None = None) -> CommandError:
        """Return the failure that this response means."""
        return CommandError(
            kind,
            message,
            status=self.status,
            url=self.url,
            detail=detail,
            attempts=self.attempts,
            correlation_id=self.correlation_id,
        )
