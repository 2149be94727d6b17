# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module as Ansible runs it: a process that reads arguments and prints one JSON result."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.keyfactor.command.plugins.module_utils._relay.checks import (
    NAMES,
    STATUSES,
)
from ansible_collections.keyfactor.command.plugins.modules import smtp_relay_info
from tests.emulator import Emulator, Tls
from tests.unit.runs import run_module
from tests.unit.support import PASSWORD, holds_secret


def run(arguments: dict[str, Any], *path: str) -> tuple[int, dict[str, Any], str]:
    """Return the module's exit status, its result, and all else that it wrote."""
    environ = {"PYTHONPATH": os.pathsep.join([*path, *sys.path])}
    return run_module(smtp_relay_info, arguments, environ)


def test_success(emulator: Emulator) -> None:
    relay = emulator.relay(auth=("PLAIN",), users={})
    arguments = {"host": "localhost", "port": relay.port, "use_ssl": True, "sender": "a@b.example"}
    arguments |= {"username": "svc", "password": PASSWORD, "domain_checks": False}
    status, result, noise = run({**arguments, "ca_cert": str(emulator.ca_cert)})
    assert (status, result["changed"], result["ok"], noise) == (0, False, False, "")
    assert [check["name"] for check in result["checks"]] == list(NAMES)
    assert any("535 5.7.8" in check["message"] for check in result["checks"])
    assert holds_secret(result, PASSWORD) == []


def test_failure() -> None:
    status, result, noise = run({"password": PASSWORD})
    assert (status, result["failed"], noise) == (1, True, "")
    assert result["error"]["kind"] == "configuration"
    assert "no relay to probe" in result["msg"]
    assert "exception" not in result


def test_without_optional_libraries(emulator: Emulator, tmp_path: Path) -> None:
    for name in ("requests", "dns"):
        (tmp_path / f"{name}.py").write_text("raise ImportError\n")
    relay = emulator.relay()
    arguments = {"host": "localhost", "port": relay.port, "use_ssl": True, "sender": "a@b.example"}
    _status, result, _noise = run({**arguments, "ca_cert": str(emulator.ca_cert)}, str(tmp_path))
    assert result["ok"] is True
    assert "dnspython is missing" in result["checks"][-1]["message"]


def test_plain_relay(emulator: Emulator) -> None:
    relay = emulator.relay(Tls.PLAIN_HTTP)
    _status, result, _noise = run({"profile": {"host": "localhost", "port": relay.port}})
    assert result["ok"] is True


def test_documentation_of_the_result() -> None:
    returned = yaml.safe_load(smtp_relay_info.RETURN)
    described = "".join(returned["checks"]["description"])
    assert [name for name in NAMES if f"V({name})" not in described] == []
    statuses = "".join(returned["checks"]["contains"]["status"]["description"])
    assert [status for status in STATUSES if f"V({status})" not in statuses] == []
