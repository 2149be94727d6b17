# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Emulated environments, and an inventory of them, for tests of the role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.emulator import Fault, SmtpProfile
from tests.integration.support.cases import PASSWORD, USER, connection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.emulator import Command, Emulator


EXPECTED = {"host": "SMTP.example.com", "port": [465, 587], "use_ssl": True, "scope": None}


SERVERS: dict[str, dict[str, Any]] = {
    "production": {"release": "25.3"},
    "staging": {"release": "25.1", "profile": SmtpProfile(port=25, use_ssl=False, scope="x")},
    "hostile": {"release": "25.3", "profile": SmtpProfile(host="{{ 7 * 7 }}\x1b[31m\u202e")},
    "refusing": {"release": "25.1", "readers": set()},
    "rubbish": {"release": "25.1", "faults": [Fault.html()]},
}


def environments(
    emulator: Emulator, servers: Mapping[str, Command], *, expecting: bool = True
) -> dict[str, Any]:
    """Return an inventory with one host per environment, in an unsorted order.

    :param expecting: the inventory says what all of them should have; else the test does.
    """
    hosts = {
        name: {"verify_smtp_connection": connection(emulator, server)}
        for name, server in servers.items()
    }
    variables = {"verify_smtp_expected": EXPECTED} if expecting else {}
    return {"all": {"hosts": hosts, "vars": variables}}


def start(emulator: Emulator, *names: str) -> dict[str, Command]:
    return {
        name: emulator.command(name=name, users={USER: PASSWORD}, **SERVERS[name]) for name in names
    }


def serve(emulator: Emulator, profiles: Mapping[str, SmtpProfile]) -> dict[str, Command]:
    """Start one server per environment, with its profile."""
    return {
        name: emulator.command(release="25.3", users={USER: PASSWORD}, profile=profile)
        for name, profile in profiles.items()
    }


def with_down(inventory: dict[str, Any], emulator: Emulator) -> dict[str, Any]:
    """Add an environment that is down."""
    hosts = inventory["all"]["hosts"]
    first = next(iter(hosts.values()))["verify_smtp_connection"]
    down = {**first, "host": f"localhost:{emulator.closed_port()}"}
    hosts["recovery"] = {"verify_smtp_connection": down}
    return inventory
