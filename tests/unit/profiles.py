# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles for the tests of what is wanted of them."""

from __future__ import annotations

from typing import Any

from ansible_collections.keyfactor.command.plugins.module_utils.profile import normalise
from ansible_collections.keyfactor.command.plugins.plugin_utils.verdict import judge

CONTENT = {
    "Id": 1,
    "Host": "SMTP.example.com",
    "Port": 587,
    "UseSSL": True,
    "RelayAuthenticationType": 2,
    "RelayUsername": {"SecretValue": "svc-smtp"},
    "SenderAccount": "pki@example.com",
    "RequestHeaders": [{"Name": "X-Relay", "Value": "1"}],
}


def profile(**changes: Any) -> dict[str, Any]:
    return {**normalise(CONTENT, 2).values, **changes}


def read(found: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return the module's result for a profile."""
    return {"smtp": found, "url": "https://a", "api_version": 2, "tls_verified": True, **more}


def verdict(found: dict[str, Any], expected: object = None, **more: Any) -> dict[str, Any]:
    return judge("production", found, expected, read(found), **more)


def messages(entry: dict[str, Any], status: str) -> list[str]:
    return [each["message"] for each in entry["findings"] if each["status"] == status]


def refusal(expected: object = None, **more: Any) -> str:
    """Return the words of a refusal, empty if nothing was refused."""
    entry = verdict(profile(), expected, **more)
    if entry["error"]:
        assert (entry["verdict"], entry["error"]["kind"]) == ("indeterminate", "configuration")
        assert entry["error"]["message"].isprintable()
        return str(entry["error"]["message"])
    return ""
