# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reports of any size, with all that a report can hold, for what is made from them."""

from __future__ import annotations

from typing import Any

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import (
    SETTINGS,
    normalize_profile,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._verdict.verdict import (
    indeterminate_entry,
)
from tests.support.report_schema import valid

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


def finding(setting: str, status: str = "match", **more: Any) -> dict[str, Any]:
    """Return a finding. What is not given is as in a profile that is as expected."""
    values = normalize_profile(CONTENT, 2).values
    made = {
        "setting": setting,
        "status": status,
        "expected": values.get(setting),
        "actual": values.get(setting),
        "waiver": None,
        **more,
    }
    differs = f", expected {made['expected']}" if status != "match" else ""
    return {"message": f"{setting} is {made['actual']}{differs}", **made}


def entry(name: str, verdict: str = "compliant", **more: Any) -> dict[str, Any]:
    """Return an environment of which everything was read, and all settings were compared."""
    return {
        **indeterminate_entry(name),
        "verdict": verdict,
        "url": f"https://{name}.keyexample.com/KeyfactorAPI/SMTP",
        "product_version": "25.1.0.0",
        "api_version": 2,
        "tls_verified": True,
        "profile": normalize_profile(CONTENT, 2).values,
        "findings": [*(finding(key) for key in SETTINGS if key not in ("id", "scope")), rule()],
        **more,
    }


def rule(name: str = "tls-needs-submission", status: str = "match") -> dict[str, Any]:
    """Return the finding of a rule of the policy."""
    actual = {"use_ssl": True, "port": 587}
    return finding(f"policy.{name}", status, expected=RULE, actual=actual)


def changed(found: dict[str, Any], *findings: dict[str, Any]) -> dict[str, Any]:
    """Return the environment with these findings in the place of those on the same settings."""
    new = {each["setting"]: each for each in findings}
    kept = [new.pop(each["setting"], each) for each in found["findings"]]
    return {**found, "findings": kept + list(new.values())}


def report(*environments: dict[str, Any]) -> dict[str, Any]:
    """Return the report of these environments."""
    verdicts = [each["verdict"] for each in environments]
    counts = {each: verdicts.count(each) for each in ("compliant", "drifted", "indeterminate")}
    return {
        "schema_version": "1.0",
        "generated_at": "2026-11-25T16:20:05+00:00",
        "collection_version": "1.0.0",
        "summary": {"environments": len(environments), **counts},
        "environments": list(environments),
    }


def four() -> dict[str, Any]:
    """Return a report with every verdict and every status."""
    drifted = changed(
        entry("staging", "drifted", warnings=["The server's identity was not verified."]),
        finding("port", "drift", expected=[465, 587], actual=25),
        finding("sender_name", "drift", actual="Somebody else", waiver=WAIVER),
        finding("sender_address", "drift", expected={"pattern": r"@example\.com$"}, actual=None),
        rule(status="drift"),
    )
    waived = changed(
        entry("development"),
        finding("host", "waived", actual="relay.example.com", waiver=WAIVER),
    )
    broken = {**indeterminate_entry("recovery"), "url": ERROR["url"], "error": ERROR}
    found = report(entry("production"), {**drifted, "tls_verified": False}, waived, broken)
    return valid(found)  # type: ignore[no-any-return]


def many(number: int) -> dict[str, Any]:
    """Return a report of many environments: of ten, seven are compliant."""
    kinds = four()["environments"]
    masked = changed(entry("", "indeterminate"), finding("relay_username", "unknown", actual=None))
    order = [0, 0, 1, 0, 0, 2, 0, 3, 0, 4]
    pool = [*kinds, masked]
    names = ("europe-west", "us-east-factory-automation", "apac", "lab")
    return report(
        *({**pool[order[i % 10]], "name": f"{names[i % 4]}-{i + 1:04}"} for i in range(number))
    )


def hostile() -> dict[str, Any]:
    """Return a report in which every text is hostile, also where the schema allows none."""
    made = []
    for text in HOSTILE:
        waiver = {"reason": text, "owner": text, "expires": "2026-12-31"}
        words = {"expected": text, "actual": [text, text], "message": text}
        findings = [
            finding(f"policy.{text}", "drift", waiver=waiver, **words),
            finding("host", "waived", waiver=waiver, **words),
            finding("port", "unknown", **words),
            finding("reference", "unknown", **words),
        ]
        made.append(
            entry(
                text,
                "drifted",
                url=text,
                product_version=text,
                profile=dict.fromkeys(SETTINGS, text),
                findings=findings,
                warnings=[text],
                error={**dict.fromkeys(ERROR, text), "status": 500, "attempts": 1},
            )
        )
        made.append(indeterminate_entry(text, text))
    return report(*made)
