# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Invalid input of the role, and settings whose value is unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.emulator import SmtpProfile
from tests.integration.support.ansible import MODES, PLAYBOOK
from tests.integration.support.cases import PAM, PASSWORD, USER
from tests.integration.support.environments import make_inventory, start_servers

if TYPE_CHECKING:
    from tests.emulator import Emulator
    from tests.integration.support.ansible import Ansible


@pytest.mark.parametrize(
    ("expected", "fragment"),
    [
        ({}, "There is nothing to verify"),
        ({"hots": "smtp.example.com"}, "hots is not a setting (did you mean host)"),
        ({"use_tls": True, "prot": 25}, "prot is not a setting (did you mean port)"),
        ({"port": "smtp"}, "port must be a whole number, and is smtp"),
        ({"port": []}, "port is an empty list"),
        ({"use_ssl": 1}, "use_ssl must be true or false"),
        ({"sender_name": 5}, "sender_name must be text, and is 5"),
    ],
)
def test_invalid_expectations_fail_before_any_request(
    ansible: Ansible, emulator: Emulator, expected: dict[str, Any], fragment: str
) -> None:
    servers = start_servers(emulator, "production")
    inventory = make_inventory(emulator, servers)
    inventory["all"]["vars"]["verify_smtp_expected"] = expected
    outcome = ansible.run(PLAYBOOK, inventory, "-e", "verify_smtp_fail=false")
    assert fragment in outcome.failure_message("production")
    assert outcome.status == 2
    assert servers["production"].connections == 0


BAD_CONNECTIONS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "unknown": ({"hots": "x"}, ["Unsupported parameters", "module: hots.", " host,"]),
    "not-a-number": ({"port": "many"}, ["argument 'port' is of type"]),
    "not-a-boolean": ({"validate_certs": "perhaps"}, ["argument 'validate_certs'", "perhaps"]),
    "not-a-choice": ({"auth_type": "basci"}, ["value of auth_type", "basic", "basci"]),
    "not-text": ({"audience": {"a": 1}, "prot": 1}, ["Unsupported parameters", "module: prot."]),
}


@pytest.mark.parametrize("extra_var", MODES.values(), ids=MODES)
def test_reports_invalid_connection_options_before_any_request(
    ansible: Ansible, emulator: Emulator, extra_var: str
) -> None:
    """The module validates them, and the report has its message for each environment."""
    production = emulator.command(release="25.3", users={USER: PASSWORD})
    servers = {name: emulator.command(release="25.3") for name in BAD_CONNECTIONS}
    inventory = make_inventory(emulator, {"production": production, **servers})
    hosts = inventory["all"]["hosts"]
    for name, (options, _fragments) in BAD_CONNECTIONS.items():
        hosts[name]["verify_smtp_connection"] |= options
    outcome = ansible.run(PLAYBOOK, inventory, "-e", extra_var)
    assert outcome.status == 2
    for name, (_options, fragments) in BAD_CONNECTIONS.items():
        message = outcome.failure_message(name)
        assert message.startswith(f"{name} is indeterminate: ")
        assert [fragment for fragment in fragments if fragment not in message] == []
        assert servers[name].connections == 0
    assert "6 environments: 1 compliant, 0 drifted, 5 indeterminate" in outcome.table()


def test_accepts_numbers_as_text(ansible: Ansible, emulator: Emulator) -> None:
    """As answers in a survey of AWX are."""
    server = emulator.command(release="25.3", users={USER: PASSWORD})
    inventory = make_inventory(emulator, {"production": server})
    connection = inventory["all"]["hosts"]["production"]["verify_smtp_connection"]
    connection |= {"host": "localhost", "port": str(server.port), "retries": "1", "use_proxy": "no"}
    assert ansible.run(PLAYBOOK, inventory).status == 0


def test_reports_connection_that_is_not_a_mapping(ansible: Ansible, emulator: Emulator) -> None:
    servers = start_servers(emulator, "production", "staging")
    inventory = make_inventory(emulator, servers)
    inventory["all"]["hosts"]["staging"]["verify_smtp_connection"] = ["host"]
    outcome = ansible.run(PLAYBOOK, inventory)
    message = outcome.failure_message("staging")
    assert "argument 'verify_smtp_connection' is of type" in message
    assert "list" in message
    # The host failed before its evaluation, and must still be counted.
    assert "2 environments: 1 compliant, 0 drifted, 1 indeterminate" in outcome.table()


@pytest.mark.parametrize(
    ("options", "expected", "fragment"),
    [
        ({"profile": PAM}, {"relay_username": "svc"}, "privileged access management"),
        ({"release": "24.4"}, {"client_id": None}, "version 1 of the API does not report it"),
        (
            {"profile": SmtpProfile(relay_authentication_type=4)},
            {"relay_authentication": "basic"},
            "4, which has no published meaning",
        ),
    ],
)
def test_unknown_setting_is_indeterminate(
    ansible: Ansible,
    emulator: Emulator,
    options: dict[str, Any],
    expected: dict[str, Any],
    fragment: str,
) -> None:
    server = emulator.command(**{"release": "25.1", "users": {USER: PASSWORD}, **options})
    inventory = make_inventory(emulator, {"production": server})
    inventory["all"]["vars"]["verify_smtp_expected"] = expected
    message = ansible.run(PLAYBOOK, inventory).failure_message("production")
    assert message.startswith("production is indeterminate: ")
    assert fragment in message


def test_password_that_equals_the_port(ansible: Ansible, emulator: Emulator) -> None:
    """Ansible itself would mask the port in the result of a shipped module."""
    server = emulator.command(release="25.1", users={USER: "587"})
    inventory = make_inventory(emulator, {"production": server})
    inventory["all"]["vars"]["verify_smtp_expected"] = {"port": 587}
    inventory["all"]["hosts"]["production"]["verify_smtp_connection"]["password"] = "587"
    assert ansible.run(PLAYBOOK, inventory).status == 0
    assert ansible.run(PLAYBOOK, inventory, "-e", MODES["shipped"]).status == 0


def test_inventory_without_hosts_fails(ansible: Ansible) -> None:
    outcome = ansible.run(PLAYBOOK, {"all": {"hosts": {}}})
    assert outcome.status == 2
    assert "there is nothing to verify" in outcome.failure_message("localhost")
