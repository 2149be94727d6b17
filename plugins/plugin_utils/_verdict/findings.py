# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Findings: a setting or a rule, with its expected and actual values and the resulting status."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ...module_utils._api.smtp_profile import SETTINGS
from .._expected.expectations import AllowedValues, Expectation
from .._expected.policy import Rule
from .._expected.reference import Reference
from .._format import format_list, format_value
from .observed import ObservedProfile

NOT_READ = (
    "was not read in this run before this environment. Include it in --limit, and with serial "
    "have it in the first batch"
)


def make_finding(
    setting: str, status: str, expected: Any, actual: Any, message: str
) -> dict[str, Any]:
    """Return a finding in the report's shape. Its status is match, drift, waived or unknown."""
    values = {"expected": expected, "actual": actual}
    return {"setting": setting, "status": status, **values, "message": message, "waiver": None}


def setting_finding(expectation: Expectation, observed: ObservedProfile) -> dict[str, Any]:
    """Return the finding on one setting."""
    setting, expected = expectation.setting, expectation.expected
    actual = observed.profile.get(setting)
    reason = observed.why_not_comparable(setting)
    if reason:
        message = f"{setting} cannot be known: {reason}"
        return make_finding(setting, "unknown", expected, actual, message)
    mismatch = expectation.mismatch(actual)
    message = mismatch or f"{setting} is {format_value(actual)}"
    return make_finding(setting, "drift" if mismatch else "match", expected, actual, message)


def rule_finding(rule: Rule, observed: ObservedProfile) -> dict[str, Any]:
    """Return the finding on one rule of the policy."""
    actual = {setting: observed.profile.get(setting) for setting in rule.settings}
    for setting in rule.settings:
        reason = observed.why_not_comparable(setting)
        if reason:
            message = f"{rule.label}: {setting} cannot be known: {reason}"
            return make_finding(rule.setting, "unknown", rule.expected, actual, message)
    mismatch = rule.mismatch(observed.profile)
    message = mismatch or f"{rule.label} is kept"
    status = "drift" if mismatch else "match"
    return make_finding(rule.setting, status, rule.expected, actual, message)


def compare_with_reference(
    reference: Reference, observed: ObservedProfile, settled: Collection[str]
) -> tuple[list[AllowedValues], list[dict[str, Any]], list[str]]:
    """Return the reference's settings as expectations, findings on unknown ones, and warnings.

    :param settled: settings with an expectation of their own, which takes precedence.
    """
    failure = observed.failure and f"is indeterminate: {observed.failure.rstrip('.')}"
    if observed.module_result is None:
        failure = NOT_READ
    if failure:
        message = f"{reference.label} {failure}"
        return [], [make_finding("reference", "unknown", None, None, message)], []
    expectations: list[AllowedValues] = []
    findings, not_reported = [], []
    for setting in SETTINGS:
        if setting in reference.excluded or setting in settled:
            continue
        reason = observed.why_corrupted(setting)
        if reason:
            message = f"{setting} cannot be compared with {reference.label}: {reason}"
            findings.append(make_finding(setting, "unknown", None, None, message))
        elif observed.why_not_reported(setting):
            not_reported.append(setting)
        else:
            expectations.append(AllowedValues(setting, (observed.profile[setting],)))
    names = format_list(not_reported)
    warning = f"Not compared with {reference.label}, which does not report: {names}."
    return expectations, findings, [warning] if not_reported else []
