# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The reference: an environment whose live profile is the expected state of the others."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from ...module_utils._api.smtp_profile import SETTINGS
from .._format import did_you_mean, format_value, one_line, split_names
from .setting_types import require_setting

DEFAULT_EXCLUDE = ("id",)


@dataclass(frozen=True)
class Reference:
    """The environment that the others must equal, apart from some settings."""

    name: str
    excluded: frozenset[str]

    @property
    def label(self) -> str:
        """The name for messages."""
        return f"the reference {one_line(self.name)}"


def parse_reference(
    name: Any, exclude: Any, environments: Collection[str]
) -> tuple[Reference | None, list[str]]:
    """Return the reference, and all problems.

    :param environments: the inventory's names, empty where they are not known.
    """
    if not name:
        return None, []
    quoted = format_value(name)
    if not isinstance(name, str):
        return None, [f"verify_smtp_reference must be an environment's name, and is {quoted}"]
    problems = []
    if environments and name not in environments:
        hint = did_you_mean(name, environments)
        hint = f" ({hint})" if hint else ""
        problems.append(f"verify_smtp_reference: {quoted} is not in the inventory{hint}")
    if not isinstance(exclude, (list, tuple, str)):
        return None, [*problems, "verify_smtp_reference_exclude must be a list of settings"]
    names = split_names(exclude)
    for setting in names:
        try:
            require_setting(setting)
        except ValueError as error:
            problems.append(f"verify_smtp_reference_exclude: {error}")
    if set(SETTINGS) <= set(names):
        problems.append("verify_smtp_reference_exclude leaves no setting to compare")
    return Reference(name, frozenset(names)), problems
