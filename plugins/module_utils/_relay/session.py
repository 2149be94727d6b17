# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A session with a mail relay (RFC 5321), within one deadline.

In place of smtplib: that has no deadline over the whole, and ignores what is sent between the
reply to STARTTLS and the handshake, which is what an attacker on the way would inject.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple

from .._http.deadline import Deadline
from .._sanitize import quote_untrusted
from .checks import FAILED, UNKNOWN, StepError

MAX_REPLY = 64 * 1024
CHUNK = 4096
REPLY_LINE = re.compile(r"([2-5][0-9]{2})([ -]?)(.*)")
ENHANCED_CODE = re.compile(r"([245]\.[0-9]{1,3}\.[0-9]{1,3})(?: |$)")
HOST_NAME = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


class Reply(NamedTuple):
    """A reply: its code, its lines without the code, and the text as messages quote it."""

    code: int
    lines: list[str]
    quoted: str

    @property
    def accepted(self) -> bool:
        """Whether the relay did what the command says, or wants its next part."""
        return self.code < 400

    @property
    def temporary(self) -> bool:
        """Whether the same command may be accepted later."""
        return 400 <= self.code < 500

    @property
    def enhanced_code(self) -> str:
        """The enhanced status code (RFC 3463) such as 5.7.1, or empty."""
        match = ENHANCED_CODE.match(self.lines[-1])
        return match[1] if match else ""


class Session:
    """The commands and replies over one connection.

    :param label: the relay in messages, as in C(smtp.example.com:587).
    :param here: the name of this machine in messages.
    :param secrets: texts that are masked where the relay's text is quoted.
    """

    def __init__(
        self,
        connection: socket.socket,
        label: str,
        here: str,
        deadline: Deadline,
        secrets: Iterable[str],
    ) -> None:
        self.label = label
        self.here = here
        self.extensions: dict[str, list[str]] = {}
        self._socket = connection
        self._deadline = deadline
        self._secrets = tuple(secrets)
        self._received = b""
        self._greeted = False

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def greet(self) -> str:
        """Return the greeting, after EHLO or HELO. :raises StepError: if the relay refuses."""
        greeting = self._read_reply()
        if greeting.code != 220:
            raise StepError(
                UNKNOWN,
                f"{self.label} refuses {self.here}: {greeting.quoted}. A relay may refuse one "
                f"machine and take mail from another: allow that machine, or probe from another "
                f"one.",
            )
        self._greeted = True
        self.hello()
        return greeting.quoted

    def hello(self) -> None:
        """Introduce this machine, and learn the relay's extensions. :raises StepError: if refused."""
        name = self._own_name()
        reply = self.command(f"EHLO {name}")
        if reply.code in (500, 502, 504):  # as old as RFC 821
            reply = self.command(f"HELO {name}")
            reply = reply._replace(lines=reply.lines[:1])
        if reply.code != 250:
            raise StepError(
                UNKNOWN,
                f"{self.label} refuses {self.here} by the name {name}: {reply.quoted}. Check the "
                f"relay's rules for names and addresses of machines.",
            )
        self.extensions = {}
        for line in reply.lines[1:]:
            keyword, *parameters = line.replace("AUTH=", "AUTH ").upper().split() or [""]
            known = self.extensions.setdefault(keyword, [])
            known += [each for each in parameters if each not in known]

    def command(self, line: str) -> Reply:
        """Send a command and return its reply. :raises StepError: if none comes."""
        self._send(line.encode() + b"\r\n")
        return self._read_reply()

    def start_tls(self, context: ssl.SSLContext, name: str) -> ssl.SSLSocket:
        """Secure the connection.

        :raises StepError: if something else was sent before the handshake.
        :raises ssl.SSLError: if the handshake fails.
        """
        if self._received:
            raise StepError(
                FAILED,
                f"{self.label} sent more than its reply to STARTTLS, before TLS began: "
                f"{self._quote(self._received)}. Something on the way may have injected it.",
            )
        try:
            self._socket.settimeout(self._deadline.remaining())
            self._socket = context.wrap_socket(self._socket, server_hostname=name)
        except (TimeoutError, socket.timeout):
            raise self._late() from None
        except ssl.SSLError as error:
            if isinstance(error, ssl.SSLEOFError) and not self._greeted:
                raise self._closed() from None
            raise
        except OSError as error:
            raise self._closed(error) from None
        return self._socket

    def quit(self) -> None:
        """End the session. The relay's answer does not matter."""
        with suppress(StepError):
            self._send(b"QUIT\r\n")

    def _own_name(self) -> str:
        """Return this machine's name if it is a full one, or its address (RFC 5321, 4.1.3)."""
        if HOST_NAME.fullmatch(self.here):
            return self.here
        address = str(self._socket.getsockname()[0]).partition("%")[0]
        return f"[IPv6:{address}]" if ":" in address else f"[{address}]"

    def _send(self, content: bytes) -> None:
        try:
            self._socket.settimeout(self._deadline.remaining())
            self._socket.sendall(content)
        except (TimeoutError, socket.timeout):
            raise self._late() from None
        except OSError as error:
            raise self._closed(error) from None

    def _read_reply(self) -> Reply:
        lines: list[str] = []
        code, size = "", 0
        while True:
            raw = self._read_line()
            size += len(raw)
            line = raw.decode("utf-8", "replace").rstrip("\r\n")
            match = REPLY_LINE.fullmatch(line)
            if not match or (code and match[1] != code) or size > MAX_REPLY:
                raise self._not_smtp(raw)
            code = match[1]
            lines.append(match[3])
            if match[2] != "-":
                text = quote_untrusted(" ".join([code, *lines]), self._secrets)
                return Reply(int(code), lines, text)

    def _read_line(self) -> bytes:
        while b"\n" not in self._received:
            if len(self._received) > MAX_REPLY:
                raise self._not_smtp(self._received)
            try:
                self._socket.settimeout(self._deadline.remaining())
                content = self._socket.recv(CHUNK)
            except (TimeoutError, socket.timeout):
                raise self._late() from None
            except OSError as error:
                raise self._closed(error) from None
            if not content:
                raise self._closed()
            self._received += content
        line, _newline, self._received = self._received.partition(b"\n")
        return line

    def _quote(self, content: bytes) -> str:
        return repr(quote_untrusted(content.decode("utf-8", "replace"), self._secrets))

    def _not_smtp(self, content: bytes) -> StepError:
        message = f"{self.label} does not speak SMTP: it sent {self._quote(content)}."
        return StepError(FAILED, f"{message} Check host and port.")

    def _late(self) -> StepError:
        hint = "Check the relay and the way to it, or raise timeout."
        if not self._greeted and not isinstance(self._socket, ssl.SSLSocket):
            hint += " A port for TLS from the first byte, such as 465, does not greet without it."
        message = (
            f"{self.label} did not answer {self.here} in time: the probe may take "
            f"{self._deadline.seconds:g} s in all. {hint}"
        )
        return StepError(UNKNOWN, message)

    def _closed(self, error: OSError | None = None) -> StepError:
        reason = f" ({error.strerror or type(error).__name__})" if error else ""
        if not self._greeted:
            # Many relays, and firewalls before them, refuse machines in this way.
            message = f"{self.label} closed the connection from {self.here} before a greeting"
            hint = "Check that the relay runs, and whether it takes mail from that machine."
            return StepError(UNKNOWN, f"{message}{reason}. {hint}")
        message = f"{self.label} closed the connection in the middle of the session{reason}."
        return StepError(FAILED, f"{message} Look at the relay's log.")
