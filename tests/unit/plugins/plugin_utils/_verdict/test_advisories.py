# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Warnings about profiles that will fail."""

from __future__ import annotations

import pytest

from ansible_collections.keyfactor.command.plugins.plugin_utils._verdict.advisories import (
    advisories,
)
from tests.unit.support import evaluate_profile

AFFECTED = {"host": "smtp.office365.com", "relay_authentication_type": 2}


@pytest.mark.parametrize(
    "host", ["smtp.office365.com", "SMTP.Office365.com", "smtp.office365.com."]
)
def test_basic_authentication_at_exchange_online(host: str) -> None:
    (warning,) = advisories({**AFFECTED, "host": host})
    for phrase in ("end of December 2026", "MC786329", "550 5.7.30", "OAuth", "administrator"):
        assert phrase in warning
    assert warning.isprintable()


@pytest.mark.parametrize(
    "changes",
    [
        {"relay_authentication_type": 0},
        {"relay_authentication_type": 3},
        {"relay_authentication_type": None},
        {"relay_authentication_type": "2"},
        {"host": "smtp.example.com"},
        {"host": "smtp.office365.com.example.com"},
        {"host": None},
        {"host": "********"},
    ],
)
def test_any_other_profile_has_none(changes: dict[str, object]) -> None:
    assert list(advisories({**AFFECTED, **changes})) == []


def test_profile_without_settings_has_none() -> None:
    assert list(advisories({})) == []


@pytest.mark.parametrize("expected", ["smtp.office365.com", "smtp.example.com"])
@pytest.mark.parametrize("module_result", [None, {"smtp": AFFECTED}])
def test_warning_is_in_the_entry_whatever_the_verdict(
    expected: str, module_result: dict[str, object] | None
) -> None:
    entry = evaluate_profile("production", AFFECTED, {"host": expected}, module_result)
    assert [warning for warning in entry["warnings"] if "MC786329" in warning]
    assert entry["verdict"] == ("compliant" if expected == AFFECTED["host"] else "drifted")
