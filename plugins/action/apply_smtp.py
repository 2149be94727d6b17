# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.plugins.action import ActionBase

from ..plugin_utils._ansible import action_module
from ..plugin_utils._ansible.role_arguments import RoleArguments
from ..plugin_utils._ansible.settings_change import WRITE, apply_settings

# Ansible loads action plugins once, in its parent process. Otherwise, every environment would load
# all of this.
action_module.preload_role(WRITE)


class ActionModule(ActionBase):
    """Apply the expected settings in one environment for the role verify_smtp."""

    TRANSFERS_FILES = False
    _supports_check_mode = True

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the result of the module that sets the profile, with the outcome."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        variables = task_vars or {}

        def run_module(name: str, options: Mapping[str, Any]) -> dict[str, Any]:
            return action_module.run_module(self, name, options, variables)

        arguments = RoleArguments(variables, self._templar.template)
        return {**result, **apply_settings(arguments, run_module)}
