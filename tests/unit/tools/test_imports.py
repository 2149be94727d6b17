# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Imports against the direction of the rooms, and circles, are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.imports import ALLOWED, PREFIX, problems
from tools.sources import ROOT


def test_the_rooms_of_the_collection() -> None:
    rooms = {
        ".".join(path.parent.relative_to(ROOT / "plugins").parts)
        for folder in ("module_utils", "plugin_utils")
        for path in (ROOT / "plugins" / folder).rglob("*.py")
    }
    assert rooms == set(ALLOWED)
    assert list(problems(ROOT / "plugins")) == []


@pytest.mark.parametrize(
    "line",
    [
        "from .._config import options",
        "from .._config.options import OPTIONS",
        "def f():\n    from .._config.options import OPTIONS",
        f"from {PREFIX}module_utils._config.options import OPTIONS",
        f"from {PREFIX}module_utils._config import options",
    ],
)
def test_an_import_in_the_wrong_direction(tmp_path: Path, line: str) -> None:
    plugins = tmp_path / "plugins"
    for name, text in (("_config/options", "OPTIONS = ()"), ("_http/transport", line)):
        path = plugins / "module_utils" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    expected = "module_utils._http.transport must not import module_utils._config.options"
    assert list(problems(plugins)) == [expected]


def test_a_circle(tmp_path: Path) -> None:
    room = tmp_path / "module_utils" / "_http"
    room.mkdir(parents=True)
    (room / "a.py").write_text("from .b import B\n")
    (room / "b.py").write_text("def f():\n    from .a import A\n")
    (problem,) = problems(tmp_path)
    assert problem.startswith("These import each other: module_utils._http.")
