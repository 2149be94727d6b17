# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The comparison of environments with a live reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.emulator import SmtpProfile
from tests.integration.support.ansible import PLAYBOOK
from tests.integration.support.environments import make_inventory, start_servers_with

if TYPE_CHECKING:
    from tests.emulator import Command, Emulator
    from tests.integration.support.ansible import Ansible

REFERENCE = "verify_smtp_reference=staging"


@pytest.fixture(scope="module")
def servers(emulator: Emulator) -> dict[str, Command]:
    return start_servers_with(
        emulator, {"production": SmtpProfile(port=25), "staging": SmtpProfile(id=2)}
    )


@pytest.fixture
def inventory(emulator: Emulator, servers: dict[str, Command]) -> dict[str, Any]:
    return make_inventory(emulator, servers, with_expected=False)


def test_compares_with_live_profile_of_reference(
    ansible: Ansible, inventory: dict[str, Any]
) -> None:
    """Even if the variables are set in the play, and facts are cached."""
    play = {
        "hosts": "all",
        "gather_facts": False,
        "vars": {"verify_smtp_reference": "staging"},
        "roles": ["keyfactor.command.verify_smtp"],
    }
    cache = {
        "ANSIBLE_CACHE_PLUGIN": "jsonfile",
        "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(ansible.directory / "facts"),
    }
    outcome = ansible.run([play], inventory, **cache)
    assert (
        outcome.failure_message("production") == "production is drifted: port is 25, expected 587."
    )
    assert "2 environments: 1 compliant, 1 drifted, 0 indeterminate" in outcome.table()
    # The cached facts of the reference are from the previous run, and must be ignored.
    outcome = ansible.run([play], inventory, "--limit", "production", **cache)
    message = outcome.failure_message("production")
    assert message.startswith("production is indeterminate: the reference staging was not read")


def test_result_is_that_of_the_last_verification(
    ansible: Ansible, inventory: dict[str, Any]
) -> None:
    """Also without a reference after one with it, and the other way round."""
    show = {"name": "Show", "ansible.builtin.debug": {"msg": "{{ verify_smtp_result.verdict }}"}}
    common = {"hosts": "all", "gather_facts": False, "roles": ["keyfactor.command.verify_smtp"]}
    with_reference = {"verify_smtp_reference": "staging"}
    plays = [
        {**common, "vars": variables, "tasks": [{**show, "name": name}]}
        for name, variables in (
            ("First", with_reference),
            ("Second", {"verify_smtp_expected": {"port": 25}}),
            ("Third", with_reference),
        )
    ]
    outcome = ansible.run(plays, inventory, "-e", "verify_smtp_fail=false")
    shown = [outcome.result("production", name)["msg"] for name in ("First", "Second", "Third")]
    assert shown == ["drifted", "compliant", "drifted"]


def test_reference_that_is_down_is_indeterminate(
    ansible: Ansible, emulator: Emulator, inventory: dict[str, Any]
) -> None:
    connection = inventory["all"]["hosts"]["staging"]["verify_smtp_connection"]
    connection["host"] = f"localhost:{emulator.closed_port()}"
    outcome = ansible.run(PLAYBOOK, inventory, "-e", REFERENCE)
    message = outcome.failure_message("production")
    assert message.startswith("production is indeterminate: the reference staging is indeterminate")
    assert "refused the connection" in message
    assert "2 environments: 0 compliant, 0 drifted, 2 indeterminate" in outcome.table()


def test_unknown_reference_fails_before_any_request(
    ansible: Ansible, inventory: dict[str, Any], servers: dict[str, Command]
) -> None:
    connections = servers["production"].connections
    outcome = ansible.run(PLAYBOOK, inventory, "-e", "verify_smtp_reference=stagin")
    message = outcome.failure_message("production")
    assert "verify_smtp_reference: stagin is not in the inventory (did you mean staging)" in message
    assert servers["production"].connections == connections
