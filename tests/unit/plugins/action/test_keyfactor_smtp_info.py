# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin in Ansible's own process: its result, and its environment."""

from __future__ import annotations

import os
from typing import Any

from ansible_collections.keyfactor.command.plugins.action import keyfactor_smtp_info as plugin
from tests.emulator import Command, Emulator
from tests.unit.runs import run_action
from tests.unit.support import TOKEN


def run(environment: dict[str, Any], **arguments: Any) -> dict[str, Any]:
    return run_action(plugin, arguments, environment)


def test_profile_is_read_with_the_environment_of_the_task(
    emulator: Emulator, command: Command
) -> None:
    environment = {"KEYFACTOR_HOSTNAME": command.url, "KEYFACTOR_IGNORE_SSL": "false"}
    result = run(environment, access_token=TOKEN, ca_cert=str(emulator.ca_cert))
    assert result["smtp"]["port"] == 587
    assert result["ansible_facts"] == {"keyfactor_smtp": result["smtp"]}
    assert "KEYFACTOR_SKIP_VERIFY" in str(result["warnings"])
    assert "KEYFACTOR_HOSTNAME" not in os.environ


def test_secret_that_equals_a_value_does_not_damage_the_profile(
    emulator: Emulator,
) -> None:
    command = emulator.command(users={"svc": "587"})
    given = {"host": command.url, "ca_cert": str(emulator.ca_cert)}
    result = run({}, **given, username="svc", password="587")
    assert result["smtp"]["port"] == 587


def test_failed_call_is_a_failed_result(emulator: Emulator, command: Command) -> None:
    result = run({}, host=command.url, access_token=TOKEN + "x", ca_cert=str(emulator.ca_cert))
    assert (result["failed"], result["error"]["kind"]) == (True, "authentication")
    assert result["msg"].startswith(command.url)
    assert "smtp" not in result


def test_argument_that_does_not_fit_is_a_failed_result(command: Command) -> None:
    result = run({}, host=command.url, access_token=TOKEN, port="https")
    assert (result["failed"], "error" in result) == (True, False)
    assert "port" in result["msg"]
    assert command.connections == 0
