# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Another environment's live profile as what is expected of this one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import KEYS

from .._format import listed, one_line, shown, split
from .._verdict.availability import why_damaged, why_untold
from .._verdict.findings import unknown
from .expectations import AnyOf, Expectation
from .setting_types import known, suggestion

EXCEPT = ("id",)


@dataclass(frozen=True)
class Reference:
    """The environment that the others must equal, apart from some settings."""

    name: str
    excepted: frozenset[str]

    @property
    def words(self) -> str:
        """What messages call it."""
        return f"the reference {one_line(self.name)}"


@dataclass(frozen=True)
class Live:
    """What was read of the reference in this run.

    :param read: the module's registered result, None if the reference was not read.
    """

    profile: object
    read: Mapping[str, Any] | None


def parse(
    name: Any, excepted: Any, environments: Collection[str]
) -> tuple[Reference | None, list[str]]:
    """Return the reference, and all that is wrong with it.

    :param environments: the inventory's names, empty where they are not known.
    """
    if not name:
        return None, []
    if not isinstance(name, str):
        return None, [f"verify_smtp_reference must be an environment's name, and is {shown(name)}"]
    problems = []
    if environments and name not in environments:
        hint = suggestion(name, environments)
        problems.append(
            f"verify_smtp_reference: {shown(name)} is not in the inventory"
            + (f" ({hint})" if hint else "")
        )
    if not isinstance(excepted, (list, str)):
        return None, [*problems, "verify_smtp_reference_except must be a list of settings"]
    names = split(excepted)
    for each in names:
        try:
            known(each)
        except ValueError as error:
            problems.append(f"verify_smtp_reference_except: {error}")
    if set(KEYS) <= set(names):
        problems.append("verify_smtp_reference_except leaves no setting to compare")
    return Reference(name, frozenset(names)), problems


def expectations(
    reference: Reference, live: Live, settled: Collection[str]
) -> tuple[list[Expectation], list[dict[str, Any]], list[str]]:
    """Return what the reference makes the expectation, what it leaves unknown, and warnings.

    :param settled: settings for which something is expected already, which counts more.
    """
    read, profile = live.read, live.profile
    if read is None or read.get("smtp") is None or not isinstance(profile, Mapping):
        return [], [unknown("reference", None, _unusable(reference, read))], []
    found: list[Expectation] = []
    findings, untold = [], []
    for setting in KEYS:
        if setting in reference.excepted or setting in settled:
            continue
        damaged = why_damaged(setting, profile)
        if damaged:
            message = f"{setting} cannot be compared with {reference.words}: {damaged}"
            findings.append(unknown(setting, None, message))
        elif why_untold(setting, profile, read.get("api_version")):
            untold.append(setting)
        else:
            found.append(AnyOf(setting, (profile.get(setting),)))
    warnings = []
    if untold:
        warnings.append(
            f"Not compared with {reference.words}, which does not tell: {listed(untold)}."
        )
    return found, findings, warnings


def _unusable(reference: Reference, read: Mapping[str, Any] | None) -> str:
    start = f"{reference.words} "
    if read is None:
        return (
            start + "was not read in this run before this environment. Include it in --limit, and "
            "with serial have it in the first batch"
        )
    message = one_line(str(read.get("msg") or "The module returned no profile and no message"))
    return start + "is indeterminate: " + message.rstrip(".")
