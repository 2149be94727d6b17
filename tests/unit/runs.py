# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a module as Ansible does: in a process of its own, or in place by its action plugin."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def run_module(
    module: ModuleType,
    arguments: Mapping[str, Any],
    environ: Mapping[str, str] | None = None,
    *,
    check_mode: bool = False,
) -> tuple[int, dict[str, Any], str]:
    """Return the module's exit status, its result, and all else that it wrote."""
    internal = {"_ansible_check_mode": check_mode, "_ansible_diff": check_mode}
    process = subprocess.run(
        [sys.executable, str(module.__file__)],
        input=json.dumps({"ANSIBLE_MODULE_ARGS": {**arguments, **internal}}),
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **(environ or {})},
    )
    result = json.loads(process.stdout)
    # From 2.22 on the module tells the controller what to hide.
    result.pop("_ansible_new_secrets", None)
    return process.returncode, result, process.stderr


def run_action(
    plugin: ModuleType,
    arguments: Mapping[str, Any],
    environment: Mapping[str, str] | None = None,
    *,
    check_mode: bool = False,
    task_vars: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the result of a local task with this C(environment:), run by the action plugin."""
    task = SimpleNamespace(
        args=arguments,
        action=f"keyfactor.command.{plugin.__name__.rpartition('.')[2]}",
        async_val=0,
        check_mode=check_mode,
        environment=[environment or {}],
    )
    shell = SimpleNamespace(tmpdir="/nowhere", env_prefix=lambda **_environment: "")
    action = plugin.ActionModule(
        task=task,
        connection=SimpleNamespace(transport="local", become=None, _shell=shell),
        play_context=SimpleNamespace(become=False),
        loader=None,
        templar=SimpleNamespace(template=lambda value: value),
        shared_loader_obj=None,
    )
    result: dict[str, Any] = action.run(task_vars=dict(task_vars or {}))
    return result
