# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The base of action plugins for the role verify_smtp, which run modules with its variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.plugins.action import ActionBase

from . import action_module
from .action_module import RunModule
from .role_arguments import RoleArguments


class RoleAction(ActionBase):
    """Run modules for one environment, in one task of the role."""

    TRANSFERS_FILES = False
    _supports_check_mode = True

    def perform(self, arguments: RoleArguments, run_module: RunModule) -> dict[str, Any]:
        """Return the result of the task."""
        raise NotImplementedError

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the result of the task."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        variables = task_vars or {}

        def run_module(name: str, options: Mapping[str, Any]) -> dict[str, Any]:
            return action_module.run_module(self, name, options, variables)

        arguments = RoleArguments(variables, self._templar.template)
        return {**result, **self.perform(arguments, run_module)}
