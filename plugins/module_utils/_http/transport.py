# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Send one request within limits of time and size, with retries. Knows nothing of Keyfactor."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from .._deps import Session, requests, require_library
from .._errors import CommandError
from .._sanitize import redact_url
from .._version import VERSION
from .body import Body
from .deadline import run_with_deadline
from .hints import Hints
from .response import Response
from .tls import TlsConfig

if TYPE_CHECKING:
    Sign = Callable[[requests.PreparedRequest], requests.PreparedRequest]
    FindCorrelationId = Callable[[Mapping[str, str]], "str | None"]

MAX_RESPONSE_SIZE = 1024 * 1024
# Small reads, so that a few bytes of a compressed body cannot expand far beyond the limit.
READ_SIZE = 1024
RETRIED_STATUSES = frozenset((429, 502, 503, 504))
# With Retry-After, the server itself says that it has not done what was requested.
UNDONE_STATUSES = frozenset((429, 503))
FIRST_DELAY = 0.5


def _may_be_logged(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith("Failed to parse headers")


# urllib3 1 and 2 log such headers as they are, echoed secrets included. Ansible's log would keep them.
for name in ("urllib3.connection", "urllib3.connectionpool"):
    logging.getLogger(name).addFilter(_may_be_logged)


class NoRedirectSession(Session):
    """Ignores redirects: requests would read their body, and fail if their target is not valid."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


def _no_correlation_id(headers: Mapping[str, str]) -> None:
    """Find nothing, in the replies of servers that have no correlation IDs."""


class Transport:
    """A session with one server.

    :param timeout: limits each attempt as a whole, in seconds.
    :param find_correlation_id: returns that of a reply's headers, safe to quote, if there is one.
    """

    def __init__(
        self,
        tls: TlsConfig,
        hints: Hints,
        timeout: float,
        retries: int,
        use_proxy: bool,
        find_correlation_id: FindCorrelationId = _no_correlation_id,
    ) -> None:
        require_library(requests, "requests", "every call to Keyfactor Command")
        self.tls = tls
        self.hints = hints
        self.timeout = timeout
        self.retries = retries
        self.use_proxy = use_proxy
        self.find_correlation_id = find_correlation_id
        self.session = NoRedirectSession()
        # No netrc and no bundle from the environment; proxies are looked up in _send_attempt.
        self.session.trust_env = False
        self.session.verify = tls.validate_certs
        self.session.mount("https://", tls.adapter())
        self.session.headers["User-Agent"] = f"keyfactor.command/{VERSION}"
        self.session.headers["Accept-Encoding"] = "identity"
        if not tls.validate_certs:
            requests.packages.urllib3.disable_warnings()  # type: ignore[attr-defined]

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        body: bytes | None = None,
        auth: Sign | None = None,
    ) -> Response:
        """Return the response, whatever its status. :raises CommandError: if there is none.

        A request with C(body) is repeated only if the server certainly has not acted on it.
        """
        request = requests.Request(method, url, headers=headers, data=form, auth=auth)
        attempt = 0
        while True:
            attempt += 1
            last = attempt > self.retries
            delay = FIRST_DELAY * 2 ** (attempt - 1) * random.uniform(0.5, 1.0)
            try:
                response = replace(self._send_attempt(request, body), attempts=attempt)
            except CommandError as error:
                error.attempts = attempt
                if last or not error.transient or not (body is None or error.unsent):
                    raise
            else:
                requested_delay = retry_after(response.headers)
                # A server that asks to wait longer than the timeout is not waited for.
                too_long = requested_delay > self.timeout
                if last or too_long or not _may_repeat(response, body):
                    return response
                delay = max(delay, requested_delay)
            time.sleep(min(delay, self.timeout))

    def _send_attempt(self, request: requests.Request, content: bytes | None) -> Response:
        url = request.url
        body = None
        if content is not None:
            request.data = body = Body(content)
        proxies = requests.utils.get_environ_proxies(url) if self.use_proxy else {}
        shown = redact_url(url, ())
        # That of the reply, once its headers are there.
        correlation_ids: list[str | None] = []
        try:
            prepared = self.session.prepare_request(request)
            return run_with_deadline(
                self.timeout,
                lambda: self._send_once(prepared, dict(proxies), shown, correlation_ids),
            )
        except CommandError as error:
            # Of what signs the request, or a reply that is too large.
            error.unsent = body is not None and body.cancel()
            raise
        # ValueError: addresses that urllib3 cannot parse, from the environment for example.
        except (OSError, ValueError) as error:
            from .transport_errors import explain

            failure = explain(
                error,
                shown,
                self.hints,
                has_client_cert=bool(self.tls.client_cert),
                has_proxy=bool(requests.utils.select_proxy(url, proxies)),
                timeout=self.timeout,
            )
            # After a timeout, its thread may still be about to send the request.
            failure.unsent = body is not None and body.cancel()
            failure.set_correlation_id(next(iter(correlation_ids), None))
            raise failure from None

    def _send_once(
        self,
        prepared: requests.PreparedRequest,
        proxies: dict[str, str],
        url: str,
        correlation_ids: list[str | None],
    ) -> Response:
        response = self.session.send(
            prepared, timeout=self.timeout, stream=True, allow_redirects=False, proxies=proxies
        )
        correlation_id = self.find_correlation_id(response.headers)
        correlation_ids.append(correlation_id)
        with response:
            body = bytearray()
            for part in response.iter_content(READ_SIZE):
                body += part
                if len(body) > MAX_RESPONSE_SIZE:
                    message = (
                        f"The reply of {url} is larger than 1 MiB, far more than it should be. "
                        f"Check {self.hints.path}."
                    )
                    raise CommandError(
                        "too_large",
                        message,
                        status=response.status_code,
                        url=url,
                        correlation_id=correlation_id,
                    )
            # urllib3 before version 2 accepts a body that is shorter than announced.
            if response.raw.length_remaining:
                raise requests.exceptions.ChunkedEncodingError
        return Response(
            url,
            response.status_code,
            response.headers,
            bytes(body),
            correlation_id=correlation_id,
        )


def _may_repeat(response: Response, body: bytes | None) -> bool:
    if body is None:
        return response.status in RETRIED_STATUSES
    return response.status in UNDONE_STATUSES and "Retry-After" in response.headers


def retry_after(headers: Mapping[str, str]) -> float:
    """Return the seconds that a server asks to wait, 0 if it asks for none."""
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit() and len(value) < 16:
        return float(value)
    try:
        when = parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError, OverflowError):
        return 0.0
    if when.tzinfo is None:
        when = when.replace(tzinfo=timezone.utc)
    return max(0.0, (when - datetime.now(timezone.utc)).total_seconds())
