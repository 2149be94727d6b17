# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings on settings and on rules of the policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import (
    normalize_profile,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.expectations import (
    AllowedValues,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._verdict.findings import (
    make_finding,
    rule_finding,
    setting_finding,
    unknown_finding,
)

PROFILE = normalize_profile({"Id": 1, "Host": "smtp.example.com", "Port": 587}, 2).values
RULE: dict[str, Any] = {"properties": {"port": {"const": 587}}}


class PortRule:
    """A rule of the policy that looks at two settings."""

    setting = "policy.submission"
    label = "policy rule submission"
    settings = ("port", "scope")
    expected = RULE

    def actual(self, profile: Mapping[str, Any]) -> dict[str, Any]:
        return {name: profile.get(name) for name in self.settings}

    def mismatch(self, profile: Mapping[str, Any]) -> str | None:
        port = profile["port"]
        return None if port == 587 else f"{self.label}: port is {port}, must be 587"


def finding_on_rule(profile: dict[str, Any], version: int = 2) -> dict[str, Any]:
    rule: Any = PortRule()
    return rule_finding(rule, profile, version)


def test_shape_of_a_finding() -> None:
    assert make_finding("port", "drift", 25, 587, "port is 587, expected 25") == {
        "setting": "port",
        "status": "drift",
        "expected": 25,
        "actual": 587,
        "message": "port is 587, expected 25",
        "waiver": None,
    }


def test_unknown_finding_has_no_value_by_default() -> None:
    found = unknown_finding("reference", None, "It was not read")
    assert found == make_finding("reference", "unknown", None, None, "It was not read")
    assert unknown_finding("host", "a", "It is hidden", "***")["actual"] == "***"


@pytest.mark.parametrize(
    ("values", "status", "message"),
    [
        ((587,), "match", "port is 587"),
        ((25, 587), "match", "port is 587"),
        ((25,), "drift", "port is 587, expected 25"),
        ((25, 465), "drift", "port is 587, expected one of 25, 465"),
    ],
)
def test_finding_on_a_setting(values: tuple[int, ...], status: str, message: str) -> None:
    expected: Any = list(values) if len(values) > 1 else values[0]
    found = setting_finding(AllowedValues("port", values), PROFILE, 2)
    assert found == make_finding("port", status, expected, 587, message)


@pytest.mark.parametrize(
    ("setting", "changes", "version", "reason"),
    [
        ("port", {"port": "587"}, 2, "the facts hold it with a wrong type"),
        ("scope", {}, 1, "version 1 of the API does not report it"),
    ],
)
def test_finding_on_a_setting_that_cannot_be_known(
    setting: str, changes: dict[str, Any], version: int, reason: str
) -> None:
    profile = {**PROFILE, **changes}
    found = setting_finding(AllowedValues(setting, (None,)), profile, version)
    message = f"{setting} cannot be known: {reason}"
    assert found == make_finding(setting, "unknown", None, profile[setting], message)


@pytest.mark.parametrize(
    ("port", "status", "message"),
    [
        (587, "match", "policy rule submission is kept"),
        (25, "drift", "policy rule submission: port is 25, must be 587"),
    ],
)
def test_finding_on_a_rule(port: int, status: str, message: str) -> None:
    found = finding_on_rule({**PROFILE, "port": port})
    actual = {"port": port, "scope": None}
    assert found == make_finding("policy.submission", status, RULE, actual, message)


@pytest.mark.parametrize("port", [587, 25])
def test_finding_on_a_rule_with_a_setting_that_cannot_be_known(port: int) -> None:
    found = finding_on_rule({**PROFILE, "port": port}, version=1)
    message = (
        "policy rule submission: scope cannot be known: version 1 of the API does not report it"
    )
    actual = {"port": port, "scope": None}
    assert found == make_finding("policy.submission", "unknown", RULE, actual, message)
