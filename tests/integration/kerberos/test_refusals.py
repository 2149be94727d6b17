# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Failures of Kerberos with a KDC and a web server: error, message, and no secret."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.integration.support.ansible import MODES
from tests.integration.support.cases import READ, read_play
from tests.integration.support.kerberos import PASSWORD, TOKEN, connection
from tests.integration.support.kerberos_cases import CASES, WRONG_PASSWORD, Case, Context

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.emulator import Emulator
    from tests.integration.support.ansible import Ansible, Outcome
    from tests.integration.support.kerberos import Site

NAMES = (
    "host",
    "allow_http",
    "timeout",
    "retries",
    "auth_type",
    "username",
    "password",
    "kerberos_realm",
    "kerberos_keytab",
    "kerberos_ccache",
    "kerberos_config",
    "kerberos_spn",
)
PLAY = read_play(NAMES)


@pytest.fixture(scope="module")
def outcomes(
    shared_ansible: Ansible, kerberos: Site, emulator: Emulator
) -> Iterator[dict[str, Outcome]]:
    """The outcome in each mode of a run with one host per case."""
    context = Context(kerberos, emulator)
    calls = {case.name: connection(kerberos, **case.options(context)) for case in CASES}
    inventory = {"all": {"hosts": {name: {"call": call} for name, call in calls.items()}}}
    missing_cache = f"FILE:{shared_ansible.directory / 'no-cache'}"
    with context.silent:
        yield {
            mode: shared_ansible.run(
                PLAY, inventory, "-vvvv", "--forks", "4", "-e", extra_var, KRB5CCNAME=missing_cache
            )
            for mode, extra_var in MODES.items()
        }


@pytest.fixture(params=MODES)
def outcome(outcomes: dict[str, Outcome], request: pytest.FixtureRequest) -> Outcome:
    return outcomes[request.param]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_error_and_message(outcome: Outcome, case: Case) -> None:
    result = outcome.result(case.name, READ)
    for fragment in case.fragments:
        assert fragment in result["msg"]
    assert (result["error"]["kind"], result["error"]["status"]) == (case.kind, case.status)
    assert len(re.findall(r"[.!?](?= [A-Z]|$)", result["msg"])) in (1, 2), result["msg"]
    assert result["error"]["attempts"] == (1 if case.status else 0)
    assert "smtp" not in result


@pytest.mark.parametrize("secret", [PASSWORD, WRONG_PASSWORD, TOKEN])
def test_shows_no_secret_at_highest_verbosity(outcome: Outcome, secret: str) -> None:
    assert secret not in outcome.output
    assert secret not in str(outcome.results)
