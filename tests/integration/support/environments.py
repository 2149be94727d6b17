# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Emulated environments and their inventory, for tests of the role."""

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
    "html": {"release": "25.1", "faults": [Fault.html()]},
}


def make_inventory(
    emulator: Emulator, servers: Mapping[str, Command], *, with_expected: bool = True
) -> dict[str, Any]:
    """Return an inventory with one host per environment, in an unsorted order.

    :param with_expected: whether the inventory sets verify_smtp_expected for all environments.
    """
    hosts = {
        name: {"verify_smtp_connection": {**connection(emulator, server), "host": server.api_url}}
        for name, server in servers.items()
    }
    variables = {"verify_smtp_expected": EXPECTED} if with_expected else {}
    return {"all": {"hosts": hosts, "vars": variables}}


def start_servers(emulator: Emulator, *names: str) -> dict[str, Command]:
    """Start the servers of these environments."""
    return {
        name: emulator.command(name=name, users={USER: PASSWORD}, **SERVERS[name]) for name in names
    }


def start_servers_with(
    emulator: Emulator, profiles: Mapping[str, SmtpProfile]
) -> dict[str, Command]:
    """Start one server per environment, with the profile of that environment."""
    return {
        name: emulator.command(release="25.3", users={USER: PASSWORD}, profile=profile)
        for name, profile in profiles.items()
    }


def add_down_environment(inventory: dict[str, Any], emulator: Emulator) -> dict[str, Any]:
    """Add an environment whose server refuses connections."""
    hosts = inventory["all"]["hosts"]
    connection_options = next(iter(hosts.values()))["verify_smtp_connection"]
    down = {**connection_options, "host": f"localhost:{emulator.closed_port()}"}
    hosts["recovery"] = {"verify_smtp_connection": down}
    return inventory
