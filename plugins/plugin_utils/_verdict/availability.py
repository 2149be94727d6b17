# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values that a profile holds and that cannot be compared, because they cannot be known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._expected.setting_types import has_type
from .._format import format_value

# What ansible-core puts in the place of text that contains a secret.
MASKS = ("VALUE_SPECIFIED_IN_NO_LOG_PARAMETER", "********", "$REDACTED$")
ONLY_IN_VERSION_2 = frozenset(
    ("client_id", "token_endpoint", "scope", "audience", "request_headers")
)


def why_corrupted(setting: str, profile: Mapping[str, Any]) -> str | None:
    """Say why what is there is not what the server sent, or return none."""
    actual = profile.get(setting)
    if setting not in profile:
        return "the facts do not hold it"
    if _masked(actual):
        return "Ansible hides it, because it contains the text of a secret option"
    if not has_type(setting, actual):
        return "the facts hold it with a wrong type"
    return None


def why_not_reported(setting: str, profile: Mapping[str, Any], api_version: object) -> str | None:
    """Say why the server does not tell a value, or return none."""
    if setting == "relay_username" and profile.get("relay_username_source") == "pam":
        return "it is kept in a privileged access management provider"
    if setting == "relay_authentication" and profile.get(setting) == "unknown":
        number = format_value(profile.get("relay_authentication_type"))
        return f"the server's number for it is {number}, which has no published meaning"
    if setting in ONLY_IN_VERSION_2 and api_version == 1:
        return "version 1 of the API does not tell it"
    return None


def why_not_comparable(setting: str, profile: Mapping[str, Any], api_version: object) -> str | None:
    """Say why a value cannot be compared, or return none."""
    return why_corrupted(setting, profile) or why_not_reported(setting, profile, api_version)


def _masked(value: object) -> bool:
    if isinstance(value, (list, tuple)):
        return any(_masked(each) for each in value)
    return isinstance(value, str) and any(mask in value for mask in MASKS)
