# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._ansible import action_module
from ..plugin_utils._ansible.action_module import RunModule
from ..plugin_utils._ansible.role_action import RoleAction
from ..plugin_utils._ansible.role_arguments import RoleArguments
from ..plugin_utils._ansible.settings_change import WRITE, apply_settings

# Ansible loads action plugins once, in its parent process. Otherwise, every environment would load
# all of this.
action_module.preload_role(WRITE)


class ActionModule(RoleAction):
    """Apply the expected settings in one environment for the role verify_smtp."""

    def perform(self, arguments: RoleArguments, run_module: RunModule) -> dict[str, Any]:
        """Return the result of the module that sets the profile, with the outcome."""
        return apply_settings(arguments, run_module)
