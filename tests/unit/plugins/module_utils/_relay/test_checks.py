# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The results of checks: all of them, in their order."""

from __future__ import annotations

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._relay.checks import (
    NAMES,
    Checks,
    StepError,
)


def test_checks_after_the_last_step_are_skipped() -> None:
    checks = Checks()
    checks.record("resolve", "passed", "Found.")
    with pytest.raises(StepError), checks.step("connect"):
        raise StepError("unknown", "No way.")
    results = {check["name"]: check for check in checks.as_list()}
    assert list(results) == list(NAMES)
    assert results["connect"] == {"name": "connect", "status": "unknown", "message": "No way."}
    assert results["tls"]["status"] == "skipped"
    assert "check connect" in results["tls"]["message"]
    assert checks.status("tls") is None


@pytest.mark.parametrize(
    ("status", "ok"),
    [("passed", True), ("warning", True), ("skipped", True), ("failed", False), ("unknown", False)],
)
def test_what_is_ok(status: str, ok: bool) -> None:
    checks = Checks()
    checks.record("resolve", "passed", "Found.")
    checks.record("spf", status, "Looked.")
    assert checks.ok() is ok


def test_control_characters_do_not_reach_a_terminal() -> None:
    checks = Checks()
    checks.record("resolve", "failed", "The host a\x1b[2J.")
    assert checks.as_list()[0]["message"] == "The host a\\u001b[2J."
