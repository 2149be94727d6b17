# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action plugin of the role: it hands its task to the action plugins of modules."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleConnectionFailure

from ansible_collections.keyfactor.command.plugins.action import verify_smtp
from ansible_collections.keyfactor.command.plugins.plugin_utils._ansible import action_module
from tests.unit.plugins.plugin_utils._ansible.test_role_arguments import DEFAULTS

READ = "keyfactor.command.keyfactor_smtp_info"
CONNECTION = {"host": "command.example.com"}


def run(
    monkeypatch: pytest.MonkeyPatch, outcome: Any, **arguments: Any
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the result of the action, and what the module's action plugin got."""
    seen: dict[str, Any] = {}

    def apply_defaults(name: str, task: Any, options: dict[str, Any], templar: Any) -> Any:
        return {"use_proxy": False, **options}

    def run_other(task_vars: dict[str, Any]) -> dict[str, Any]:
        seen["task_vars"] = task_vars
        if isinstance(outcome, Exception):
            raise outcome
        return dict(outcome)

    def get(name: str, **given: Any) -> SimpleNamespace:
        seen.update(given, name=name)
        return SimpleNamespace(run=run_other)

    monkeypatch.setattr(action_module, "apply_defaults", apply_defaults)
    monkeypatch.setattr(action_module, "action_loader", SimpleNamespace(get=get))
    task = SimpleNamespace(args=arguments, action="keyfactor.command.verify_smtp", async_val=0)
    task.check_mode, task.environment = False, []
    seen["original"] = task
    action = verify_smtp.ActionModule(
        task=task,
        connection=SimpleNamespace(transport="local", _shell=SimpleNamespace(tmpdir="/nowhere")),
        play_context=SimpleNamespace(become=False),
        loader="loader",
        templar=SimpleNamespace(template=lambda value: value),
        shared_loader_obj=None,
    )
    names = {"inventory_hostname": "production", "groups": {"all": ["production"]}}
    state = {"verify_smtp_expected": {"port": 587}, "verify_smtp_connection": CONNECTION}
    return action.run(task_vars={**DEFAULTS, **names, **state}), seen


def test_module_runs_with_the_keywords_of_the_task(monkeypatch: pytest.MonkeyPatch) -> None:
    result, seen = run(monkeypatch, {"failed": True, "msg": "It is down."})
    assert (seen["name"], seen["task"].action) == (READ, READ)
    assert seen["task"].args == {"use_proxy": False, **CONNECTION}
    assert seen["task"].check_mode is False
    assert seen["loader"] == "loader"
    assert seen["task_vars"]["inventory_hostname"] == "production"
    # The task of the role stays as it is.
    assert (seen["original"].action, seen["original"].args) == (
        "keyfactor.command.verify_smtp",
        {},
    )
    assert (result["verdict"], result["changed"]) == ("indeterminate", False)
    assert not result.get("failed")


def test_unreachable_delegate_does_not_fail_the_task(monkeypatch: pytest.MonkeyPatch) -> None:
    failure = AnsibleConnectionFailure("Failed to connect to bastion.")
    result, _seen = run(monkeypatch, failure)
    assert result["verdict"] == "indeterminate"
    assert result["read"]["unreachable"] is True
    entry = result["ansible_facts"]["verify_smtp_result"]
    assert "Failed to connect to bastion." in entry["error"]["message"]
    assert not result.get("unreachable")


def test_result_is_published_without_a_call(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = {"name": "production", "verdict": "compliant"}
    result, seen = run(monkeypatch, AssertionError(), result=entry)
    assert "name" not in seen
    assert result["ansible_facts"] == {"verify_smtp_result": entry}
    assert result["changed"] is False
