# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make a module's calls, and return its result, also if they fail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .._config.settings import ConnectionSettings, resolve
from .._errors import CommandError


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
    # From 2.19 on, warnings that are passed with the result are deprecated.
    for warning in result.pop("warnings", ()):
        module.warn(warning)
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)
