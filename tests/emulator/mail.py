# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The test mail of an emulated Command, sent with SMTP to the mail server that a request names."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage

from .wire import SmtpProfile

IMPLICIT_TLS_PORT = 465
SECONDS = 10.0


@dataclass(frozen=True)
class Mail:
    """A test mail: the settings it was sent with, secrets included, and its recipient."""

    profile: SmtpProfile
    recipient: str


def deliver(mail: Mail) -> str | None:
    """Send the mail; return why that is not possible, None if it was sent."""
    profile = mail.profile
    context = ssl.create_default_context()
    # Which certificates Command trusts is not emulated.
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    implicit = profile.use_ssl and profile.port == IMPLICIT_TLS_PORT
    try:
        server: smtplib.SMTP = (
            smtplib.SMTP_SSL(profile.host or "", profile.port, timeout=SECONDS, context=context)
            if implicit
            else smtplib.SMTP(profile.host or "", profile.port, timeout=SECONDS)
        )
        with server:
            if profile.use_ssl and not implicit:
                server.starttls(context=context)
            if profile.relay_authentication_type == 2:
                server.login(profile.relay_username or "", profile.relay_password or "")
            server.send_message(_message(mail))
    except (smtplib.SMTPException, OSError) as error:
        return str(error)
    return None


def _message(mail: Mail) -> EmailMessage:
    message = EmailMessage()
    message["From"] = mail.profile.sender_account or ""
    message["To"] = mail.recipient
    message["Subject"] = "Keyfactor Command test"
    message.set_content("This is a test of the SMTP profile.")
    return message
