# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a module's code in Ansible's own process, with the same results as AnsibleModule.

Code that uses private parts of ansible-core, which differ from 2.16 to 2.22, belongs here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from copy import copy
from dataclasses import dataclass
from typing import Any

from ansible import constants
from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.module_utils.common import parameters
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError
from ansible.plugins.action import ActionBase
from ansible.plugins.loader import action_loader, filter_loader, lookup_loader, test_loader
from ansible.template import Templar

from ...module_utils._api.call import CORE_REDACTS
from .values import to_builtins

try:
    from ansible.template import trust_as_template
except ImportError:
    # Up to 2.18, every text is a template.
    trust_as_template = str

try:
    from ansible.executor.module_common import _apply_action_arg_defaults as apply_defaults
except ImportError:
    # Up to 2.18.
    from ansible.executor.module_common import get_action_args_with_defaults

    def apply_defaults(
        name: str, task: Any, options: dict[str, Any], templar: Any
    ) -> dict[str, Any]:
        """Return options with those of C(module_defaults) that they leave out."""
        groups = task._parent._play._action_groups
        return get_action_args_with_defaults(name, options, task.module_defaults, templar, groups)


#: Runs a module with options, and returns its result.
RunModule = Callable[[str, Mapping[str, Any]], dict[str, Any]]


def preload_templates() -> None:
    """Evaluate a first template, and load plugins, in Ansible's parent process.

    Otherwise, each process that Ansible forks for a task of a host would do so.
    """
    # Plugins that are not found here are loaded on use.
    with suppress(AnsibleError, KeyError):
        Templar(loader=None).template(trust_as_template("{{ 'anything' }}"))
        # One of Ansible's own filters and tests loads all of them.
        filter_loader.get("ansible.builtin.bool")
        test_loader.get("ansible.builtin.skipped")


def preload_role(*actions: str) -> None:
    """Load the lookup of the role verify_smtp, and action plugins, in Ansible's parent process.

    Not for a module that is used alone: each process would copy the page tables of more memory.
    """
    with suppress(AnsibleError, KeyError):
        lookup_loader.get("keyfactor.command._verify_smtp")
    for name in actions:
        action_loader.get(name, class_only=True)


@dataclass(frozen=True)
class Arguments:
    """A task's arguments, validated as AnsibleModule would."""

    values: dict[str, Any]
    refusal: str | None
    warnings: list[str]
    secrets: frozenset[str]

    def redact(self, value: Any) -> Any:
        """Return the value without the text of secret options."""
        return value if CORE_REDACTS else parameters.remove_values(value, self.secrets)


def validate(spec: dict[str, Any], arguments: Mapping[str, Any], action: str) -> Arguments:
    """Return the arguments, with AnsibleModule's message if they are invalid."""
    result = ArgumentSpecValidator(spec).validate(to_builtins(arguments))
    refusal = result.errors.msg if result.error_messages else None
    if refusal and isinstance(result.errors[0], UnsupportedError):
        refusal = f"Unsupported parameters for ({action}) module: {refusal}"
    template = "Both option {option} and its alias {alias} are set."
    warnings = [template.format(**warning) for warning in result._warnings]
    secrets = frozenset(map(str, result._no_log_values))
    return Arguments(result.validated_parameters, refusal, warnings, secrets)


@contextmanager
def task_environment(action: ActionBase) -> Iterator[None]:
    """Set the task's C(environment:) in this process, as in that of a module."""
    variables: dict[str, Any] = {}
    action._compute_environment_string(variables)
    before = dict(os.environ)
    os.environ.update({str(name): str(value) for name, value in variables.items()})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def run_module(
    action: ActionBase, name: str, options: Mapping[str, Any], task_vars: dict[str, Any]
) -> dict[str, Any]:
    """Return the result of another module, run with the keywords of an action's task.

    :param name: the module's full name.
    :param options: take precedence over the module's defaults in the play.
    """
    task = copy(action._task)
    task.action = name
    task.args = apply_defaults(name, action._task, dict(options), action._templar)
    other = action_loader.get(
        name,
        task=task,
        connection=action._connection,
        play_context=action._play_context,
        loader=action._loader,
        templar=action._templar,
        shared_loader_obj=action._shared_loader_obj,
    )
    try:
        result: dict[str, Any] = other.run(task_vars=task_vars)
    except AnsibleConnectionFailure as error:
        return {"unreachable": True, "msg": str(error)}
    return result


def injects_invocation(task_vars: Mapping[str, Any]) -> bool:
    """Tell whether results hold the arguments: always up to 2.20, then as configured."""
    try:
        return bool(constants.config.get_config_value("INJECT_INVOCATION", variables=task_vars))
    except AnsibleError:
        return True
