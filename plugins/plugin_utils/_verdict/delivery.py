# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Findings on delivery: what the probe of the mail relay and the test mail say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from ...module_utils._relay.authentication import BASIC_WARNING
from ...module_utils._relay.checks import FAILED, NAMES, PASSED, SKIPPED, STATUSES, UNKNOWN, WARNING
from .._expected.delivery import BY_MAIL, BY_RELAY, PREFIX, RELAY
from .._format import one_line
from .findings import make_finding
from .mail import mail_finding, mail_member
from .observed import HIDDEN

# The status of a finding by that of a check. Those that were not made are no findings.
FINDING_STATUSES = {PASSED: "match", WARNING: "match", FAILED: "drift", UNKNOWN: "unknown"}
NOT_PROBED = "no probe was made in this run"


@dataclass(frozen=True)
class Delivery:
    """How delivery was verified, and what came of it.

    :param ways: the ways in which it was to be verified.
    :param probe: the result of the probe, None if there was none.
    :param mail: the result of the test mail, None if there was none.
    :param recipient: to whom it was to be sent, None if that is not known.
    """

    ways: Collection[str]
    probe: Mapping[str, Any] | None
    mail: Mapping[str, Any] | None
    recipient: str | None

    @property
    def member(self) -> dict[str, Any] | None:
        """The evidence as the report holds it, None if there is none."""
        relay = _relay_member(self.probe or {}) if BY_RELAY in self.ways else None
        mail = mail_member(self.mail, self.recipient) if BY_MAIL in self.ways else None
        return {"relay": relay, "mail": mail} if relay or mail else None

    def findings(self) -> tuple[list[dict[str, Any]], list[str]]:
        """Return the findings, and the warnings that come with them."""
        findings, warnings = _relay_findings(self.probe) if BY_RELAY in self.ways else ([], [])
        if BY_MAIL in self.ways:
            findings.append(mail_finding(self.mail))
        return findings, warnings


def _relay_member(probe: Mapping[str, Any]) -> dict[str, Any] | None:
    if _problem(probe):
        return None
    return {key: probe.get(key) for key in ("seen_from", "relay", "checks")}


def _relay_findings(probe: Mapping[str, Any] | None) -> tuple[list[dict[str, Any]], list[str]]:
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
