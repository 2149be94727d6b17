# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action plugin in Ansible's own process: check mode, and secrets."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.action import keyfactor_smtp_test as plugin
from tests.emulator import Command, Emulator, Hidden
from tests.unit.runs import run_action
from tests.unit.smtp import PLAIN, RELAY_PASSWORD, SECRETS, methods
from tests.unit.support import TOKEN, holds_secret


@pytest.fixture
def server(emulator: Emulator) -> Command:
    return emulator.command(release="25.4", tokens=[TOKEN], profile=PLAIN, hidden=Hidden.NULL)


def run(
    emulator: Emulator,
    server: Command,
    profile: object,
    check_mode: bool = False,
    task_vars: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the result of a local task."""
    connection = {"host": server.url, "ca_cert": str(emulator.ca_cert), "access_token": TOKEN}
    arguments = {**connection, "profile": profile, "recipient": "pki@example.com"}
    result = run_action(plugin, arguments, check_mode=check_mode, task_vars=task_vars)
    assert holds_secret(result, *SECRETS, TOKEN) == []
    return result


def test_mail_and_check_mode(emulator: Emulator, server: Command) -> None:
    profile = {"relay_password": RELAY_PASSWORD}
    checked = run(emulator, server, profile, check_mode=True)
    assert (checked["sent"], methods(server)) == (False, ["GET"])
    assert run(emulator, server, profile)["sent"] is True
    assert server.mails[0].profile.relay_password == RELAY_PASSWORD


def test_misspelt_secrets_are_not_shown(emulator: Emulator, server: Command) -> None:
    result = run(emulator, server, {"relay_pasword": RELAY_PASSWORD})
    assert (result["failed"], server.requests) == (True, [])
