# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.keyfactor.command.plugins.module_utils._api import (
    body_errors as unreadable,
)
from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp import read_smtp_profile
from ansible_collections.keyfactor.command.plugins.module_utils._auth import kerberos, oauth
from ansible_collections.keyfactor.command.plugins.module_utils._config import (
    config_file_parser as profile_content,
)
from ansible_collections.keyfactor.command.plugins.module_utils._config.converters import boolean
from ansible_collections.keyfactor.command.plugins.module_utils._config.options import argument_spec
from ansible_collections.keyfactor.command.plugins.module_utils._config.settings import resolve
from ansible_collections.keyfactor.command.plugins.module_utils._deps import requests
from ansible_collections.keyfactor.command.plugins.module_utils._errors import CommandError

# Loaded in Ansible's parent process, once: an import inside run() would cost every environment.
from ansible_collections.keyfactor.command.plugins.module_utils._http import (
    transport_errors as failures,
)
from ansible_collections.keyfactor.command.plugins.module_utils._http.tls import preload_context
from ansible_collections.keyfactor.command.plugins.plugin_utils._ansible.action_module import (
    Arguments,
    injects_invocation,
    preload_templates,
    task_environment,
    validate,
)

# A module's own process loads these only where a call needs them.
PRELOADED = (failures, kerberos, oauth, profile_content, unreadable)
# What else every environment would load: authorities, and what templates need.
preload_context()
preload_templates()

# A secret that equals an ordinary value, such as the port, must not damage the profile.
NEVER_MASKED = ("smtp", "ansible_facts")


ARGUMENT_SPEC = argument_spec()
ALIASES = (alias for option in ARGUMENT_SPEC.values() for alias in option.get("aliases", ()))
ARGUMENTS = {*ARGUMENT_SPEC, *ALIASES}


def hide_unknown_arguments(result: dict[str, Any]) -> dict[str, Any]:
    """Leave only known arguments in the invocation: nothing masks a password given as C(pasword)."""
    invocation = result.get("invocation")
    if isinstance(invocation, dict) and isinstance(invocation.get("module_args"), dict):
        arguments = invocation["module_args"].items()
        known = {name: value for name, value in arguments if name in ARGUMENTS}
        result["invocation"] = {**invocation, "module_args": known}
    return result


class ActionModule(ActionBase):
    """Reads the profile in Ansible's own process, or ships the module where that is not possible."""

    TRANSFERS_FILES = False
    _supports_async = True
    _supports_check_mode = True

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return what the module returns, wherever it runs."""
        task_vars = task_vars or {}
        result: dict[str, Any] = super().run(tmp, task_vars)
        if not self._in_place(task_vars):
            shipped = self._execute_module(task_vars=task_vars, wrap_async=self._task.async_val)
            return hide_unknown_arguments({**result, **shipped})
        with task_environment(self):
            arguments = validate(ARGUMENT_SPEC, self._task.args, self._task.action)
            outcome = self._read(arguments)
        if injects_invocation(task_vars):
            outcome["invocation"] = {"module_args": arguments.redacted_values}
        masked = arguments.mask({k: v for k, v in outcome.items() if k not in NEVER_MASKED})
        return hide_unknown_arguments({**result, **outcome, **masked})

    def _in_place(self, task_vars: Mapping[str, Any]) -> bool:
        """Tell whether this very process is where the module would run."""
        wanted = self._templar.template(task_vars.get("keyfactor_in_process", True))
        return bool(
            boolean(wanted)
            and requests is not None
            and self._connection.transport == "local"
            and self._connection.become is None
            and not self._task.async_val
        )

    def _read(self, arguments: Arguments) -> dict[str, Any]:
        if arguments.refusal:
            return {"failed": True, "msg": arguments.refusal}
        warnings = list(arguments.warnings)
        try:
            settings = resolve(arguments.values, os.environ)
            warnings += settings.warnings
            outcome = read_smtp_profile(settings)
        except CommandError as error:
            outcome = {"failed": True, **error.as_result()}
        if warnings:
            outcome["warnings"] = warnings
        return outcome
