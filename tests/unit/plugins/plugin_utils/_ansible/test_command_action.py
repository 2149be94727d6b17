# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The base of action plugins that call the API: what it loads, and when."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.keyfactor.command.plugins.action import (
    keyfactor_smtp_info,
    smtp_relay_info,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._ansible import (
    command_action as plugin,
)

MODULE_UTILS = "ansible_collections.keyfactor.command.plugins.module_utils"
# Files that a call with a password needs only when it fails, or not at all.
RARE = (
    "_api.response_errors",
    "_auth.kerberos",
    "_auth.oauth",
    "_config.config_file_parser",
    "_http.transport_errors",
)


def test_requires_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    action = plugin.CommandAction.__new__(plugin.CommandAction)
    assert action.has_libraries() is True
    monkeypatch.setattr(plugin, "requests", None)
    assert action.has_libraries() is False


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
        env={**os.environ, "PYTHONPATH": str(Path(str(plugin.__file__)).parents[6])},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(ran.stdout.split())


def test_everything_is_imported_when_the_plugin_is_loaded() -> None:
    """Ansible loads it once; what is imported later is imported again for every environment."""
    here = Path(str(plugin.__file__))
    utils = here.parents[2] / "module_utils"
    files = [
        *here.parent.glob("*_action.py"),
        here.parent / "action_module.py",
        *utils.rglob("*.py"),
    ]
    assert len(files) > 10
    late = {name for path in files for name in late_imports(path)}
    assert f"{MODULE_UTILS}._auth.kerberos" in late
    loaded = loaded_with(keyfactor_smtp_info.__name__) | loaded_with(smtp_relay_info.__name__)
    assert late - loaded == set()


def test_a_usual_call_loads_nothing_that_only_others_need() -> None:
    """Shipped, every file is compiled anew on every run."""
    loaded = loaded_with(f"{MODULE_UTILS}._api.smtp")
    assert f"{MODULE_UTILS}._http.transport" in loaded
    assert loaded & {"gssapi", "yaml", *(f"{MODULE_UTILS}.{each}" for each in RARE)} == set()
