# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module as Ansible runs it: a process that reads arguments and prints one JSON result."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.modules import keyfactor_smtp
from tests.emulator import Command, Emulator, Hidden
from tests.unit.runs import run_module
from tests.unit.smtp import PLAIN, RELAY_PASSWORD, SECRETS, methods
from tests.unit.support import TOKEN, holds_secret


@pytest.fixture
def server(emulator: Emulator) -> Command:
    return emulator.command(release="25.4", tokens=[TOKEN], profile=PLAIN, hidden=Hidden.NULL)


def run(
    emulator: Emulator, server: Command, profile: dict[str, Any], check_mode: bool = False
) -> tuple[int, dict[str, Any]]:
    """Return the module's exit status and its result."""
    arguments = {
        "host": server.url,
        "access_token": TOKEN,
        "ca_cert": str(emulator.ca_cert),
        "profile": profile,
    }
    status, result, noise = run_module(keyfactor_smtp, arguments, check_mode=check_mode)
    assert noise == ""
    assert holds_secret(result, *SECRETS, TOKEN) == []
    return status, result


def test_change_and_check_mode(emulator: Emulator, server: Command) -> None:
    change = {"port": 25, "relay_password": RELAY_PASSWORD}
    status, result = run(emulator, server, change, check_mode=True)
    assert (status, result["changed"], methods(server)) == (0, True, ["GET"])
    status, result = run(emulator, server, change)
    assert (status, result["changed"], result["smtp"]["port"]) == (0, True, 25)
    assert server.store.profile.relay_password == RELAY_PASSWORD


def test_failure(emulator: Emulator, server: Command) -> None:
    status, result = run(emulator, server, {"port": 25})
    assert (status, result["failed"], result["error"]["kind"]) == (1, True, "configuration")
    assert "profile.relay_password" in result["msg"]
    assert "exception" not in result
