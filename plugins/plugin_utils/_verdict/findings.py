# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Findings: a setting or a rule, with its expected and actual values and the resulting status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._expected.expectations import Expectation
from .._expected.policy import Rule
from .._format import format_value
from .availability import why_not_comparable


def make_finding(
    setting: str, status: str, expected: Any, actual: Any, message: str
) -> dict[str, Any]:
    """Return a finding in the report's shape. Its status is match, drift, waived or unknown."""
    return {
        "setting": setting,
        "status": status,
        "expected": expected,
        "actual": actual,
        "message": message,
        "waiver": None,
    }


def setting_finding(
    expectation: Expectation, profile: Mapping[str, Any], api_version: object
) -> dict[str, Any]:
    """Return the finding on one setting."""
    setting, expected = expectation.setting, expectation.expected
    actual = profile.get(setting)
    reason = why_not_comparable(setting, profile, api_version)
    if reason:
        message = f"{setting} cannot be known: {reason}"
        return make_finding(setting, "unknown", expected, actual, message)
    mismatch = expectation.mismatch(actual)
    message = mismatch or f"{setting} is {format_value(actual)}"
    return make_finding(setting, "drift" if mismatch else "match", expected, actual, message)


def rule_finding(rule: Rule, profile: Mapping[str, Any], api_version: object) -> dict[str, Any]:
    """Return the finding on one rule of the policy."""
    actual = rule.actual(profile)
    for setting in rule.settings:
        reason = why_not_comparable(setting, profile, api_version)
        if reason:
            message = f"{rule.label}: {setting} cannot be known: {reason}"
            return make_finding(rule.setting, "unknown", rule.expected, actual, message)
    mismatch = rule.mismatch(profile)
    status, message = ("drift", mismatch) if mismatch else ("match", f"{rule.label} is kept")
    return make_finding(rule.setting, status, rule.expected, actual, message)
