# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which ways of delivery are verified, and what their findings are about."""

from __future__ import annotations

from typing import Any

from ...module_utils._relay.checks import NAMES
from .._format import did_you_mean, format_list, format_value, split_names

# The mail relay is probed; Keyfactor Command sends a test mail.
WAYS = BY_RELAY, BY_MAIL = "relay", "mail"
PREFIX = "delivery."
# The finding if the relay could not be probed at all.
RELAY = f"{PREFIX}relay"
MAIL = f"{PREFIX}mail"
# In the order of reports.
DELIVERY_SETTINGS = (RELAY, *(f"{PREFIX}{name}" for name in NAMES), MAIL)


def parse_delivery(value: Any) -> tuple[list[str], list[str]]:
    """Return the ways of delivery to verify, and all problems."""
    ways = list(dict.fromkeys(split_names(value)))
    unknown = [way for way in ways if way not in WAYS]
    if not unknown:
        return ways, []
    problem = f"verify_smtp_delivery has {format_list(unknown)}, and may have {format_list(WAYS)}"
    return [], [problem]


def way_of(setting: str) -> str | None:
    """Return the way of delivery that a finding belongs to, None if it is about the profile."""
    if not setting.startswith(PREFIX):
        return None
    return BY_MAIL if setting == MAIL else BY_RELAY


def require_delivery_setting(setting: str) -> str:
    """Return what a finding is about. :raises ValueError: if none is, suggesting the right one."""
    if setting in DELIVERY_SETTINGS:
        return setting
    hint = did_you_mean(setting, DELIVERY_SETTINGS) or format_list(DELIVERY_SETTINGS)
    raise ValueError(f"{format_value(setting)} is not a check of delivery ({hint})")
