# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ..plugin_utils._ansible import action_module
from ..plugin_utils._ansible.action_module import RunModule
from ..plugin_utils._ansible.role_action import RoleAction
from ..plugin_utils._ansible.role_arguments import RoleArguments
from ..plugin_utils._ansible.verification import PROBE, READ, verify_environment

# Ansible loads action plugins once, in its parent process. Otherwise, every environment would load
# all of this.
action_module.preload_role(READ, PROBE)


class ActionModule(RoleAction):
    """Verify one environment for the role verify_smtp, or publish its result."""

    def perform(self, arguments: RoleArguments, run_module: RunModule) -> dict[str, Any]:
        """Return the verdict, with the facts."""
        published = self._task.args.get("result")
        if published:
            return {"changed": False, "ansible_facts": {"verify_smtp_result": published}}
        return verify_environment(arguments, run_module)
