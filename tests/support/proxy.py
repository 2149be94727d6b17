# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording HTTP proxy on a loopback port."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress


class Proxy:
    """Tunnels to loopback ports and forwards plain HTTP, or refuses each request."""

    def __init__(self, refusal: str | None = None) -> None:
        self.refusal = refusal
        self.requests: list[str] = []
        self.heads: list[str] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self._server.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                head += client.recv(65536)
            method, target, _version = head.decode("latin-1").split("\r\n")[0].split()
            self.requests.append(f"{method} {target}")
            self.heads.append(head.decode("latin-1"))
            if self.refusal:
                client.sendall(f"HTTP/1.1 {self.refusal}\r\nContent-Length: 0\r\n\r\n".encode())
                return
            authority = target if method == "CONNECT" else target.split("/")[2]
            port = int(authority.rpartition(":")[2])
            with socket.create_connection(("127.0.0.1", port)) as server:
                if method == "CONNECT":
                    client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                else:
                    path = "/" + target.split("/", 3)[3]
                    server.sendall(head.replace(target.encode(), path.encode(), 1))
                reply = threading.Thread(target=_copy, args=(server, client), daemon=True)
                reply.start()
                _copy(client, server)
                reply.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while chunk := source.recv(65536):
            target.sendall(chunk)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
