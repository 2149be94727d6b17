# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Applying the expected settings: the module's result with the outcome, which never fails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleError

from ansible_collections.keyfactor.command.plugins.plugin_utils._ansible.settings_change import (
    WRITE,
    apply_settings,
)
from tests.unit.plugins.plugin_utils._ansible.test_role_arguments import UNDEFINED, arguments

EXPECTED = {"verify_smtp_expected": {"port": 587}}
CHANGED = {"changed": True, "changed_settings": ["port"], "written": True, "diff": {"after": "a"}}


def apply(result: dict[str, Any] | Exception, **own: Any) -> tuple[dict[str, Any], list[Any]]:
    """Return the result of the task, and what was run."""
    calls: list[Any] = []

    def run_module(name: str, options: Mapping[str, Any]) -> dict[str, Any]:
        calls.append((name, options["profile"]))
        if isinstance(result, Exception):
            raise result
        return result

    return apply_settings(arguments(**{**EXPECTED, **own}), run_module), calls


def test_result_of_the_module_is_returned_with_the_outcome() -> None:
    result, calls = apply(CHANGED)
    outcome = {"status": "changed", "line": "was changed: port", "message": ""}
    assert result == {**CHANGED, "outcome": outcome}
    assert calls == [(WRITE, {"port": 587})]


def test_failure_becomes_an_outcome() -> None:
    failed = {"failed": True, "msg": "It is down.", "error": {"kind": "connect"}}
    result, _calls = apply(failed)
    assert result["outcome"]["line"] == "is unchanged: It is down."
    assert (result["changed"], "failed" in result) == (False, False)
    assert result["error"] == {"kind": "connect"}


def test_unreachable_delegate_becomes_an_outcome() -> None:
    result, _calls = apply({"unreachable": True, "msg": "Failed to connect to bastion."})
    assert result["outcome"]["line"] == "is unchanged: Failed to connect to bastion."
    assert "unreachable" not in result


def test_invalid_variables_make_no_call() -> None:
    result, calls = apply(CHANGED, verify_smtp_secrets={"relay_password": UNDEFINED})
    assert calls == []
    assert result["outcome"]["message"] == "'undefined' is undefined"
    assert result["changed"] is False


def test_options_that_cannot_be_evaluated() -> None:
    result, _calls = apply(AnsibleError("'of_the_defaults' is undefined"))
    assert result["outcome"]["line"] == "is unchanged: 'of_the_defaults' is undefined"


def test_outcome_names_the_waiver_and_the_mail() -> None:
    waiver = {"setting": "use_ssl", "reason": "a", "owner": "b", "expires": "2030-12-31"}
    result, calls = apply(
        CHANGED,
        verify_smtp_expected={"port": 587, "use_ssl": True},
        verify_smtp_waivers=[waiver],
        verify_smtp_today="2030-12-31",
        verify_smtp_test_recipient="pki@example.com",
    )
    assert calls == [(WRITE, {"port": 587})]
    line = "was changed: port (waived: use_ssl), after a test mail to pki@example.com"
    assert result["outcome"]["line"] == line


def test_source_of_the_username_that_is_not_as_expected() -> None:
    smtp = {"relay_username_source": "plain"}
    expected = {"verify_smtp_expected": {"port": 587, "relay_username_source": "pam"}}
    result, _calls = apply({**CHANGED, "smtp": smtp}, **expected)
    assert result["outcome"]["status"] == "failed"
    assert result["outcome"]["line"].startswith("was changed: port, but relay_username_source is")
    assert result["changed"] is True
