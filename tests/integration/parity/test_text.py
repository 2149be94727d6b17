# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text from servers is never a template, and vaulted values stay secret, in both modes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret

from tests.emulator import Fault, SmtpProfile
from tests.integration.support.parity import (
    TOKEN,
    RunPair,
    connection_options,
    debug_task,
    options_from,
    play,
    read_task,
    run_both,
)

if TYPE_CHECKING:
    from tests.emulator import Command, Emulator
    from tests.integration.support.ansible import Ansible

USER, PASSWORD = "svc-ansible", "parity-Zürich-password-6e1f 27a8"
KEY = "parity-vault-key-1b8d5c"
CORRELATION_ID = "X-Keyfactor-Correlation-Id"
TEMPLATE = "{{ 7*7 }}{% if true %}yes{% endif %}{# no #}"
UNICODE = "Zürich 東京 \U0001f510 \u202e\x07"
PROFILE = SmtpProfile(host=TEMPLATE, sender_name=UNICODE, sender_account="{{ undefined_name }}")
SERVERS: dict[str, dict[str, Any]] = {
    "hostile": {
        "profile": PROFILE,
        "product_version": TEMPLATE,
        "headers": {CORRELATION_ID: TEMPLATE},
    },
    "failing": {
        "faults": [
            Fault.status(
                403,
                body={"ErrorCode": "1", "Message": TEMPLATE},
                headers={CORRELATION_ID: f"{TEMPLATE} {TOKEN}"},
            )
        ]
    },
    "echoing": {"product_version": f"25.1 {TOKEN}", "headers": {CORRELATION_ID: TOKEN}},
    "locked": {"users": {USER: PASSWORD}},
}
TASKS = [
    read_task("Hostile", options_from("hostile"), register="hostile_read"),
    debug_task("Registered", "{{ hostile_read.smtp }}"),
    debug_task("Facts", "{{ ansible_facts.keyfactor_smtp }}"),
    debug_task("In text", "host: {{ ansible_facts.keyfactor_smtp.host }}"),
    {"name": "Set", "ansible.builtin.set_fact": {"copied": "{{ hostile_read }}"}},
    debug_task("Copied", "{{ copied.smtp.host }}"),
    read_task("Loop", options_from("hostile"), loop=[1], register="looped"),
    debug_task("Looped", "{{ looped.results[0].smtp.host }}"),
    read_task(
        "Until",
        options_from("hostile"),
        register="tried",
        until="tried.smtp.host is search('7[*]7')",
        retries=1,
        delay=0,
    ),
    read_task("Failing", options_from("failing"), ignore_errors=True, register="failed"),
    debug_task("Failed", "{{ failed.error.detail }}"),
    debug_task("Failed with", "{{ failed.error.correlation_id }}"),
    read_task("Echoing", options_from("echoing")),
    read_task(
        "Unsafe option", {**options_from("failing"), "api_path": "{{ unsafe }}"}, ignore_errors=True
    ),
    read_task(
        "Vaulted",
        {
            **options_from("locked"),
            "access_token": "{{ omit }}",
            "username": USER,
            "password": "{{ vault }}",
        },
    ),
    read_task(
        "Vaulted in the task",
        {
            **options_from("locked"),
            "access_token": "{{ omit }}",
            "username": USER,
            "password": "@vault",
        },
    ),
    read_task(
        "Vaulted in the environment",
        {**options_from("locked"), "access_token": "{{ omit }}"},
        environment={"KEYFACTOR_USERNAME": USER, "KEYFACTOR_PASSWORD": "{{ vault }}"},
    ),
    read_task(
        "Vaulted and refused",
        {**options_from("failing"), "access_token": "{{ vault }}", "port": 1},
        ignore_errors=True,
    ),
]


def vaulted_password() -> str:
    """Return the password in the format of ansible-vault encrypt_string."""
    text = VaultLib().encrypt(PASSWORD, VaultSecret(KEY.encode())).decode()
    return "!vault |\n" + "".join(f"          {line}\n" for line in text.splitlines())


@pytest.fixture(scope="module")
def servers(emulator: Emulator) -> dict[str, Command]:
    return {
        name: emulator.command(**{"name": name, "tokens": {TOKEN}, **server_options})
        for name, server_options in SERVERS.items()
    }


@pytest.fixture(scope="module")
def runs(shared_ansible: Ansible, emulator: Emulator, servers: dict[str, Command]) -> RunPair:
    calls = {name: connection_options(emulator, server) for name, server in servers.items()}
    variables = {**calls, "vault": "@vault", "unsafe": "@unsafe", "ansible_connection": "local"}

    def write(name: str, content: object) -> str:
        text = shared_ansible.write(name, content).read_text()
        text = text.replace("'@vault'", vaulted_password())
        return text.replace("'@unsafe'", f"!unsafe '{TEMPLATE}'")

    inventory = {"all": {"hosts": {"one": None}, "vars": variables}}
    shared_ansible.write("key", KEY)
    return run_both(
        shared_ansible,
        write("plays.yml", [play("all", TASKS)]),
        write("hosts.yml", inventory),
        servers,
        "--vault-password-file",
        "key",
    )


@pytest.mark.parametrize("task", [task["name"] for task in TASKS if task["name"] != "Set"])
def test_results_are_the_same(runs: RunPair, task: str) -> None:
    assert runs.result(task)


def test_output_and_requests_are_the_same(runs: RunPair) -> None:
    lines = runs.output_lines()
    assert lines["in place"] == lines["shipped"]
    for server in SERVERS:
        assert runs.requests(server)


def test_does_not_template_text_from_server(runs: RunPair) -> None:
    hostile, failed = runs.result("Hostile"), runs.result("Failing")
    assert (hostile["product_version"], hostile["correlation_id"]) == (TEMPLATE, TEMPLATE)
    assert failed["error"]["correlation_id"].startswith(f"{TEMPLATE} **")
    assert f"Correlation ID: {TEMPLATE} **" in failed["msg"]
    assert runs.result("Failed with")["msg"] == failed["error"]["correlation_id"]
    assert set(runs.result("Echoing")["correlation_id"]) == {"*"}
    for task in ("Registered", "Facts"):
        profile = runs.result(task)["msg"]
        assert profile["host"] == TEMPLATE
        assert profile["sender_name"] == UNICODE
        assert profile["sender_account"] == "{{ undefined_name }}"
    for task in ("Copied", "Looped"):
        assert runs.result(task)["msg"] == TEMPLATE
    assert runs.result("In text")["msg"] == f"host: {TEMPLATE}"
    assert TEMPLATE in runs.result("Failed")["msg"]
    assert runs.result("Until")["attempts"] == 1


def test_uses_vaulted_password_and_masks_nothing_else(runs: RunPair) -> None:
    for task in ("Vaulted", "Vaulted in the task", "Vaulted in the environment"):
        result = runs.result(task)
        assert result["smtp"]["host"] == "smtp.example.com"
        assert result["settings"]["host"]["value"] == "localhost"
    assert (
        len(
            {
                headers["Authorization"]
                for _method, _path, headers, *_rest in runs.requests("locked")
            }
        )
        == 1
    )


@pytest.mark.parametrize("secret", [TOKEN, PASSWORD, KEY])
def test_no_secret_is_shown(runs: RunPair, secret: str) -> None:
    for outcome in runs.outcomes.values():
        assert secret not in outcome.output
        assert secret not in str(outcome.results)
