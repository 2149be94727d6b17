# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A proxy on a loopback port that notes what it is asked for."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress


class Proxy:
    """Tunnels to loopback ports and forwards plain HTTP, or answers with a status of its own."""

    def __init__(self, refuses_with: str | None = None) -> None:
        self.refuses_with = refuses_with
        self.asked: list[str] = []
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
            self.asked.append(f"{method} {target}")
            self.heads.append(head.decode("latin-1"))
            if self.refuses_with:
                client.sendall(
                    f"HTTP/1.1 {self.refuses_with}\r\nContent-Length: 0\r\n\r\n".encode()
                )
                return
            place = target if method == "CONNECT" else target.split("/")[2]
            port = int(place.rpartition(":")[2])
            with socket.create_connection(("127.0.0.1", port)) as server:
                if method == "CONNECT":
                    client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                else:
                    path = "/" + target.split("/", 3)[3]
                    server.sendall(head.replace(target.encode(), path.encode(), 1))
                back = threading.Thread(target=_copy, args=(server, client), daemon=True)
                back.start()
                _copy(client, server)
                back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while part := source.recv(65536):
            target.sendall(part)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
