# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections of urllib3 whose other end has sent its reply already."""

from __future__ import annotations

import socket
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection

from ansible_collections.keyfactor.command.plugins.module_utils._http import tls, transport

# A socket takes as much before anything is read from it.
LONGEST_REPLY = 100_000


@contextmanager
def answering(replies: Mapping[str, Sequence[bytes]]) -> Iterator[None]:
    """Answer connections without TLS by host, with the replies in order, the last one again.

    The transport makes no pauses between attempts, and does not read the system's certificates.
    """
    counts: dict[str, int] = defaultdict(int)
    with ExitStack() as stack:

        def connect(connection: HTTPConnection) -> socket.socket:
            sent = replies[connection.host]
            reply = sent[min(counts[connection.host], len(sent) - 1)]
            counts[connection.host] += 1
            ours, theirs = socket.socketpair()
            stack.enter_context(ours)
            stack.enter_context(theirs)
            theirs.sendall(reply[:LONGEST_REPLY])
            theirs.shutdown(socket.SHUT_WR)
            return ours

        def adapter(config: tls.TlsConfig) -> HTTPAdapter:
            return HTTPAdapter()

        no_time: Any = SimpleNamespace(sleep=lambda seconds: None)
        stack.enter_context(patch.object(HTTPConnection, "_new_conn", connect))
        stack.enter_context(patch.object(tls.TlsConfig, "adapter", adapter))
        stack.enter_context(patch.object(transport, "time", no_time))
        yield
