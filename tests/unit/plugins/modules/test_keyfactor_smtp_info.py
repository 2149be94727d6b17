# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module as Ansible runs it: a process that reads arguments and prints one JSON result."""

from __future__ import annotations

import os
import sys
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.modules import keyfactor_smtp_info
from tests.emulator import Command, Emulator
from tests.unit.runs import run_module
from tests.unit.support import BASIC, PASSWORD, TOKEN, holds_secret


def run(
    arguments: dict[str, Any], environ: dict[str, str] | None = None, check_mode: bool = False
) -> tuple[int, dict[str, Any], str]:
    """Return the module's exit status, its result, and all else that it wrote."""
    return run_module(keyfactor_smtp_info, arguments, environ, check_mode=check_mode)


@pytest.mark.parametrize("check_mode", [False, True])
def test_success(emulator: Emulator, command: Command, check_mode: bool) -> None:
    environ = {"KEYFACTOR_HOSTNAME": command.url, "KEYFACTOR_IGNORE_SSL": "false"}
    arguments = {**BASIC, "ca_cert": str(emulator.ca_cert)}
    status, result, noise = run(arguments, environ, check_mode)
    assert (status, result["changed"], noise) == (0, False, "")
    assert result["smtp"] == result["ansible_facts"]["keyfactor_smtp"]
    assert result["smtp"]["port"] == 587
    assert "KEYFACTOR_SKIP_VERIFY" in str(result["warnings"])
    assert "deprecations" not in result
    source = "environment variable KEYFACTOR_HOSTNAME"
    assert result["settings"]["host"] == {"value": "localhost", "source": source}
    assert holds_secret(result) == []


def test_failure(emulator: Emulator, command: Command) -> None:
    arguments = {"host": command.url, "ca_cert": str(emulator.ca_cert), "access_token": TOKEN + "x"}
    status, result, noise = run(arguments)
    assert (status, result["failed"], noise) == (1, True, "")
    assert result["error"]["kind"] == "authentication"
    assert result["msg"].startswith(command.url)
    assert "exception" not in result
    assert holds_secret(result) == []


@pytest.mark.parametrize(
    ("arguments", "phrase"),
    [
        ({"hots": "a.example.com"}, "hots"),
        ({"port": "https"}, "port"),
        ({"auth_type": "ntlm"}, "auth_type"),
        ({"validate_certs": "maybe"}, "validate_certs"),
    ],
)
def test_what_the_argument_spec_refuses_keeps_its_words(
    arguments: dict[str, Any], phrase: str
) -> None:
    status, result, _output = run({"host": "a.example.com", "password": PASSWORD, **arguments})
    assert (status, result["failed"], "error" in result) == (1, True, False)
    assert phrase in result["msg"]
    assert PASSWORD not in result["msg"]


def test_without_requests(command: Command, tmp_path: Any) -> None:
    (tmp_path / "requests.py").write_text("raise ImportError\n")
    arguments = {"host": command.url, "access_token": TOKEN}
    path = os.pathsep.join([str(tmp_path), *sys.path])
    status, result, _output = run(arguments, {"PYTHONPATH": path})
    assert (status, result["error"]["kind"]) == (1, "configuration")
    assert f"requests is missing for {sys.executable}" in result["msg"]
    assert command.connections == 0


def test_without_yaml(tmp_path: Any) -> None:
    (tmp_path / "yaml.py").write_text("raise ImportError\n")
    config = tmp_path / "config.yml"
    config.write_text("servers: {default: {host: a.example.com}}")
    path = os.pathsep.join([str(tmp_path), *sys.path])
    arguments = {"config_file": str(config), "access_token": TOKEN}
    _status, result, _output = run(arguments, {"PYTHONPATH": path})
    assert result["error"]["kind"] == "configuration"
    assert "PyYAML is missing" in result["msg"]
