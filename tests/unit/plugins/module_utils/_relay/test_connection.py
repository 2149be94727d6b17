# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names and connections: this machine cannot tell what others reach."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._http.deadline import Deadline
from ansible_collections.keyfactor.command.plugins.module_utils._relay import connection
from ansible_collections.keyfactor.command.plugins.module_utils._relay.checks import StepError
from ansible_collections.keyfactor.command.plugins.module_utils._relay.connection import (
    Address,
    connect,
    resolve,
)
from tests.emulator import Emulator, Tls


def step_error(call: Any) -> StepError:
    with pytest.raises(StepError) as caught:
        call()
    return caught.value


def test_addresses_of_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    infos = [
        (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("2001:db8::1", 25, 0, 0)),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 25)),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 25)),
    ]
    monkeypatch.setattr(connection.socket, "getaddrinfo", lambda *_args, **_kwargs: infos)
    found = resolve("smtp.example.com", 25, "here", Deadline(10))
    assert list(map(str, found)) == ["2001:db8::1", "192.0.2.1"]


def test_name_that_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def lookup(*_arguments: object, **_options: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(connection.socket, "getaddrinfo", lookup)
    error = step_error(lambda: resolve("smtp.example.com", 25, "bastion", Deadline(10)))
    assert (error.status, error.message) == (
        "unknown",
        "The name smtp.example.com was not found from bastion (Name or service not known). Check "
        "host, and the DNS of that machine.",
    )


def test_dns_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_long(*_arguments: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(connection, "run_with_deadline", too_long)
    error = step_error(lambda: resolve("smtp.example.com", 25, "bastion", Deadline(10)))
    assert (error.status, error.message) == (
        "unknown",
        "DNS gave bastion no address for the name smtp.example.com within 10 s. Check the DNS of "
        "that machine, or raise timeout.",
    )


@pytest.mark.parametrize(
    ("host", "message"),
    [
        (None, "The profile has no host, so that no mail can be sent."),
        ("", "The profile has no host, so that no mail can be sent."),
        (
            "smtp://a",
            "The host smtp://a cannot be used: it is not the name of a host, nor an IP address. "
            "Correct host.",
        ),
    ],
)
def test_host_that_cannot_be_one(host: str | None, message: str) -> None:
    error = step_error(lambda: resolve(host, 25, "bastion", Deadline(10)))
    assert (error.status, error.message) == ("failed", message)


def test_first_address_that_takes_a_connection(emulator: Emulator) -> None:
    relay = emulator.relay(Tls.PLAIN_HTTP)
    closed = Address(socket.AF_INET, ("127.0.0.1", emulator.closed_port()))
    good = Address(socket.AF_INET, ("127.0.0.1", relay.port))
    taken, address, failures = connect([closed, good], "a:25", "here", Deadline(10))
    taken.close()
    assert (address, failures) == (good, ["127.0.0.1: connection refused"])


def test_no_address_takes_a_connection(emulator: Emulator) -> None:
    closed = Address(socket.AF_INET, ("127.0.0.1", emulator.closed_port()))
    error = step_error(lambda: connect([closed], "smtp.example.com:25", "bastion", Deadline(10)))
    assert error.status == "unknown"
    for phrase in ("smtp.example.com:25", "from bastion", "127.0.0.1: connection refused", "port"):
        assert phrase in error.message


def test_addresses_share_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    timeouts: list[float] = []

    class Silent:
        """A socket to an address that does not answer. No time passes."""

        def __init__(self, *_arguments: object) -> None:
            self.settimeout = timeouts.append

        def connect(self, _address: object) -> None:
            raise TimeoutError

        def close(self) -> None:
            """Close nothing."""

    monkeypatch.setattr(connection.socket, "socket", Silent)
    addresses = [Address(socket.AF_INET, ("192.0.2.1", 25))] * 4
    step_error(lambda: connect(addresses, "a:25", "bastion", Deadline(120)))
    assert timeouts == pytest.approx([30, 40, 60, 120], rel=0.1)


def test_no_time_is_left() -> None:
    address = Address(socket.AF_INET, ("127.0.0.1", 1))
    error = step_error(lambda: connect([address], "a:25", "bastion", Deadline(0)))
    assert (error.status, error.message) == (
        "unknown",
        "a:25 cannot be reached from bastion (127.0.0.1: no answer in time). Check host and port, "
        "that the relay runs, and the firewalls between it and that machine.",
    )
