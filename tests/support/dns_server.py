# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A DNS server on loopback for the domains of a test."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

Zone = Mapping[str, Mapping[str, Iterable[str]]]


class DnsServer:
    """Answers over UDP from a zone: records by type by name. All else does not exist.

    :param silent: names for which it gives no answer.
    """

    def __init__(self, zone: Zone, silent: Iterable[str] = ()) -> None:
        self.zone = {f"{name.rstrip('.')}.": records for name, records in zone.items()}
        self._silent = {f"{name}." for name in silent}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._stopped = threading.Event()
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True, name="dns")
        self._thread.start()

    def stop(self) -> None:
        """Stop to answer."""
        self._stopped.set()
        # Wakes the thread, which would otherwise wait for a query.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"", self._socket.getsockname())
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while not self._stopped.is_set():
            content, sender = self._socket.recvfrom(4096)
            with suppress(dns.message.ShortHeader):
                reply = self._answer(dns.message.from_wire(content))
                if reply:
                    self._socket.sendto(reply.to_wire(), sender)

    def _answer(self, query: dns.message.Message) -> dns.message.Message | None:
        question = query.question[0]
        name = question.name.to_text().lower()
        if name in self._silent:
            return None
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        records = self.zone.get(name)
        if records is None:
            below = any(known.endswith(f".{name}") for known in self.zone)
            reply.set_rcode(dns.rcode.NOERROR if below else dns.rcode.NXDOMAIN)
            return reply
        kind = dns.rdatatype.to_text(question.rdtype)
        values = list(records.get(kind, ()))
        if values:
            reply.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *values))
        return reply
