# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of each fault as a client observes it."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from tests.emulator import Command, Emulator, Fault

from .conftest import GET, USERS, Read, connect

MEBIBYTE = 1024 * 1024


@pytest.fixture
def command(emulator: Emulator) -> Command:
    return emulator.command(users=USERS)


def test_status_with_headers_and_body(command: Command, read: Read) -> None:
    command.faults = [Fault.status(503, retry_after="1", headers={"X-Front": "f5"})]
    reply = read(command)
    assert (reply.status_code, reply.content) == (503, b"")
    assert (reply.headers["Retry-After"], reply.headers["X-Front"]) == ("1", "f5")
    command.faults = [Fault.status(403, body={"Message": "no"})]
    assert read(command).json() == {"Message": "no"}
    assert read(command).headers["Content-Type"].startswith("application/json")
    command.faults = [Fault.status(599, body="plain", media_type="text/plain")]
    reply = read(command)
    assert (reply.status_code, reply.text) == (599, "plain")
    assert reply.headers["Content-Type"] == "text/plain"


def test_times_limits_requests(command: Command, read: Read) -> None:
    command.faults = [
        Fault.none(times=1),
        Fault.status(429, times=2),
        Fault.status(503, times=1),
    ]
    assert [read(command).status_code for _attempt in range(5)] == [200, 429, 429, 503, 200]
    command.faults = [Fault.status(502)]
    assert [read(command).status_code for _attempt in range(3)] == [502] * 3
    command.faults = []
    assert read(command).status_code == 200


def test_shared_fault_counts_per_server(emulator: Emulator, read: Read) -> None:
    faults = [Fault.status(503, times=1)]
    for _attempt in range(2):
        command = emulator.command(users=USERS, faults=faults)
        assert [read(command).status_code for _attempt in range(2)] == [503, 200]


@pytest.mark.parametrize(
    ("fault", "media_type", "part"),
    [
        (Fault.html(), "text/html", b"<html>"),
        (Fault.login_page(), "text/html", b'type="password"'),
        (Fault.not_json(), "application/json", b"not JSON"),
        (Fault.truncated_json(), "application/json", b'{"Host"'),
        (Fault.body(b"\xff\xfe", media_type="text/plain"), "text/plain", b"\xff\xfe"),
    ],
)
def test_replaces_body(
    command: Command,
    read: Read,
    fault: Fault,
    media_type: str,
    part: bytes,
) -> None:
    command.faults = [fault]
    reply = read(command)
    assert reply.status_code == 200
    assert reply.headers["Content-Type"].startswith(media_type)
    assert part in reply.content
    with pytest.raises(ValueError):
        reply.json()


@pytest.mark.parametrize("chunked", [False, True])
def test_too_large(command: Command, read: Read, chunked: bool) -> None:
    command.faults = [Fault.too_large(chunked=chunked)]
    reply = read(command)
    assert len(reply.content) > MEBIBYTE
    assert ("Content-Length" in reply.headers) is not chunked
    assert "SenderName" in reply.json()
    command.faults = []
    assert read(command).status_code == 200


def test_gzip_bomb(command: Command, read: Read) -> None:
    command.faults = [Fault.gzip_bomb()]
    reply = read(command)
    assert int(reply.headers["Content-Length"]) < MEBIBYTE / 8
    assert reply.headers["Content-Encoding"] == "gzip"
    assert len(reply.content) > MEBIBYTE


def test_redirect(command: Command, read: Read) -> None:
    command.faults = [Fault.redirect("https://login.example.com/", status=307)]
    reply = read(command)
    assert reply.status_code == 307
    assert reply.headers["Location"] == "https://login.example.com/"


def test_cut_off(command: Command, ssl_context: ssl.SSLContext) -> None:
    command.faults = [Fault.cut_off()]
    with connect(command, ssl_context) as sock:
        sock.sendall(GET)
        head, _blank, body = b"".join(iter(lambda: sock.recv(65536), b"")).partition(b"\r\n\r\n")
    announced = int(head.lower().partition(b"content-length: ")[2].split()[0])
    assert 0 < len(body) < announced


def test_cut_off_fails_in_requests(command: Command, read: Read) -> None:
    command.faults = [Fault.cut_off()]
    reply = read(command, stream=True)
    # urllib3 before version 2 does not enforce it by default.
    reply.raw.enforce_content_length = True
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        bytes(reply.content)


def test_drop(command: Command, read: Read) -> None:
    command.faults = [Fault.drop(times=1)]
    with pytest.raises(requests.ConnectionError):
        read(command)
    assert read(command).status_code == 200
    assert [request.status for request in command.requests] == [None, 200]


@pytest.mark.parametrize(("part", "prefix"), [("headers", b"H"), ("body", b"HTTP/1.1 401 ")])
def test_drip(command: Command, ssl_context: ssl.SSLContext, part: str, prefix: bytes) -> None:
    command.faults = [Fault.drip(part, interval=0.01)]  # type: ignore[arg-type]
    with connect(command, ssl_context) as sock:
        sock.sendall(GET)
        first = sock.recv(65536)
        assert first.startswith(prefix)
        assert (len(first) == 1) is (part == "headers")
        assert [len(sock.recv(65536)) for _attempt in range(3)] == [1, 1, 1]


def test_drip_completes_reply(command: Command, read: Read) -> None:
    for part in ("headers", "body"):
        command.faults = [Fault.drip(part, interval=0.0001)]  # type: ignore[arg-type]
        assert read(command).json()["Port"] == 587


def test_drip_refuses_unknown_part() -> None:
    with pytest.raises(ValueError, match="headers"):
        Fault.drip("tail")  # type: ignore[arg-type]


def test_delay_combines_with_next_fault(command: Command, read: Read) -> None:
    command.faults = [Fault.delay(0.05, times=1), Fault.status(503)]
    start = time.monotonic()
    assert read(command).status_code == 503
    assert time.monotonic() - start >= 0.05
    command.faults = [Fault.delay(60)]
    with pytest.raises(requests.ReadTimeout):
        read(command, timeout=0.1)


@pytest.mark.parametrize(
    "make_fault",
    [lambda: Fault.delay(60), lambda: Fault.drip("headers", interval=60)],
    ids=["delay", "drip"],
)
def test_stop_does_not_wait_for_faults(tmp_path: Path, make_fault: Callable[[], Fault]) -> None:
    with Emulator(tmp_path) as emulator:
        command = emulator.command(faults=[make_fault()])
        with pytest.raises(requests.ReadTimeout):
            requests.get(command.url, verify=str(emulator.ca_cert), timeout=0.1)
        start = time.monotonic()
    assert time.monotonic() - start < 30
