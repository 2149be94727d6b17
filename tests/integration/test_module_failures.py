# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every kind of failure, through a real play: its kind, its words, and no traceback."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.cases import FAILURES, OPTIONS, PASSWORD, SECRET, TOKEN, Case

if TYPE_CHECKING:
    from tests.emulator import Emulator
    from tests.integration.ansible import Ansible, Outcome

READ = "Read the SMTP profile"
PLAY = [
    {
        "hosts": "all",
        "gather_facts": False,
        "tasks": [
            {
                "name": READ,
                "keyfactor.command.keyfactor_smtp_info": {
                    name: "{{ call." + name + " | default(omit) }}" for name in OPTIONS
                },
                "delegate_to": "localhost",
                "ignore_errors": True,
            }
        ],
    }
]


@pytest.fixture(scope="module")
def outcome(shared_ansible: Ansible, emulator: Emulator) -> Outcome:
    """One run with a host for each case, at the highest verbosity."""
    hosts = {case.name: {"call": case.play(emulator)} for case in FAILURES}
    inventory = {"all": {"hosts": hosts}}
    return shared_ansible.run(PLAY, inventory, "-vvvv", "--forks", "4")


@pytest.mark.parametrize("case", FAILURES, ids=lambda case: case.name)
def test_failure_has_its_kind_and_its_words(outcome: Outcome, case: Case) -> None:
    result = outcome.of(case.name, READ)
    assert (result["error"]["kind"], result["error"]["status"]) == (case.kind, case.status)
    for word in case.words:
        assert word in result["msg"]
    assert set(result["error"]) == {"kind", "status", "url", "detail", "attempts"}
    assert "smtp" not in result
    assert "ansible_facts" not in result


@pytest.mark.parametrize("case", FAILURES, ids=lambda case: case.name)
def test_message_is_at_most_two_sentences(outcome: Outcome, case: Case) -> None:
    message = outcome.of(case.name, READ)["msg"]
    assert 1 <= len(re.findall(r"[.!?](?= [A-Z]|$)", message)) <= 2, message
    assert "\n" not in message


@pytest.mark.parametrize("secret", [PASSWORD, TOKEN, SECRET])
def test_no_secret_at_the_highest_verbosity(outcome: Outcome, secret: str) -> None:
    assert secret not in outcome.output
    assert secret not in str(outcome.results)


def test_every_kind_has_a_case() -> None:
    kinds: dict[str, Any] = {case.kind: case for case in FAILURES}
    assert set(kinds) == {
        "configuration",
        "resolve",
        "connect",
        "tls",
        "timeout",
        "token",
        "authentication",
        "permission",
        "not_found",
        "rate_limited",
        "redirect",
        "server",
        "protocol",
        "too_large",
    }
