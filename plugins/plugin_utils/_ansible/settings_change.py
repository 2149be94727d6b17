# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Apply the expected settings in one environment."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleError

from .._expected.desired_settings import DesiredSettings
from .._report.outcome import describe_change
from .action_module import RunModule
from .role_arguments import RoleArguments

WRITE = "keyfactor.command.keyfactor_smtp"
# The task fails only after the outcomes of all environments are shown.
FAILURES = ("failed", "unreachable", "exception")


def apply_settings(arguments: RoleArguments, run_module: RunModule) -> dict[str, Any]:
    """Return the result of the task: that of the module, with the C(outcome)."""
    options: dict[str, Any] = {}
    settings = DesiredSettings({})
    try:
        options, settings = arguments.change()
        result = run_module(WRITE, options)
    except AnsibleError as error:
        result = {"msg": str(error)}
    outcome = describe_change(result, settings, options.get("test_recipient", ""))
    kept = {key: value for key, value in result.items() if key not in FAILURES}
    return {"changed": False, **kept, "outcome": outcome}
