# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""One request under limits: time, size, retries, trust. It knows nothing of Keyfactor Command."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from .._deps import Session, requests, require_library
from .._errors import CommandError
from .._sanitize import redact_url
from .._version import VERSION
from .deadline import run_with_deadline
from .tls import TlsConfig

if TYPE_CHECKING:
    from requests.auth import AuthBase

MAX_RESPONSE_SIZE = 1024 * 1024
# Small reads: what a few bytes of a compressed reply unfold to stays below the limit as well.
READ_SIZE = 1024
RETRIED_STATUSES = frozenset((429, 502, 503, 504))
FIRST_DELAY = 0.5


@dataclass(frozen=True)
class Response:
    """What came back. Header names are matched without regard to case."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    attempts: int = 1


class NoRedirectSession(Session):
    """A session that does not even look where a redirect leads.

    requests would read all of a redirect's body, and fail where its target is no address.
    """

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


class Transport:
    """A session with one server.

    :param timeout: seconds that an attempt may take, from looking up the name to the last byte.
    :param retries: how many times to try again after connection errors, timeouts and
        the statuses 429, 502, 503 and 504.
    """

    def __init__(self, trust: TlsConfig, timeout: float, retries: int, use_proxy: bool) -> None:
        require_library(requests, "requests", "every call to Keyfactor Command")
        self.trust = trust
        self.timeout = timeout
        self.retries = retries
        self.use_proxy = use_proxy
        self.session = NoRedirectSession()
        # No netrc and no bundle from the environment; proxies are looked up in _attempt.
        self.session.trust_env = False
        self.session.verify = trust.validate_certs
        self.session.mount("https://", trust.adapter())
        self.session.headers["User-Agent"] = f"keyfactor.command/{VERSION}"
        self.session.headers["Accept-Encoding"] = "identity"
        if not trust.validate_certs:
            requests.packages.urllib3.disable_warnings()  # type: ignore[attr-defined]

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        auth: AuthBase | None = None,
    ) -> Response:
        """Return the reply, whatever its status. :raises CommandError: where there is none."""
        request = requests.Request(method, url, headers=headers, data=form, auth=auth)
        attempt = 0
        while True:
            attempt += 1
            last = attempt > self.retries
            delay = FIRST_DELAY * 2 ** (attempt - 1) * random.uniform(0.5, 1.0)
            try:
                reply = self._attempt(request)
            except CommandError as error:
                error.attempts = attempt
                if last or not error.transient:
                    raise
            else:
                reply = replace(reply, attempts=attempt)
                if last or reply.status not in RETRIED_STATUSES:
                    return reply
                asked = retry_after(reply.headers)
                # A server that wants more patience than the timeout is not waited for.
                if asked > self.timeout:
                    return reply
                delay = max(delay, asked)
            time.sleep(min(delay, self.timeout))

    def _attempt(self, request: requests.Request) -> Response:
        url = request.url
        proxies = requests.utils.get_environ_proxies(url) if self.use_proxy else {}
        shown = redact_url(url, ())
        try:
            prepared = self.session.prepare_request(request)
            return run_with_deadline(
                self.timeout, lambda: self._exchange(prepared, dict(proxies), shown)
            )
        # ValueError: addresses that urllib3 cannot take apart, from the environment for example.
        except (requests.exceptions.RequestException, OSError, ValueError) as error:
            from .transport_errors import ConnectionContext, explain

            met = ConnectionContext(
                shown,
                self.trust.option,
                client_cert=bool(self.trust.client_cert),
                proxy=bool(requests.utils.select_proxy(url, proxies)),
                timeout=self.timeout,
            )
            raise explain(error, met) from None

    def _exchange(
        self, prepared: requests.PreparedRequest, proxies: dict[str, str], url: str
    ) -> Response:
        response = self.session.send(
            prepared, timeout=self.timeout, stream=True, allow_redirects=False, proxies=proxies
        )
        with response:
            body = bytearray()
            for part in response.iter_content(READ_SIZE):
                body += part
                if len(body) > MAX_RESPONSE_SIZE:
                    from .transport_errors import too_large_error

                    raise too_large_error(url, response.status_code)
            # urllib3 before version 2 takes a short reply for a whole one.
            if response.raw.tell() < (
                whole_number(response.headers.get("Content-Length", "")) or 0
            ):
                from .transport_errors import truncated_error

                raise truncated_error(url)
        return Response(url, response.status_code, response.headers, bytes(body))


def whole_number(value: str) -> int | None:
    """Return a header's number, or none where it is not a plain one."""
    return int(value) if re.fullmatch(r"[0-9]{1,15}", value) else None


def retry_after(headers: Mapping[str, str]) -> float:
    """Return the seconds that a server asks to wait, 0 where it asks for none."""
    value = headers.get("Retry-After", "").strip()
    seconds = whole_number(value)
    if seconds is not None:
        return float(seconds)
    try:
        when = parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError, OverflowError):
        return 0.0
    if when.tzinfo is None:
        when = when.replace(tzinfo=timezone.utc)
    return max(0.0, (when - datetime.now(timezone.utc)).total_seconds())
