# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a test mail says of an environment: as the module reports it, and as Ansible may hide it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._errors import CommandError
from ansible_collections.keyfactor.command.plugins.module_utils._smtp.delivery import (
    deliver_test_mail,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.expected_state import (
    ExpectedStateInput,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._report.report import build_report
from ansible_collections.keyfactor.command.plugins.plugin_utils._verdict.observed import (
    ObservedProfile,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._verdict.verdict import (
    evaluate,
    summarize,
)
from tests.emulator import Command, Emulator, Fault, Hidden, SmtpProfile
from tests.support.report_schema import validate_report
from tests.unit.smtp import ANONYMOUS, OAUTH, PLAIN, RELAY_PASSWORD, methods
from tests.unit.support import TOKEN, Connect

RECIPIENT = "pki-team@example.com"
PROFILE = {"host": "smtp.example.com", "port": 587}
REFUSAL = "550 5.1.1 no such mailbox"
WAIVER = {
    "setting": "delivery.mail",
    "reason": "The relay moves",
    "owner": "Mail team",
    "expires": "2099-12-31",
}


def server(emulator: Emulator, profile: SmtpProfile = ANONYMOUS, **options: Any) -> Command:
    given = {"release": "25.4", "hidden": Hidden.NULL, "tokens": [TOKEN], **options}
    return emulator.command(profile=profile, **given)


def send(
    connect: Connect, command: Command, check_mode: bool = False, **secrets: Any
) -> dict[str, Any]:
    """Return the result of the module."""
    arguments = {"recipient": RECIPIENT, "profile": secrets}
    try:
        return deliver_test_mail(connect(command), arguments, check_mode)
    except CommandError as error:
        return {"failed": True, **error.as_result()}


def verdict(result: object, **options: Any) -> dict[str, Any]:
    """Return the entry of an environment, after checking it against the schema of reports."""
    given = {"delivery": ["mail"], "test_recipient": RECIPIENT, **options}
    # Of a whole profile, as reports have one.
    settings = {**dict.fromkeys(("id", "host")), **PROFILE}
    observed = ObservedProfile(settings, {"smtp": settings, "api_version": 2, "tls_verified": True})
    entry = evaluate(
        "production",
        ExpectedStateInput({"port": 587}, **given),
        observed,
        mail=result,  # type: ignore[arg-type]
    )
    validate_report(build_report([entry], ["production"]))
    return entry


def finding(entry: dict[str, Any]) -> dict[str, Any]:
    (found,) = [each for each in entry["findings"] if each["setting"] == "delivery.mail"]
    return {name: found[name] for name in ("status", "actual", "message")}


def test_sent(emulator: Emulator, connect: Connect) -> None:
    command = server(emulator)
    entry = verdict(send(connect, command))
    assert entry["verdict"] == "compliant"
    assert finding(entry) == {
        "status": "match",
        "actual": "passed",
        "message": f"{command.api_url}/SMTP sent a test mail to {RECIPIENT}",
    }
    assert entry["delivery"] == {
        "relay": None,
        "mail": {"recipient": RECIPIENT, "sent": True, "api_version": 2},
    }


def test_refused_by_the_relay(emulator: Emulator, connect: Connect) -> None:
    result = send(connect, server(emulator, delivery_error=REFUSAL))
    entry = verdict(result)
    assert entry["verdict"] == "drifted"
    assert (finding(entry)["status"], finding(entry)["actual"]) == ("drift", "failed")
    assert REFUSAL in summarize(entry)
    assert entry["delivery"]["mail"]["sent"] is False
    waived = verdict(result, waivers=[WAIVER])
    assert (waived["verdict"], finding(waived)["status"]) == ("compliant", "waived")


def test_check_mode(emulator: Emulator, connect: Connect) -> None:
    entry = verdict(send(connect, server(emulator), check_mode=True))
    assert entry["verdict"] == "indeterminate"
    assert finding(entry) == {
        "status": "unknown",
        "actual": None,
        "message": f"No test mail was sent to {RECIPIENT}, as this is check mode",
    }
    assert entry["delivery"]["mail"] == {
        "recipient": RECIPIENT,
        "sent": False,
        "api_version": None,
    }


@pytest.mark.parametrize(
    ("profile", "options", "reason"),
    [
        (
            PLAIN,
            {},
            "Command never returns relay_password, so give verify_smtp_secrets.relay_password or "
            "verify_smtp_secrets.relay_password_pam",
        ),
        (
            OAUTH,
            {},
            "Command never returns client_secret, so give verify_smtp_secrets.client_secret or "
            "verify_smtp_secrets.client_secret_pam; the header X-Relay-Key has no value, and the "
            "server does not return one, so give its value in verify_smtp_secrets.request_headers",
        ),
        (
            SmtpProfile(relay_username=None, relay_username_in_pam=True),
            {"release": "24.4"},
            "the user name is in PAM, and version 1 of the API does not say where, so use "
            "api_version 2",
        ),
        (
            SmtpProfile(relay_authentication_type=0, relay_username=None, sender_account=""),
            {},
            "profile.sender_account is needed and neither given nor set on the server",
        ),
    ],
)
def test_something_is_missing(
    emulator: Emulator,
    connect: Connect,
    profile: SmtpProfile,
    options: dict[str, Any],
    reason: str,
) -> None:
    command = server(emulator, profile, **options)
    entry = verdict(send(connect, command))
    assert entry["verdict"] == "indeterminate"
    assert finding(entry)["status"] == "unknown"
    assert finding(entry)["message"].startswith("No test mail was sent: ")
    assert reason in finding(entry)["message"]
    assert "something would be lost" not in summarize(entry)
    assert "POST" not in methods(command)


def test_secret_that_was_given(emulator: Emulator, connect: Connect) -> None:
    command = server(emulator, PLAIN)
    result = send(connect, command, relay_password=RELAY_PASSWORD)
    entry = verdict({**result, "secrets": ["relay_password"]})
    assert entry["verdict"] == "compliant"
    assert command.mails[0].profile.relay_password == RELAY_PASSWORD
    # Whether Command stores the same is not known.
    end = f"to {RECIPIENT} (with relay_password of verify_smtp_secrets)"
    assert finding(entry)["message"].endswith(end)
    unknown = verdict({"msg": "Down.", "secrets": ["relay_password"]})
    assert finding(unknown)["message"] == "No test mail was sent: Down"


@pytest.mark.parametrize(
    ("fault", "start"),
    [
        (Fault.drop_reply(), "It is not known whether the test mail was sent: "),
        (Fault.status(504), "It is not known whether mail gets out: https://"),
        (Fault.status(403), "It is not known whether mail gets out: https://"),
    ],
)
def test_not_known(emulator: Emulator, connect: Connect, fault: Fault, start: str) -> None:
    command = server(emulator, faults=[fault.on("POST")])
    entry = verdict(send(connect, command))
    assert (entry["verdict"], finding(entry)["status"]) == ("indeterminate", "unknown")
    assert finding(entry)["message"].startswith(start)
    assert entry["delivery"]["mail"]["sent"] is None


@pytest.mark.parametrize(
    ("result", "message", "sent"),
    [
        (None, "No test mail was sent in this run", "no mail"),
        ({"skipped": True}, "No test mail was sent in this run", "no mail"),
        (
            {"unreachable": True, "msg": "No route\nto bastion."},
            "No test mail was sent: No route to bastion",
            False,
        ),
        # A secret can be the text of any value.
        ({"sent": "********", "msg": "Sent."}, "whether a test mail was sent: Ansible hides", None),
        ({"msg": "a", "error": {"kind": "********"}}, "whether mail gets out: a", None),
        ({"msg": "a", "error": "********"}, "No test mail was sent: a", False),
    ],
)
def test_results_that_say_nothing(result: object, message: str, sent: object) -> None:
    entry = verdict(result)
    assert (entry["verdict"], finding(entry)["status"]) == ("indeterminate", "unknown")
    assert message in finding(entry)["message"]
    delivery = entry["delivery"] or {"mail": {"sent": "no mail"}}
    assert delivery["mail"]["sent"] == sent


def test_version_that_is_hidden() -> None:
    entry = verdict({"sent": True, "msg": "Sent.", "test_api_version": "********"})
    assert (entry["verdict"], entry["delivery"]["mail"]["api_version"]) == ("compliant", None)


def test_recipient_that_is_not_known() -> None:
    entry = verdict({"sent": True, "msg": "Sent.", "test_api_version": 1}, test_recipient=None)
    assert entry["delivery"]["mail"]["recipient"] is None


def test_without_mail_in_delivery_it_does_not_count() -> None:
    entry = verdict({"msg": "a", "error": {"kind": "delivery"}}, delivery=[])
    assert (entry["verdict"], entry["delivery"]) == ("compliant", None)
