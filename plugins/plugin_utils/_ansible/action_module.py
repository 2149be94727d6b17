# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a module's work in Ansible's own process, with all that AnsibleModule does around it.

Everything that differs between versions of ansible-core, and everything that is private to it,
is here. It works the same from 2.16 to 2.22.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from ansible import constants
from ansible.errors import AnsibleError
from ansible.module_utils.common import parameters
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError
from ansible.plugins.action import ActionBase
from ansible.plugins.loader import filter_loader, lookup_loader, test_loader
from ansible.template import Templar

from .builtins import to_builtins

try:
    from ansible.template import trust_as_template
except ImportError:
    # Up to 2.18 every text is a template.
    trust_as_template = str

# From 2.22 on Ansible redacts its output by itself, and remove_values is deprecated.
CORE_REDACTS = find_spec("ansible.module_utils.secrets") is not None

# The role's own, and one of each kind that comes with Ansible, which loads all of that kind.
FILTERS = ("ansible.builtin.bool",)
LOOKUPS = ("keyfactor.command._verify_smtp",)
TESTS = ("ansible.builtin.skipped",)


def preload_templates() -> None:
    """Load what every template needs in Ansible's parent process, and evaluate a first one.

    Ansible forks a process for each task of each host, and evaluates no template before. Each of
    these processes would compile Jinja's lexer, and read all files with filters.
    """
    # Optional: what is not found here is looked up again by its users.
    with suppress(AnsibleError, KeyError):
        Templar(loader=None).template(trust_as_template("{{ 'anything' }}"))
        for name in FILTERS:
            filter_loader.get(name)
        for name in LOOKUPS:
            lookup_loader.get(name)
        for name in TESTS:
            test_loader.get(name)


@dataclass(frozen=True)
class Arguments:
    """A task's arguments, validated as AnsibleModule would."""

    values: dict[str, Any]
    refusal: str | None
    warnings: tuple[str, ...]
    secrets: frozenset[str]

    def redact(self, value: Any) -> Any:
        """Return the value without the text of secret options."""
        return value if CORE_REDACTS else parameters.remove_values(value, self.secrets)

    @property
    def redacted_values(self) -> Any:
        """The arguments as the result shows them, without secrets."""
        return self.redact(self.values)


def validate(spec: dict[str, Any], given: Mapping[str, Any], action: str) -> Arguments:
    """Return the arguments, or the message with which AnsibleModule refuses them."""
    found = ArgumentSpecValidator(spec).validate(to_builtins(given))
    refusal = None
    if found.error_messages:
        refusal = found.errors.msg
        if isinstance(found.errors[0], UnsupportedError):
            refusal = f"Unsupported parameters for ({action}) module: {refusal}"
    warnings = tuple(
        f"Both option {each['option']} and its alias {each['alias']} are set."
        for each in found._warnings
    )
    secrets = frozenset(str(each) for each in found._no_log_values)
    return Arguments(found.validated_parameters, refusal, warnings, secrets)


@contextmanager
def task_environment(action: ActionBase) -> Iterator[None]:
    """Give this process the task's C(environment:) for a while, as a module's process has it."""
    asked: dict[str, Any] = {}
    action._compute_environment_string(asked)
    before = dict(os.environ)
    os.environ.update({str(name): str(value) for name, value in asked.items()})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def injects_invocation(task_vars: Mapping[str, Any]) -> bool:
    """Tell whether results hold the arguments: always up to 2.20, then as configured."""
    try:
        return bool(constants.config.get_config_value("INJECT_INVOCATION", variables=task_vars))
    except AnsibleError:
        return True
