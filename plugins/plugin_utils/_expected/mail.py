# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The test mail: to whom, and with which secrets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...module_utils._relay.address import parse_mailbox
from .desired_settings import parse_secrets

RELAY_SECRETS = ("relay_password", "relay_password_pam")
# What Command does not return, by its way to authenticate to the relay.
SECRETS: dict[object, tuple[str, ...]] = {
    "anonymous": (),
    "oauth": ("client_secret", "client_secret_pam"),
}


def mail_problems(recipient: Any, saved_profile: Any) -> list[str]:
    """Return why no test mail can be sent, nothing if it can.

    :param recipient: None if it is not known, as with a mail that another task has sent.
    """
    problems = []
    if saved_profile:
        problems.append(
            "verify_smtp_delivery has mail, which Keyfactor Command sends with its live profile: "
            "leave out mail, or verify_smtp_saved_profile"
        )
    if recipient == "":
        problems.append(
            "verify_smtp_delivery has mail, so verify_smtp_test_recipient must be the e-mail "
            "address that gets it"
        )
    elif recipient is not None:
        try:
            parse_mailbox(str(recipient))
        except ValueError as error:
            problems.append(f"The value of verify_smtp_test_recipient cannot be used: {error}")
    return problems


def mail_profile(profile: Mapping[str, Any], secrets: Any) -> dict[str, Any]:
    """Return what the module needs beside the live profile: the secrets that it can have.

    :param profile: the live profile.
    :param secrets: verify_smtp_secrets, which may have more, such as those of other environments.
    :raises ValueError: if a secret has a name that none has. Its value is not shown.
    """
    given, problems = parse_secrets(secrets)
    if problems:
        raise ValueError("; ".join(problems))
    way = profile.get("relay_authentication")
    needed = {name: given[name] for name in SECRETS.get(way, RELAY_SECRETS) if name in given}
    values = {header["name"].lower(): header for header in given.get("request_headers", ())}
    names = profile.get("request_headers") or ()
    if way == "oauth" and any(name.lower() in values for name in names):
        # Without a value, the module keeps that of the server.
        needed["request_headers"] = [
            {"name": name, "value": values.get(name.lower(), {}).get("value")} for name in names
        ]
    return needed
