# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to troubleshooting: one section per kind of error, with a message of the module."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._errors import ErrorKind
from tests.integration.support.ansible import ROOT, Ansible, Outcome
from tests.integration.support.cases import FAILURES, OPTIONS, READ, read_play
from tests.integration.support.pages import Page

if TYPE_CHECKING:
    from tests.emulator import Emulator

PAGE = Page(ROOT / "docs" / "troubleshooting.md")
# The section of each kind of error, up to the next heading.
SECTIONS = dict(re.findall(r"^## `(\w+)`\n(.*?)(?=^## |\Z)", PAGE.text, re.S | re.M))
# The case whose message the page quotes, which is the first of its kind.
QUOTED = {case.kind: case for case in reversed(FAILURES)}


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


@pytest.mark.parametrize("kind", get_args(ErrorKind))
def test_quotes_message_of_module(outcome: Outcome, kind: str) -> None:
    result = outcome.result(QUOTED[kind].name, READ)
    assert result["error"]["kind"] == kind
    (quoted,) = re.findall(r"^```text\n(.*?)^```", SECTIONS[kind], re.S | re.M)
    assert " ".join(quoted.split()) == with_example_addresses(result["msg"])


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
