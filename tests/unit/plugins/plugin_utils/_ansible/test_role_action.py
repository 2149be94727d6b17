# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The base of the role's action plugins: what it hands to their work."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.plugin_utils._ansible import (
    action_module,
    role_action,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._ansible.role_arguments import (
    RoleArguments,
)
from tests.unit.plugins.plugin_utils._ansible.test_role_arguments import DEFAULTS
from tests.unit.runs import run_action


class Action(role_action.RoleAction):
    def perform(
        self, arguments: RoleArguments, run_module: action_module.RunModule
    ) -> dict[str, Any]:
        return run_module("a.b.c", {"of": arguments.environment})


def test_modules_run_with_the_variables_of_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    def run_module(
        action: object, name: str, options: Mapping[str, Any], task_vars: dict[str, Any]
    ) -> dict[str, Any]:
        assert isinstance(action, Action)
        return {"name": name, **options, "port": task_vars["the_port"]}

    monkeypatch.setattr(action_module, "run_module", run_module)
    plugin: Any = SimpleNamespace(ActionModule=Action, __name__="a.b.action")
    variables = {**DEFAULTS, "inventory_hostname": "production", "the_port": 587}
    result = run_action(plugin, {}, task_vars=variables, check_mode=True)
    assert result == {"name": "a.b.c", "of": "production", "port": 587}
