# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The base of action plugins that run a module's code in Ansible's own process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible.plugins.action import ActionBase

from ...module_utils._api.call import redactable
from ...module_utils._config.converters import boolean
from ...module_utils._config.settings import show_value
from . import action_module
from .option_shapes import shape_problem

NOT_A_MAPPING = "not a mapping"


class InPlaceAction(ActionBase):
    """Run a module's code in Ansible's own process, or ship the module if that is not possible."""

    TRANSFERS_FILES = False
    _supports_async = True
    _supports_check_mode = True

    #: The module's argument_spec.
    ARGUMENT_SPEC: ClassVar[dict[str, Any]] = {}
    #: Keys of the result that Ansible's redaction leaves alone: a secret that equals an ordinary
    #: value, such as the port, must not corrupt the profile. They must contain no secret.
    NEVER_REDACTED: ClassVar[tuple[str, ...]] = ()

    def perform(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return the module's result for validated arguments. C(os.environ) is the task's."""
        raise NotImplementedError

    def has_libraries(self) -> bool:
        """Return whether this process has the Python libraries that the module requires."""
        return True

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the module's result."""
        task_vars = task_vars or {}
        result: dict[str, Any] = super().run(tmp, task_vars)
        problem = shape_problem(self.ARGUMENT_SPEC, self._task.args)
        if problem:
            return {**result, "failed": True, "msg": problem}
        if not self._runs_in_place(task_vars):
            shipped = self._execute_module(task_vars=task_vars, wrap_async=self._task.async_val)
            return self._redact_invocation({**result, **shipped})
        with action_module.task_environment(self):
            arguments = action_module.validate(
                self.ARGUMENT_SPEC, self._task.args, self._task.action
            )
            outcome = self._perform(arguments)
        if action_module.injects_invocation(task_vars):
            outcome["invocation"] = {"module_args": arguments.redact(arguments.values)}
        redacted = arguments.redact(redactable(outcome, self.NEVER_REDACTED))
        return self._redact_invocation({**result, **outcome, **redacted})

    def _runs_in_place(self, task_vars: Mapping[str, Any]) -> bool:
        """Return whether the module would run in the same environment as this process."""
        enabled = self._templar.template(task_vars.get("keyfactor_in_process", True))
        return (
            boolean(enabled)
            and self.has_libraries()
            and self._connection.transport == "local"
            and self._connection.become is None
            and not self._task.async_val
        )

    def _perform(self, arguments: action_module.Arguments) -> dict[str, Any]:
        if arguments.refusal:
            return {"failed": True, "msg": arguments.refusal}
        outcome = self.perform(arguments.values)
        warnings = [*arguments.warnings, *outcome.get("warnings", ())]
        return {**outcome, "warnings": warnings} if warnings else outcome

    def _redact_invocation(self, result: dict[str, Any]) -> dict[str, Any]:
        """Leave what may be shown in the invocation.

        Ansible masks secret options, but not a password given as C(pasword), nor a private key or a
        URL with credentials in other options.
        """
        invocation = result.get("invocation")
        if isinstance(invocation, dict) and isinstance(invocation.get("module_args"), dict):
            shown = _known_arguments(self.ARGUMENT_SPEC, invocation["module_args"])
            result["invocation"] = {**invocation, "module_args": shown}
        return result


def _known_arguments(spec: Mapping[str, Any], arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments that a spec has, as results may show them."""
    names = {
        argument: name
        for name, option in spec.items()
        for argument in (name, *option.get("aliases", ()))
    }
    return {
        argument: _shown(names[argument], spec[names[argument]], value)
        for argument, value in arguments.items()
        if argument in names
    }


def _shown(name: str, option: Mapping[str, Any], value: Any) -> Any:
    if "options" not in option or value is None:
        return show_value(name, value)
    if isinstance(value, Mapping):
        return _known_arguments(option["options"], value)
    if isinstance(value, list) and all(isinstance(item, Mapping) for item in value):
        return [_known_arguments(option["options"], item) for item in value]
    return NOT_A_MAPPING
