# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The profile observed in an environment, and the expectations from that of a reference."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import SETTINGS

from .._expected.expectations import AllowedValues
from .._expected.reference import Reference
from .._format import format_list, one_line
from .availability import why_corrupted, why_not_reported
from .findings import make_finding

NO_RESULT = "The module returned no profile and no message."


@dataclass(frozen=True)
class ObservedProfile:
    """A profile, and how it was read.

    :param profile: the facts that the module published, or a saved profile.
    :param module_result: the module's registered result, None if it did not run.
    """

    profile: Any = None
    module_result: Mapping[str, Any] | None = None

    @property
    def failure(self) -> str | None:
        """Why there is no profile, None if there is one."""
        result = self.module_result or {}
        read = self.module_result is None or result.get("smtp") is not None
        if read and isinstance(self.profile, Mapping):
            return None
        return one_line(str(result.get("msg") or "")) or NO_RESULT


def compare_with_reference(
    reference: Reference, observed: ObservedProfile, settled: Collection[str]
) -> tuple[list[AllowedValues], list[dict[str, Any]], list[str]]:
    """Return the reference's settings as expectations, findings on unknown ones, and warnings.

    :param settled: settings with an expectation of their own, which takes precedence.
    """
    failure = _why_unusable(reference, observed)
    if failure:
        return [], [make_finding("reference", "unknown", None, None, failure)], []
    profile, result = observed.profile, observed.module_result or {}
    expectations: list[AllowedValues] = []
    findings, not_reported = [], []
    for setting in SETTINGS:
        if setting in reference.excluded or setting in settled:
            continue
        reason = why_corrupted(setting, profile)
        if reason:
            message = f"{setting} cannot be compared with {reference.label}: {reason}"
            findings.append(make_finding(setting, "unknown", None, None, message))
        elif why_not_reported(setting, profile, result.get("api_version")):
            not_reported.append(setting)
        else:
            expectations.append(AllowedValues(setting, (profile.get(setting),)))
    names = format_list(not_reported)
    warning = f"Not compared with {reference.label}, which does not report: {names}."
    return expectations, findings, [warning] if not_reported else []


def _why_unusable(reference: Reference, observed: ObservedProfile) -> str | None:
    if observed.module_result is None:
        return (
            f"{reference.label} was not read in this run before this environment. Include it in "
            "--limit, and with serial have it in the first batch"
        )
    if observed.failure:
        return f"{reference.label} is indeterminate: {observed.failure.rstrip('.')}"
    return None
