# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Failures below HTTP: trust, connection, name, proxy, and servers of another protocol."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from http.client import BadStatusLine, IncompleteRead
from typing import Any

import pytest
import requests

from ansible_collections.keyfactor.command.plugins.module_utils._api.client import (
    COMMAND_HINTS,
    TOKEN_HINTS,
)
from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp import read_smtp_profile
from ansible_collections.keyfactor.command.plugins.module_utils._errors import CommandError
from ansible_collections.keyfactor.command.plugins.module_utils._http.hints import Hints
from ansible_collections.keyfactor.command.plugins.module_utils._http.transport_errors import (
    explain,
)
from tests.emulator import Command, Emulator, Tls
from tests.unit.support import Connect, failure

URL = "https://command.example.com/KeyfactorAPI/SMTP"
NOT_FOUND = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
NO_ADDRESS = [
    requests.exceptions.InvalidURL("Failed to parse"),
    requests.exceptions.InvalidProxyURL("Please check proxy URL"),
    requests.exceptions.InvalidSchema("Missing dependencies for SOCKS support."),
    ValueError("Port out of range 0-65535"),
]


@pytest.mark.parametrize(
    ("tls", "kind", "phrases"),
    [
        (Tls.EXPIRED, "tls", ["has expired", "Renew", "clock"]),
        (Tls.WRONG_NAME, "tls", ["not for the name localhost", "Call the server by a name"]),
        (Tls.UNKNOWN_CA, "tls", ["does not trust", "Set ca_cert"]),
        (
            Tls.CLIENT_CERTIFICATE,
            "tls",
            ["wants a client certificate", "client_cert", "client_key"],
        ),
        (
            Tls.POST_HANDSHAKE,
            "tls",
            ["wants a client certificate", "client_cert", "client_key"],
        ),
        (Tls.PLAIN_HTTP, "tls", ["without TLS on that port", "port"]),
    ],
)
def test_no_trust(
    emulator: Emulator, connect: Connect, tls: Tls, kind: str, phrases: list[str]
) -> None:
    command = emulator.command(tls=tls)
    settings = connect(command, host=f"localhost:{command.port}", retries=3)
    error = failure(lambda: read_smtp_profile(settings), *phrases)
    assert (error.kind, error.status, error.attempts) == (kind, None, 1)
    assert command.requests == []


def test_nothing_listens(emulator: Emulator, command: Command, connect: Connect) -> None:
    port = emulator.closed_port()
    settings = connect(command, host=f"localhost:{port}")
    error = failure(
        lambda: read_smtp_profile(settings), f"https://localhost:{port}", "refused the connection"
    )
    assert (error.kind, error.status, error.attempts) == ("connect", None, 1)
    assert error.detail == "Connection refused"


@pytest.mark.parametrize(
    ("number", "attempts"),
    [(socket.EAI_NONAME, 1), (socket.EAI_AGAIN, 3)],
    ids=["unknown", "again"],
)
def test_a_name_that_is_not_found(
    command: Command,
    connect: Connect,
    monkeypatch: pytest.MonkeyPatch,
    pauses: list[float],
    number: int,
    attempts: int,
) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise socket.gaierror(number, "Name not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    settings = connect(command, host="command.example.com", retries=2)
    error = failure(lambda: read_smtp_profile(settings), "command.example.com was not found", "DNS")
    assert (error.kind, error.detail, error.attempts) == ("resolve", "Name not known", attempts)
    assert len(pauses) == attempts - 1


def test_something_else_than_http(command: Command, connect: Connect) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings = connect(
            command, host=f"http://127.0.0.1:{server.getsockname()[1]}", allow_http=True
        )

        def greet() -> None:
            connection, _address = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"220 smtp.example.com ESMTP\r\n")

        greeter = threading.Thread(target=greet, daemon=True)
        greeter.start()
        error = failure(lambda: read_smtp_profile(settings), "does not speak HTTP", "host and port")
        greeter.join(5)
    assert error.kind == "protocol"


def explained(
    error: BaseException,
    *phrases: str,
    proxy: bool,
    client_cert: bool = False,
    hints: Hints = COMMAND_HINTS,
) -> CommandError:
    """Return the failure of a call, on which the environment names a proxy or not."""

    def call() -> None:
        raise explain(
            error,
            URL,
            hints,
            has_client_cert=client_cert,
            has_proxy=proxy,
            timeout=20,
        )

    found = failure(call, URL if proxy else "command.example.com", *phrases)
    assert found.url == URL
    return found


@pytest.mark.parametrize(
    "error", [NOT_FOUND, requests.exceptions.ConnectionError(OSError(NOT_FOUND)), *NO_ADDRESS]
)
def test_with_a_proxy_its_own_name_or_address_is_wrong(error: Exception) -> None:
    """The proxy looks up the server, so the server's name cannot be what was not found."""
    phrases = ["The proxy from the environment could not be used", "HTTPS_PROXY", "use_proxy"]
    found = explained(error, *phrases, proxy=True)
    assert (found.kind, found.transient) == ("connect", True)


def test_without_a_proxy_the_name_of_the_server_was_not_found() -> None:
    found = explained(NOT_FOUND, "The name command.example.com was not found", proxy=False)
    assert (found.kind, found.detail) == ("resolve", "Name or service not known")


@pytest.mark.parametrize("error", NO_ADDRESS)
def test_without_a_proxy_the_address_of_the_server_is_wrong(error: Exception) -> None:
    found = explained(error, "is not an address that can be called", proxy=False)
    assert (found.kind, found.transient) == ("configuration", False)


@pytest.mark.parametrize("proxy", [True, False])
def test_failure_of_a_proxy_is_recognized_by_its_type(proxy: bool) -> None:
    error = requests.exceptions.ProxyError("Unable to connect to proxy")
    assert explained(error, "The proxy from the environment", proxy=proxy).kind == "connect"


def test_proxy_that_wants_credentials_is_not_tried_again() -> None:
    """As http.client raises it, which urllib3 and requests wrap."""
    refused = OSError("Tunnel connection failed: 407 Proxy Authentication Required")
    error = requests.exceptions.ProxyError(refused)
    result = explained(error, "The proxy asks for credentials of its own (407)", proxy=True)
    assert result.transient is False


@pytest.mark.parametrize(
    "text",
    [
        "HTTPSConnectionPool(host='proxy.example.com', port=8407): Max retries exceeded",
        "Cannot connect to proxy 192.0.2.407",
        "Tunnel connection failed: 502 after 407 s",
    ],
)
def test_number_in_a_message_is_not_a_status(text: str) -> None:
    error = requests.exceptions.ProxyError(OSError(text))
    result = explained(error, "The proxy from the environment could not be used", proxy=True)
    assert result.transient is True


@pytest.mark.parametrize(
    ("error", "phrase"),
    [
        (ConnectionRefusedError(111, "Connection refused"), "refused the connection"),
        (requests.exceptions.ReadTimeout("timed out"), "did not answer completely within 20 s"),
        (TimeoutError(), "did not answer completely within 20 s"),
    ],
)
@pytest.mark.parametrize("proxy", [True, False])
def test_failure_behind_a_proxy_is_the_servers(error: Exception, phrase: str, proxy: bool) -> None:
    assert "proxy" not in explained(error, f"{URL} {phrase}", proxy=proxy).message


@pytest.mark.parametrize(
    ("error", "kind", "phrase"),
    [
        (ConnectionResetError(104, "Connection reset by peer"), "connect", "without a reply"),
        (OSError(113, "No route to host"), "connect", "could not be reached (No route to host)"),
        (
            requests.exceptions.ConnectionError(),
            "connect",
            "could not be reached (ConnectionError)",
        ),
        (requests.exceptions.ChunkedEncodingError(), "protocol", "was cut off before its end"),
        (IncompleteRead(b""), "protocol", "was cut off before its end"),
        (requests.exceptions.ContentDecodingError(), "protocol", "is not compressed as its header"),
        (BadStatusLine("220 smtp"), "protocol", "does not speak HTTP"),
    ],
)
def test_failure_of_a_connection_is_told_by_its_cause(
    error: Exception, kind: str, phrase: str
) -> None:
    found = explained(error, phrase, proxy=False)
    assert (found.kind, found.transient) == (kind, kind == "connect")


def verification_error(code: int) -> ssl.SSLError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code, error.verify_message = code, "the words of OpenSSL"
    error.reason = "CERTIFICATE_VERIFY_FAILED"
    return error


@pytest.mark.parametrize(
    ("code", "phrases"),
    [
        (10, ["has expired", "this machine's clock"]),
        (9, ["is not valid yet", "this machine's clock"]),
        (62, ["is not for the name command.example.com"]),
        (20, ["does not trust", "Set ca_cert"]),
        (26, ["was not accepted (the words of OpenSSL)", "ca_cert"]),
    ],
)
@pytest.mark.parametrize("proxy", [True, False])
def test_certificate_that_is_not_accepted(code: int, phrases: list[str], proxy: bool) -> None:
    """SSLError is a ValueError as well, and must not be taken for a proxy's wrong address."""
    found = explained(verification_error(code), *phrases, proxy=proxy)
    assert (found.kind, found.detail) == ("tls", "the words of OpenSSL")


@pytest.mark.parametrize("reason", ["NO_PROTOCOLS_AVAILABLE", None])
def test_handshake_that_ends_without_a_verdict_on_the_certificate(reason: str | None) -> None:
    error = ssl.SSLError(1, "handshake failure")
    error.reason = reason  # type: ignore[assignment]
    shown = reason or "no reason given"
    found = explained(error, f"ended the TLS handshake ({shown})", proxy=False)
    assert (found.kind, found.detail) == ("tls", reason)


@pytest.mark.parametrize(
    ("client_cert", "phrase"),
    [(False, "wants a client certificate"), (True, "refused our client certificate")],
)
def test_alert_about_our_certificate(client_cert: bool, phrase: str) -> None:
    error = ssl.SSLError(1, "alert")
    error.reason = "TLSV13_ALERT_CERTIFICATE_REQUIRED"
    found = explained(error, phrase, "client_key", proxy=False, client_cert=client_cert)
    assert found.kind == "tls"


FAILURES = [
    NOT_FOUND,
    ConnectionRefusedError(111, "Connection refused"),
    ConnectionResetError(104, "Connection reset by peer"),
    OSError(113, "No route to host"),
    TimeoutError(),
    BadStatusLine("220 smtp"),
    *map(verification_error, (9, 10, 20, 26, 62)),
]


@pytest.mark.parametrize("error", FAILURES, ids=repr)
def test_hints_at_a_token_endpoint_name_its_own_options(error: BaseException) -> None:
    """Nothing at the identity provider depends on the options of Command's address."""
    message = explained(error, proxy=False, hints=TOKEN_HINTS).message
    assert not re.search(r"\b(host and port|api_path|client_cert|client_key)\b", message)
    assert "SMTP profile" not in message
    command = explained(error, proxy=False).message
    assert "token_url" not in command
    assert "auth_ca_cert" not in command


def tls_error(reason: str | None) -> ssl.SSLError:
    error = ssl.SSLError(1, "handshake failure")
    error.reason = reason  # type: ignore[assignment]
    return error


# In which {} is the address that was called.
MESSAGES: list[tuple[BaseException, str]] = [
    (
        NOT_FOUND,
        "The name command.example.com was not found (Name or service not known). Check SERVER, and "
        "the DNS of the machine that makes the call.",
    ),
    (
        TimeoutError(),
        "{} did not answer completely within 20 s. Check SERVER and the way to the server, or "
        "raise timeout.",
    ),
    (ValueError(), "{} is not an address that can be called."),
    (
        requests.exceptions.ChunkedEncodingError(),
        "The reply of {} was cut off before its end. Look at the server and at the proxies or load "
        "balancers before it.",
    ),
    (
        requests.exceptions.ContentDecodingError(),
        "The reply of {} is not compressed as its header says.",
    ),
    (BadStatusLine(""), "What answers at {} does not speak HTTP. Check SERVER."),
    (
        ConnectionRefusedError(111, "Connection refused"),
        "{} refused the connection. Check SERVER, and that the server runs.",
    ),
    (
        ConnectionResetError(104, "Connection reset by peer"),
        "{} closed the connection without a reply. Check SERVER, and look at the server's log.",
    ),
    (
        OSError(113, "No route to host"),
        "{} could not be reached (No route to host). Check SERVER, routes and firewalls of the "
        "machine that makes the call.",
    ),
    (
        requests.exceptions.ProxyError(),
        "The proxy from the environment could not be used, on the way to {}. Check HTTPS_PROXY and "
        "NO_PROXY, or set use_proxy to false.",
    ),
    (
        requests.exceptions.ProxyError(OSError("Tunnel connection failed: 407 Proxy")),
        "The proxy asks for credentials of its own (407), on the way to {}. Check HTTPS_PROXY and "
        "NO_PROXY, or set use_proxy to false.",
    ),
    *(
        (
            verification_error(code),
            "The certificate of {} is not for the name command.example.com. Call the server by a "
            "name in its certificate, or have the certificate replaced.",
        )
        for code in (62, 64)
    ),
    (
        verification_error(9),
        "The certificate of {}, or one of its issuers, is not valid yet. Renew it on the server, "
        "and check this machine's clock.",
    ),
    (
        verification_error(10),
        "The certificate of {}, or one of its issuers, has expired. Renew it on the server, and "
        "check this machine's clock.",
    ),
    *(
        (
            verification_error(code),
            "The certificate of {} is from an authority that this machine does not trust. Set CA to "
            "the certificate of that authority.",
        )
        for code in (2, 18, 19, 20, 21)
    ),
    (
        verification_error(26),
        "The certificate of {} was not accepted (the words of OpenSSL). Check the server's "
        "certificate, and CA for its authority.",
    ),
    (
        tls_error(None),
        "{} ended the TLS handshake (no reason given). Check the port and the server's TLS "
        "settings, and CA.",
    ),
    *(
        (
            tls_error(reason),
            "{} answers without TLS on that port. Check SERVER: the port of HTTPS is usually 443.",
        )
        for reason in ("WRONG_VERSION_NUMBER", "http_request", "PACKET_LENGTH_TOO_LONG")
    ),
    *(
        (tls_error(f"TLSV13_ALERT_{reason}"), "{} wants a client certificate. Give one.")
        for reason in (
            "CERTIFICATE_REQUIRED",
            "BAD_CERTIFICATE",
            "UNKNOWN_CA",
            "CERTIFICATE_UNKNOWN",
            "CERTIFICATE_EXPIRED",
            "CERTIFICATE_REVOKED",
            "UNSUPPORTED_CERTIFICATE",
        )
    ),
]


@pytest.mark.parametrize(("error", "message"), MESSAGES, ids=lambda value: repr(value)[:60])
def test_whole_message(error: BaseException, message: str) -> None:
    hints = Hints("SERVER", "PATH", "CA", "Give one.")
    found = explain(error, URL, hints, has_client_cert=False, has_proxy=False, timeout=20)
    assert found.message == message.format(URL)
    assert found.status is None
