# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of connections, recorded requests, many servers and stopping them."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from pathlib import Path

import pytest
import requests

from tests.emulator import Emulator, Headers, Tls

from .conftest import GET, USER, USERS, Read, connect


def test_records_requests(emulator: Emulator, read: Read) -> None:
    command = emulator.command(users=USERS, name="production")
    assert command.name == "production"
    assert (command.requests, command.connections) == ([], 0)
    read(command, "1")
    read(command, auth=None)
    first, second = command.requests
    assert (first.method, first.path, first.body) == ("GET", "/KeyfactorAPI/SMTP", b"")
    assert (first.status, second.status) == (200, 401)
    assert first.headers["X-KEYFACTOR-API-VERSION"] == "1"
    assert "authorization" in first.headers
    assert "authorization" not in second.headers
    command.clear()
    assert (command.requests, command.connections) == ([], 0)


def test_headers_are_a_case_insensitive_mapping() -> None:
    headers = Headers([("Accept", "a"), ("X-One", "1"), ("accept", "b")])
    assert dict(headers) == {"Accept": "a, b", "X-One": "1"}
    assert len(headers) == 2
    assert headers.get("none") is None
    assert "X-One" in repr(headers)


def test_keeps_connection_alive(emulator: Emulator, read: Read) -> None:
    command = emulator.command(users=USERS)
    statuses = [read(command, auth=auth).status_code for auth in ((USER, "secret"), None) * 5]
    assert statuses == [200, 401] * 5
    assert command.connections == 1


def test_closes_connection_on_request(emulator: Emulator, read: Read) -> None:
    command = emulator.command(users=USERS)
    for _attempt in range(2):
        assert read(command, headers={"Connection": "close"}).headers["Connection"] == "close"
    assert command.connections == 2


def test_pipelined_requests(emulator: Emulator, ssl_context: ssl.SSLContext) -> None:
    command = emulator.command(users=USERS)
    with connect(command, ssl_context) as sock:
        sock.sendall(GET + GET.replace(b"Host: a", b"Connection: close"))
        received = b"".join(iter(lambda: sock.recv(65536), b""))
    assert received.count(b"HTTP/1.1 401 Unauthorized\r\n") == 2


@pytest.mark.parametrize(
    "garbage",
    [
        b"hello\r\n\r\n",
        b"GET / HTTP/3\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
)
def test_refuses_invalid_requests(emulator: Emulator, garbage: bytes) -> None:
    command = emulator.command(tls=Tls.PLAIN_HTTP)
    with socket.create_connection(("127.0.0.1", command.port), timeout=5) as sock:
        sock.sendall(garbage)
        sock.shutdown(socket.SHUT_WR)
        received = b"".join(iter(lambda: sock.recv(65536), b""))
    assert received.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert command.requests == []


def test_idle_clients_do_not_block_others(emulator: Emulator, read: Read) -> None:
    command, other = emulator.command(users=USERS), emulator.command(users=USERS)
    idle = [socket.create_connection(("127.0.0.1", command.port)) for _attempt in range(5)]
    assert read(command).status_code == 200
    assert read(other).status_code == 200
    assert command.connections == 6
    for sock in idle:
        sock.close()


def test_concurrent_clients(emulator: Emulator, read: Read) -> None:
    command = emulator.command(users=USERS, latency=0.05)
    statuses: list[int] = []

    def read_once() -> None:
        headers = {"Connection": "close"}
        statuses.append(read(command, headers=headers).status_code)

    threads = [threading.Thread(target=read_once) for _attempt in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 20
    assert len(command.requests) == 20


def test_closed_port_refuses_connections(emulator: Emulator) -> None:
    first, second = emulator.closed_port(), emulator.closed_port()
    assert first != second
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", first))


def test_stop_promptly_closes_all_connections(tmp_path: Path) -> None:
    with Emulator(tmp_path) as emulator:
        command = emulator.command(users=USERS)
        idle = socket.create_connection(("127.0.0.1", command.port), timeout=5)
        ssl_context = ssl.create_default_context(cafile=str(emulator.ca_cert))
        idle = connect(command, ssl_context)
        idle.sendall(GET)
        assert idle.recv(65536).startswith(b"HTTP/1.1 401")
        start = time.monotonic()
    assert time.monotonic() - start < 10
    with idle, idle:
        assert idle.recv(1) == b""
        assert idle.recv(1) == b""
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", command.port))


def test_a_thousand_environments(tmp_path: Path) -> None:
    start = time.process_time()
    with Emulator(tmp_path) as emulator:
        commands = [emulator.command(name=f"env-{number}") for number in range(1000)]
        assert len({command.port for command in commands}) == 1000
        for command in (commands[0], commands[-1]):
            reply = requests.get(command.url, verify=str(emulator.ca_cert), timeout=5)
            assert reply.status_code == 404
    assert time.process_time() - start < 5
