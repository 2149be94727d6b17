# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples of the modules that write and send mail, run in both modes with one emulated Command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from ansible_collections.keyfactor.command.plugins.modules import (
    keyfactor_smtp,
    keyfactor_smtp_test,
)
from tests.emulator import Hidden, SmtpProfile
from tests.integration.support.parity import RunPair, play, run_both

if TYPE_CHECKING:
    from tests.emulator import Command, Emulator
    from tests.integration.support.ansible import Ansible

MODULES = {"keyfactor_smtp": keyfactor_smtp, "keyfactor_smtp_test": keyfactor_smtp_test}
USER = "KEYEXAMPLE\\svc-ansible"
SECRETS = {
    "vault_command_password": "examples-password-4711",
    "vault_command_token": "examples-token-4711",
    "vault_relay_password": "examples-relay-password-4711",
}
PROFILE = SmtpProfile(port=25, use_ssl=False, client_secret=None, request_headers={})
# The methods of the requests that change something or send mail.
ACTIONS = {
    "keyfactor_smtp": ["POST", "PUT", "PUT", "PUT", "PUT"],
    "keyfactor_smtp_test": ["POST", "POST"],
}


def tasks(module: str, server: Command, emulator: Emulator) -> list[dict[str, Any]]:
    text = MODULES[module].EXAMPLES.replace("host: command.example.com", f"host: {server.url}")
    text = text.replace("/etc/pki/example-ca.pem", str(emulator.ca_cert))
    found: list[dict[str, Any]] = yaml.safe_load(text)
    assert all(f"keyfactor.command.{module}" in task for task in found)
    return found


@pytest.mark.parametrize("module", MODULES)
def test_examples(ansible: Ansible, emulator: Emulator, module: str) -> None:
    server = emulator.command(
        release="25.4",
        users={USER: SECRETS["vault_command_password"]},
        tokens={SECRETS["vault_command_token"]},
        profile=PROFILE,
        hidden=Hidden.NULL,
    )
    examples = tasks(module, server, emulator)
    environment = {"KEYFACTOR_CA_CERT": str(emulator.ca_cert)}
    plays = [play("localhost", examples, vars=SECRETS, environment=environment)]
    inventory = {"all": {"hosts": {"localhost": {"ansible_connection": "local"}}}}
    runs: RunPair = run_both(ansible, plays, inventory, {"server": server}, "-vvvv")
    for outcome in runs.outcomes.values():
        assert outcome.status == 0, outcome.output
        assert not any(
            secret in outcome.output + str(outcome.results)
            for secret in (SECRETS["vault_command_token"], SECRETS["vault_relay_password"])
        )
    for task in examples:
        assert runs.result(task["name"])["changed"] is True
    methods = [request[0] for request in runs.requests("server")]
    assert [method for method in methods if method != "GET"] == ACTIONS[module]
