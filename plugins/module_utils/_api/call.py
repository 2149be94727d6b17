# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make a module's calls, and return its result, also if they fail."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from importlib.util import find_spec
from typing import Any

from ansible.module_utils.common.parameters import remove_values

from .._config.settings import ConnectionSettings, resolve
from .._errors import CommandError

# Keys of results that have no secret. A secret such as 25 must not mask the port in them.
NEVER_REDACTED = (
    *("smtp", "ansible_facts", "diff", "changed_settings", "unknown_members"),
    *("url", "api_version", "product_version", "settings"),
)
# From 2.22 on, Ansible redacts its output itself, and remove_values is deprecated.
CORE_REDACTS = find_spec("ansible.module_utils.secrets") is not None


def run_call(
    call: Callable[[ConnectionSettings], dict[str, Any]],
    arguments: Mapping[str, Any],
    environ: Mapping[str, str],
) -> dict[str, Any]:
    """Return the result of C(call), or that of its failure, with all warnings in C(warnings).

    :param call: raises CommandError if it fails.
    :param arguments: the module's validated arguments.
    """
    warnings: list[str] = []
    try:
        settings = resolve(arguments, environ)
        warnings += settings.warnings
        result = call(settings)
    except CommandError as error:
        result = {"failed": True, **error.as_result()}
    warnings += result.get("warnings", ())
    return {**result, "warnings": warnings} if warnings else result


def exit_module(module: Any, result: dict[str, Any]) -> None:
    """End an AnsibleModule with a result of run_call.

    Not called while an exception is handled: up to 2.18 that would add a traceback.
    """
    if not CORE_REDACTS:
        result = _redacted(module, result)
    # From 2.19 on, warnings that are passed with the result are deprecated.
    for warning in result.pop("warnings", ()):
        module.warn(warning)
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)


def _redacted(module: Any, result: Mapping[str, Any]) -> dict[str, Any]:
    """Return the result without the text of secret options, as InPlaceAction does it.

    AnsibleModule would redact all keys, so its own redaction is turned off.
    """
    secrets, module.no_log_values = module.no_log_values, set()
    result = {"invocation": {"module_args": module.params}, **result}
    return {**result, **remove_values(redactable(result, NEVER_REDACTED), secrets)}


def redactable(result: Mapping[str, Any], never_redacted: Collection[str]) -> dict[str, Any]:
    """Return the members of a result in which secrets are masked: never true, false and null."""
    return {
        name: value
        for name, value in result.items()
        if name not in never_redacted and not isinstance(value, (bool, type(None)))
    }
