# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin in Ansible's own process: its result, without secrets."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.action import smtp_relay_info as plugin
from tests.emulator import Emulator
from tests.unit.runs import run_action
from tests.unit.support import PASSWORD, holds_secret


def run(environment: dict[str, str] | None = None, **arguments: Any) -> dict[str, Any]:
    return run_action(plugin, arguments, environment)


def test_probe_with_the_environment_of_the_task(emulator: Emulator) -> None:
    relay = emulator.relay(auth=("LOGIN",), users={})
    result = run(
        {"SSL_CERT_FILE": str(emulator.ca_cert)},
        host="localhost",
        port=str(relay.port),
        use_ssl="yes",
        username="svc-mail",
        password=PASSWORD,
        domain_checks=False,
    )
    found = {check["name"]: check["status"] for check in result["checks"]}
    assert (result["ok"], found["certificate"], found["login"]) == (False, "warning", "failed")
    assert result["relay"]["port"] == relay.port
    assert "failed" not in result
    assert holds_secret(result, PASSWORD) == []


@pytest.mark.parametrize(
    ("arguments", "phrase"),
    [
        ({}, "no relay to probe"),
        ({"host": "a", "ca_cert": "/nowhere.pem"}, "/nowhere.pem of ca_cert"),
        ({"host": "a", "pasword": PASSWORD}, "pasword"),
        ({"host": "a", "port": "smtp"}, "port"),
        ({"host": "a", "certificate_days": 9999}, "certificate_days"),
    ],
)
def test_options_that_cannot_be_used(arguments: dict[str, Any], phrase: str) -> None:
    result = run(use_ssl=True, **arguments)
    assert result["failed"] is True
    assert phrase in result["msg"]
    assert holds_secret(result, PASSWORD) == []


def test_system_authorities_and_dns_are_loaded_before_the_fork() -> None:
    assert plugin.PRELOADED
