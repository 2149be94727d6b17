# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of any YAML type have the same effect in both modes, and so do invalid options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.support.parity import (
    MODULE,
    TOKEN,
    RunPair,
    connection_options,
    options_from,
    play,
    read_task,
    run_both,
)

if TYPE_CHECKING:
    from tests.emulator import Command, Emulator
    from tests.integration.support.ansible import Ansible

NUMBER = 9071530862
HOST, OTHER = "{{ call.host }}", "other.example.com"
# The other options come from module_defaults.
VALID: dict[str, dict[str, Any]] = {
    "hostname": {"hostname": HOST},
    "url": {"url": HOST},
    "numbers": {"host": HOST, "timeout": 30, "retries": "0", "api_version": 2},
    "fractions": {"host": HOST, "timeout": 30.5},
    "booleans": {"host": HOST, "validate_certs": "yes", "use_proxy": 0, "allow_http": "off"},
    "lists": {"host": HOST, "scopes": [1, True, "a,b"], "audience": ["a"]},
    "text for a list": {"host": HOST, "scopes": "a,b", "audience": {"a": 1}},
    "number for a list": {"host": HOST, "scopes": 5, "audience": True},
    "empty": {"host": HOST, "username": "", "password": "", "scopes": [], "api_path": ""},
    "nothing": {"host": HOST, "username": None, "password": None, "timeout": None},
    "date": {"host": HOST, "audience": "@date", "domain": "@time"},
}
INVALID: dict[str, dict[str, Any]] = {
    "unknown": {"host": HOST, "hots": OTHER, "prot": 1},
    "not a number": {"host": HOST, "port": "many"},
    "empty number": {"host": HOST, "port": ""},
    "list for a number": {"host": HOST, "port": [443]},
    "fraction": {"host": HOST, "port": 443.5},
    "not a boolean": {"host": HOST, "validate_certs": "perhaps"},
    "number for a boolean": {"host": HOST, "use_proxy": 7},
    "wrong choice": {"host": HOST, "api_version": 3},
    "choice in capitals": {"host": HOST, "auth_type": "BASIC"},
    "element of a list": {"host": HOST, "scopes": [{"a": 1}, ["b"]], "port": "x"},
    "list for text": {"host": [OTHER, 1]},
    "mapping for text": {"host": {"name": OTHER, 5: None}},
    "no host": {"host": ""},
    "secret number": {"host": HOST, "password": NUMBER, "username": True},
}
ALIASES: dict[str, dict[str, Any]] = {
    "option and alias": {"host": OTHER, "url": HOST},
    "two aliases": {"hostname": OTHER, "url": HOST},
}
CASES = {**VALID, **INVALID, **ALIASES}
TASKS = [read_task(name, arguments, ignore_errors=True) for name, arguments in CASES.items()]
DEFAULTS = {name: value for name, value in options_from("call").items() if name != "host"}


@pytest.fixture(scope="module")
def server(emulator: Emulator) -> Command:
    return emulator.command(tokens={TOKEN})


@pytest.fixture(scope="module")
def runs(shared_ansible: Ansible, emulator: Emulator, server: Command) -> RunPair:
    hosts = {"one": {"call": connection_options(emulator, server), "ansible_connection": "local"}}
    plays = [play("all", TASKS, module_defaults={MODULE: DEFAULTS})]
    shared_ansible.write("plays.yml", plays)
    text = (shared_ansible.directory / "plays.yml").read_text()
    # Unquoted, YAML parses these as a date and a time.
    text = text.replace("'@date'", "2026-01-31").replace("'@time'", "2026-01-31 12:30:00")
    return run_both(shared_ansible, text, {"all": {"hosts": hosts}}, {"server": server})


@pytest.mark.parametrize("case", CASES)
def test_results_are_the_same(runs: RunPair, case: str) -> None:
    assert runs.result(case)


def test_output_and_requests_are_the_same(runs: RunPair) -> None:
    lines = runs.output_lines()
    assert lines["in place"] == lines["shipped"]
    assert len(runs.requests("server")) > len(VALID)


@pytest.mark.parametrize("case", VALID)
def test_valid_options_read_profile(runs: RunPair, case: str) -> None:
    assert runs.result(case)["status"] == "ok"
    assert runs.result(case)["smtp"]["port"] == 587


@pytest.mark.parametrize("case", INVALID)
def test_invalid_options_fail_in_validation_or_configuration(runs: RunPair, case: str) -> None:
    result = runs.result(case)
    assert result["status"] == "ignored"
    assert result.get("error", {}).get("kind", "configuration") in ("configuration", "resolve")


@pytest.mark.parametrize("case", ALIASES)
def test_warns_about_option_and_alias(runs: RunPair, case: str) -> None:
    assert any("alias url are set" in warning for warning in runs.result(case)["warnings"])
    assert "alias url are set" in runs.outcomes["in place"].output


def test_no_secret_is_shown(runs: RunPair) -> None:
    for outcome in runs.outcomes.values():
        for secret in (TOKEN, str(NUMBER)):
            assert secret not in outcome.output
            assert secret not in str(outcome.results)
