# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page on failures: one entry for each kind, each with what the module really says."""

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
# The section of each kind, from its heading to the next one.
ENTRIES = dict(re.findall(r"^## `(\w+)`\n(.*?)(?=^## |\Z)", PAGE.text, re.S | re.M))
# The case whose message is quoted: the first of its kind.
QUOTED = {case.kind: case for case in reversed(FAILURES)}


@pytest.fixture(scope="module")
def outcome(shared_ansible: Ansible, emulator: Emulator) -> Outcome:
    hosts = {case.name: {"call": case.start_server(emulator)} for case in QUOTED.values()}
    return shared_ansible.run(read_play(OPTIONS), {"all": {"hosts": hosts}})


def told(message: str) -> str:
    """Return a message with the emulator's addresses as the page has them."""
    message = re.sub(
        r"https?://(localhost|127\.0\.0\.1):\d+", "https://command.example.com", message
    )
    return " ".join(
        message.replace("command.example.com/oauth2", "login.example.com/oauth2").split()
    )


def test_every_kind_has_its_entry_and_nothing_else_has() -> None:
    assert list(ENTRIES) == list(get_args(ErrorKind))


@pytest.mark.parametrize("kind", get_args(ErrorKind))
def test_the_message_is_what_the_module_says(outcome: Outcome, kind: str) -> None:
    result = outcome.result(QUOTED[kind].name, READ)
    assert result["error"]["kind"] == kind
    (quoted,) = re.findall(r"^```text\n(.*?)^```", ENTRIES[kind], re.S | re.M)
    assert " ".join(quoted.split()) == told(result["msg"])


@pytest.mark.parametrize("kind", get_args(ErrorKind))
def test_an_entry_says_what_it_means_how_to_see_it_and_how_to_fix_it(kind: str) -> None:
    parts = re.findall(r"^\*\*(.*?)\*\*", ENTRIES[kind], re.M)
    assert parts == ["What it means.", "How to see it.", "How to fix it."]


def test_the_play_that_shows_the_error(ansible: Ansible, emulator: Emulator) -> None:
    case = QUOTED["permission"]
    options = {**case.start_server(emulator)}
    inventory = {"all": {"hosts": {"production": {"verify_smtp_connection": options}}}}
    outcome = ansible.run(PAGE.files["diagnose.yml"], inventory)
    assert outcome.status == 0, outcome.output
    assert (
        outcome.result("production", "Show what went wrong")["read.error"]["kind"] == "permission"
    )
