# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Send a test mail with the stored profile, or with other settings on top of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._api.client import CommandClient
from .._api.smtp import fetch_profile, profile_result, smtp_url
from .._config.settings import ConnectionSettings
from .desired_profile import check_recipient, parse_desired_profile
from .mail import require_sendable, send_test_mail
from .merge import merge
from .stored_profile import StoredProfile


def deliver_test_mail(
    settings: ConnectionSettings, arguments: Mapping[str, Any], check_mode: bool
) -> dict[str, Any]:
    """Have Command send one mail, and return the module's result.

    :raises CommandError: if it was not sent, or if that is not known.
    """
    recipient = check_recipient("recipient", arguments["recipient"])
    desired = parse_desired_profile(arguments.get("profile") or {})
    client = CommandClient(settings, desired.secret_values)
    stored = StoredProfile(fetch_profile(client))
    client.protect(stored.known_secrets)
    merged = merge(stored, desired)
    merged.require_complete()
    require_sendable(stored, merged)
    version = None
    if not check_mode:
        version = send_test_mail(client, stored, merged, recipient)
    result = profile_result(client, stored.fetched)
    message = f"{smtp_url(settings)} sent a test mail to {recipient}."
    if check_mode:
        message = f"No test mail was sent to {recipient}, as this is check mode."
    return {
        **result,
        "changed": True,
        "sent": not check_mode,
        "test_api_version": version,
        "msg": message,
    }
