# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action plugin that shows outcomes."""

from __future__ import annotations

import pytest
from ansible import constants
from ansible.utils.display import Display

from ansible_collections.keyfactor.command.plugins.action import smtp_outcomes as plugin
from tests.unit.runs import run_action


def test_table_is_shown_and_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[tuple[str, str | None]] = []

    def display(self: object, msg: str, color: str | None = None) -> None:
        lines.append((msg, color))

    monkeypatch.setattr(Display, "display", display)
    outcome = {"name": "production", "status": "changed", "line": "was changed: port"}
    result = run_action(plugin, {"outcomes": [outcome]}, check_mode=True)
    assert result["changed"] is False
    assert [text for text, _color in lines] == result["table"]
    assert lines[1] == ("production   was changed: port", constants.COLOR_CHANGED)
