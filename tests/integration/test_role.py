# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role and its playbook: verdicts, differences, refusals, and where the facts end up."""

from __future__ import annotations

import json
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest

from tests.emulator import Fault, SmtpProfile
from tests.integration.ansible import MODES, PLAYBOOK
from tests.integration.cases import PAM, PASSWORD, USER, connection

if TYPE_CHECKING:
    from pathlib import Path

    from tests.emulator import Command, Emulator
    from tests.integration.ansible import Ansible, Outcome

EXPECTED = {"host": "SMTP.example.com", "port": [465, 587], "use_ssl": True, "scope": None}
SERVERS: dict[str, dict[str, Any]] = {
    "production": {"release": "25.3"},
    "staging": {"release": "25.1", "profile": SmtpProfile(port=25, use_ssl=False, scope="x")},
    "hostile": {"release": "25.3", "profile": SmtpProfile(host="{{ 7 * 7 }}\x1b[31m\u202e")},
    "refusing": {"release": "25.1", "readers": set()},
    "rubbish": {"release": "25.1", "faults": [Fault.html()]},
}


def environments(emulator: Emulator, servers: dict[str, Command]) -> dict[str, Any]:
    """Return an inventory with one host per environment, in an unsorted order."""
    hosts = {
        name: {"verify_smtp_connection": connection(emulator, server)}
        for name, server in servers.items()
    }
    return {"all": {"hosts": hosts, "vars": {"verify_smtp_expected": EXPECTED}}}


def start(emulator: Emulator, *names: str) -> dict[str, Command]:
    return {
        name: emulator.command(name=name, users={USER: PASSWORD}, **SERVERS[name]) for name in names
    }


def with_down(inventory: dict[str, Any], emulator: Emulator) -> dict[str, Any]:
    """Add an environment that is down."""
    hosts = inventory["all"]["hosts"]
    first = next(iter(hosts.values()))["verify_smtp_connection"]
    down = {**first, "host": f"localhost:{emulator.closed_port()}"}
    hosts["recovery"] = {"verify_smtp_connection": down}
    return inventory


@pytest.fixture(scope="module")
def servers(emulator: Emulator) -> dict[str, Command]:
    return start(emulator, *SERVERS)


@pytest.fixture(scope="module")
def outcome(shared_ansible: Ansible, emulator: Emulator, servers: dict[str, Command]) -> Outcome:
    inventory = with_down(environments(emulator, servers), emulator)
    return shared_ansible.run(PLAYBOOK, inventory, "-vvvv", "-e", "verify_smtp_report_dir=a/b")


@pytest.fixture(scope="module")
def report(outcome: Outcome, shared_ansible: Ansible) -> dict[str, Any]:
    """The report; a relative directory starts where the playbook was started."""
    path = shared_ansible.directory / "a" / "b" / "report.json"
    return json.loads(path.read_text())  # type: ignore[no-any-return]


VERDICTS = {
    "production": "compliant",
    "staging": "drifted",
    "hostile": "drifted",
    "refusing": "indeterminate",
    "rubbish": "indeterminate",
    "recovery": "indeterminate",
}


def test_every_environment_has_its_verdict(report: dict[str, Any]) -> None:
    assert {each["name"]: each["verdict"] for each in report["environments"]} == VERDICTS
    assert [each["name"] for each in report["environments"]] == list(VERDICTS)
    assert report["summary"] == {
        "environments": 6,
        "compliant": 1,
        "drifted": 2,
        "indeterminate": 3,
    }


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("staging", ["port is 25, expected one of 465, 587", "use_ssl is false, expected true"]),
        ("refusing", ["/system_settings/read/", "403 Forbidden"]),
        ("rubbish", ["an HTML page"]),
        ("recovery", ["refused the connection"]),
        ("hostile", ["host is '{{ 7 * 7 }}\\u001b[31m\\u202e', expected SMTP.example.com"]),
    ],
)
def test_failing_ones_fail_with_all_differences(
    outcome: Outcome, name: str, words: list[str]
) -> None:
    message = outcome.failed(name)
    assert message.startswith(f"{name} is {VERDICTS[name]}: ")
    for word in words:
        assert word in message
    assert outcome.status == 2


def test_compliant_one_does_not_fail(outcome: Outcome) -> None:
    assert not [e for e in outcome.results if (e["host"], e["status"]) == ("production", "failed")]


def test_all_are_read_and_reported_before_any_fails(outcome: Outcome) -> None:
    tasks = [each["task"] for each in outcome.results]
    first_failure = next(i for i, e in enumerate(outcome.results) if e["status"] == "failed")
    assert tasks.count("Read the SMTP profile") == len(VERDICTS)
    assert "Read the SMTP profile" not in tasks[first_failure:]
    assert tasks.index("Write report.json") < first_failure


def test_the_table_comes_last(outcome: Outcome) -> None:
    assert outcome.results[-1]["task"] == "Show the verdicts"
    lines = outcome.table()
    assert lines[0].split() == ["ENVIRONMENT", "VERDICT", "WHAT", "DIFFERS"]
    shown = [line.split()[:2] for line in lines if line and not line.startswith(" ")]
    assert [name for name in shown if name[0] in VERDICTS] == [list(v) for v in VERDICTS.items()]
    assert "6 environments: 1 compliant, 2 drifted, 3 indeterminate" in lines


def test_report_holds_profile_and_findings(report: dict[str, Any]) -> None:
    staging = report["environments"][1]
    assert staging["profile"]["port"] == 25
    statuses = {each["setting"]: each["status"] for each in staging["findings"]}
    assert statuses == {"host": "match", "port": "drift", "use_ssl": "drift", "scope": "match"}
    assert set(report) == {
        "schema_version",
        "generated_at",
        "collection_version",
        "summary",
        "environments",
    }
    recovery = report["environments"][5]
    assert (recovery["error"]["kind"], recovery["profile"]) == ("connect", None)


@pytest.mark.parametrize("secret", [PASSWORD, "emulated-relay-password", "emulated-client-secret"])
def test_no_secret_anywhere(outcome: Outcome, report: dict[str, Any], secret: str) -> None:
    for place in (outcome.output, str(outcome.results), str(report)):
        assert secret not in place


def test_facts_belong_to_the_environment(ansible: Ansible, emulator: Emulator) -> None:
    """In a play of its own, with a connection that cannot work and privileges asked for."""
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
    inventory = environments(emulator, start(emulator, "production", "staging"))
    for host in inventory["all"]["hosts"].values():
        host["ansible_host"] = "192.0.2.1"
    outcome = ansible.run([play], inventory, "-e", "verify_smtp_fail=false")
    assert outcome.of("production", "Show")["msg"] == "compliant 587"
    assert outcome.of("staging", "Show")["msg"] == "drifted 25"
    assert outcome.status == 0


def test_delegated_host_that_is_down_is_indeterminate(ansible: Ansible, emulator: Emulator) -> None:
    inventory = environments(emulator, start(emulator, "production"))
    bastion = {"ansible_host": "127.0.0.1", "ansible_port": emulator.closed_port()}
    inventory["bastions"] = {"hosts": {"bastion": bastion}}
    inventory["all"]["vars"]["verify_smtp_delegate_to"] = "bastion"
    outcome = ansible.run(PLAYBOOK, inventory, "--limit", "production")
    assert outcome.failed("production").startswith("production is indeterminate: ")


def test_only_reporting_fails_nobody(ansible: Ansible, emulator: Emulator, tmp_path: Path) -> None:
    servers = start(emulator, "production", "staging", "refusing")
    outcome = ansible.run(
        PLAYBOOK,
        environments(emulator, servers),
        "--check",
        "-e",
        f"verify_smtp_fail=no verify_smtp_report_dir={tmp_path / 'report'}",
    )
    assert outcome.status == 0
    assert "3 environments: 1 compliant, 1 drifted, 1 indeterminate" in outcome.table()
    assert (tmp_path / "report" / "report.json").is_file()
    assert f"The report is {tmp_path / 'report' / 'report.json'}" in outcome.table()


@pytest.mark.parametrize(
    ("expected", "words"),
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
def test_expectations_that_cannot_be_used_fail_before_any_call(
    ansible: Ansible, emulator: Emulator, expected: dict[str, Any], words: str
) -> None:
    servers = start(emulator, "production")
    inventory = environments(emulator, servers)
    inventory["all"]["vars"]["verify_smtp_expected"] = expected
    outcome = ansible.run(PLAYBOOK, inventory, "-e", "verify_smtp_fail=false")
    assert words in outcome.failed("production")
    assert outcome.status == 2
    assert servers["production"].connections == 0


def test_unknown_connection_option_fails_before_any_call(
    ansible: Ansible, emulator: Emulator
) -> None:
    servers = start(emulator, "production", "staging")
    inventory = environments(emulator, servers)
    staging = inventory["all"]["hosts"]["staging"]
    staging["verify_smtp_connection"] = {**staging["verify_smtp_connection"], "hots": "x"}
    outcome = ansible.run(PLAYBOOK, inventory)
    assert "hots" in outcome.failed("staging")
    assert servers["staging"].connections == 0
    # It dropped out before it was judged, and must not be missing.
    assert "2 environments: 1 compliant, 0 drifted, 1 indeterminate" in outcome.table()


def test_batches_end_with_all_environments(
    ansible: Ansible, emulator: Emulator, tmp_path: Path
) -> None:
    servers = start(emulator, "production", "staging", "refusing")
    play = {
        "hosts": "all",
        "gather_facts": False,
        "serial": 1,
        "max_fail_percentage": 100,
        "roles": ["keyfactor.command.verify_smtp"],
    }
    inventory = environments(emulator, servers)
    options = f"verify_smtp_fail=false verify_smtp_report_dir={tmp_path}"
    outcome = ansible.run([play], inventory, "-e", options)
    assert outcome.status == 0
    tables = [e["result"]["msg"] for e in outcome.results if e["task"] == "Show the verdicts"]
    assert "1 environments: 1 compliant, 0 drifted, 0 indeterminate" in tables[0]
    assert "3 environments: 1 compliant, 1 drifted, 1 indeterminate" in tables[2]


def test_stale_facts_are_no_evidence(ansible: Ansible, emulator: Emulator) -> None:
    """An environment that was read before, and is down now, is indeterminate."""
    servers = start(emulator, "production")
    role = {"ansible.builtin.include_role": {"name": "keyfactor.command.verify_smtp"}}
    down = f"{{{{ verify_smtp_connection | combine({{'host': 'localhost:{emulator.closed_port()}'}}) }}}}"
    break_it = {"ansible.builtin.set_fact": {"verify_smtp_connection": down}}
    play = {"hosts": "all", "gather_facts": False, "tasks": [role, break_it, role]}
    outcome = ansible.run([play], environments(emulator, servers))
    assert outcome.failed("production").startswith("production is indeterminate: ")


@pytest.mark.parametrize(
    ("options", "expected", "words"),
    [
        ({"profile": PAM}, {"relay_username": "svc"}, "privileged access management"),
        ({"release": "24.4"}, {"client_id": None}, "version 1 of the API does not tell it"),
        (
            {"profile": SmtpProfile(relay_authentication_type=4)},
            {"relay_authentication": "basic"},
            "4, which has no published meaning",
        ),
    ],
)
def test_what_cannot_be_known_is_indeterminate(
    ansible: Ansible,
    emulator: Emulator,
    options: dict[str, Any],
    expected: dict[str, Any],
    words: str,
) -> None:
    server = emulator.command(**{"release": "25.1", "users": {USER: PASSWORD}, **options})
    inventory = environments(emulator, {"production": server})
    inventory["all"]["vars"]["verify_smtp_expected"] = expected
    message = ansible.run(PLAYBOOK, inventory).failed("production")
    assert message.startswith("production is indeterminate: ")
    assert words in message


def test_password_that_equals_the_port(ansible: Ansible, emulator: Emulator) -> None:
    """In place the port is known all the same. Up to 2.21 Ansible masks what a module returns."""
    server = emulator.command(release="25.1", users={USER: "587"})
    inventory = environments(emulator, {"production": server})
    inventory["all"]["vars"]["verify_smtp_expected"] = {"port": 587}
    inventory["all"]["hosts"]["production"]["verify_smtp_connection"]["password"] = "587"
    assert ansible.run(PLAYBOOK, inventory).status == 0
    shipped = ansible.run(PLAYBOOK, inventory, "-e", MODES["shipped"])
    # From 2.22 on it masks only what it shows.
    if find_spec("ansible.module_utils.secrets"):
        assert shipped.status == 0
        return
    message = shipped.failed("production")
    assert "port cannot be known: Ansible hides it" in message
    assert message.startswith("production is indeterminate: ")
