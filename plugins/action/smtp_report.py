# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.keyfactor.command.plugins.plugin_utils._ansible.action_module import (
    validate,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._ansible.builtins import to_builtins
from ansible_collections.keyfactor.command.plugins.plugin_utils._report.writer import (
    FORMATS,
    WriteError,
    write_report,
)

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
    "directory": {"type": "path", "required": True},
    "formats": {
        "type": "list",
        "elements": "str",
        "choices": list(FORMATS),
        "default": list(FORMATS),
    },
}
# Requested evidence must not be missing silently, nor end up in an arbitrary place.
EMPTY = {
    "directory": "No report was written, as directory is empty. Name the directory for it.",
    "formats": "No report was written, as formats is empty. Name one or more of "
    f"{', '.join(FORMATS)}.",
}


class ActionModule(ActionBase):
    """Writes a report on the controller, whatever host the task is for."""

    TRANSFERS_FILES = False
    _supports_check_mode = True

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the paths of the files."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        arguments = validate(SPEC, self._task.args, self._task.action)
        if arguments.refusal:
            return {**result, "failed": True, "msg": arguments.refusal}
        for name, words in EMPTY.items():
            if not arguments.values[name]:
                return {**result, "failed": True, "msg": words}
        directory = Path(arguments.values["directory"]).absolute()
        try:
            files = write_report(
                to_builtins(arguments.values["report"]), directory, arguments.values["formats"]
            )
        except WriteError as error:
            return {**result, "failed": True, "msg": str(error)}
        # The report is evidence, not a change.
        return {**result, "changed": False, "files": files}
