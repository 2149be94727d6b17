# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The body of a request that is sent once, or certainly not at all."""

from __future__ import annotations

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.client import COMMAND_HINTS
from ansible_collections.keyfactor.command.plugins.module_utils._http.body import Body
from ansible_collections.keyfactor.command.plugins.module_utils._http.tls import TlsConfig
from ansible_collections.keyfactor.command.plugins.module_utils._http.transport import Transport
from tests.emulator import Command, Emulator, Fault
from tests.unit.support import Pauses, failure

CONTENT = b'{"Port": 25}'


def transport(emulator: Emulator, retries: int = 2, timeout: float = 20.0) -> Transport:
    tls = TlsConfig(True, str(emulator.ca_cert), "ca_cert")
    return Transport(tls, COMMAND_HINTS, timeout, retries, use_proxy=False)


def test_body_that_was_not_read_is_canceled() -> None:
    body = Body(CONTENT)
    assert body.cancel() is True
    with pytest.raises(OSError, match="canceled"):
        body.read()


def test_body_that_was_read_cannot_be_canceled() -> None:
    body = Body(CONTENT)
    assert body.read(2) == b'{"'
    assert body.cancel() is False
    assert body.read() == CONTENT[2:]


def test_body_is_sent_with_its_length(emulator: Emulator, command: Command) -> None:
    response = transport(emulator).send("PUT", command.url, body=CONTENT)
    (request,) = command.requests
    assert (request.method, request.body, response.status) == ("PUT", CONTENT, 404)
    assert request.headers["Content-Length"] == str(len(CONTENT))
    assert "Transfer-Encoding" not in request.headers


@pytest.mark.parametrize(
    ("fault", "attempts"),
    [
        (Fault.status(429, retry_after="1", times=1), 2),
        (Fault.status(503, retry_after="1", times=1), 2),
        (Fault.status(429, times=1), 1),
        (Fault.status(503, times=1), 1),
        (Fault.status(502, retry_after="1", times=1), 1),
        (Fault.status(504, retry_after="1", times=1), 1),
    ],
)
def test_status_that_is_tried_again(
    emulator: Emulator, command: Command, pauses: Pauses, fault: Fault, attempts: int
) -> None:
    command.faults = [fault]
    assert transport(emulator).send("PUT", command.url, body=CONTENT).attempts == attempts
    assert [request.body for request in command.requests] == [CONTENT] * attempts
    assert len(pauses) == attempts - 1


@pytest.mark.parametrize(
    "fault", [Fault.drop(), Fault.drop_reply(), Fault.cut_off(), Fault.drip("headers", interval=60)]
)
def test_request_that_may_have_arrived_is_not_tried_again(
    emulator: Emulator, command: Command, pauses: Pauses, fault: Fault
) -> None:
    command.faults = [fault]
    # Long enough to send the request on a busy machine.
    error = failure(lambda: transport(emulator, timeout=3).send("PUT", command.url, body=CONTENT))
    assert (error.unsent, error.attempts, len(command.requests), pauses) == (False, 1, 1, [])


def test_request_that_did_not_arrive_is_tried_again(emulator: Emulator, pauses: Pauses) -> None:
    url = f"https://localhost:{emulator.closed_port()}"
    error = failure(lambda: transport(emulator).send("PUT", url, body=CONTENT))
    assert (error.unsent, error.attempts, len(pauses)) == (True, 3, 2)


def test_failed_handshake_is_before_the_request(emulator: Emulator, command: Command) -> None:
    tls = TlsConfig(True, None, "ca_cert")
    client = Transport(tls, COMMAND_HINTS, 20.0, 2, use_proxy=False)
    error = failure(lambda: client.send("PUT", command.url, body=CONTENT))
    assert (error.kind, error.unsent, command.requests) == ("tls", True, [])


def test_each_attempt_sends_the_whole_body(
    emulator: Emulator, command: Command, pauses: Pauses
) -> None:
    command.faults = [Fault.status(503, retry_after="0", times=2)]
    content = b"x" * 100_000
    transport(emulator).send("PUT", command.url, body=content)
    assert [request.body for request in command.requests] == [content] * 3
