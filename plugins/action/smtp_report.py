# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase

from ..plugin_utils._ansible import action_module
from ..plugin_utils._ansible.terminal import show_lines
from ..plugin_utils._ansible.values import to_builtins
from ..plugin_utils._report import writer
from ..plugin_utils._report.table import render_table

FORMATS = list(writer.FORMATS)
SPEC: dict[str, dict[str, Any]] = {
    "report": {
        "type": "dict",
        "required": True,
        "options": {
            "schema_version": {"type": "str", "required": True},
            "generated_at": {"type": "str", "required": True},
            "collection_version": {"type": "str", "required": True},
            "summary": {"type": "dict", "required": True},
            "environments": {"type": "list", "elements": "dict", "required": True},
        },
    },
    "directory": {"type": "path"},
    "formats": {"type": "list", "elements": "str", "choices": FORMATS, "default": FORMATS},
    "show": {"type": "bool", "default": False},
    "files": {"type": "list", "elements": "path", "default": []},
}
# Without these, the report would be missing without an error, or in an arbitrary directory.
EMPTY = {
    "directory": "No report was written, as directory is empty. Name the directory for it.",
    "formats": "No report was written, as formats is empty. Name one or more of "
    f"{', '.join(FORMATS)}.",
}
NOTHING_TO_DO = "No report was written or shown. Set directory to write it, or show to show it."


class ActionModule(ActionBase):
    """Write or show a report on the controller, regardless of the task's host."""

    TRANSFERS_FILES = False
    _supports_check_mode = True

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the paths of the files, and the lines of the table."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        arguments = action_module.validate(SPEC, self._task.args, self._task.action)
        values = arguments.values
        empty = (message for name, message in EMPTY.items() if values.get(name) in ("", []))
        message = arguments.refusal or next(empty, None)
        if not message and values["directory"] is None and not values["show"]:
            message = NOTHING_TO_DO
        if message:
            return {**result, "failed": True, "msg": message}
        # The report is evidence, not a change.
        result["changed"] = False
        report = to_builtins(values["report"])
        if values["directory"] is not None:
            directory = Path(values["directory"]).absolute()
            try:
                result["files"] = writer.write_report(report, directory, values["formats"])
            except writer.WriteError as error:
                return {**result, "failed": True, "msg": str(error)}
        if values["show"]:
            lines = render_table(report, result.get("files") or values["files"])
            result["table"] = show_lines(lines, self._display.display)
        return result
