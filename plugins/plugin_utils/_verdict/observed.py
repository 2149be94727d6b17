# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The profile that was observed in an environment, and what a reference's makes expected."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import SETTINGS

from .._expected.expectations import AllowedValues
from .._expected.reference import Reference
from .._format import format_list, one_line
from .availability import why_corrupted, why_not_reported
from .findings import unknown_finding


@dataclass(frozen=True)
class ObservedProfile:
    """A profile, and how it was read.

    :param profile: the facts that the module published, or a saved profile.
    :param module_result: the module's registered result, None if it did not run.
    """

    profile: Any = None
    module_result: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class ReferenceComparison:
    """What follows from the reference's profile.

    :param findings: what cannot be compared.
    """

    expectations: list[AllowedValues]
    findings: list[dict[str, Any]]
    warnings: list[str]


def compare_with_reference(
    reference: Reference, observed: ObservedProfile, settled: Collection[str]
) -> ReferenceComparison:
    """Return the settings of the reference's profile as expectations.

    :param settled: settings with an expectation of their own, which takes precedence.
    """
    result, profile = observed.module_result, observed.profile
    if result is None or result.get("smtp") is None or not isinstance(profile, Mapping):
        message = _why_unusable(reference, result)
        return ReferenceComparison([], [unknown_finding("reference", None, message)], [])
    expectations: list[AllowedValues] = []
    findings, not_reported = [], []
    for setting in SETTINGS:
        if setting in reference.excluded or setting in settled:
            continue
        reason = why_corrupted(setting, profile)
        if reason:
            message = f"{setting} cannot be compared with {reference.label}: {reason}"
            findings.append(unknown_finding(setting, None, message))
        elif why_not_reported(setting, profile, result.get("api_version")):
            not_reported.append(setting)
        else:
            expectations.append(AllowedValues(setting, (profile.get(setting),)))
    warnings = []
    if not_reported:
        names = format_list(not_reported)
        warnings.append(f"Not compared with {reference.label}, which does not report: {names}.")
    return ReferenceComparison(expectations, findings, warnings)


def _why_unusable(reference: Reference, module_result: Mapping[str, Any] | None) -> str:
    if module_result is None:
        return (
            f"{reference.label} was not read in this run before this environment. Include it in "
            "--limit, and with serial have it in the first batch"
        )
    default = "The module returned no profile and no message"
    message = one_line(str(module_result.get("msg") or default))
    return f"{reference.label} is indeterminate: {message.rstrip('.')}"
