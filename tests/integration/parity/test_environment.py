# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The keywords environment and module_defaults have the same effect in both modes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.emulator import SmtpProfile
from tests.integration.support.parity import (
    MODULE,
    TOKEN,
    RunPair,
    connection_options,
    options_from,
    play,
    read_task,
    run_both,
)
from tests.support.proxy import Proxy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.emulator import Command, Emulator
    from tests.integration.support.ansible import Ansible

GROUP = "group/keyfactor.command.command"
IGNORED: dict[str, Any] = {"ignore_errors": True}
VARIABLES = {
    "KEYFACTOR_HOSTNAME": "{{ first.host }}",
    "KEYFACTOR_AUTH_ACCESS_TOKEN": "{{ first.access_token }}",
    "KEYFACTOR_CA_CERT": "{{ first.ca_cert }}",
    "KEYFACTOR_CLIENT_RETRIES": 0,
    "KEYFACTOR_USE_PROXY": False,
    "KEYFACTOR_UNUSED": "zürich {{ 1 + 1 }}",
}
VAULT = {
    "KEYFACTOR_AUTH_PROVIDER": "azid",
    "AZURE_KEYVAULT_NAME": "keyexample-vault",
    "AZURE_SECRET_NAME": "command-config",
}
PROXIED = {"HTTPS_PROXY": "{{ proxy }}"}
TASKS = [
    read_task("Variables", None, environment=VARIABLES),
    read_task("Not leaked", None, **IGNORED),
    read_task(
        "Several", None, environment=[VARIABLES, {"KEYFACTOR_HOSTNAME": "{{ second.host }}"}]
    ),
    read_task(
        "Each item",
        None,
        environment="{{ variables if item == 'set' else {} }}",
        loop=["set", "unset", "set"],
        vars={"variables": VARIABLES},
        **IGNORED,
    ),
    read_task("Option first", {"host": "{{ second.host }}"}, environment=VARIABLES),
    read_task("Proxy", options_from("first"), environment=PROXIED),
    read_task("Proxy not leaked", options_from("first")),
    read_task("No proxy", options_from("first"), environment={**PROXIED, "NO_PROXY": "localhost"}),
    read_task("Proxy unused", {**options_from("first"), "use_proxy": False}, environment=PROXIED),
    read_task(
        "Bundle",
        {**options_from("first"), "ca_cert": "{{ omit }}"},
        environment={"REQUESTS_CA_BUNDLE": "{{ first.ca_cert }}"},
        **IGNORED,
    ),
    read_task(
        "Unused bundle",
        options_from("first"),
        environment={"REQUESTS_CA_BUNDLE": "/nonexistent.pem"},
    ),
    read_task("Home", None, environment={"HOME": "{{ other_home }}"}),
    read_task("Home in YAML", None, environment={"HOME": "{{ yaml_home }}"}),
    read_task(
        "Profile in a vault",
        {"config_profile": "vault"},
        environment={"HOME": "{{ other_home }}"},
        **IGNORED,
    ),
    read_task(
        "Same keys", {"config_profile": "same"}, environment={"HOME": "{{ other_home }}"}, **IGNORED
    ),
    read_task(
        "Variables of a vault", None, environment={"HOME": "{{ other_home }}", **VAULT}, **IGNORED
    ),
    read_task(
        "Variable in a path",
        {"config_file": "$PROFILES/command_config.json", "ca_cert": "certificates/ca.pem"},
        environment={"PROFILES": "{{ other_home }}/.keyfactor"},
    ),
]
DEFAULTS = [
    read_task("Group", None, module_defaults={GROUP: options_from("first")}),
    read_task("Module", None, module_defaults={MODULE: options_from("first")}),
    read_task(
        "RunPair",
        None,
        module_defaults={GROUP: options_from("first"), MODULE: {"url": "{{ second.host }}"}},
    )
    | IGNORED,
    read_task(
        "Module first",
        None,
        module_defaults={GROUP: options_from("first"), MODULE: {"host": "{{ second.host }}"}},
    ),
    read_task(
        "Task first", {"host": "{{ second.host }}"}, module_defaults={GROUP: options_from("first")}
    ),
    read_task("Play", None),
]
INHERITED = [
    read_task("Play's", None),
    read_task("Task's", None, environment={"KEYFACTOR_HOSTNAME": ""}, **IGNORED),
]
PLAYS = [
    play("localhost", TASKS),
    play("localhost", DEFAULTS, module_defaults={GROUP: options_from("second")}),
    play("localhost", INHERITED, environment=VARIABLES),
]


@pytest.fixture(scope="module")
def proxy() -> Iterator[Proxy]:
    proxy = Proxy()
    yield proxy
    proxy.close()


@pytest.fixture(scope="module")
def servers(emulator: Emulator) -> dict[str, Command]:
    return {
        name: emulator.command(tokens={TOKEN}, profile=SmtpProfile(sender_name=name))
        for name in ("first", "second")
    }


@pytest.fixture(scope="module")
def runs(
    shared_ansible: Ansible, emulator: Emulator, servers: dict[str, Command], proxy: Proxy
) -> RunPair:
    profile = {"host": servers["second"].url, "access_token": TOKEN}
    home = shared_ansible.directory / "other"
    profile["ca_cert_path"] = str(emulator.ca_cert)
    # In the file, the names of the secret and its key vault have other keys than in the environment.
    parameters = {"VaultName": "keyexample-vault", "secret_name": "command-config"}
    profiles = {
        "default": profile,
        "same": {**profile, "AccessToken": "another"},
        "vault": {**profile, "auth_provider": {"type": "azid", "parameters": parameters}},
    }
    content = json.dumps({"servers": profiles})
    shared_ansible.write("other/.keyfactor/command_config.json", content)
    spelled = {
        "Host": profile["host"],
        "AccessToken": TOKEN,
        "CA_Cert_Path": profile["ca_cert_path"],
        "client_timeout": "90s",
        "kerberos_disable_pafxfast": True,
        "acme": {"host": "acme.example.com", "username": "acme", "password": "acme"},
    }
    shared_ansible.write("yaml/.keyfactor/command_config.yml", {"servers": {"default": spelled}})
    # Relative paths start in the directory where ansible-playbook was started.
    shared_ansible.write("certificates/ca.pem", emulator.ca_cert.read_text())
    calls = {name: connection_options(emulator, server) for name, server in servers.items()}
    variables = {
        **calls,
        "proxy": proxy.url,
        "other_home": str(home),
        "yaml_home": str(shared_ansible.directory / "yaml"),
        "ansible_connection": "local",
    }
    inventory = {"all": {"hosts": {"localhost": None}, "vars": variables}}
    return run_both(shared_ansible, PLAYS, inventory, servers)


@pytest.mark.parametrize("task", [task["name"] for play in PLAYS for task in play["tasks"]])
def test_results_are_the_same(runs: RunPair, task: str) -> None:
    assert runs.result(task)


def test_output_and_requests_are_the_same(runs: RunPair) -> None:
    lines = runs.output_lines()
    assert lines["in place"] == lines["shipped"]
    assert runs.requests("first")
    assert runs.requests("second")


@pytest.mark.parametrize(
    ("task", "server"),
    [
        ("Variables", "first"),
        ("Several", "second"),
        ("Option first", "second"),
        ("Home", "second"),
        ("Home in YAML", "second"),
        ("Variable in a path", "second"),
        ("Group", "first"),
        ("Module", "first"),
        ("Module first", "second"),
        ("Task first", "second"),
        ("Play", "second"),
        ("Play's", "first"),
    ],
)
def test_reads_expected_server(runs: RunPair, task: str, server: str) -> None:
    assert runs.result(task)["smtp"]["sender_name"] == server


@pytest.mark.parametrize("task", ["Not leaked", "Task's"])
def test_unset_host_is_missing(runs: RunPair, task: str) -> None:
    assert "no host" in runs.result(task)["msg"]


def test_config_file_in_yaml_with_keys_in_any_spelling(runs: RunPair) -> None:
    timeout = runs.result("Home in YAML")["settings"]["timeout"]
    assert timeout["value"] == 90
    assert timeout["source"].startswith("client_timeout in config profile default of ")
    assert timeout["source"].endswith("/yaml/.keyfactor/command_config.yml")


@pytest.mark.parametrize("task", ["Profile in a vault", "Variables of a vault"])
def test_config_profile_in_a_key_vault(runs: RunPair, task: str) -> None:
    result = runs.result(task)
    assert result["error"]["kind"] == "configuration"
    assert "Azure Key Vault keyexample-vault (secret command-config)" in result["msg"]
    assert "config_file" in result["msg"]


def test_two_keys_that_are_the_same(runs: RunPair) -> None:
    assert "keys access_token and AccessToken" in runs.result("Same keys")["msg"]


def test_environment_of_loop_item_does_not_leak_to_next_item(runs: RunPair) -> None:
    results = runs.result("Each item")["results"]
    assert ["smtp" in result for result in results] == [True, False, True]


def test_uses_proxy_of_environment(
    runs: RunPair, proxy: Proxy, servers: dict[str, Command]
) -> None:
    """Of the tasks with a proxy, only one uses it in each run."""
    assert proxy.requests == [f"CONNECT localhost:{servers['first'].port}"] * len(runs.outcomes)


def test_no_secret_is_shown(runs: RunPair) -> None:
    for outcome in runs.outcomes.values():
        assert TOKEN not in outcome.output
        assert TOKEN not in str(outcome.results)
