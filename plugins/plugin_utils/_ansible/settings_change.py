# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Apply the expected settings in one environment."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleError

from .._report.outcome import describe_change
from .role_arguments import RoleArguments
from .verification import RunModule

WRITE = "keyfactor.command.keyfactor_smtp"
# The task fails only after the outcomes of all environments are shown.
FAILURES = ("failed", "unreachable", "exception")


def apply_settings(arguments: RoleArguments, run_module: RunModule) -> dict[str, Any]:
    """Return the result of the task: that of the module, with the C(outcome)."""
    try:
        result = run_module(WRITE, arguments.change_options())
    except AnsibleError as error:
        result = {"msg": str(error)}
    outcome = describe_change(result)
    kept = {key: value for key, value in result.items() if key not in FAILURES}
    return {"changed": False, **kept, "outcome": outcome}
