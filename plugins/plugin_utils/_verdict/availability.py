# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find the settings of a profile that cannot be compared, as their value is not known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import SETTINGS

from .._expected.setting_types import has_type
from .._format import format_value

# ansible-core replaces text that contains a secret with these.
MASKS = ("VALUE_SPECIFIED_IN_NO_LOG_PARAMETER", "********", "$REDACTED$")
ONLY_IN_VERSION_2 = frozenset(
    ("client_id", "token_endpoint", "scope", "audience", "request_headers")
)


def why_corrupted(setting: str, profile: Mapping[str, Any]) -> str | None:
    """Return why the value is not what the server sent, None if it is."""
    if setting not in profile:
        return "the facts do not hold it"
    if _is_masked(profile[setting]):
        return "Ansible hides it, because it contains the text of a secret option"
    if not has_type(setting, profile[setting]):
        return "the facts hold it with a wrong type"
    return None


def why_not_reported(setting: str, profile: Mapping[str, Any], api_version: object) -> str | None:
    """Return why the server does not report the value, None if it does."""
    if setting == "relay_username" and profile.get("relay_username_source") == "pam":
        return "it is kept in a privileged access management provider"
    if setting == "relay_authentication" and profile.get(setting) == "unknown":
        number = format_value(profile.get("relay_authentication_type"))
        return f"the server's number for it is {number}, which has no published meaning"
    if setting in ONLY_IN_VERSION_2 and api_version == 1:
        return "version 1 of the API does not report it"
    return None


def why_not_comparable(setting: str, profile: Mapping[str, Any], api_version: object) -> str | None:
    """Return why the value cannot be compared, None if it can."""
    return why_corrupted(setting, profile) or why_not_reported(setting, profile, api_version)


def unavailable_settings(profile: Mapping[str, Any], api_version: object) -> dict[str, str]:
    """Return the settings that cannot be compared, each with the reason."""
    reasons = {name: why_not_comparable(name, profile, api_version) for name in SETTINGS}
    return {name: reason for name, reason in reasons.items() if reason}


def _is_masked(value: object) -> bool:
    if isinstance(value, (list, tuple)):
        return any(_is_masked(item) for item in value)
    return isinstance(value, str) and any(mask in value for mask in MASKS)
