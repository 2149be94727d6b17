# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the action plugin lets the module run, and when it loads what it needs."""

from __future__ import annotations

import ast
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.action import keyfactor_smtp_info as plugin
from ansible_collections.keyfactor.command.plugins.plugin_utils import in_place

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
    return bool(action._in_place(variables))


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


def late_imports(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [
        each for each in ast.walk(tree) if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    return [
        f"{path.name}:{node.lineno}"
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        or (isinstance(node, ast.Name) and node.id in ("__import__", "import_module"))
    ]


def test_everything_is_imported_when_the_plugin_is_loaded() -> None:
    """Ansible loads it once; what is imported later is imported again for every environment."""
    plugins = Path(str(plugin.__file__)).parents[1]
    files = [Path(str(plugin.__file__)), Path(str(in_place.__file__))]
    files += sorted(plugins.glob("module_utils/*.py"))
    assert len(files) > 10
    assert [each for path in files for each in late_imports(path)] == []
