# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sample reports for tests of the report formats: small, large, and hostile."""

from __future__ import annotations

from typing import Any

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import (
    SETTINGS,
    normalize_profile,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._verdict.verdict import (
    indeterminate_entry,
)
from tests.support.report_schema import validate_report

CONTENT = {
    "Id": 1,
    "Host": "smtp.example.com",
    "Port": 587,
    "UseSSL": True,
    "RelayAuthenticationType": 2,
    "RelayUsername": {"SecretValue": "svc-mail"},
    "SenderAccount": "svc-keyfactor",
    "SenderName": "Example PKI",
    "SenderAddress": "pki@example.com",
}
WAIVER = {
    "reason": "The relay moves in December, change 4711",
    "owner": "mail-team@example.com",
    "expires": "2026-12-31",
}
RULE = {"if": {"properties": {"use_ssl": {"const": True}}}, "then": {"required": ["port"]}}
ERROR = {
    "kind": "timeout",
    "status": None,
    "url": "https://recovery.keyexample.com/KeyfactorAPI/SMTP",
    "detail": None,
    "attempts": 4,
    "correlation_id": None,
    "message": "https://recovery.keyexample.com/KeyfactorAPI/SMTP did not answer within 60 "
    "seconds, at the 4th attempt. Look whether the server is up, or raise timeout.",
}
HOSTILE = (
    "<script>document.title = 'hacked'</script>",
    '"><img src=x onerror="document.title=\'hacked\'">',
    "</style></title><!-- {{ 7 * 7 }} {% raw %} & &lt; ' -->",
    "control\x1b[2J\n\r\t\x00 right-to-left \u202egnp.exe \ud800",
    "javascript:alert(1)",
    "w" * 300,
    "עברית العربية Ελληνικά 日本語",
)


def finding(setting: str, status: str = "match", **fields: Any) -> dict[str, Any]:
    """Return a finding. Other fields default to those of a setting with its expected value."""
    values = normalize_profile(CONTENT, 2).values
    result = {
        "setting": setting,
        "status": status,
        "expected": values.get(setting),
        "actual": values.get(setting),
        "waiver": None,
        **fields,
    }
    expectation = f", expected {result['expected']}" if status != "match" else ""
    return {"message": f"{setting} is {result['actual']}{expectation}", **result}


def entry(name: str, verdict: str = "compliant", **fields: Any) -> dict[str, Any]:
    """Return the entry of an environment whose settings were all read and compared."""
    return {
        **indeterminate_entry(name),
        "verdict": verdict,
        "url": f"https://{name}.keyexample.com/KeyfactorAPI/SMTP",
        "product_version": "25.4.1+dc0db2c8",
        "api_version": 2,
        "tls_verified": True,
        "correlation_id": "0f8fad5b-d9cb-469f-a165-70867728950e",
        "profile": normalize_profile(CONTENT, 2).values,
        "findings": [*(finding(key) for key in SETTINGS if key not in ("id", "scope")), rule()],
        **fields,
    }


def rule(name: str = "tls-needs-submission", status: str = "match") -> dict[str, Any]:
    """Return the finding for a policy rule."""
    actual = {"use_ssl": True, "port": 587}
    return finding(f"policy.{name}", status, expected=RULE, actual=actual)


def replace_findings(environment: dict[str, Any], *replacements: dict[str, Any]) -> dict[str, Any]:
    """Return the entry with these findings in place of those for the same settings."""
    by_setting = {finding["setting"]: finding for finding in replacements}
    findings = [by_setting.pop(finding["setting"], finding) for finding in environment["findings"]]
    return {**environment, "findings": [*findings, *by_setting.values()]}


def report(*environments: dict[str, Any]) -> dict[str, Any]:
    """Return the report on these environments."""
    verdicts = [environment["verdict"] for environment in environments]
    counts = {
        verdict: verdicts.count(verdict) for verdict in ("compliant", "drifted", "indeterminate")
    }
    return {
        "schema_version": "1.1",
        "generated_at": "2026-11-25T16:20:05+00:00",
        "collection_version": "1.0.0",
        "summary": {"environments": len(environments), **counts},
        "environments": list(environments),
    }


def four() -> dict[str, Any]:
    """Return a report on four environments, with every verdict and status of a finding."""
    drifted = replace_findings(
        entry("staging", "drifted", warnings=["The server's identity was not verified."]),
        finding("port", "drift", expected=[465, 587], actual=25),
        finding("sender_name", "drift", actual="Another sender", waiver=WAIVER),
        finding("sender_address", "drift", expected={"pattern": r"@example\.com$"}, actual=None),
        rule(status="drift"),
    )
    waived = replace_findings(
        entry("development"),
        finding("host", "waived", actual="relay.example.com", waiver=WAIVER),
    )
    failed = {**indeterminate_entry("recovery"), "url": ERROR["url"], "error": ERROR}
    return validate_report(
        report(entry("production"), {**drifted, "tls_verified": False}, waived, failed)
    )


def many(number: int) -> dict[str, Any]:
    """Return a report on many environments, of which 7 in 10 are compliant."""
    masked = replace_findings(
        entry("", "indeterminate"), finding("relay_username", "unknown", actual=None)
    )
    entries = [*four()["environments"], masked]
    order = [0, 0, 1, 0, 0, 2, 0, 3, 0, 4]
    names = ("europe-west", "us-east-factory-automation", "apac", "lab")
    return report(
        *({**entries[order[i % 10]], "name": f"{names[i % 4]}-{i + 1:04}"} for i in range(number))
    )


def hostile() -> dict[str, Any]:
    """Return a report whose strings are all hostile, even where the schema forbids them."""
    entries = []
    for text in HOSTILE:
        waiver = {"reason": text, "owner": text, "expires": "2026-12-31"}
        texts = {"expected": text, "actual": [text, text], "message": text}
        findings = [
            finding(f"policy.{text}", "drift", waiver=waiver, **texts),
            finding("host", "waived", waiver=waiver, **texts),
            finding("port", "unknown", **texts),
            finding("reference", "unknown", **texts),
        ]
        entries.append(
            entry(
                text,
                "drifted",
                url=text,
                product_version=text,
                correlation_id=text,
                profile=dict.fromkeys(SETTINGS, text),
                findings=findings,
                warnings=[text],
                error={**dict.fromkeys(ERROR, text), "status": 500, "attempts": 1},
            )
        )
        entries.append(indeterminate_entry(text, text))
    return report(*entries)
