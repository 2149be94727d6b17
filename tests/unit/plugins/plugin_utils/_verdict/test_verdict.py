# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on one environment."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import (
    SETTINGS,
    normalize_profile,
)
from ansible_collections.keyfactor.command.plugins.module_utils._errors import CommandError
from ansible_collections.keyfactor.command.plugins.plugin_utils._verdict.verdict import (
    entry_messages,
    summarize,
)
from tests.unit.support import evaluate_profile

CONTENT = {
    "Id": 1,
    "Host": "smtp.example.com",
    "Port": 587,
    "UseSSL": True,
    "RelayAuthenticationType": 2,
    "RelayUsername": {"SecretValue": "svc-smtp"},
    "SenderName": "Example PKI",
}
ENTRY = {
    "name",
    "verdict",
    "url",
    "product_version",
    "api_version",
    "tls_verified",
    "correlation_id",
    "profile",
    "delivery",
    "findings",
    "warnings",
    "error",
}
FINDING = {"setting", "status", "expected", "actual", "message", "waiver"}
CALLED = {
    "url": "https://command.example.com/KeyfactorAPI/SMTP",
    "product_version": "25.1.0.0",
    "api_version": 2,
    "tls_verified": True,
    "correlation_id": "0f8fad5b",
    "unknown_members": [],
}


def profile(**changes: Any) -> dict[str, Any]:
    return {**normalize_profile(CONTENT, 2).values, **changes}


def verdict(found: object, expected: object, **read: Any) -> dict[str, Any]:
    entry = evaluate_profile("production", found, expected, {"smtp": found, **CALLED, **read})
    assert set(entry) == ENTRY
    assert all(set(each) == FINDING for each in entry["findings"])
    return entry


def test_compliant() -> None:
    entry = verdict(profile(), {"host": "SMTP.example.com", "port": [25, 587], "scope": None})
    assert entry["verdict"] == "compliant"
    assert [each["status"] for each in entry["findings"]] == ["match"] * 3
    assert {key: entry[key] for key in ("url", "product_version", "api_version")} == {
        key: CALLED[key] for key in ("url", "product_version", "api_version")
    }
    assert (entry["tls_verified"], entry["correlation_id"]) == (True, "0f8fad5b")
    assert tuple(entry["profile"]) == SETTINGS
    assert (entry["error"], entry["warnings"], entry_messages(entry)) == (None, [], [])


def test_drifted_shows_all_differences_at_once() -> None:
    entry = verdict(profile(), {"port": 25, "use_ssl": False, "host": "smtp.example.com"})
    assert entry["verdict"] == "drifted"
    assert [each["status"] for each in entry["findings"]] == ["drift", "drift", "match"]
    port = entry["findings"][0]
    assert (port["setting"], port["expected"], port["actual"]) == ("port", 25, 587)
    assert summarize(entry) == (
        "production is drifted: port is 587, expected 25; use_ssl is true, expected false."
    )


@pytest.mark.parametrize(
    ("changes", "setting", "read", "phrase"),
    [
        (
            {"relay_username": None, "relay_username_source": "pam"},
            "relay_username",
            {},
            "privileged",
        ),
        (
            {"relay_authentication": "unknown", "relay_authentication_type": 3},
            "relay_authentication",
            {},
            "number for it is 3, which has no published meaning",
        ),
        *(({"host": mask}, "host", {}, "Ansible hides it") for mask in ("********", "a********b")),
        ({"port": "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"}, "port", {}, "Ansible hides it"),
        ({"use_ssl": "$REDACTED$"}, "use_ssl", {}, "Ansible hides it"),
        ({"request_headers": ["X-********"]}, "request_headers", {}, "Ansible hides it"),
        ({"port": "587"}, "port", {}, "wrong type"),
        ({"port": True}, "port", {}, "wrong type"),
        ({"use_ssl": 1}, "use_ssl", {}, "wrong type"),
        ({"host": 5}, "host", {}, "wrong type"),
        ({"request_headers": "X-A"}, "request_headers", {}, "wrong type"),
        *(
            ({}, name, {"api_version": 1}, "version 1 of the API does not report it")
            for name in ("client_id", "token_endpoint", "scope", "audience", "request_headers")
        ),
    ],
)
def test_what_cannot_be_known(
    changes: dict[str, Any], setting: str, read: dict[str, Any], phrase: str
) -> None:
    special = {"relay_authentication": "basic"}
    entry = verdict(profile(**changes), {setting: special.get(setting)}, **read)
    (finding,) = entry["findings"]
    assert (finding["status"], entry["verdict"]) == ("unknown", "indeterminate")
    assert phrase in finding["message"]
    assert "cannot be known" in summarize(entry)


def test_facts_without_the_setting() -> None:
    found = profile()
    del found["port"]
    entry = verdict(found, {"port": 587})
    assert (entry["verdict"], entry["profile"]["port"]) == ("indeterminate", None)


def test_a_known_difference_outweighs_an_unknown_value() -> None:
    found = profile(host="********")
    assert verdict(found, {"host": "a", "port": 587})["verdict"] == "indeterminate"
    assert verdict(found, {"host": "a", "port": 25})["verdict"] == "drifted"


def test_an_error_of_the_call() -> None:
    failed = CommandError(
        "permission",
        "It may not.",
        status=403,
        url="https://a",
        attempts=1,
        correlation_id="0f8fad5b",
    )
    read = {"failed": True, **failed.as_result()}
    entry = evaluate_profile("production", None, {"port": 25}, read)
    assert set(entry) == ENTRY
    assert (entry["verdict"], entry["findings"], entry["profile"]) == ("indeterminate", [], None)
    message = "It may not. Correlation ID: 0f8fad5b."
    assert entry["error"] == {**failed.as_result()["error"], "message": message}
    assert (entry["url"], entry["correlation_id"]) == ("https://a", "0f8fad5b")
    assert summarize(entry) == f"production is indeterminate: {message}"


@pytest.mark.parametrize(
    ("read", "phrase"),
    [
        ({"failed": True, "msg": "MODULE FAILURE"}, "MODULE FAILURE"),
        ({"unreachable": True, "msg": "No route."}, "No route"),
        ({"failed": True}, "no profile and no message"),
        ({"skipped": True}, "no profile and no message"),
        ({"smtp": None}, "no profile and no message"),
        ({}, "no profile and no message"),
    ],
)
@pytest.mark.parametrize("stale", [None, profile()])
def test_a_result_without_a_profile(read: dict[str, Any], phrase: str, stale: object) -> None:
    """Facts of an earlier read are not evaluated in place of what failed now."""
    entry = evaluate_profile("production", stale, {"port": 587}, read)
    assert (entry["verdict"], entry["profile"]) == ("indeterminate", None)
    assert phrase in entry["error"]["message"]
    assert entry["error"]["kind"] is None


@pytest.mark.parametrize("found", [None, "", "facts", 5, [1]])
def test_facts_that_are_no_profile(found: object) -> None:
    for read in (None, {"smtp": profile(), **CALLED}):
        entry = evaluate_profile("production", found, {"port": 587}, read)
        assert (entry["verdict"], entry["findings"]) == ("indeterminate", [])
        assert entry["error"]["message"]


def test_a_profile_without_a_call() -> None:
    entry = evaluate_profile("production", profile(), {"port": 587, "scope": None}, None)
    assert (entry["verdict"], entry["url"], entry["tls_verified"]) == ("compliant", None, None)


@pytest.mark.parametrize("expected", [{}, {"prot": 25}, "port"])
def test_expectations_that_cannot_be_used(expected: object) -> None:
    entry = verdict(profile(), expected)
    assert (entry["verdict"], entry["error"]["kind"]) == ("indeterminate", "configuration")
    assert "verify_smtp_expected" in summarize(entry)


def test_warnings() -> None:
    entry = verdict(profile(), {"port": 587}, tls_verified=False, unknown_members=["A", "B"])
    assert entry["verdict"] == "compliant"
    assert len(entry["warnings"]) == 2
    assert "not verified" in entry["warnings"][0]
    assert "A, B" in entry["warnings"][1]
