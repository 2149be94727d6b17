# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Failures below HTTP: trust, connection, name, and servers of another protocol."""

from __future__ import annotations

import socket
import threading
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp import read_smtp_profile
from tests.emulator import Command, Emulator, Tls
from tests.unit.support import Connect, failure


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
