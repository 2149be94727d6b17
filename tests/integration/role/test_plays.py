# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role in plays of users: connections, delegation, batches, check mode, and facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from tests.integration.support.ansible import PLAYBOOK, ROOT
from tests.integration.support.environments import make_inventory, start_servers
from tests.integration.support.pages import Page

if TYPE_CHECKING:
    from pathlib import Path

    from tests.emulator import Emulator
    from tests.integration.support.ansible import Ansible


def test_facts_belong_to_the_environment(ansible: Ansible, emulator: Emulator) -> None:
    """Even if the play has a connection that cannot work, and become."""
    show = {
        "name": "Show",
        "ansible.builtin.debug": {
            "msg": "{{ verify_smtp_result.verdict }} {{ ansible_facts.keyfactor_smtp.port }}"
        },
    }
    play = {
        "hosts": "all",
        "gather_facts": False,
        "connection": "ssh",
        "become": True,
        "become_method": "ansible.builtin.su",
        "roles": ["keyfactor.command.verify_smtp"],
        "tasks": [show],
    }
    inventory = make_inventory(emulator, start_servers(emulator, "production", "staging"))
    for host in inventory["all"]["hosts"].values():
        host["ansible_host"] = "192.0.2.1"
    outcome = ansible.run([play], inventory, "-e", "verify_smtp_fail=false")
    assert outcome.result("production", "Show")["msg"] == "compliant 587"
    assert outcome.result("staging", "Show")["msg"] == "drifted 25"
    assert outcome.status == 0


def test_results_are_there_in_later_plays(ansible: Ansible, emulator: Emulator) -> None:
    """Those of an environment that failed too, and those that depend on a reference."""
    servers = start_servers(emulator, "production", "staging", "refusing")
    inventory = make_inventory(emulator, servers)
    inventory["all"]["hosts"]["refusing"]["verify_smtp_reference"] = "production"
    inventory["all"]["hosts"]["staging"]["verify_smtp_reference"] = "production"
    inventory["all"]["vars"]["verify_smtp_reference_exclude"] = ["id", "sender_name"]
    page = Page(ROOT / "docs" / "performance.md")
    (verify,) = yaml.safe_load(page.only("yaml"))
    first = {
        "hosts": "all",
        "gather_facts": False,
        "tasks": [{"block": [verify], "rescue": [{"ansible.builtin.meta": "noop"}]}],
    }
    verdicts = {
        name: f"{{{{ hostvars.{name}.ansible_facts.verify_smtp_result.verdict }}}}"
        for name in servers
    }
    findings = "{{ hostvars.staging.ansible_facts.verify_smtp_result.findings | length }}"
    show = {
        "name": "Show",
        "ansible.builtin.debug": {"msg": {**verdicts, "findings": findings}},
    }
    own = {
        "name": "Show the own verdict",
        "ansible.builtin.debug": {"msg": "{{ ansible_facts.verify_smtp_result.verdict }}"},
    }
    later = [
        {"hosts": "localhost", "gather_facts": False, "tasks": [show]},
        {"hosts": "all", "gather_facts": False, "tasks": [own]},
    ]
    outcome = ansible.run([first, *later], inventory)
    shown = outcome.result("localhost", "Show")["msg"]
    expected = {"production": "compliant", "staging": "drifted", "refusing": "indeterminate"}
    assert {name: shown[name] for name in expected} == expected
    # Those of the expectations, and those of the settings of the reference.
    assert int(shown["findings"]) > 4
    for name, verdict in expected.items():
        assert outcome.result(name, "Show the own verdict")["msg"] == verdict


def test_module_defaults_apply_to_options_that_connection_does_not_set(
    ansible: Ansible, emulator: Emulator
) -> None:
    servers = start_servers(emulator, "production")
    inventory = make_inventory(emulator, servers)
    connection = inventory["all"]["hosts"]["production"]["verify_smtp_connection"]
    ca_cert = connection.pop("ca_cert")
    play = {
        "hosts": "all",
        "gather_facts": False,
        "module_defaults": {
            "group/keyfactor.command.command": {"host": "192.0.2.1"},
            "keyfactor.command.keyfactor_smtp_info": {"ca_cert": ca_cert, "host": "192.0.2.2"},
        },
        "roles": ["keyfactor.command.verify_smtp"],
    }
    outcome = ansible.run([play], inventory)
    assert outcome.status == 0, outcome.output
    assert [request.status for request in servers["production"].requests] == [200]


def test_unreachable_delegate_is_indeterminate(ansible: Ansible, emulator: Emulator) -> None:
    inventory = make_inventory(emulator, start_servers(emulator, "production"))
    bastion = {"ansible_host": "127.0.0.1", "ansible_port": emulator.closed_port()}
    inventory["bastions"] = {"hosts": {"bastion": bastion}}
    inventory["all"]["vars"]["verify_smtp_delegate_to"] = "bastion"
    outcome = ansible.run(PLAYBOOK, inventory, "--limit", "production")
    assert outcome.failure_message("production").startswith("production is indeterminate: ")


def test_verify_smtp_fail_false_only_reports(
    ansible: Ansible, emulator: Emulator, tmp_path: Path
) -> None:
    servers = start_servers(emulator, "production", "staging", "refusing")
    outcome = ansible.run(
        PLAYBOOK,
        make_inventory(emulator, servers),
        "--check",
        "-e",
        f"verify_smtp_fail=no verify_smtp_report_dir={tmp_path / 'report'}",
    )
    assert outcome.status == 0
    assert "3 environments: 1 compliant, 1 drifted, 1 indeterminate" in outcome.table()
    assert (tmp_path / "report" / "report.json").is_file()
    assert f"The report is in {tmp_path / 'report'}:" in outcome.table()


def test_last_batch_reports_all_environments(
    ansible: Ansible, emulator: Emulator, tmp_path: Path
) -> None:
    servers = start_servers(emulator, "production", "staging", "refusing")
    play = {
        "hosts": "all",
        "gather_facts": False,
        "serial": 1,
        "max_fail_percentage": 100,
        "roles": ["keyfactor.command.verify_smtp"],
    }
    inventory = make_inventory(emulator, servers)
    options = f"verify_smtp_fail=false verify_smtp_report_dir={tmp_path}"
    outcome = ansible.run([play], inventory, "-e", options)
    assert outcome.status == 0
    tables = [
        record["result"]["table"]
        for record in outcome.results
        if record["task"] == "Show the verdicts"
    ]
    assert "1 environment: 1 compliant, 0 drifted, 0 indeterminate" in tables[0]
    assert "3 environments: 1 compliant, 1 drifted, 1 indeterminate" in tables[2]


def test_ignores_facts_of_earlier_read(ansible: Ansible, emulator: Emulator) -> None:
    """An environment that was read before and is down now is indeterminate."""
    servers = start_servers(emulator, "production")
    role = {"ansible.builtin.include_role": {"name": "keyfactor.command.verify_smtp"}}
    down = f"{{{{ verify_smtp_connection | combine({{'host': 'localhost:{emulator.closed_port()}'}}) }}}}"
    set_down = {"ansible.builtin.set_fact": {"verify_smtp_connection": down}}
    play = {"hosts": "all", "gather_facts": False, "tasks": [role, set_down, role]}
    outcome = ansible.run([play], make_inventory(emulator, servers))
    assert outcome.failure_message("production").startswith("production is indeterminate: ")
