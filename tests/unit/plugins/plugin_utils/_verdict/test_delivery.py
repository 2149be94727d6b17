# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the probe of a relay says of an environment."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import (
    normalize_profile,
)
from ansible_collections.keyfactor.command.plugins.module_utils._relay.checks import NAMES
from ansible_collections.keyfactor.command.plugins.plugin_utils._report.report import build_report
from ansible_collections.keyfactor.command.plugins.plugin_utils._verdict.verdict import (
    entry_messages,
    summarize,
)
from tests.support.report_schema import validate_report
from tests.unit.support import evaluate_profile

PROFILE = normalize_profile({"Host": "smtp.example.com", "Port": 587}, 2).values
EXPIRED = "The certificate of smtp.example.com:587 expired on 2026-11-01 12:00 UTC. Renew it."
WAIVER = {
    "setting": "delivery.certificate",
    "reason": "It is renewed on Monday",
    "owner": "Mail team",
    "expires": "2027-01-31",
}


def probe(message: str = "Fine.", **statuses: str) -> dict[str, Any]:
    """Return the result of a probe whose other checks passed."""
    checks = [
        {"name": name, "status": statuses.get(name, "passed"), "message": message} for name in NAMES
    ]
    return {"ok": True, "seen_from": "bastion", "relay": {"port": 587}, "checks": checks}


def verdict(result: object, **arguments: Any) -> dict[str, Any]:
    options = {"delivery": ["relay"], "today": "2027-01-30", **arguments}
    expected = options.pop("expected", {"port": 587})
    read = {"smtp": PROFILE, "api_version": 2, "tls_verified": True}
    return evaluate_profile("production", PROFILE, expected, read, None, result, **options)  # type: ignore[arg-type]


def findings(entry: dict[str, Any]) -> dict[str, str]:
    return {each["setting"]: each["status"] for each in entry["findings"]}


def test_all_checks_passed() -> None:
    entry = verdict(probe(login="skipped"))
    assert (entry["verdict"], entry["warnings"]) == ("compliant", [])
    expected = {"port", *(f"delivery.{name}" for name in NAMES if name != "login")}
    assert set(findings(entry)) == expected
    assert set(findings(entry).values()) == {"match"}
    assert entry["delivery"]["relay"]["seen_from"] == "bastion"
    assert {"name": "login", "status": "skipped", "message": "Fine."} in (
        entry["delivery"]["relay"]["checks"]
    )


@pytest.mark.parametrize(
    ("status", "expected", "finding"),
    [
        ("failed", "drifted", "drift"),
        ("unknown", "indeterminate", "unknown"),
        ("warning", "compliant", "match"),
    ],
)
def test_verdicts(status: str, expected: str, finding: str) -> None:
    entry = verdict(probe(EXPIRED, certificate=status))
    assert (entry["verdict"], findings(entry)["delivery.certificate"]) == (expected, finding)
    assert bool(entry["warnings"]) is (status == "warning")
    assert any(EXPIRED.rstrip(".") in message for message in entry_messages(entry))


def test_what_failed_outweighs_what_is_unknown() -> None:
    entry = verdict(probe(EXPIRED, certificate="failed", recipient="unknown"))
    assert entry["verdict"] == "drifted"
    assert summarize(entry).startswith("production is drifted: The certificate of smtp")


def test_finding() -> None:
    entry = verdict(probe(EXPIRED, certificate="failed", spf="unknown"))
    by_name = {each["setting"]: each for each in entry["findings"]}
    assert by_name["delivery.certificate"] == {
        "setting": "delivery.certificate",
        "status": "drift",
        "expected": "passed",
        "actual": "failed",
        "message": EXPIRED.rstrip("."),
        "waiver": None,
    }
    assert by_name["delivery.spf"]["actual"] is None


def test_waived() -> None:
    entry = verdict(probe(EXPIRED, certificate="failed"), waivers=[WAIVER])
    assert (entry["verdict"], findings(entry)["delivery.certificate"]) == ("compliant", "waived")
    assert entry["warnings"][1:] == [
        "The waiver of delivery.certificate (Mail team: It is renewed on Monday) expires "
        "tomorrow, on 2027-01-31."
    ]
    entry = verdict(probe(EXPIRED, certificate="failed"), waivers=[WAIVER], today="2027-02-01")
    assert entry["verdict"] == "drifted"


def test_waiver_without_a_difference() -> None:
    assert "waives no difference" in str(verdict(probe(), waivers=[WAIVER])["warnings"])
    # A run without the probe says nothing of it, nor does one that only sends a mail.
    assert len(verdict(None, delivery=[], waivers=[WAIVER])["warnings"]) == 1
    assert "waives no difference" not in str(
        verdict(None, delivery=["mail"], waivers=[WAIVER])["warnings"]
    )


@pytest.mark.parametrize(
    ("result", "phrase"),
    [
        (None, "no probe was made"),
        ({"skipped": True}, "no probe was made"),
        ({"checks": []}, "no probe was made"),
        (
            {"failed": True, "msg": "The value of ca_cert\ncannot be used."},
            "The value of ca_cert c",
        ),
        ({"unreachable": True, "msg": "No route to bastion."}, "No route to bastion"),
        (probe(tls="********"), "Ansible hides"),
        ({**probe(), "checks": [{"name": "********", "status": "passed"}]}, "Ansible hides"),
        ({**probe(), "checks": ["********"]}, "Ansible hides"),
        ({**probe(), "checks": "********"}, "no probe was made"),
    ],
)
def test_what_is_no_probe_is_unknown(result: object, phrase: str) -> None:
    entry = verdict(result)
    assert entry["verdict"] == "indeterminate"
    assert findings(entry) == {"port": "match", "delivery.relay": "unknown"}
    assert f"The relay was not probed: {phrase}" in summarize(entry)
    assert entry["delivery"] is None


def test_without_delivery_a_probe_does_not_count() -> None:
    entry = verdict(probe(tls="failed"), delivery=[])
    assert (entry["verdict"], entry["delivery"]) == ("compliant", None)


def test_delivery_alone() -> None:
    assert verdict(probe(), expected={})["verdict"] == "compliant"
    assert verdict(probe(tls="failed"), expected={})["verdict"] == "drifted"


def test_warning_is_given_once() -> None:
    profile = {**PROFILE, "host": "smtp.office365.com", "relay_authentication_type": 2}
    told = "smtp.office365.com:587 offers LOGIN. Exchange Online turns Basic authentication off at "
    told += "the end of December 2026. Set the profile to OAuth, or to another relay."
    result = probe(told, authentication="warning")
    entry = evaluate_profile(
        "a", profile, {"port": 587}, {"smtp": profile}, None, result, delivery="relay"
    )
    assert len(entry["warnings"]) == 1


def test_report_matches_its_schema() -> None:
    entries = [
        verdict(probe(EXPIRED, certificate="failed", login="skipped")),
        verdict(None),
        verdict(probe(tls="unknown")),
    ]
    names = [f"production-{number}" for number in range(len(entries))]
    named = [{**entry, "name": name} for name, entry in zip(names, entries, strict=True)]
    validate_report(build_report(named, names))
