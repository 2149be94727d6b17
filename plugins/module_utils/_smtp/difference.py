# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a change does to a profile, for Ansible's diff mode and for messages. It has no secrets."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from .._api.smtp_profile import SETTINGS
from .._sanitize import escape_unprintable
from .merge import Merged
from .secret import SECRET_MEMBERS, PamReference
from .stored_profile import StoredProfile, comparable

HIDDEN = "(secret)"
# The server decides on these.
NOT_SETTABLE = ("id", "sender_address")


def changed_settings(
    before: Mapping[str, Any], after: Mapping[str, Any], merged: Merged, sends_secrets: bool
) -> list[str]:
    """Return the names of the settings that change, and of secrets that are sent regardless."""
    names = [
        name
        for name in SETTINGS
        if name in merged.changes or comparable(name, before[name]) != comparable(name, after[name])
    ]
    names += [name for name in merged.changes if name not in names]
    return names + [name for name in merged.given_secrets if sends_secrets and name not in names]


def render_diff(
    url: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    stored: StoredProfile,
    merged: Merged | None,
) -> dict[str, str]:
    """Return the diff, with both sides in YAML.

    :param merged: the change, None if there is none.
    """
    header = {"before_header": url, "after_header": url}
    text = _yaml(before, dict(_references(stored, None)))
    if merged is None:
        return {**header, "before": text, "after": text}
    secrets = dict(_references(stored, merged))
    shown = dict(after)
    if "request_headers" in (*merged.changes, *merged.given_secrets):
        shown["request_headers"] = [f"{header.name}: {HIDDEN}" for header in merged.headers]
    secrets.update({name: HIDDEN for name in merged.given_secrets if name != "request_headers"})
    return {**header, "before": text, "after": _yaml(shown, secrets)}


def describe_differences(wanted: Mapping[str, Any], actual: Mapping[str, Any]) -> list[str]:
    """Return in which settings a server has other values than it should."""
    return [
        f"{name} is {_value(actual[name])} instead of {_value(wanted[name])}"
        for name in SETTINGS
        if name not in NOT_SETTABLE
        and comparable(name, wanted[name]) != comparable(name, actual[name])
    ]


def _references(stored: StoredProfile, merged: Merged | None) -> Iterator[tuple[str, str]]:
    """Yield where in PAM secrets are, and whether that changes."""
    for name, member in SECRET_MEMBERS.items():
        before = stored.secret(member)
        secret = merged.secrets.get(name) if merged else before
        if isinstance(secret, PamReference):
            is_moved = isinstance(before, PamReference) and secret != before
            changed = ", changed" if is_moved else ""
            yield f"{name}_pam", f"(provider {secret.provider}{changed})"
        elif merged and name in merged.changes and name not in ("relay_username", "client_id"):
            yield name, HIDDEN


def _yaml(values: Mapping[str, Any], secrets: Mapping[str, str]) -> str:
    """Return YAML. The machine that makes the call may have no library for it."""
    lines = [f"{name}: {_value(values[name])}" for name in SETTINGS]
    lines += [f"{name}: {_value(text)}" for name, text in secrets.items()]
    return "".join(f"{line}\n" for line in lines)


def _value(value: Any) -> str:
    return escape_unprintable(json.dumps(value, ensure_ascii=False))
