# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Explain an exception of requests as a CommandError. Loaded only when a call fails."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from http.client import HTTPException, IncompleteRead
from typing import TypeVar
from urllib.parse import urlsplit

from .._deps import requests
from .._errors import CommandError, configuration_error
from .hints import Hints

E = TypeVar("E", bound=BaseException)

# OpenSSL's codes, from its x509_vfy.h.
NOT_YET_VALID, EXPIRED = 9, 10
UNKNOWN_CA = (2, 18, 19, 20, 21)
WRONG_NAME = (62, 64)
CLIENT_CERTIFICATE_ALERT = re.compile(
    "CERTIFICATE_REQUIRED|ALERT_BAD_CERTIFICATE|ALERT_UNKNOWN_CA|"
    "ALERT_CERTIFICATE_(UNKNOWN|EXPIRED|REVOKED)|ALERT_UNSUPPORTED_CERTIFICATE"
)
# http.client has the status of a refused tunnel in no attribute, only in its own message.
PROXY_CREDENTIALS = re.compile(r"Tunnel connection failed: 407\b")
PLAIN_HTTP = re.compile("WRONG_VERSION_NUMBER|HTTP_REQUEST|PACKET_LENGTH_TOO_LONG")


def chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the exception and all its causes, which the libraries wrap deeply."""
    seen: list[BaseException] = []
    queue: list[object] = [error]
    while queue:
        item = queue.pop(0)
        if isinstance(item, BaseException) and not any(item is other for other in seen):
            seen.append(item)
            yield item
            queue += [getattr(item, "reason", None), item.__cause__, item.__context__, *item.args]


def first_of(error: BaseException, *types: type[E]) -> E | None:
    """Return the first exception of these types in the chain."""
    return next((item for item in chain(error) if isinstance(item, types)), None)


def explain(
    error: BaseException,
    url: str,
    hints: Hints,
    *,
    has_client_cert: bool,
    has_proxy: bool,
    timeout: float,
) -> CommandError:
    """Return the failure of a call."""
    tls = first_of(error, ssl.SSLError)
    if tls:
        return _tls_error(tls, url, hints, has_client_cert)
    resolving = first_of(error, socket.gaierror)
    # Includes InvalidURL, and InvalidSchema of a SOCKS proxy without the library for it.
    no_address = first_of(error, ValueError)
    # With a proxy, its own name is looked up and parsed. It looks up the server itself.
    if (has_proxy and (resolving or no_address)) or first_of(error, requests.exceptions.ProxyError):
        return _proxy_error(error, url)
    if resolving:
        detail, transient = resolving.strerror, resolving.errno == socket.EAI_AGAIN
        message = (
            f"The name {urlsplit(url).hostname} was not found ({detail}). "
            f"Check {hints.server}, and the DNS of the machine that makes the call."
        )
        return CommandError("resolve", message, url=url, detail=detail, transient=transient)
    if first_of(error, requests.exceptions.Timeout, TimeoutError, socket.timeout):
        message = (
            f"{url} did not answer completely within {timeout:g} s. "
            f"Check {hints.server} and the way to the server, or raise timeout."
        )
        return CommandError("timeout", message, url=url, transient=True)
    if no_address and first_of(error, OSError, HTTPException) in (None, no_address):
        return configuration_error(f"{url} is not an address that can be called.", url=url)
    problem = _protocol_message(error, url, hints)
    return (
        CommandError("protocol", problem, url=url)
        if problem
        else _connection_error(error, url, hints)
    )


def _protocol_message(error: BaseException, url: str, hints: Hints) -> str | None:
    if first_of(error, requests.exceptions.ChunkedEncodingError, IncompleteRead):
        return (
            f"The reply of {url} was cut off before its end. "
            f"Look at the server and at the proxies or load balancers before it."
        )
    if first_of(error, requests.exceptions.ContentDecodingError):
        return f"The reply of {url} is not compressed as its header says."
    if first_of(error, HTTPException) and not first_of(error, ConnectionError):
        return f"What answers at {url} does not speak HTTP. Check {hints.server}."
    return None


def _connection_error(error: BaseException, url: str, hints: Hints) -> CommandError:
    system = next((e for e in chain(error) if isinstance(e, OSError) and e.errno), None)
    detail = system.strerror if system else None
    if isinstance(system, ConnectionRefusedError):
        problem = "refused the connection"
        hint = f"Check {hints.server}, and that the server runs."
    elif first_of(error, ConnectionError):
        problem = "closed the connection without a reply"
        hint = f"Check {hints.server}, and look at the server's log."
    else:
        problem = f"could not be reached ({detail or type(error).__name__})"
        hint = f"Check {hints.server}, routes and firewalls of the machine that makes the call."
    message = f"{url} {problem}. {hint}"
    return CommandError("connect", message, url=url, detail=detail, transient=True)


def _proxy_error(error: BaseException, url: str) -> CommandError:
    messages = (str(cause) for cause in chain(error) if isinstance(cause, OSError))
    transient = not any(map(PROXY_CREDENTIALS.match, messages))
    problem = "from the environment could not be used"
    if not transient:
        problem = "asks for credentials of its own (407)"
    hint = "Check HTTPS_PROXY and NO_PROXY, or set use_proxy to false."
    message = f"The proxy {problem}, on the way to {url}. {hint}"
    return CommandError("connect", message, url=url, transient=transient)


def _tls_error(error: ssl.SSLError, url: str, hints: Hints, has_client_cert: bool) -> CommandError:
    code = getattr(error, "verify_code", 0)
    detail = getattr(error, "verify_message", None) or error.reason
    reason = (error.reason or "").upper()
    if PLAIN_HTTP.search(reason):
        problem = f"{url} answers without TLS on that port"
        hint = f"Check {hints.server}: the port of HTTPS is usually 443."
    elif CLIENT_CERTIFICATE_ALERT.search(reason):
        verb = "refused our" if has_client_cert else "wants a"
        problem = f"{url} {verb} client certificate"
        hint = hints.client_cert
    elif code in WRONG_NAME:
        problem = f"The certificate of {url} is not for the name {urlsplit(url).hostname}"
        hint = "Call the server by a name in its certificate, or have the certificate replaced."
    elif code in (EXPIRED, NOT_YET_VALID):
        state = "has expired" if code == EXPIRED else "is not valid yet"
        problem = f"The certificate of {url}, or one of its issuers, {state}"
        hint = "Renew it on the server, and check this machine's clock."
    elif code in UNKNOWN_CA:
        problem = f"The certificate of {url} is from an authority that this machine does not trust"
        hint = f"Set {hints.ca_cert} to the certificate of that authority."
    elif code:
        problem = f"The certificate of {url} was not accepted ({detail})"
        hint = f"Check the server's certificate, and {hints.ca_cert} for its authority."
    else:
        problem = f"{url} ended the TLS handshake ({error.reason or 'no reason given'})"
        hint = f"Check the port and the server's TLS settings, and {hints.ca_cert}."
    return CommandError("tls", f"{problem}. {hint}", url=url, detail=detail)
