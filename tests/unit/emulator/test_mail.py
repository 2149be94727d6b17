# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tests of the delivery of test mails to a mail relay."""

from __future__ import annotations

from dataclasses import replace

from tests.emulator import Emulator, SmtpProfile, Tls
from tests.emulator.mail import Mail, deliver
from tests.emulator.mail_relay import MailRelay

RECIPIENT = "pki@example.com"
UNKNOWN = {"RCPT": "550 5.1.1 unknown"}


def profile(relay: MailRelay) -> SmtpProfile:
    host, port = relay.host, relay.port
    return SmtpProfile(host=host, port=port, use_ssl=False, relay_authentication_type=0)


def test_mail_is_delivered(emulator: Emulator) -> None:
    relay = emulator.relay(Tls.PLAIN_HTTP)
    assert deliver(Mail(profile(relay), RECIPIENT)) is None
    (mail,) = relay.mails
    assert (mail["From"], mail["To"]) == ("keyfactor@keyexample.com", RECIPIENT)
    assert mail.get_content() == "This is a test of the SMTP profile."
    assert relay.commands[-2:] == ["data", "QUIT"]


def test_login_and_tls(emulator: Emulator) -> None:
    users = {"KEYEXAMPLE\\svc-smtp": "emulated-relay-password"}
    relay = emulator.relay(auth=("PLAIN", "LOGIN"), users=users)
    basic = replace(profile(relay), use_ssl=True, relay_authentication_type=2)
    assert deliver(Mail(basic, RECIPIENT)) is None
    assert "no such user" in str(deliver(Mail(replace(basic, relay_password="a"), RECIPIENT)))
    assert len(relay.mails) == 1
    assert emulator.mails_received()[-1]["Subject"] == "Keyfactor Command test"


def test_refusals(emulator: Emulator) -> None:
    # They offer no TLS and no login.
    refusing, relay = (
        emulator.relay(Tls.PLAIN_HTTP, replies=UNKNOWN),
        emulator.relay(Tls.PLAIN_HTTP),
    )
    assert "5.1.1" in str(deliver(Mail(profile(refusing), RECIPIENT)))
    full = emulator.relay(Tls.PLAIN_HTTP, replies={"DATA": "452 4.3.1 full"})
    assert "4.3.1" in str(deliver(Mail(profile(full), RECIPIENT)))
    encrypted = replace(profile(relay), use_ssl=True)
    assert "STARTTLS" in str(deliver(Mail(encrypted, RECIPIENT)))
    basic = replace(profile(relay), relay_authentication_type=2)
    assert "AUTH" in str(deliver(Mail(basic, RECIPIENT)))
    closed = replace(profile(relay), port=emulator.closed_port())
    assert "refused" in str(deliver(Mail(closed, RECIPIENT)))
    assert refusing.mails == full.mails == relay.mails == []
