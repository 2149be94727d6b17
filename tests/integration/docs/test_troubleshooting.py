# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to troubleshooting: one section per kind of error, with a message of the module."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, get_args

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._errors import ErrorKind
from tests.emulator import Fault
from tests.integration.support.ansible import ROOT, Ansible, Outcome
from tests.integration.support.cases import (
    FAILURES,
    OPTIONS,
    PASSWORD,
    READ,
    USER,
    connection,
    read_play,
)
from tests.integration.support.pages import Page

if TYPE_CHECKING:
    from tests.emulator import Emulator

PAGE = Page(ROOT / "docs" / "troubleshooting.md")
# The section of each kind of error, up to the next heading.
SECTIONS = dict(re.findall(r"^## `(\w+)`\n(.*?)(?=^## |\Z)", PAGE.text, re.S | re.M))
# The case whose message the page quotes, which is the first of its kind.
QUOTED = {case.kind: case for case in reversed(FAILURES)}
WRITE = "Set the SMTP profile"
PROBLEM = {
    "title": "One or more validation errors occurred.",
    "errors": {"SenderAccount": ["The sender is not allowed."]},
}
# The server of each kind that only modules have which write.
WRITES: dict[str, dict[str, Any]] = {
    "rejected": {"faults": [Fault.status(400, body=PROBLEM).on("PUT")]},
    "conflict": {"keeps": {"port": 2525}},
    "delivery": {"delivery_error": "550 5.7.1 Relaying denied"},
}
READS = [kind for kind in get_args(ErrorKind) if kind not in WRITES]


@pytest.fixture(scope="module")
def outcome(shared_ansible: Ansible, emulator: Emulator) -> Outcome:
    hosts = {case.name: {"call": case.start_server(emulator)} for case in QUOTED.values()}
    return shared_ansible.run(read_play(OPTIONS), {"all": {"hosts": hosts}})


def with_example_addresses(message: str) -> str:
    """Return a message with example addresses, as on the page."""
    message = re.sub(
        r"https?://(localhost|127\.0\.0\.1):\d+", "https://command.example.com", message
    )
    return " ".join(
        message.replace("command.example.com/oauth2", "login.example.com/oauth2").split()
    )


def test_has_one_section_per_kind() -> None:
    assert list(SECTIONS) == list(get_args(ErrorKind))


def assert_quoted(kind: str, result: dict[str, Any]) -> None:
    assert result["error"]["kind"] == kind
    (quoted,) = re.findall(r"^```text\n(.*?)^```", SECTIONS[kind], re.S | re.M)
    assert " ".join(quoted.split()) == with_example_addresses(result["msg"])


@pytest.mark.parametrize("kind", READS)
def test_quotes_message_of_module(outcome: Outcome, kind: str) -> None:
    assert_quoted(kind, outcome.result(QUOTED[kind].name, READ))


def test_quotes_messages_of_module_that_writes(ansible: Ansible, emulator: Emulator) -> None:
    hosts = {}
    for kind, options in WRITES.items():
        server = emulator.command(users={USER: PASSWORD}, **options)
        hosts[kind] = {"call": connection(emulator, server)}
    task = {
        "name": WRITE,
        "keyfactor.command.keyfactor_smtp": {
            "profile": {"port": 25, "relay_password": "relay-password-4711"},
            "test_recipient": "pki@example.com",
        },
        "module_defaults": {"keyfactor.command.keyfactor_smtp": "{{ call }}"},
        "delegate_to": "localhost",
        "ignore_errors": True,
    }
    play = {"hosts": "all", "gather_facts": False, "tasks": [task]}
    outcome = ansible.run([play], {"all": {"hosts": hosts}})
    for kind in WRITES:
        assert_quoted(kind, outcome.result(kind, WRITE))


@pytest.mark.parametrize("kind", get_args(ErrorKind))
def test_section_has_all_parts(kind: str) -> None:
    parts = re.findall(r"^\*\*(.*?)\*\*", SECTIONS[kind], re.M)
    assert parts == ["What it means.", "How to see it.", "How to fix it."]


def test_play_that_shows_the_error(ansible: Ansible, emulator: Emulator) -> None:
    case = QUOTED["permission"]
    connection = case.start_server(emulator)
    inventory = {"all": {"hosts": {"production": {"verify_smtp_connection": connection}}}}
    outcome = ansible.run(PAGE.files["diagnose.yml"], inventory)
    assert outcome.status == 0, outcome.output
    assert (
        outcome.result("production", "Show what went wrong")["read.error"]["kind"] == "permission"
    )
