# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action plugin of the entry point apply: it hands its task to that of the module."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.action import apply_smtp as plugin
from ansible_collections.keyfactor.command.plugins.plugin_utils._ansible import action_module
from tests.unit.plugins.plugin_utils._ansible.test_role_arguments import DEFAULTS
from tests.unit.runs import run_action


def test_module_runs_with_the_variables_of_the_role(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, Any, str]] = []

    def run_module(
        action: Any, name: str, options: Mapping[str, Any], task_vars: dict[str, Any]
    ) -> dict[str, Any]:
        seen.append((name, options["profile"], task_vars["inventory_hostname"]))
        return {
            "changed": True,
            "changed_settings": ["port"],
            "written": not action._task.check_mode,
        }

    monkeypatch.setattr(action_module, "run_module", run_module)
    variables = {
        **DEFAULTS,
        "inventory_hostname": "production",
        "groups": {"all": ["production"]},
        "verify_smtp_expected": {"port": 587},
    }
    result = run_action(plugin, {}, task_vars=variables)
    assert seen == [("keyfactor.command.keyfactor_smtp", {"port": 587}, "production")]
    assert (result["changed"], result["outcome"]["line"]) == (True, "was changed: port")
    checked = run_action(plugin, {}, task_vars=variables, check_mode=True)
    assert checked["outcome"]["line"] == "would be changed: port"
