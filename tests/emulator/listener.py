# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers on loopback ports: one thread accepts all connections, one thread serves each."""

from __future__ import annotations

import selectors
import socket
import ssl
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterable
from contextlib import closing, suppress
from http.client import HTTPException
from queue import SimpleQueue

from .connection import Connection, linger
from .faults import Delivery, Fault
from .messages import Reply, Request
from .plan import FaultPlan

BACKLOG = 1024
JOIN_SECONDS = 2.0


class Listener(ABC):
    """A server on its own port that records requests and applies faults."""

    host = "localhost"

    def __init__(
        self,
        context: ssl.SSLContext | None,
        faults: Iterable[Fault],
        latency: float,
    ) -> None:
        self._context = context
        self._plan = FaultPlan(faults)
        self._latency = latency
        self._lock = threading.Lock()
        self._requests: list[Request] = []
        self._connections = 0
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
        self.socket.setblocking(False)
        self.port = int(self.socket.getsockname()[1])
        self.url = f"{'http' if context is None else 'https'}://{self.host}:{self.port}"

    @abstractmethod
    def answer(self, request: Request) -> Reply:
        """Return the reply of this server when no fault replaces it."""

    @property
    def requests(self) -> list[Request]:
        """The requests received so far, in order."""
        with self._lock:
            return list(self._requests)

    @property
    def connections(self) -> int:
        """The number of TCP connections accepted so far."""
        with self._lock:
            return self._connections

    def clear(self) -> None:
        """Clear the recorded requests and connections; keep the faults and their counts."""
        with self._lock:
            self._requests = []
            self._connections = 0

    @property
    def faults(self) -> list[Fault]:
        """The faults; assigning a list resets their counts."""
        return self._plan.faults

    @faults.setter
    def faults(self, faults: Iterable[Fault]) -> None:
        self._plan = FaultPlan(faults)

    def accept(self) -> socket.socket:
        """Accept a connection; its TLS handshake follows in serve()."""
        plain, _address = self.socket.accept()
        with self._lock:
            self._connections += 1
        plain.setblocking(True)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._context is None:
            return plain
        try:
            return self._context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
        except OSError:
            plain.close()
            raise

    def serve(self, sock: socket.socket, stopping: threading.Event) -> None:
        """Serve one connection until either side closes it."""
        with closing(sock):
            # OSError: the client closed the connection, or the TLS handshake failed.
            with suppress(OSError):
                if isinstance(sock, ssl.SSLSocket):
                    sock.do_handshake()
                connection = Connection(sock, stopping)
                try:
                    while (request := connection.read()) is not None:
                        if not self._exchange(connection, request, stopping):
                            break
                except (ValueError, HTTPException):
                    connection.send_bad_request()
            linger(sock)

    def _exchange(
        self,
        connection: Connection,
        request: Request,
        stopping: threading.Event,
    ) -> bool:
        with self._lock:
            self._requests.append(request)
        wait, fault = self._plan.take(request.method)
        if stopping.wait(self._latency + wait) or fault.delivery is Delivery.DROP:
            return False
        reply = fault.answer or self.answer(request)
        request.status, request.reply_headers = reply.status, reply.headers
        request.status = reply.status
        if fault.delivery is Delivery.DROP_REPLY:
            return False
        return connection.send(request, reply, fault)


class Acceptor:
    """The thread that accepts connections for every listener."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._new: SimpleQueue[Listener] = SimpleQueue()
        self._listeners: list[Listener] = []
        self._open: dict[threading.Thread, socket.socket] = {}
        self._selector = selectors.DefaultSelector()
        self._wakeup_reader, self._wakeup_writer = socket.socketpair()
        self._selector.register(self._wakeup_reader, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._run, daemon=True, name="emulator")
        self._thread.start()

    def add(self, listener: Listener) -> None:
        """Start to accept connections for this listener."""
        self._listeners.append(listener)
        self._new.put(listener)
        self._wakeup_writer.send(b"+")

    def stop(self) -> None:
        """Stop accepting and close every connection."""
        self._stopping.set()
        self._wakeup_writer.send(b"-")
        self._thread.join()
        self._selector.close()
        for listener in self._listeners:
            listener.socket.close()
        with self._lock:
            connections = dict(self._open)
        for sock in connections.values():
            # Not SSLSocket.shutdown(): the connection's thread may be using the TLS layer.
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
        for thread in connections:
            thread.join(JOIN_SECONDS)
        self._wakeup_reader.close()
        self._wakeup_writer.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            for key, _events in self._selector.select():
                if key.fileobj is self._wakeup_reader:
                    self._wakeup_reader.recv(1)
                    if not self._stopping.is_set():
                        listener = self._new.get()
                        self._selector.register(listener.socket, selectors.EVENT_READ, listener)
                else:
                    self._accept(key.data)

    def _accept(self, listener: Listener) -> None:
        try:
            sock = listener.accept()
        except OSError:
            # The client closed the connection, or no file descriptors are left: wait for some.
            self._stopping.wait(0.01)
            return
        thread = threading.Thread(target=self._serve, args=(listener, sock), daemon=True)
        with self._lock:
            self._open[thread] = sock
        thread.start()

    def _serve(self, listener: Listener, sock: socket.socket) -> None:
        try:
            listener.serve(sock, self._stopping)
        finally:
            with self._lock:
                self._open.pop(threading.current_thread(), None)
