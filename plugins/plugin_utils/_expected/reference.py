# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Another environment's live profile as what is expected of this one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import SETTINGS

from .._format import format_list, format_value, one_line, split_names
from .._verdict.availability import why_corrupted, why_not_reported
from .._verdict.findings import unknown_finding
from .expectations import AllowedValues, Expectation
from .setting_types import did_you_mean, require_setting

DEFAULT_EXCLUDE = ("id",)


@dataclass(frozen=True)
class Reference:
    """The environment that the others must equal, apart from some settings."""

    name: str
    excluded: frozenset[str]

    @property
    def label(self) -> str:
        """What messages call it."""
        return f"the reference {one_line(self.name)}"


@dataclass(frozen=True)
class ObservedProfile:
    """What was read of the reference in this run.

    :param read: the module's registered result, None if the reference was not read.
    """

    profile: object
    read: Mapping[str, Any] | None


def parse_reference(
    name: Any, excepted: Any, environments: Collection[str]
) -> tuple[Reference | None, list[str]]:
    """Return the reference, and all that is wrong with it.

    :param environments: the inventory's names, empty where they are not known.
    """
    if not name:
        return None, []
    if not isinstance(name, str):
        return None, [
            f"verify_smtp_reference must be an environment's name, and is {format_value(name)}"
        ]
    problems = []
    if environments and name not in environments:
        hint = did_you_mean(name, environments)
        problems.append(
            f"verify_smtp_reference: {format_value(name)} is not in the inventory"
            + (f" ({hint})" if hint else "")
        )
    if not isinstance(excepted, (list, str)):
        return None, [*problems, "verify_smtp_reference_exclude must be a list of settings"]
    names = split_names(excepted)
    for each in names:
        try:
            require_setting(each)
        except ValueError as error:
            problems.append(f"verify_smtp_reference_exclude: {error}")
    if set(SETTINGS) <= set(names):
        problems.append("verify_smtp_reference_exclude leaves no setting to compare")
    return Reference(name, frozenset(names)), problems


def expectations(
    reference: Reference, live: ObservedProfile, settled: Collection[str]
) -> tuple[list[Expectation], list[dict[str, Any]], list[str]]:
    """Return what the reference makes the expectation, what it leaves unknown, and warnings.

    :param settled: settings for which something is expected already, which counts more.
    """
    read, profile = live.read, live.profile
    if read is None or read.get("smtp") is None or not isinstance(profile, Mapping):
        return [], [unknown_finding("reference", None, _unusable(reference, read))], []
    found: list[Expectation] = []
    findings, untold = [], []
    for setting in SETTINGS:
        if setting in reference.excluded or setting in settled:
            continue
        damaged = why_corrupted(setting, profile)
        if damaged:
            message = f"{setting} cannot be compared with {reference.label}: {damaged}"
            findings.append(unknown_finding(setting, None, message))
        elif why_not_reported(setting, profile, read.get("api_version")):
            untold.append(setting)
        else:
            found.append(AllowedValues(setting, (profile.get(setting),)))
    warnings = []
    if untold:
        warnings.append(
            f"Not compared with {reference.label}, which does not tell: {format_list(untold)}."
        )
    return found, findings, warnings


def _unusable(reference: Reference, read: Mapping[str, Any] | None) -> str:
    start = f"{reference.label} "
    if read is None:
        return (
            start + "was not read in this run before this environment. Include it in --limit, and "
            "with serial have it in the first batch"
        )
    message = one_line(str(read.get("msg") or "The module returned no profile and no message"))
    return start + "is indeterminate: " + message.rstrip(".")
