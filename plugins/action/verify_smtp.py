# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.plugins.action import ActionBase

from ..plugin_utils._ansible import action_module
from ..plugin_utils._ansible.role_arguments import RoleArguments
from ..plugin_utils._ansible.verification import PROBE, READ, verify_environment

# Ansible loads action plugins once, in its parent process. Otherwise, every environment would load
# all of this.
action_module.preload_role(READ, PROBE)


class ActionModule(ActionBase):
    """Verify one environment for the role verify_smtp, or publish its result."""

    TRANSFERS_FILES = False
    _supports_check_mode = True

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the verdict, with the facts."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        variables = task_vars or {}
        published = self._task.args.get("result")
        if published:
            return {**result, "changed": False, "ansible_facts": {"verify_smtp_result": published}}

        def run_module(name: str, options: Mapping[str, Any]) -> dict[str, Any]:
            return action_module.run_module(self, name, options, variables)

        arguments = RoleArguments(variables, self._templar.template)
        return {**result, **verify_environment(arguments, run_module)}
