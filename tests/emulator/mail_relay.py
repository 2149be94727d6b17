# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A mail relay on a loopback port that keeps the mail that it gets, and fails on demand."""

from __future__ import annotations

import base64
import binascii
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_string, policy
from email.message import EmailMessage

BACKLOG = 128
GREETING, STARTTLS, DATA = "GREETING", "STARTTLS", "DATA"
LOGIN_PROMPTS = ("334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6")


@dataclass(frozen=True)
class MailRelayOptions:
    """How a relay behaves.

    :param context: its TLS, None for none.
    :param implicit: whether TLS begins with the connection.
    :param users: passwords by user name.
    :param auth: the mechanisms that it offers, once TLS is used.
    :param plain_auth: the mechanisms that it offers without TLS.
    :param extensions: further lines of its reply to EHLO.
    :param replies: replies that replace its own, by command or GREETING. Lines end with a newline.
    :param drop: the command at which it closes the connection.
    :param stall: the command that it never answers completely.
    :param injected: what it sends right after its reply to STARTTLS.
    """

    context: ssl.SSLContext | None = None
    implicit: bool = False
    users: Mapping[str, str] = field(default_factory=dict)
    auth: tuple[str, ...] = ()
    plain_auth: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ("PIPELINING", "8BITMIME", "SMTPUTF8")
    replies: Mapping[str, str] = field(default_factory=dict)
    drop: str = ""
    stall: str = ""
    injected: str = ""
    address: str = "127.0.0.1"


class MailRelay:
    """A relay that serves until it is stopped, each connection in a thread."""

    def __init__(self, options: MailRelayOptions) -> None:
        self.options = options
        self.host = "::1" if ":" in options.address else "localhost"
        self._commands: list[str] = []
        self._mails: list[EmailMessage] = []
        self._stopping = threading.Event()
        family = socket.AF_INET6 if ":" in options.address else socket.AF_INET
        self._socket = socket.create_server((options.address, 0), family=family, backlog=BACKLOG)
        self.port = int(self._socket.getsockname()[1])
        self._thread = threading.Thread(target=self._accept, daemon=True, name="mail-relay")
        self._thread.start()

    @property
    def commands(self) -> list[str]:
        """The lines received so far, in order."""
        return list(self._commands)

    @property
    def mails(self) -> list[EmailMessage]:
        """The mails received so far, in order."""
        return list(self._mails)

    def clear(self) -> None:
        """Forget the lines and the mails received so far."""
        self._commands.clear()
        self._mails.clear()

    def stop(self) -> None:
        """Stop to accept connections, and end those that stall."""
        self._stopping.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _address = self._socket.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        # OSError: the client has closed the connection, or refused the certificate.
        with connection, suppress(OSError):
            if self.options.implicit:
                assert self.options.context
                connection = self.options.context.wrap_socket(connection, server_side=True)
            received = self._commands, self._mails
            MailSession(connection, self.options, received, self._stopping).run()


class MailSession:
    """One connection to a relay."""

    def __init__(
        self,
        connection: socket.socket,
        options: MailRelayOptions,
        received: tuple[list[str], list[EmailMessage]],
        stopping: threading.Event,
    ) -> None:
        self._socket = connection
        self._options = options
        self._commands, self._mails = received
        self._stopping = stopping
        self._received = b""

    def run(self) -> None:
        """Serve until either side ends the session."""
        greeting = "220-relay.keyexample.com ESMTP\n220 no unsolicited mail"
        open_session = self._reply(GREETING, greeting)
        while open_session:
            line = self._read()
            if line is None:
                break
            verb = line.split(" ")[0].upper()
            open_session = self._reply(verb, self._answer(verb, line)) and verb != "QUIT"
            if verb == STARTTLS and STARTTLS not in self._options.replies and open_session:
                assert self._options.context
                self._received = b""
                self._socket = self._options.context.wrap_socket(self._socket, server_side=True)
            if verb == DATA and DATA not in self._options.replies and open_session:
                self._mails.append(self._read_mail())
                self._send("250 2.0.0 taken")
        with suppress(OSError):
            self._socket.close()

    def _answer(self, verb: str, line: str) -> str:
        if verb == "EHLO":
            return "\n".join(self._hello())
        if verb == "AUTH":
            return self._authenticate(line)
        answers = {"HELO": "250 relay.keyexample.com", "QUIT": "221 2.0.0 bye"}
        answers |= {STARTTLS: "220 2.0.0 ready", DATA: "354 go on"}
        known = {"MAIL", "RCPT", "RSET", "NOOP"}
        return answers.get(verb, "250 2.0.0 ok" if verb in known else "502 5.5.1 unknown command")

    def _hello(self) -> list[str]:
        secure = isinstance(self._socket, ssl.SSLSocket)
        lines = ["relay.keyexample.com", *self._options.extensions]
        if self._options.context and not secure:
            lines.append(STARTTLS)
        methods = self._options.auth if secure else self._options.plain_auth
        if methods:
            lines.append(f"AUTH {' '.join(methods)}")
        return [f"250-{line}" for line in lines[:-1]] + [f"250 {lines[-1]}"]

    def _authenticate(self, line: str) -> str:
        words = line.split(" ")
        try:
            if words[1] == "PLAIN":
                _zone, user, password = base64.b64decode(words[2]).decode().split("\0")
            else:
                answers = []
                for prompt in LOGIN_PROMPTS:
                    self._send(prompt)
                    answers.append(base64.b64decode(self._read() or "").decode())
                user, password = answers
        except (ValueError, IndexError, binascii.Error):
            return "501 5.5.4 what is this"
        if self._options.users.get(user) == password:
            return "235 2.7.0 welcome"
        # As some relays do, with what they were told.
        return f"535 5.7.8 no such user or password: {line} {user} {password}"

    def _reply(self, verb: str, text: str) -> bool:
        """Return whether the session goes on."""
        if verb == self._options.drop:
            return False
        text = self._options.replies.get(verb, text)
        if verb == self._options.stall:
            self._socket.sendall(text[:1].encode())
            self._stopping.wait()
            return False
        self._send(text, self._options.injected if verb == STARTTLS else "")
        return True

    def _send(self, text: str, more: str = "") -> None:
        lines = [*text.split("\n"), *filter(None, [more])]
        self._socket.sendall(b"".join(f"{line}\r\n".encode() for line in lines))

    def _read_mail(self) -> EmailMessage:
        lines = []
        while (line := self._read_line()) != ".":
            if line is None:
                raise ConnectionError("The connection was closed within a mail.")
            lines.append(line.removeprefix("."))
        return message_from_string("\n".join(lines), policy=policy.default)

    def _read(self) -> str | None:
        """Return a command, or a part of one, and record it."""
        line = self._read_line()
        if line is not None:
            self._commands.append(line)
        return line

    def _read_line(self) -> str | None:
        while b"\n" not in self._received:
            content = self._socket.recv(4096)
            if not content:
                return None
            self._received += content
        line, _newline, self._received = self._received.partition(b"\n")
        return line.decode("utf-8", "replace").rstrip("\r")
