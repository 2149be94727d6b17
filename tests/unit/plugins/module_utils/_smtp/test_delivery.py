# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A test mail on its own: with the stored profile, with settings on top of it, or refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._smtp.delivery import (
    deliver_test_mail,
)
from tests.emulator import Command, Emulator, Fault, Hidden, SmtpProfile
from tests.unit.smtp import ANONYMOUS, IN_PAM, OAUTH, PAM, PLAIN, RELAY_PASSWORD, SECRETS, methods
from tests.unit.support import TOKEN, Connect, failure, holds_secret, refusal

RECIPIENT = "pki@example.com"


def server(emulator: Emulator, profile: SmtpProfile = PLAIN, **options: Any) -> Command:
    given = {"release": "25.4", "hidden": Hidden.NULL, "tokens": [TOKEN], **options}
    return emulator.command(profile=profile, **given)


def send(
    connect: Connect,
    command: Command,
    check: bool = False,
    recipient: str = RECIPIENT,
    **profile: Any,
) -> dict[str, Any]:
    arguments = {"recipient": recipient, "profile": profile or None}
    result = deliver_test_mail(connect(command), arguments, check)
    assert holds_secret(result, *SECRETS, TOKEN) == []
    return result


@pytest.mark.parametrize("release", ["10.3", "24.4", "25.1", "25.4"])
def test_stored_profile(emulator: Emulator, connect: Connect, release: str) -> None:
    command = server(emulator, ANONYMOUS, release=release)
    result = send(connect, command)
    assert (result["changed"], result["sent"]) == (True, True)
    assert result["test_api_version"] == (2 if release == "25.4" else 1)
    assert result["msg"] == f"{result['url']} sent a test mail to {RECIPIENT}."
    (mail,) = command.mails
    assert (mail.recipient, mail.profile.host, mail.profile.port) == (
        RECIPIENT,
        ANONYMOUS.host,
        587,
    )
    assert command.store.profile == ANONYMOUS


def test_other_settings_and_secrets(emulator: Emulator, connect: Connect) -> None:
    command = server(emulator)
    result = send(connect, command, host="relay.example.com", relay_password=RELAY_PASSWORD)
    (mail,) = command.mails
    assert mail.profile.host == "relay.example.com"
    assert mail.profile.relay_password == RELAY_PASSWORD
    # What is stored, not what was tried.
    assert result["smtp"]["host"] == "smtp.example.com"
    assert command.store.profile == PLAIN


def test_secret_in_pam_needs_not_be_given(emulator: Emulator, connect: Connect) -> None:
    command = server(emulator, IN_PAM)
    send(connect, command)
    assert command.mails[0].profile.relay_password_pam == PAM
    refusal(lambda: send(connect, command, host="other.example.com"), "would go to another server")
    assert len(command.mails) == 1


@pytest.mark.parametrize("check", [False, True])
def test_refusals(emulator: Emulator, connect: Connect, check: bool) -> None:
    command = server(emulator)
    refusal(lambda: send(connect, command, check, recipient="pki"), "value of recipient")
    refusal(lambda: send(connect, command, check, port=0), "profile.port")
    assert command.requests == []
    refusal(lambda: send(connect, command, check), "profile.relay_password")
    assert methods(command) == ["GET"]


@pytest.mark.parametrize("check", [False, True])
def test_secret_in_pam_that_the_test_does_not_know(
    emulator: Emulator, connect: Connect, check: bool
) -> None:
    command = server(emulator, IN_PAM, release="25.1")
    refusal(lambda: send(connect, command, check), "knows no PAM, which has relay_password")
    assert methods(command) == ["GET"]


def test_check_mode_sends_nothing(emulator: Emulator, connect: Connect) -> None:
    command = server(emulator, ANONYMOUS)
    result = send(connect, command, check=True)
    assert (result["changed"], result["sent"], methods(command)) == (True, False, ["GET"])
    assert "No test mail was sent" in result["msg"]


def test_stored_secrets_are_not_quoted(emulator: Emulator, connect: Connect) -> None:
    """The server returns the header's value, so it is sent again."""
    profile = replace(OAUTH, client_secret=None, client_secret_pam=PAM)
    echo = Fault.status(500, body={"Message": "550 emulated-header-value"})
    command = server(emulator, profile, hidden=None, faults=[echo.on("POST")])
    error = failure(lambda: send(connect, command), "could not deliver", "550")
    assert "emulated-header-value" not in str(error.as_result())


@pytest.mark.parametrize("fault", [Fault.drop_reply(), Fault.drop()])
def test_lost_reply(emulator: Emulator, connect: Connect, fault: Fault) -> None:
    command = server(emulator, ANONYMOUS, faults=[fault.on("POST")])
    failure(lambda: send(connect, command), "not known whether the test mail was sent")
    assert methods(command).count("POST") == 1
