# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task's environment and its module_defaults do the same to both ways of running it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.emulator import SmtpProfile
from tests.integration.support.parity import MODULE, TOKEN, Both, of, options, play, read, run_both
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
    "KEYFACTOR_AUDIENCE_OF_NOBODY": "zürich {{ 1 + 1 }}",
}
PROXIED = {"HTTPS_PROXY": "{{ proxy }}"}
TASKS = [
    read("Variables", None, environment=VARIABLES),
    read("Not leaked", None, **IGNORED),
    read("Several", None, environment=[VARIABLES, {"KEYFACTOR_HOSTNAME": "{{ second.host }}"}]),
    read(
        "Each item",
        None,
        environment="{{ variables if item == 'set' else {} }}",
        loop=["set", "unset", "set"],
        vars={"variables": VARIABLES},
        **IGNORED,
    ),
    read("Option first", {"host": "{{ second.host }}"}, environment=VARIABLES),
    read("Proxy", of("first"), environment=PROXIED),
    read("Proxy not leaked", of("first")),
    read("No proxy", of("first"), environment={**PROXIED, "NO_PROXY": "localhost"}),
    read("Proxy unused", {**of("first"), "use_proxy": False}, environment=PROXIED),
    read(
        "Bundle",
        {**of("first"), "ca_cert": "{{ omit }}"},
        environment={"REQUESTS_CA_BUNDLE": "{{ first.ca_cert }}"},
        **IGNORED,
    ),
    read("Bundle of others", of("first"), environment={"REQUESTS_CA_BUNDLE": "/nonexistent.pem"}),
    read("Home", None, environment={"HOME": "{{ other_home }}"}),
    read(
        "Variable in a path",
        {"config_file": "$PROFILES/command_config.json", "ca_cert": "certificates/ca.pem"},
        environment={"PROFILES": "{{ other_home }}/.keyfactor"},
    ),
]
DEFAULTS = [
    read("Group", None, module_defaults={GROUP: of("first")}),
    read("Module", None, module_defaults={MODULE: of("first")}),
    read("Both", None, module_defaults={GROUP: of("first"), MODULE: {"url": "{{ second.host }}"}})
    | IGNORED,
    read(
        "Module first",
        None,
        module_defaults={GROUP: of("first"), MODULE: {"host": "{{ second.host }}"}},
    ),
    read("Task first", {"host": "{{ second.host }}"}, module_defaults={GROUP: of("first")}),
    read("Play", None),
]
INHERITED = [
    read("Play's", None),
    read("Task's", None, environment={"KEYFACTOR_HOSTNAME": ""}, **IGNORED),
]
PLAYS = [
    play("localhost", TASKS),
    play("localhost", DEFAULTS, module_defaults={GROUP: of("second")}),
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
def both(
    shared_ansible: Ansible, emulator: Emulator, servers: dict[str, Command], proxy: Proxy
) -> Both:
    profile = {"host": servers["second"].url, "access_token": TOKEN}
    home = shared_ansible.directory / "other"
    content = {"servers": {"default": {**profile, "ca_cert_path": str(emulator.ca_cert)}}}
    shared_ansible.write("other/.keyfactor/command_config.json", json.dumps(content))
    # Where ansible-playbook is started is where a relative path starts.
    shared_ansible.write("certificates/ca.pem", emulator.ca_cert.read_text())
    calls = {name: options(emulator, server) for name, server in servers.items()}
    variables = {
        **calls,
        "proxy": proxy.url,
        "other_home": str(home),
        "ansible_connection": "local",
    }
    inventory = {"all": {"hosts": {"localhost": None}, "vars": variables}}
    return run_both(shared_ansible, PLAYS, inventory, servers)


@pytest.mark.parametrize("task", [task["name"] for each in PLAYS for task in each["tasks"]])
def test_results_are_the_same(both: Both, task: str) -> None:
    assert both.only(task)


def test_lines_shown_and_requests_are_the_same(both: Both) -> None:
    shown = both.shown()
    assert shown["in place"] == shown["shipped"]
    assert both.requests("first")
    assert both.requests("second")


@pytest.mark.parametrize(
    ("task", "server"),
    [
        ("Variables", "first"),
        ("Several", "second"),
        ("Option first", "second"),
        ("Home", "second"),
        ("Variable in a path", "second"),
        ("Group", "first"),
        ("Module", "first"),
        ("Module first", "second"),
        ("Task first", "second"),
        ("Play", "second"),
        ("Play's", "first"),
    ],
)
def test_the_server_that_is_meant_is_read(both: Both, task: str, server: str) -> None:
    assert both.only(task)["smtp"]["sender_name"] == server


@pytest.mark.parametrize("task", ["Not leaked", "Task's"])
def test_what_is_not_set_is_missing(both: Both, task: str) -> None:
    assert "no host" in both.only(task)["msg"]


def test_environment_of_an_item_is_not_that_of_the_next(both: Both) -> None:
    results = both.only("Each item")["results"]
    assert ["smtp" in each for each in results] == [True, False, True]


def test_environments_proxy_is_asked(both: Both, proxy: Proxy, servers: dict[str, Command]) -> None:
    """By one task of these, in each of the runs."""
    assert proxy.requests == [f"CONNECT localhost:{servers['first'].port}"] * len(both.outcomes)


def test_no_secret_is_shown(both: Both) -> None:
    for outcome in both.outcomes.values():
        assert TOKEN not in outcome.output
        assert TOKEN not in str(outcome.results)
