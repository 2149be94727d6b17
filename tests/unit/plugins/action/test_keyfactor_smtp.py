# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action plugin in Ansible's own process: check mode, secrets, and the shape of options."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.action import keyfactor_smtp as plugin
from tests.emulator import Command, Emulator, Hidden
from tests.unit.runs import run_action
from tests.unit.smtp import HEADER_VALUE, PAM, PLAIN, RELAY_PASSWORD, SECRETS, methods
from tests.unit.support import TOKEN, holds_secret

CHANGE = {"port": 25, "relay_password": RELAY_PASSWORD}


@pytest.fixture
def server(emulator: Emulator) -> Command:
    return emulator.command(release="25.4", tokens=[TOKEN], profile=PLAIN, hidden=Hidden.NULL)


def run(
    emulator: Emulator,
    server: Command,
    profile: object,
    check_mode: bool = False,
    task_vars: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the result of a local task."""
    connection = {"host": server.url, "ca_cert": str(emulator.ca_cert), "access_token": TOKEN}
    arguments = {**connection, "profile": profile}
    result = run_action(plugin, arguments, check_mode=check_mode, task_vars=task_vars)
    assert holds_secret(result, *SECRETS, TOKEN) == []
    return result


def test_change_and_check_mode(emulator: Emulator, server: Command) -> None:
    checked = run(emulator, server, CHANGE, check_mode=True)
    assert (checked["changed"], methods(server)) == (True, ["GET"])
    result = run(emulator, server, CHANGE)
    assert (result["changed"], result["changed_settings"]) == (True, ["port"])
    assert server.store.profile.relay_password == RELAY_PASSWORD


def test_misspelt_secrets_are_not_shown(emulator: Emulator, server: Command) -> None:
    profile = {
        "port": 25,
        "relay_pasword": RELAY_PASSWORD,
        "relay_password_pam": {**PAM, "secret": RELAY_PASSWORD},
        "request_headers": [{"name": "X-A", "valeu": HEADER_VALUE}],
    }
    result = run(emulator, server, profile)
    assert result["failed"] is True
    assert "relay_pasword" in result["msg"]
    assert server.requests == []


@pytest.mark.parametrize(
    ("profile", "option"),
    [
        (f"relay_password={RELAY_PASSWORD}", "profile"),
        ([RELAY_PASSWORD], "profile"),
        ({"request_headers": [f"X-A: {HEADER_VALUE}"]}, "profile.request_headers"),
        ({"request_headers": HEADER_VALUE}, "profile.request_headers"),
        ({"relay_password_pam": RELAY_PASSWORD}, "profile.relay_password_pam"),
    ],
)
@pytest.mark.parametrize("variables", [{}, {"keyfactor_in_process": False}], ids=str)
def test_values_of_the_wrong_shape_are_not_shown(
    emulator: Emulator, server: Command, profile: object, option: str, variables: dict[str, Any]
) -> None:
    """Ansible's own message would have the value, so the controller refuses it in both modes."""
    result = run(emulator, server, profile, task_vars=variables)
    assert result["failed"] is True
    assert f"The value of {option} cannot be used" in result["msg"]


@pytest.mark.parametrize("password", [{"a": RELAY_PASSWORD}, [RELAY_PASSWORD], 5])
def test_passwords_of_another_type(emulator: Emulator, server: Command, password: object) -> None:
    run(emulator, server, {"port": "many", "relay_password": password})
    assert server.requests == []
