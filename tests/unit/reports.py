# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports for the tests of their formats: one of every kind, and any at all."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import (
    normalize_profile,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._report.report import build_report
from tests.support.report_schema import valid
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


def entry(name: str, expected: object, *, untold: bool = False, **more: Any) -> dict[str, Any]:
    """Return an environment's entry, of a profile with port 25 and a hostile sender."""
    content = {"Port": 25, "UseSSL": True, "Host": "smtp.example.com", "Id": 1}
    found = {**normalize_profile(content, 2).values, "sender_name": HOSTILE}
    read = {
        "smtp": found,
        "url": "https://command.example.com/KeyfactorAPI/SMTP",
        "api_version": 1 if untold else 2,
        "product_version": "25.1.0.0",
        "tls_verified": not untold,
    }
    return evaluate_profile(name, found, expected, read, **more)


def report() -> dict[str, Any]:
    """Return a report with every verdict, every status, warnings and errors."""
    down = {"failed": True, "msg": "It is down.", "error": {"kind": "connect", "attempts": 4}}
    entries = [
        entry("production", {"port": 25}),
        entry("staging", {"port": 587, "host": "SMTP.example.com"}, policy=POLICY),
        entry("waived", {"port": 587}, waivers=[WAIVER], today="2027-01-30"),
        entry("expired", {"port": 587}, waivers=[WAIVER], today="2027-02-01"),
        entry("older", {"scope": None, "host": {"pattern": "^smtp"}}, untold=True),
        entry("hostile", {"sender_name": "Example PKI", "port": 25}),
        evaluate_profile("recovery", None, {"port": 25}, down),
    ]
    names = [each["name"] for each in entries]
    return valid(build_report(entries, names, (), ["missing"]))  # type: ignore[no-any-return]


TEXT = st.text(max_size=30)


@st.composite
def reports(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a report with any text in the places where servers and users have a say."""
    found = report()
    for each in found["environments"]:
        each["name"] = draw(TEXT.filter(bool))
        each["warnings"] = draw(st.lists(TEXT, max_size=2))
        each["url"] = draw(st.none() | TEXT)
        for finding in each["findings"]:
            finding["message"], finding["actual"] = draw(TEXT), draw(TEXT)
            finding["setting"] = draw(TEXT)
        if each["error"]:
            each["error"]["message"] = draw(TEXT)
    return found
