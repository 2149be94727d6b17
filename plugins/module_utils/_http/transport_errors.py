# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Explain an exception of requests as a CommandError.

Loaded only when a call fails.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException, IncompleteRead
from typing import TypeVar
from urllib.parse import urlsplit

from .._deps import requests
from .._errors import CommandError

E = TypeVar("E", bound=BaseException)

# OpenSSL's codes, from its x509_vfy.h.
NOT_YET_VALID, EXPIRED = 9, 10
UNKNOWN_CA = frozenset((2, 18, 19, 20, 21))
WRONG_NAME = frozenset((62, 64))
CLIENT_CERTIFICATE_ALERTS = (
    "CERTIFICATE_REQUIRED",
    "ALERT_BAD_CERTIFICATE",
    "ALERT_UNKNOWN_CA",
    "ALERT_CERTIFICATE_UNKNOWN",
    "ALERT_CERTIFICATE_EXPIRED",
    "ALERT_CERTIFICATE_REVOKED",
    "ALERT_UNSUPPORTED_CERTIFICATE",
)
PLAIN_HTTP = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG")


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


@dataclass(frozen=True)
class ConnectionContext:
    """What is known of a call that failed.

    :param url: the address, without secrets.
    :param ca_option: the option that holds this server's certificate authority.
    :param client_cert: whether a client certificate was presented.
    :param proxy: whether the environment names a proxy for the call.
    :param timeout: seconds that an attempt may take.
    """

    url: str
    ca_option: str
    client_cert: bool
    proxy: bool
    timeout: float


def explain(error: BaseException, context: ConnectionContext) -> CommandError:
    """Return the failure of a call."""
    resolving = first_of(error, socket.gaierror)
    tls = first_of(error, ssl.SSLError)
    # InvalidSchema: a SOCKS proxy without the library for it.
    no_address = first_of(
        error, requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, ValueError
    )
    if tls is not None:
        return _tls_error(tls, context)
    # With a proxy, its own name is looked up and parsed. It looks up the server itself.
    at_proxy = context.proxy and (resolving is not None or no_address is not None)
    if at_proxy or first_of(error, requests.exceptions.ProxyError):
        return _proxy_error(error, context.url)
    if resolving is not None:
        return _resolve_error(resolving, context.url)
    if first_of(error, requests.exceptions.Timeout, TimeoutError, socket.timeout):
        return _timeout_error(context.url, context.timeout)
    if no_address is not None and first_of(error, OSError, HTTPException) in (None, no_address):
        return CommandError(
            "configuration", f"{context.url} is not an address that can be called.", url=context.url
        )
    return _connection_error(error, context.url)


def _resolve_error(error: socket.gaierror, url: str) -> CommandError:
    return CommandError(
        "resolve",
        f"The name {urlsplit(url).hostname} was not found ({error.strerror}). "
        f"Check the host, and the DNS of the machine that makes the call.",
        url=url,
        detail=error.strerror,
        transient=error.errno == socket.EAI_AGAIN,
    )


def _timeout_error(url: str, seconds: float) -> CommandError:
    return CommandError(
        "timeout",
        f"{url} did not answer completely within {seconds:g} s. "
        f"Check that the host and port are right and reachable, or raise timeout.",
        url=url,
        transient=True,
    )


def too_large_error(url: str, status: int) -> CommandError:
    """Return the failure of a response that is too large to be an SMTP profile."""
    return CommandError(
        "too_large",
        f"The reply of {url} is larger than 1 MiB, far more than an SMTP profile. "
        f"Check that host and api_path are those of Keyfactor Command.",
        status=status,
        url=url,
    )


def truncated_error(url: str) -> CommandError:
    """Return the failure of a response that ended early."""
    return CommandError(
        "protocol",
        f"The reply of {url} was cut off before its end. "
        f"Look at the server and at the proxies or load balancers before it.",
        url=url,
    )


def _connection_error(error: BaseException, url: str) -> CommandError:
    if first_of(error, requests.exceptions.ChunkedEncodingError, IncompleteRead) is not None:
        return truncated_error(url)
    if first_of(error, requests.exceptions.ContentDecodingError) is not None:
        return CommandError(
            "protocol", f"The reply of {url} is not compressed as its header says.", url=url
        )
    if first_of(error, HTTPException) is not None and first_of(error, ConnectionError) is None:
        return CommandError(
            "protocol",
            f"What answers at {url} does not speak HTTP. Check host and port.",
            url=url,
        )
    system = next((e for e in chain(error) if isinstance(e, OSError) and e.errno), None)
    if isinstance(system, ConnectionRefusedError):
        problem = "refused the connection"
        hint = "Check host and port, and that the server runs."
    elif first_of(error, ConnectionError) is not None:
        problem = "closed the connection without a reply"
        hint = "Check that it is the port of Keyfactor Command, and look at the server's log."
    else:
        reason = system.strerror if system is not None else type(error).__name__
        problem = f"could not be reached ({reason})"
        hint = "Check host, port, routes and firewalls from the machine that makes the call."
    detail = system.strerror if system is not None else None
    return CommandError(
        "connect", f"{url} {problem}. {hint}", url=url, detail=detail, transient=True
    )


def _proxy_error(error: BaseException, url: str) -> CommandError:
    words = str(error)
    if "407" in words:
        problem = "The proxy asks for credentials of its own (407)"
    else:
        problem = "The proxy from the environment could not be used"
    return CommandError(
        "connect",
        f"{problem}, on the way to {url}. Check HTTPS_PROXY and NO_PROXY, or set use_proxy to false.",
        url=url,
        transient="407" not in words,
    )


def _tls_error(error: ssl.SSLError, context: ConnectionContext) -> CommandError:
    url, ca_option = context.url, context.ca_option
    code = getattr(error, "verify_code", 0)
    reason = (error.reason or "").upper()
    if any(name in reason for name in PLAIN_HTTP):
        problem = f"{url} answers without TLS on that port"
        hint = "Check the port; the API's own is normally 443."
    elif any(name in reason for name in CLIENT_CERTIFICATE_ALERTS):
        problem = f"{url} " + (
            "refused our client certificate"
            if context.client_cert
            else "wants a client certificate"
        )
        hint = "Set client_cert and client_key to a certificate that the server trusts."
    elif code in WRONG_NAME:
        problem = f"The certificate of {url} is not for the name {urlsplit(url).hostname}"
        hint = "Call the server by a name in its certificate, or have the certificate replaced."
    elif code in (EXPIRED, NOT_YET_VALID):
        state = "has expired" if code == EXPIRED else "is not valid yet"
        problem = f"The certificate of {url}, or one of its issuers, {state}"
        hint = "Renew it on the server, and check this machine's clock."
    elif code in UNKNOWN_CA:
        problem = f"The certificate of {url} is from an authority that this machine does not trust"
        hint = f"Set {ca_option} to the certificate of that authority."
    elif code:
        problem = (
            f"The certificate of {url} was not accepted ({getattr(error, 'verify_message', '')})"
        )
        hint = f"Check the server's certificate, and {ca_option} for its authority."
    else:
        problem = f"{url} ended the TLS handshake ({error.reason or 'no reason given'})"
        hint = f"Check the port and the server's TLS settings, and {ca_option}."
    detail = getattr(error, "verify_message", None) or error.reason
    return CommandError("tls", f"{problem}. {hint}", url=url, detail=detail)
