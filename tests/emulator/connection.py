# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP/1.1 on one connection: read requests and send replies, with a fault if requested."""

from __future__ import annotations

import select
import socket
import ssl
import threading
from contextlib import suppress
from email.utils import formatdate
from http.client import parse_headers

from .faults import Delivery, Fault
from .messages import Headers, Reply, Request, reason_phrase

LINE_LIMIT = 65536
BODY_LIMIT = 1024 * 1024
LINGER_SECONDS = 1.0
CERTIFICATE_SECONDS = 10.0


class Connection:
    """The connection of one client."""

    def __init__(self, sock: socket.socket, stopping: threading.Event) -> None:
        self._socket = sock
        self._file = sock.makefile("rb")
        self._stopping = stopping
        self._certificate = _common_name(sock)

    def read(self) -> Request | None:
        """Read the next request; None at the end. Raise ValueError for invalid HTTP."""
        line = self._file.readline(LINE_LIMIT)
        if not line:
            return None
        method, target, version = line.decode("latin-1").split()
        if not version.startswith("HTTP/1."):
            raise ValueError("not HTTP/1")
        headers = Headers(parse_headers(self._file).items())
        if "Transfer-Encoding" in headers:
            raise ValueError("a body without Content-Length")
        length = int(headers.get("Content-Length", "0"))
        if not 0 <= length <= BODY_LIMIT:
            raise ValueError("invalid Content-Length")
        body = self._file.read(length)
        if isinstance(self._socket, ssl.SSLSocket) and self._socket.context.post_handshake_auth:
            self._request_certificate(self._socket)
        keep_alive = version != "HTTP/1.0" and headers.get("Connection", "").lower() != "close"
        return Request(
            method,
            target,
            headers,
            body,
            certificate=self._certificate,
            keep_alive=keep_alive,
        )

    def _request_certificate(self, sock: ssl.SSLSocket) -> None:
        """Ask for a client certificate after the handshake; raise OSError without a valid one."""
        sock.verify_client_post_handshake()
        sock.do_handshake()
        sock.setblocking(False)
        while not sock.getpeercert():
            select.select([sock], [], [], CERTIFICATE_SECONDS)
            # The client has sent its request: only its certificate, or an alert, can follow.
            with suppress(ssl.SSLWantReadError):
                sock.recv(1)
        sock.setblocking(True)
        self._certificate = _common_name(sock)

    def send(self, request: Request, reply: Reply, fault: Fault) -> bool:
        """Send the reply as the fault requires; return whether to read another request."""
        head = _head(reply, request.keep_alive)
        body = b"" if request.method == "HEAD" else _framed(reply)
        if fault.delivery is Delivery.CUT_OFF:
            self._socket.sendall(head + body[: len(body) // 2])
            return False
        if fault.delivery is Delivery.DRIP_HEADERS:
            return self._drip(head + body, fault.interval) and request.keep_alive
        if fault.delivery is Delivery.DRIP_BODY:
            self._socket.sendall(head)
            return self._drip(body, fault.interval) and request.keep_alive
        self._socket.sendall(head + body)
        return request.keep_alive

    def send_bad_request(self) -> None:
        """Reply with status 400 to invalid HTTP."""
        self._socket.sendall(_head(Reply(400), keep_alive=False))

    def _drip(self, content: bytes, interval: float) -> bool:
        for position in range(len(content)):
            self._socket.sendall(content[position : position + 1])
            if self._stopping.wait(interval):
                return False
        return True


def linger(sock: socket.socket) -> None:
    """Shut down the sending side and wait for the client to close.

    Closing while the client still sends would reset the connection, and the client would lose
    the last bytes sent to it, such as a TLS alert. The calls use the methods of socket.socket,
    because a TLS close_notify would make a truncated reply look complete.
    """
    with suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_WR)
        sock.settimeout(LINGER_SECONDS)
        while socket.socket.recv(sock, LINE_LIMIT):
            pass


def _head(reply: Reply, keep_alive: bool) -> bytes:
    lines = [
        f"HTTP/1.1 {reply.status} {reason_phrase(reply.status)}",
        f"Date: {formatdate(usegmt=True)}",
        "Transfer-Encoding: chunked" if reply.chunked else f"Content-Length: {len(reply.body)}",
    ]
    if reply.media_type is not None:
        lines.append(f"Content-Type: {reply.media_type}")
    headers = Headers(reply.headers.items())
    if "Server" not in headers:
        lines.append("Server: Microsoft-IIS/10.0")
    lines += [f"{name}: {value}" for name, value in reply.headers.items()]
    if not keep_alive:
        lines.append("Connection: close")
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _framed(reply: Reply) -> bytes:
    if not reply.chunked:
        return reply.body
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(reply.body), reply.body)


def _common_name(sock: socket.socket) -> str | None:
    certificate = sock.getpeercert() if isinstance(sock, ssl.SSLSocket) else None
    subject = (certificate or {}).get("subject", ())
    for part in subject:
        for pair in part:
            if pair[0] == "commonName":
                return str(pair[1])
    return None
