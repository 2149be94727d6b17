# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said of a change in one environment."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.plugin_utils._report.change import (
    describe_change,
)

CHANGED = {"changed_settings": ["port", "use_ssl"], "changed": True, "written": True}
FAILED = {"msg": "It\nfailed.", "error": {"kind": "conflict"}, "changed_settings": ["port"]}


@pytest.mark.parametrize(
    ("result", "line"),
    [
        (CHANGED, "was changed: port, use_ssl"),
        ({**CHANGED, "written": False}, "would be changed: port, use_ssl"),
        ({"changed_settings": [], "changed": False, "written": False}, "is as expected"),
    ],
)
def test_success(result: dict[str, Any], line: str) -> None:
    assert describe_change(result, "") == {"ok": True, "line": line, "message": ""}


@pytest.mark.parametrize(
    ("result", "line"),
    [
        ({**FAILED, "written": False}, "is unchanged: It failed."),
        ({**FAILED, "written": None, "changed": True}, "may have been changed: It failed."),
        (
            {**FAILED, "written": None, "changed": False, "smtp": {}},
            "is unchanged so far: It failed.",
        ),
        ({**FAILED, "written": True}, "was changed, and is not as expected: It failed."),
        ({"msg": "It failed.", "error": {}}, "is unchanged: It failed."),
        ({"msg": "Unsupported parameters"}, "is unchanged: Unsupported parameters"),
        ({}, "is unchanged: The module returned no result."),
    ],
)
def test_failure(result: dict[str, Any], line: str) -> None:
    change = describe_change(result, "")
    assert (change["ok"], change["line"]) == (False, line)
    assert line.endswith(change["message"])


def test_problems_come_first() -> None:
    assert describe_change({}, "It cannot be applied.")["message"] == "It cannot be applied."
