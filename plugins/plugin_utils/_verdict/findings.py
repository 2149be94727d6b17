# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Findings: a setting or a rule, what is expected of it, what is there, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._expected.expectations import Expectation
from .._expected.policy import Rule
from .._format import shown
from .availability import why_unknown


def finding(setting: str, status: str, expected: Any, actual: Any, message: str) -> dict[str, Any]:
    """Return a finding in the report's shape. Its status is match, drift, waived or unknown."""
    return {
        "setting": setting,
        "status": status,
        "expected": expected,
        "actual": actual,
        "message": message,
        "waiver": None,
    }


def unknown(setting: str, expected: Any, message: str, actual: Any = None) -> dict[str, Any]:
    """Return the finding that something cannot be known."""
    return finding(setting, "unknown", expected, actual, message)


def of_setting(
    expectation: Expectation, profile: Mapping[str, Any], api_version: object
) -> dict[str, Any]:
    """Return the finding on one setting."""
    setting = expectation.setting
    actual = profile.get(setting)
    why = why_unknown(setting, profile, api_version)
    if why:
        message = f"{setting} cannot be known: {why}"
        return unknown(setting, expectation.expected, message, actual)
    difference = expectation.difference(actual)
    status = "drift" if difference else "match"
    message = difference or f"{setting} is {shown(actual)}"
    return finding(setting, status, expectation.expected, actual, message)


def of_rule(rule: Rule, profile: Mapping[str, Any], api_version: object) -> dict[str, Any]:
    """Return the finding on one rule of the policy."""
    actual = rule.actual(profile)
    for setting in rule.settings:
        why = why_unknown(setting, profile, api_version)
        if why:
            message = f"{rule.words}: {setting} cannot be known: {why}"
            return unknown(rule.setting, rule.expected, message, actual)
    difference = rule.difference(profile)
    status = "drift" if difference else "match"
    return finding(
        rule.setting, status, rule.expected, actual, difference or f"{rule.words} is kept"
    )
