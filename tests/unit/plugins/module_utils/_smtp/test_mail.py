# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test mails: the version of their endpoint, and what a failure means."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.client import CommandClient
from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp import fetch_profile
from ansible_collections.keyfactor.command.plugins.module_utils._smtp.mail import send_test_mail
from ansible_collections.keyfactor.command.plugins.module_utils._smtp.merge import merge
from ansible_collections.keyfactor.command.plugins.module_utils._smtp.stored_profile import (
    StoredProfile,
)
from tests.emulator import Command, Emulator, Fault, Hidden
from tests.unit.smtp import OAUTH, PLAIN, RELAY_PASSWORD, desired
from tests.unit.support import TOKEN, Connect, failure, sent

RECIPIENT = "pki@example.com"
UNSUPPORTED = {"error": {"code": "UnsupportedApiVersion", "message": "No such version."}}


def server(emulator: Emulator, release: str = "25.4", **options: Any) -> Command:
    given = {"hidden": Hidden.NULL, "tokens": [TOKEN], "profile": PLAIN, **options}
    return emulator.command(release=release, **given)


def send(connect: Connect, command: Command, **options: Any) -> int:
    client = CommandClient(connect(command, **options), (RELAY_PASSWORD,))
    stored = StoredProfile(fetch_profile(client))
    command.clear()
    merged = merge(stored, desired(port=25, relay_password=RELAY_PASSWORD))
    return send_test_mail(client, stored, merged, RECIPIENT)


@pytest.mark.parametrize(
    ("release", "version"), [("10.3", 1), ("24.4", 1), ("25.1", 1), ("25.4", 2)]
)
def test_version_of_each_release(
    emulator: Emulator, connect: Connect, release: str, version: int
) -> None:
    command = server(emulator, release)
    assert send(connect, command) == version
    assert sent(command, "x-keyfactor-api-version") == [(str(version),)]
    assert command.requests[0].path == "/KeyfactorAPI/SMTP/Test"
    (mail,) = command.mails
    assert (mail.profile.port, mail.profile.relay_password) == (25, RELAY_PASSWORD)
    assert command.store.profile == PLAIN


@pytest.mark.parametrize(
    "fault",
    [
        *(Fault.status(status, times=1) for status in (404, 405, 406, 501)),
        Fault.status(400, body=UNSUPPORTED, times=1),
        Fault.status(400, headers={"Api-Supported-Versions": "1.0"}, times=1),
    ],
)
def test_test_without_version_2(emulator: Emulator, connect: Connect, fault: Fault) -> None:
    command = server(emulator, faults=[fault.on("POST")])
    assert send(connect, command) == 1
    assert sent(command, "x-keyfactor-api-version") == [("2",), ("1",)]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault.status(400, body={"Message": "550 no"}), "delivery"),
        (
            Fault.status(400, body=UNSUPPORTED, headers={"Api-Supported-Versions": "1, 2"}),
            "delivery",
        ),
        (Fault.status(500), "delivery"),
        # Whatever versions it says it has, it may have sent the mail.
        (Fault.status(500, headers={"Api-Supported-Versions": "1.0"}), "delivery"),
        (Fault.status(504, headers={"Api-Supported-Versions": "1.0"}), "server"),
        (Fault.status(503), "server"),
        (Fault.status(401), "authentication"),
        (Fault.status(403), "permission"),
        (Fault.html(), "protocol"),
        (Fault.not_json(), "protocol"),
        (Fault.body("{}"), "protocol"),
        (Fault.body('{"error": "please log in"}'), "protocol"),
        (Fault.status(202), "protocol"),
        (Fault.drop(), "connect"),
    ],
)
def test_failures_are_not_sent_twice(
    emulator: Emulator, connect: Connect, fault: Fault, kind: str
) -> None:
    command = server(emulator, faults=[fault.on("POST")])
    error = failure(lambda: send(connect, command, retries=2))
    assert (error.kind, len(command.requests)) == (kind, 1)


def test_mail_is_not_sent_again_in_another_version(emulator: Emulator, connect: Connect) -> None:
    """A server may ignore the requested version."""
    fault = Fault.status(200, headers={"Api-Supported-Versions": "1.0"})
    command = server(emulator, faults=[fault.on("POST")])
    assert send(connect, command) == 2
    assert len(command.requests) == 1


def test_settings_of_oauth_are_not_left_out_of_the_test(
    emulator: Emulator, connect: Connect
) -> None:
    faults = [Fault.status(404, times=1).on("POST")]
    command = server(emulator, profile=replace(OAUTH, request_headers={}), faults=faults)
    client = CommandClient(connect(command))
    stored = StoredProfile(fetch_profile(client))
    merged = merge(stored, desired(client_secret="a"))
    failure(
        lambda: send_test_mail(client, stored, merged, RECIPIENT),
        "version 1 of the test does not have the settings of OAuth",
    )
    assert command.mails == []


def test_reply_that_is_not_of_the_test(emulator: Emulator, connect: Connect) -> None:
    command = server(emulator, faults=[Fault.body("{}").on("POST")])
    error = failure(lambda: send(connect, command))
    assert error.message.startswith("It is not known whether the test mail was sent: The reply of ")


def test_mail_that_may_have_been_sent(emulator: Emulator, connect: Connect) -> None:
    command = server(emulator, faults=[Fault.drop_reply().on("POST")])
    error = failure(lambda: send(connect, command))
    assert error.kind == "connect"
    assert error.message == (
        f"It is not known whether the test mail was sent: {command.url}/KeyfactorAPI/SMTP/Test "
        f"closed the connection without a reply. Check host and port, and look at the server's log."
    )


def test_words_of_the_server_are_quoted(emulator: Emulator, connect: Connect) -> None:
    command = server(emulator, delivery_error=f"550 5.7.30 with {RELAY_PASSWORD}")
    error = failure(lambda: send(connect, command), "could not deliver the test mail", "550 5.7.30")
    assert RELAY_PASSWORD not in str(error.as_result())
