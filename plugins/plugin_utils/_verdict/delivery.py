# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Findings on delivery: what the probe of the mail relay says of the environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...module_utils._relay.authentication import BASIC_WARNING
from ...module_utils._relay.checks import FAILED, NAMES, PASSED, SKIPPED, STATUSES, UNKNOWN, WARNING
from .._expected.delivery import PREFIX, RELAY
from .._format import one_line
from .findings import make_finding

# The status of a finding by that of a check. Those that were not made are no findings.
FINDING_STATUSES = {PASSED: "match", WARNING: "match", FAILED: "drift", UNKNOWN: "unknown"}
NOT_PROBED = "no probe was made in this run"
HIDDEN = "Ansible hides a part of the result, because it contains the text of a secret option"


def delivery_member(probe: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return the evidence of a probe as the report holds it, None if there is none."""
    if not probe or _problem(probe):
        return None
    return {"relay": {key: probe.get(key) for key in ("seen_from", "relay", "checks")}}


def delivery_findings(probe: Mapping[str, Any] | None) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the findings of a probe, and the warnings that come with them."""
    problem = _problem(probe or {})
    if problem or probe is None:
        message = f"The relay was not probed: {problem}"
        return [make_finding(RELAY, "unknown", PASSED, None, message)], []
    findings, warnings = [], []
    for check in probe["checks"]:
        status, message = check["status"], one_line(check["message"])
        if status == SKIPPED:
            continue
        actual = None if status == UNKNOWN else status
        findings.append(
            make_finding(
                PREFIX + check["name"],
                FINDING_STATUSES[status],
                PASSED,
                actual,
                message.rstrip("."),
            )
        )
        # The entry has its own warning about such a profile, with or without a probe.
        if status == WARNING and BASIC_WARNING not in message:
            warnings.append(message)
    return findings, warnings


def _problem(probe: Mapping[str, Any]) -> str | None:
    """Return why a result has no checks that can be used, None if it has."""
    checks = probe.get("checks")
    if not isinstance(checks, list):
        return one_line(str(probe.get("msg") or "")).rstrip(".") or NOT_PROBED
    for check in checks:
        known = isinstance(check, Mapping) and check.get("name") in NAMES
        if not known or check.get("status") not in STATUSES:
            return HIDDEN
    return None if checks else NOT_PROBED
