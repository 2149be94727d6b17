# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports for tests of the report formats: one with every kind of entry, and random ones."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import (
    normalize_profile,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._report.report import build_report
from tests.support.report_schema import validate_report
from tests.unit.support import evaluate_profile

POLICY = {
    "allOf": [
        {
            "title": "tls-needs-submission",
            "description": "Encrypted mail goes to a submission port.",
            "if": {"properties": {"use_ssl": {"const": True}}},
            "then": {"properties": {"port": {"enum": [465, 587]}}},
        }
    ]
}
WAIVER = {"setting": "port", "reason": "It moves", "owner": "Mail team", "expires": "2027-01-31"}
HOSTILE = "<script>alert(1)</script> | `x` [a](https://evil.example.com) @all \x1b[2J \u202e \ud800"


def entry(name: str, expected: object, *, api_version: int = 2, **arguments: Any) -> dict[str, Any]:
    """Return the entry of an environment whose profile has port 25 and a hostile sender name."""
    content = {"Port": 25, "UseSSL": True, "Host": "smtp.example.com", "Id": 1}
    profile = {**normalize_profile(content, 2).values, "sender_name": HOSTILE}
    module_result = {
        "smtp": profile,
        "url": "https://command.example.com/KeyfactorAPI/SMTP",
        "api_version": api_version,
        "product_version": "25.4.1+dc0db2c8",
        "correlation_id": "0f8fad5b",
        "tls_verified": api_version == 2,
    }
    return evaluate_profile(name, profile, expected, module_result, **arguments)


def report() -> dict[str, Any]:
    """Return a report with every verdict, every status of a finding, warnings, and errors."""
    down = {"failed": True, "msg": "It is down.", "error": {"kind": "connect", "attempts": 4}}
    entries = [
        entry("production", {"port": 25}),
        entry("staging", {"port": 587, "host": "SMTP.example.com"}, policy=POLICY),
        entry("waived", {"port": 587}, waivers=[WAIVER], today="2027-01-30"),
        entry("expired", {"port": 587}, waivers=[WAIVER], today="2027-02-01"),
        entry("older", {"scope": None, "host": {"pattern": "^smtp"}}, api_version=1),
        entry("hostile", {"sender_name": "Example PKI", "port": 25}),
        evaluate_profile("recovery", None, {"port": 25}, down),
    ]
    names = [entry["name"] for entry in entries]
    return validate_report(build_report(entries, names, (), ["missing"]))


def simple_entry(name: str, expected: object, **read: Any) -> dict[str, Any]:
    """Return an environment's entry, of a profile with port 587 and a sender's name."""
    content = {"Port": 587, "Host": "smtp.example.com", "SenderName": "Example PKI"}
    found = normalize_profile(content, 2).values
    return evaluate_profile(name, found, expected, {"smtp": found, "tls_verified": True, **read})


DOWN = {"failed": True, "msg": "It is down. Look there."}
SIMPLE_ENTRIES = [
    simple_entry("staging", {"port": 25, "sender_name": None}),
    simple_entry("production", {"port": 587}),
    simple_entry("old", {"port": 587}, tls_verified=False),
    evaluate_profile("recovery", None, {"port": 587}, DOWN),
]
SIMPLE_NAMES = ["production", "staging", "recovery", "old", "unseen"]

TEXT = st.text(max_size=30)


@st.composite
def reports(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a report with any text where servers and users supply it."""
    result = report()
    for entry in result["environments"]:
        entry["name"] = draw(TEXT.filter(bool))
        entry["warnings"] = draw(st.lists(TEXT, max_size=2))
        for key in ("url", "product_version", "correlation_id"):
            entry[key] = draw(st.none() | TEXT)
        for finding in entry["findings"]:
            finding["message"], finding["actual"] = draw(TEXT), draw(TEXT)
            finding["setting"] = draw(TEXT)
        if entry["error"]:
            entry["error"]["message"] = draw(TEXT)
    return result
