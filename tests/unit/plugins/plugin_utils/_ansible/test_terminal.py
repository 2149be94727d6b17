# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lines on the terminal: their colors, and callback plugins that must show nothing else."""

from __future__ import annotations

import pytest
from ansible import constants

from ansible_collections.keyfactor.command.plugins.plugin_utils._ansible.terminal import (
    COLORS,
    show_lines,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._report import outcome
from ansible_collections.keyfactor.command.plugins.plugin_utils._report.table import Line
from ansible_collections.keyfactor.command.plugins.plugin_utils._verdict.verdict import VERDICTS

LINES = [Line("HEADING"), Line("a  is as expected", "ok"), Line("b  failed", "failed")]


def show(lines: list[Line]) -> tuple[list[str], list[tuple[str, str | None]]]:
    """Return what is returned, and what is shown."""
    shown: list[tuple[str, str | None]] = []

    def display(text: str, color: str | None = None) -> None:
        shown.append((text, color))

    return show_lines(lines, display), shown


def test_colors() -> None:
    returned, shown = show(LINES)
    assert returned == [line.text for line in LINES]
    colors = [None, constants.COLOR_OK, constants.COLOR_ERROR]
    assert shown == list(zip(returned, colors))


def test_every_status_has_a_color() -> None:
    assert {*VERDICTS, outcome.OK, outcome.CHANGED, outcome.FAILED} == {*COLORS}


@pytest.mark.parametrize("callback", ["json", "ansible.posix.json", "ansible.posix.jsonl"])
def test_output_of_json_callbacks_stays_json(
    monkeypatch: pytest.MonkeyPatch, callback: str
) -> None:
    monkeypatch.setattr(constants, "DEFAULT_STDOUT_CALLBACK", callback)
    assert show(LINES) == ([line.text for line in LINES], [])
