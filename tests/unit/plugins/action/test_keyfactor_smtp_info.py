# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the action plugin lets the module run, and when it loads what it needs."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.action import keyfactor_smtp_info as plugin
from ansible_collections.keyfactor.command.plugins.plugin_utils._ansible import (
    action_module as in_place,
)
from tests.emulator import Command, Emulator
from tests.unit.support import TOKEN

MODULE_UTILS = "ansible_collections.keyfactor.command.plugins.module_utils"
# Files that a call with a password needs only when it fails, or not at all.
RARE = (
    "_api.response_errors",
    "_auth.kerberos",
    "_auth.oauth",
    "_config.config_file_parser",
    "_http.transport_errors",
)
HERE = {"transport": "local", "become": None}


class Templar:
    """Fills in two templates, and leaves everything else as it is."""

    def template(self, value: object) -> object:
        return {"{{ no }}": "no", "{{ yes }}": "yes"}.get(str(value), value)


def decision(task: dict[str, Any], connection: dict[str, Any], **variables: Any) -> bool:
    action = plugin.ActionModule(
        task=SimpleNamespace(**{"async_val": 0, **task}),
        connection=SimpleNamespace(**{**HERE, **connection}),
        play_context=SimpleNamespace(become=False),
        loader=None,
        templar=Templar(),
        shared_loader_obj=None,
    )
    return bool(action._runs_in_place(variables))


@pytest.mark.parametrize("wanted", [True, "true", "yes", 1, "{{ yes }}"])
def test_local_tasks_run_in_place(wanted: object) -> None:
    assert decision({}, {}) is True
    assert decision({}, {}, keyfactor_in_process=wanted) is True


@pytest.mark.parametrize("wanted", [False, "false", "no", 0, "{{ no }}"])
def test_variable_has_it_shipped(wanted: object) -> None:
    assert decision({}, {}, keyfactor_in_process=wanted) is False


@pytest.mark.parametrize(
    ("task", "connection"),
    [
        ({"async_val": 60}, {}),
        ({}, {"become": object()}),
        ({}, {"transport": "ssh"}),
        ({}, {"transport": "community.docker.docker"}),
    ],
)
def test_others_are_shipped(task: dict[str, Any], connection: dict[str, Any]) -> None:
    assert decision(task, connection) is False
    assert decision(task, connection, keyfactor_in_process=True) is False


def test_without_requests_it_is_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugin, "requests", None)
    assert decision({}, {}) is False


def run(environment: dict[str, Any], **arguments: Any) -> dict[str, Any]:
    """Return the result of a local task."""
    task = SimpleNamespace(
        args=arguments,
        action="keyfactor.command.keyfactor_smtp_info",
        async_val=0,
        check_mode=False,
        environment=[environment],
    )
    shell = SimpleNamespace(tmpdir="/nowhere", env_prefix=lambda **_environment: "")
    action = plugin.ActionModule(
        task=task,
        connection=SimpleNamespace(**HERE, _shell=shell),
        play_context=SimpleNamespace(become=False),
        loader=None,
        templar=Templar(),
        shared_loader_obj=None,
    )
    return action.run(task_vars={})


def test_profile_is_read_with_the_environment_of_the_task(
    emulator: Emulator, command: Command
) -> None:
    environment = {"KEYFACTOR_HOSTNAME": command.url, "KEYFACTOR_IGNORE_SSL": "false"}
    result = run(environment, access_token=TOKEN, ca_cert=str(emulator.ca_cert))
    assert result["smtp"]["port"] == 587
    assert result["ansible_facts"] == {"keyfactor_smtp": result["smtp"]}
    assert "KEYFACTOR_SKIP_VERIFY" in str(result["warnings"])
    assert "KEYFACTOR_HOSTNAME" not in os.environ


def test_secret_that_equals_a_value_does_not_damage_the_profile(
    emulator: Emulator,
) -> None:
    command = emulator.command(users={"svc": "587"})
    given = {"host": command.url, "ca_cert": str(emulator.ca_cert)}
    result = run({}, **given, username="svc", password="587")
    assert result["smtp"]["port"] == 587


def test_failed_call_is_a_failed_result(emulator: Emulator, command: Command) -> None:
    result = run({}, host=command.url, access_token=TOKEN + "x", ca_cert=str(emulator.ca_cert))
    assert (result["failed"], result["error"]["kind"]) == (True, "authentication")
    assert result["msg"].startswith(command.url)
    assert "smtp" not in result


def test_argument_that_does_not_fit_is_a_failed_result(command: Command) -> None:
    result = run({}, host=command.url, access_token=TOKEN, port="https")
    assert (result["failed"], "error" in result) == (True, False)
    assert "port" in result["msg"]
    assert command.connections == 0


def absolute(path: Path) -> str:
    """Return the name under which Ansible imports a file."""
    parts = path.with_suffix("").parts
    return ".".join(parts[parts.index("ansible_collections") :])


def late_imports(path: Path) -> list[str]:
    """Return what the functions of a file import, by its full name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = (each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef))
    found = []
    for node in (node for function in functions for node in ast.walk(function)):
        if isinstance(node, ast.ImportFrom):
            package = absolute(path).rsplit(".", node.level)[0] + "." if node.level else ""
            found.append(f"{package}{node.module}")
        elif isinstance(node, ast.Import):
            found += [each.name for each in node.names]
        elif isinstance(node, ast.Name) and node.id in ("__import__", "import_module"):
            found.append(f"{node.id} in line {node.lineno} of {path.name}")
    return found


def loaded_with(name: str) -> set[str]:
    """Return what is loaded once a file is, in a process of its own: the tests load everything."""
    ran = subprocess.run(
        [sys.executable, "-c", f"import sys, {name}; print(*sys.modules)"],
        env={**os.environ, "PYTHONPATH": str(Path(str(plugin.__file__)).parents[5])},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(ran.stdout.split())


def test_everything_is_imported_when_the_plugin_is_loaded() -> None:
    """Ansible loads it once; what is imported later is imported again for every environment."""
    here = Path(str(plugin.__file__))
    files = [here, Path(str(in_place.__file__)), *here.parents[1].glob("module_utils/**/*.py")]
    assert len(files) > 10
    late = {name for path in files for name in late_imports(path)}
    assert f"{MODULE_UTILS}._auth.kerberos" in late
    assert late - loaded_with(str(plugin.__name__)) == set()


def test_a_usual_call_loads_nothing_that_only_others_need() -> None:
    """Shipped, every file is compiled anew on every run."""
    loaded = loaded_with(f"{MODULE_UTILS}._api.smtp")
    assert f"{MODULE_UTILS}._http.transport" in loaded
    assert loaded & {"gssapi", "yaml", *(f"{MODULE_UTILS}.{each}" for each in RARE)} == set()


def test_unknown_arguments_are_not_shown() -> None:
    """A misspelt option may hold a secret, and no_log says nothing of it."""
    given = {"host": "a", "url": "b", "password": "masked", "pasword": "secret", 5: "secret"}
    result = {"failed": True, "invocation": {"module_args": given, "more": 1}}
    shown = plugin.redact_invocation(result)
    known = {"host": "a", "url": "b", "password": "masked"}
    assert shown == {"failed": True, "invocation": {"module_args": known, "more": 1}}
    for other in ({"msg": "x"}, {"invocation": None}, {"invocation": {"module_args": "text"}}):
        assert plugin.redact_invocation(dict(other)) == other
