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
from .merge import Merged, merge
from .options import ALWAYS
from .secret import SECRET_MEMBERS, PamReference, PlainValue
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
        shown = [(header.name.lower(), header.value) for header in now.headers()]
        for header in self.merged.headers:
            values = {value for name, value in shown if name == header.name.lower()}
            if values and not values & {None, header.value}:
                deviations.append(f"the header {header.name} has another value")
        return deviations


def plan_change(stored: StoredProfile, desired: DesiredProfile, update_secrets: str) -> Plan:
    """Return what to do. :raises CommandError: naming what must be given, or what cannot be set."""
    merged = merge(stored, desired)
    sends_secrets = update_secrets == ALWAYS
    if sends_secrets and not (desired.secrets or desired.secret_values):
        raise configuration_error(
            "update_secrets is always, but profile has no secret to send. Give "
            "profile.relay_password or profile.client_secret, or set update_secrets to on_change."
        )
    if not sends_secrets:
        _refuse_replacement(stored, desired)
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


def _refuse_replacement(stored: StoredProfile, desired: DesiredProfile) -> None:
    """Keep a secret that is meant for other environments from replacing a reference to PAM."""
    replaced = [
        name
        for name, secret in desired.secrets.items()
        if isinstance(secret, PlainValue)
        and isinstance(stored.secret(SECRET_MEMBERS[name]), PamReference)
    ]
    if replaced:
        names = " and ".join(replaced)
        options = " and ".join(f"profile.{name}" for name in replaced)
        raise configuration_error(
            f"Nothing was sent, as the reference to PAM that the server has for {names} would be "
            f"lost. Leave {options} out, or set update_secrets to always to replace it."
        )
