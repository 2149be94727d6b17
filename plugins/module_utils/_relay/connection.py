# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find and reach the relay from this machine."""

from __future__ import annotations

import socket
from typing import Any, NamedTuple

from .._http.deadline import Deadline, run_with_deadline
from .address import parse_host
from .checks import FAILED, UNKNOWN, StepError


class Address(NamedTuple):
    """One address of the relay."""

    family: int
    address: tuple[Any, ...]

    def __str__(self) -> str:
        return str(self.address[0])


def resolve(host: str | None, port: int, here: str, deadline: Deadline) -> list[Address]:
    """Return the addresses of the relay. :raises StepError: if there is none.

    :param here: the name of this machine.
    """
    if not host:
        raise StepError(FAILED, "The profile has no host, so that no mail can be sent.")
    try:
        name = parse_host(host)
    except ValueError as error:
        message = f"The host {host} cannot be used: {error}. Correct host."
        raise StepError(FAILED, message) from None
    try:
        infos = run_with_deadline(
            deadline.remaining(), lambda: socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
        )
    except TimeoutError:
        message = (
            f"DNS gave {here} no address for the name {host} within {deadline.seconds:g} s. "
            f"Check the DNS of that machine, or raise timeout."
        )
        raise StepError(UNKNOWN, message) from None
    except OSError as error:
        message = (
            f"The name {host} was not found from {here} ({error.strerror}). "
            f"Check host, and the DNS of that machine."
        )
        raise StepError(UNKNOWN, message) from None
    return list(dict.fromkeys(Address(info[0], info[4]) for info in infos))


def connect(
    addresses: list[Address], label: str, here: str, deadline: Deadline
) -> tuple[socket.socket, Address, list[str]]:
    """Return a connection to the first address that takes one, that address, and the failures.

    :raises StepError: if there is none. A firewall may be in the way of this machine alone.
    """
    failures: list[str] = []
    for number, address in enumerate(addresses):
        connection = socket.socket(address.family, socket.SOCK_STREAM)
        try:
            # An address that does not answer leaves time for the others.
            connection.settimeout(deadline.remaining() / (len(addresses) - number))
            connection.connect(address.address)
            return connection, address, failures
        except OSError as error:  # includes the timeout
            connection.close()
            failures.append(f"{address}: {_reason(error)}")
    raise StepError(
        UNKNOWN,
        f"{label} cannot be reached from {here} ({', '.join(failures)}). Check host and port, that "
        f"the relay runs, and the firewalls between it and that machine.",
    )


def _reason(error: OSError) -> str:
    if isinstance(error, (TimeoutError, socket.timeout)):
        return "no answer in time"
    return (error.strerror or type(error).__name__).lower()
