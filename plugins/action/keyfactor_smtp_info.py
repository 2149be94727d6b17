# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ansible.plugins.action import ActionBase

from ..module_utils._api import response_errors
from ..module_utils._api.smtp import read_smtp_profile
from ..module_utils._auth import kerberos, oauth
from ..module_utils._config import config_file_parser
from ..module_utils._config.converters import boolean
from ..module_utils._config.options import argument_spec
from ..module_utils._config.settings import resolve, show_value
from ..module_utils._deps import requests
from ..module_utils._errors import CommandError
from ..module_utils._http import transport_errors
from ..module_utils._http.tls import preload_context
from ..plugin_utils._ansible import action_module

# Ansible loads this file once, in its parent process. A shipped module imports these only if it
# needs them. Here, an import inside run() would take time for every environment.
PRELOADED = (config_file_parser, kerberos, oauth, response_errors, transport_errors)
# Otherwise, every environment would load certificate authorities and template plugins.
preload_context()
action_module.preload_templates()

ARGUMENT_SPEC = argument_spec()
# The names of all arguments, each with the option that it sets.
ARGUMENTS = {
    argument: name
    for name, option in ARGUMENT_SPEC.items()
    for argument in (name, *option.get("aliases", ()))
}
# A secret that equals an ordinary value, such as the port, must not corrupt the profile.
NEVER_REDACTED = ("smtp", "ansible_facts")


def redact_invocation(result: dict[str, Any]) -> dict[str, Any]:
    """Leave what may be shown in the invocation.

    Ansible masks secret options, but not a password given as C(pasword), nor a private key or a URL
    with credentials in other options.
    """
    invocation = result.get("invocation")
    if isinstance(invocation, dict) and isinstance(invocation.get("module_args"), dict):
        arguments = invocation["module_args"].items()
        shown = {
            name: show_value(ARGUMENTS[name], value)
            for name, value in arguments
            if name in ARGUMENTS
        }
        result["invocation"] = {**invocation, "module_args": shown}
    return result


class ActionModule(ActionBase):
    """Read the profile in Ansible's own process, or ship the module if that is not possible."""

    TRANSFERS_FILES = False
    _supports_async = True
    _supports_check_mode = True

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the module's result."""
        task_vars = task_vars or {}
        result: dict[str, Any] = super().run(tmp, task_vars)
        if not self._runs_in_place(task_vars):
            shipped = self._execute_module(task_vars=task_vars, wrap_async=self._task.async_val)
            return redact_invocation({**result, **shipped})
        with action_module.task_environment(self):
            arguments = action_module.validate(ARGUMENT_SPEC, self._task.args, self._task.action)
            outcome = self._read(arguments)
        if action_module.injects_invocation(task_vars):
            outcome["invocation"] = {"module_args": arguments.redact(arguments.values)}
        redacted = arguments.redact({k: v for k, v in outcome.items() if k not in NEVER_REDACTED})
        return redact_invocation({**result, **outcome, **redacted})

    def _runs_in_place(self, task_vars: Mapping[str, Any]) -> bool:
        """Return whether the module would run in the same environment as this process."""
        enabled = self._templar.template(task_vars.get("keyfactor_in_process", True))
        return (
            boolean(enabled)
            and requests is not None
            and self._connection.transport == "local"
            and self._connection.become is None
            and not self._task.async_val
        )

    def _read(self, arguments: action_module.Arguments) -> dict[str, Any]:
        if arguments.refusal:
            return {"failed": True, "msg": arguments.refusal}
        warnings = list(arguments.warnings)
        try:
            settings = resolve(arguments.values, os.environ)
            warnings += settings.warnings
            outcome = read_smtp_profile(settings)
        except CommandError as error:
            outcome = {"failed": True, **error.as_result()}
        warnings += outcome.pop("warnings", [])
        return {**outcome, "warnings": warnings} if warnings else outcome
