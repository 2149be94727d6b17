# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The test mail: to whom, and with which secrets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...module_utils._relay.address import parse_mailbox
from .desired_settings import parse_secrets

RELAY_SECRETS = ("relay_password", "relay_password_pam")
# What Command does not return, by its way to authenticate to the relay.
SECRETS: dict[object, tuple[str, ...]] = {
    "anonymous": (),
    "oauth": ("client_secret", "client_secret_pam"),
}


@dataclass(frozen=True)
class MailInput:
    """The role's variables for the test mail, of any type that JSON has."""

    recipient: Any
    secrets: Any = field(default=None, repr=False)


def mail_problems(mail: MailInput | None, saved_profile: Any) -> list[str]:
    """Return why no test mail can be sent, nothing if it can.

    :param mail: None if the mail was sent by another task.
    """
    problems = []
    if saved_profile:
        problems.append(
            "verify_smtp_delivery has mail, which Keyfactor Command sends with its live profile: "
            "leave out mail, or verify_smtp_saved_profile"
        )
    if mail is None:
        return problems
    if mail.recipient in (None, ""):
        problems.append(
            "verify_smtp_delivery has mail, so verify_smtp_test_recipient must be the e-mail "
            "address that gets it"
        )
    else:
        try:
            parse_mailbox(str(mail.recipient))
        except ValueError as error:
            problems.append(f"The value of verify_smtp_test_recipient cannot be used: {error}")
    return problems + parse_secrets(mail.secrets)[1]


def mail_profile(profile: Mapping[str, Any], secrets: Any) -> dict[str, Any]:
    """Return what the module needs beside the live profile: the secrets that it can have.

    :param profile: the live profile.
    :param secrets: verify_smtp_secrets, which may have more, such as those of other environments.
    """
    given, _problems = parse_secrets(secrets)
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
