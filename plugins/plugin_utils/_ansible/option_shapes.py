# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Refuse arguments of a task whose names or shapes Ansible would refuse by quoting them.

In C(password:secret), without a blank, the secret is part of the name. A mapping given as text may
have secrets as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._format import PLAIN_NAME


def shape_problem(spec: Mapping[str, Any], arguments: Mapping[Any, Any], path: str = "") -> str:
    """Return what is wrong, without names and values that may be secret. Empty if nothing is.

    :param spec: the argument_spec.
    :param path: the name of the option that has these arguments, with a dot at its end.
    """
    if not all(PLAIN_NAME.fullmatch(str(name)) for name in arguments):
        owner = path.rstrip(".") or "The task"
        return (
            f"{owner} has an option whose name is not shown, as no option is called like this. A "
            f"blank may be missing after a colon."
        )
    for name, option in spec.items():
        value = arguments.get(name)
        if "options" not in option or value is None:
            continue
        is_list = option["type"] == "list" and isinstance(value, list)
        for item in value if is_list else [value]:
            if not isinstance(item, Mapping):
                return f"The value of {path}{name} cannot be used: {_expected_shape(option)}."
            problem = shape_problem(option["options"], item, f"{path}{name}.")
            if problem:
                return problem
    return ""


def _expected_shape(option: Mapping[str, Any]) -> str:
    required = [name for name, each in option["options"].items() if each.get("required")]
    shape = "a list of mappings" if option["type"] == "list" else "a mapping"
    names = " and ".join(required)
    return f"it must be {shape}" + (f" with {names}" if names else "")
