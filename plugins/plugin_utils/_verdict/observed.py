# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The profile observed in an environment, and its settings that cannot be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...module_utils._api.smtp_profile import SETTINGS
from .._expected.setting_types import has_type
from .._format import format_value, one_line

NO_RESULT = "The module returned no profile and no message."
# ansible-core replaces text that contains a secret with these.
MASKS = ("VALUE_SPECIFIED_IN_NO_LOG_PARAMETER", "********", "$REDACTED$")
HIDDEN = "Ansible hides a part of the result, because it contains the text of a secret option"
ONLY_IN_VERSION_2 = ("client_id", "token_endpoint", "scope", "audience", "request_headers")


@dataclass(frozen=True)
class ObservedProfile:
    """A profile, and how it was read.

    :param profile: the facts that the module published, or a saved profile.
    :param module_result: the module's registered result, None if it did not run.
    """

    profile: Any = None
    module_result: Mapping[str, Any] | None = None

    @property
    def failure(self) -> str | None:
        """Why there is no profile, None if there is one."""
        result = self.module_result or {}
        was_read = self.module_result is None or result.get("smtp") is not None
        if was_read and isinstance(self.profile, Mapping):
            return None
        return one_line(str(result.get("msg") or "")) or NO_RESULT

    def why_corrupted(self, setting: str) -> str | None:
        """Return why the value is not what the server sent, None if it is."""
        if setting not in self.profile:
            return "the facts do not hold it"
        if _is_masked(self.profile[setting]):
            return "Ansible hides it, because it contains the text of a secret option"
        if not has_type(setting, self.profile[setting]):
            return "the facts hold it with a wrong type"
        return None

    def why_not_reported(self, setting: str) -> str | None:
        """Return why the server does not report the value, None if it does."""
        if setting == "relay_username" and self.profile.get("relay_username_source") == "pam":
            return "it is kept in a privileged access management provider"
        if setting == "relay_authentication" and self.profile.get(setting) == "unknown":
            number = format_value(self.profile.get("relay_authentication_type"))
            return f"the server's number for it is {number}, which has no published meaning"
        if setting in ONLY_IN_VERSION_2 and (self.module_result or {}).get("api_version") == 1:
            return "version 1 of the API does not report it"
        return None

    def why_not_comparable(self, setting: str) -> str | None:
        """Return why the value cannot be compared, None if it can."""
        return self.why_corrupted(setting) or self.why_not_reported(setting)

    def unavailable_settings(self) -> dict[str, str]:
        """Return the settings that cannot be compared, each with the reason."""
        reasons = {setting: self.why_not_comparable(setting) for setting in SETTINGS}
        return {setting: reason for setting, reason in reasons.items() if reason}


def _is_masked(value: object) -> bool:
    if isinstance(value, (list, tuple)):
        return any(_is_masked(item) for item in value)
    return isinstance(value, str) and any(mask in value for mask in MASKS)
