# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan a change: what to send, and what the server should have then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .._api.smtp_profile import normalize_profile
from .._errors import configuration_error
from .body import build_body
from .desired_profile import DesiredProfile
from .difference import changed_settings, describe_differences
from .merge import SECRET_MEMBERS, Merged, merge
from .options import ALWAYS
from .secret import PamReference
from .stored_profile import StoredProfile


@dataclass(frozen=True)
class Plan:
    """A change of the stored profile.

    :param after: the settings that the server should have then.
    :param changed: what changes, nothing if the server already has the desired settings.
    """

    stored: StoredProfile
    merged: Merged
    body: Mapping[str, Any] = field(repr=False)
    after: Mapping[str, Any]
    changed: list[str]

    @property
    def is_visible(self) -> bool:
        """Whether the server shows that it has made the change."""
        return bool(self.merged.changes)

    def deviations(self, now: StoredProfile) -> list[str]:
        """Return in what the server differs from what it should have, nothing if it does not."""
        deviations = describe_differences(self.after, now.values)
        for name, member in SECRET_MEMBERS.items():
            wanted, actual = self.merged.secrets.get(name), now.secret(member)
            if isinstance(wanted, PamReference) and wanted != actual:
                deviations.append(f"{name} is not the PAM reference that was sent")
            elif (
                isinstance(actual, PamReference)
                and name in self.merged.secrets
                and wanted != actual
            ):
                deviations.append(f"{name} is a PAM reference that was not sent")
        values = {header.name.lower(): header.value for header in now.headers()}
        deviations += [
            f"the header {header.name} has another value"
            for header in self.merged.headers
            if values.get(header.name.lower()) not in (None, header.value)
        ]
        return deviations


def plan_change(stored: StoredProfile, desired: DesiredProfile, update_secrets: str) -> Plan:
    """Return what to do. :raises CommandError: naming what must be given, or what cannot be set."""
    merged = merge(stored, desired)
    sends_secrets = update_secrets == ALWAYS
    if sends_secrets and not (merged.given_secrets or set(merged.changes) & {*desired.secrets}):
        raise configuration_error(
            "update_secrets is always, but profile has no secret to send. Give "
            "profile.relay_password or profile.client_secret, or set update_secrets to on_change."
        )
    body = build_body(stored, merged)
    after = normalize_profile(body, stored.version).values
    # The Id is not always sent, and never changes.
    after = {**after, "id": stored.values["id"], "sender_address": stored.values["sender_address"]}
    if not stored.has_oauth:
        after["request_headers"] = stored.values["request_headers"]
    if not (merged.changes or sends_secrets):
        return Plan(stored, merged, body, stored.values, [])
    merged.require_complete()
    changed = changed_settings(stored.values, after, merged, sends_secrets)
    return Plan(stored, merged, body, after, changed)
