# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tests of the delivery of test mails to a mail server."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.emulator import Emulator, SmtpProfile
from tests.emulator.mail import Mail, deliver


class Handler(socketserver.StreamRequestHandler):
    """Takes mail without TLS and without a login."""

    def handle(self) -> None:
        lines: list[bytes] = self.server.lines  # type: ignore[attr-defined]
        self.wfile.write(b"220 ready\r\n")
        in_data = False
        for line in self.rfile:
            lines.append(line.strip())
            command = line[:4].upper().strip()
            if in_data:
                in_data = line.strip() != b"."
                reply = b"" if in_data else b"250 taken\r\n"
            elif command == b"RCPT" and b"nobody" in line:
                reply = b"550 5.1.1 unknown\r\n"
            elif command == b"DATA":
                in_data, reply = True, b"354 go on\r\n"
            elif command == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                reply = b"250 relay\r\n"
            self.wfile.write(reply)


class MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.lines: list[bytes] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server
        server.shutdown()


def profile(server: MailServer) -> SmtpProfile:
    port = int(server.server_address[1])
    return SmtpProfile(host="127.0.0.1", port=port, use_ssl=False, relay_authentication_type=0)


def test_mail_is_delivered(mail_server: MailServer) -> None:
    assert deliver(Mail(profile(mail_server), "pki@example.com")) is None
    assert b"To: pki@example.com" in mail_server.lines
    assert b"From: keyfactor@keyexample.com" in mail_server.lines


def test_refusals(mail_server: MailServer, emulator: Emulator) -> None:
    assert "5.1.1" in str(deliver(Mail(profile(mail_server), "nobody@example.com")))
    # It offers no TLS and no login.
    encrypted = replace(profile(mail_server), use_ssl=True)
    assert "STARTTLS" in str(deliver(Mail(encrypted, "pki@example.com")))
    basic = replace(profile(mail_server), relay_authentication_type=2)
    assert "AUTH" in str(deliver(Mail(basic, "pki@example.com")))
    closed = replace(profile(mail_server), port=emulator.closed_port())
    assert "refused" in str(deliver(Mail(closed, "pki@example.com")))
    assert b"DATA" not in mail_server.lines
