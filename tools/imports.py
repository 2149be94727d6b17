# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check the allowed imports between the packages of plugins/, and that there are no cycles."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from tools.sources import ROOT

PREFIX = "ansible_collections.keyfactor.command.plugins."
# The packages that each package may import from. Modules directly in module_utils are the base.
BASE = "module_utils"
ALLOWED: dict[str, set[str]] = {
    "module_utils": set(),
    "module_utils._config": {BASE},
    "module_utils._http": {BASE},
    "module_utils._auth": {BASE, "module_utils._http"},
    "module_utils._api": {
        BASE,
        "module_utils._auth",
        "module_utils._config",
        "module_utils._http",
    },
    "module_utils._relay": {BASE, "module_utils._config", "module_utils._http"},
    "module_utils._smtp": {BASE, "module_utils._api", "module_utils._config", "module_utils._http"},
    "plugin_utils": {BASE},
    "plugin_utils._inventory": {BASE, "module_utils._config", "plugin_utils"},
    "plugin_utils._expected": {
        BASE,
        "module_utils._api",
        "module_utils._config",
        "module_utils._relay",
        "plugin_utils",
    },
    "plugin_utils._verdict": {
        BASE,
        "module_utils._api",
        "module_utils._relay",
        "plugin_utils",
        "plugin_utils._expected",
    },
    "plugin_utils._report": {
        BASE,
        "module_utils._api",
        "module_utils._relay",
        "plugin_utils",
        "plugin_utils._expected",
        "plugin_utils._verdict",
    },
    "plugin_utils._ansible": {
        BASE,
        "module_utils._api",
        "module_utils._auth",
        "module_utils._config",
        "module_utils._http",
        "module_utils._relay",
        "plugin_utils",
        "plugin_utils._expected",
        "plugin_utils._report",
        "plugin_utils._verdict",
    },
}


def imports(path: Path, name: str) -> Iterator[str]:
    """Yield the modules of the collection that a file imports, including inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            package = name.split(".")[: -node.level] if node.level else []
            module = ".".join([*package, *filter(None, [node.module])]).removeprefix(PREFIX)
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def problems(plugins: Path) -> Iterator[str]:
    """Yield a message for each forbidden import below a directory like plugins/."""
    files = {
        ".".join(path.relative_to(plugins).with_suffix("").parts): path
        for path in plugins.rglob("*.py")
    }
    graph = {name: {*imports(path, name)} & {*files} for name, path in files.items()}
    for name, imported in sorted(graph.items()):
        package = name.rpartition(".")[0]
        for other in sorted(imported):
            target = other.rpartition(".")[0]
            if package != target and package in ALLOWED and target not in ALLOWED[package]:
                yield f"{name} must not import {other}"
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        yield "These import each other: " + " -> ".join(error.args[1])


if __name__ == "__main__":
    sys.exit("\n".join(problems(ROOT / "plugins")) or None)
