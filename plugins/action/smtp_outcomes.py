# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase

from ..plugin_utils._ansible.terminal import show_lines
from ..plugin_utils._ansible.values import to_builtins
from ..plugin_utils._report.table import render_outcomes


class ActionModule(ActionBase):
    """Show what the role did in each environment, regardless of the task's host."""

    TRANSFERS_FILES = False
    _supports_check_mode = True

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the lines of the table."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        lines = render_outcomes(to_builtins(self._task.args["outcomes"]))
        return {**result, "changed": False, "table": show_lines(lines, self._display.display)}
