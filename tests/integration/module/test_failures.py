# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Failures of the module in a play, in both modes: the kind of error and its message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.integration.support.ansible import MODES
from tests.integration.support.cases import (
    ASSERTION,
    CORRELATION_ID,
    FAILURES,
    OPTIONS,
    PASSWORD,
    READ,
    SECRET,
    TOKEN,
    Case,
    read_play,
)

if TYPE_CHECKING:
    from tests.emulator import Emulator
    from tests.integration.support.ansible import Ansible, Outcome

PLAY = read_play(OPTIONS)


@pytest.fixture(scope="module")
def outcomes(shared_ansible: Ansible, emulator: Emulator) -> dict[str, Outcome]:
    """The outcome in each mode of a run with one host per case, at the highest verbosity."""
    hosts = {case.name: {"call": case.start_server(emulator)} for case in FAILURES}
    inventory = {"all": {"hosts": hosts}}
    return {
        mode: shared_ansible.run(PLAY, inventory, "-vvvv", "--forks", "4", "-e", extra_var)
        for mode, extra_var in MODES.items()
    }


@pytest.fixture(params=MODES)
def outcome(outcomes: dict[str, Outcome], request: pytest.FixtureRequest) -> Outcome:
    return outcomes[request.param]


@pytest.mark.parametrize("case", FAILURES, ids=lambda case: case.name)
def test_error_and_message(outcome: Outcome, case: Case) -> None:
    result = outcome.result(case.name, READ)
    assert (result["error"]["kind"], result["error"]["status"]) == (case.kind, case.status)
    for fragment in case.fragments:
        assert fragment in result["msg"]
    sentences, has_id, _id = result["msg"].partition(" Correlation ID: ")
    assert len(re.findall(r"[.!?](?= [A-Z]|$)", sentences)) in (1, 2)
    assert "\n" not in result["msg"]
    keys = {"kind", "status", "url", "detail", "attempts", "correlation_id"}
    assert set(result["error"]) == keys
    assert bool(has_id) is any("Correlation ID: " in fragment for fragment in case.fragments)
    assert result["error"]["correlation_id"] == (CORRELATION_ID if has_id else None)
    assert "smtp" not in result
    assert "ansible_facts" not in result


@pytest.mark.parametrize("case", FAILURES, ids=lambda case: case.name)
def test_both_modes_return_the_same(outcomes: dict[str, Outcome], case: Case) -> None:
    assert outcomes["in place"].result(case.name, READ) == outcomes["shipped"].result(
        case.name, READ
    )


def test_ships_module_only_in_shipped_mode(outcomes: dict[str, Outcome]) -> None:
    assert "AnsiballZ_keyfactor_smtp_info" not in outcomes["in place"].output
    assert "AnsiballZ_keyfactor_smtp_info" in outcomes["shipped"].output


@pytest.mark.parametrize("secret", [PASSWORD, TOKEN, SECRET, ASSERTION])
def test_shows_no_secret_at_highest_verbosity(outcome: Outcome, secret: str) -> None:
    assert secret not in outcome.output
    assert secret not in str(outcome.results)


def test_every_kind_has_a_case() -> None:
    assert {case.kind for case in FAILURES} == {
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
