# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""To whom a test mail goes, and with which secrets."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.expected_state import (
    ExpectedStateError,
    ExpectedStateInput,
    parse_expected_state,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.mail import (
    MailInput,
    mail_profile,
)

RECIPIENT = "pki-team@example.com"
SECRET = "unique-secret-86b1d0"
PAM = {"provider": 7, "parameters": {"SecretId": "mail"}}
SECRETS = {
    "relay_username_pam": PAM,
    "relay_password": SECRET,
    "client_secret_pam": PAM,
    "request_headers": [{"name": "x-tenant", "value": SECRET}, {"name": "X-Other", "value": "b"}],
}


def parse(mail: MailInput | None, **more: Any) -> list[str]:
    return parse_expected_state(
        ExpectedStateInput({}, delivery=["mail"], mail=mail, **more)
    ).delivery


def test_mail_alone_is_something_to_verify() -> None:
    assert parse(MailInput(RECIPIENT, SECRETS)) == ["mail"]
    # Another task has sent it.
    assert parse(None) == ["mail"]


@pytest.mark.parametrize(
    ("mail", "more", "phrase"),
    [
        (MailInput(""), {}, "verify_smtp_test_recipient must be the e-mail address that gets it."),
        (MailInput(None), {}, "verify_smtp_test_recipient must be the e-mail address"),
        (MailInput("pki"), {}, "The value of verify_smtp_test_recipient cannot be used: it is not"),
        (MailInput(RECIPIENT, SECRET), {}, "verify_smtp_secrets must be a mapping"),
        (MailInput(RECIPIENT, {"relay_pasword": SECRET}), {}, "did you mean relay_password"),
        (
            MailInput(RECIPIENT),
            {"saved_profile": {"host": "smtp.example.com"}},
            "leave out mail, or verify_smtp_saved_profile.",
        ),
        (None, {"saved_profile": {"host": "smtp.example.com"}}, "sends with its live profile"),
    ],
)
def test_errors(mail: MailInput | None, more: dict[str, Any], phrase: str) -> None:
    with pytest.raises(ExpectedStateError) as caught:
        parse(mail, **more)
    assert phrase in str(caught.value)
    assert SECRET not in str(caught.value)
    assert SECRET not in repr(mail)


def test_without_mail_its_variables_do_not_matter() -> None:
    given = ExpectedStateInput({"port": 25}, delivery=["relay"], mail=MailInput(""))
    assert parse_expected_state(given).delivery == ["relay"]


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        ("anonymous", {}),
        ("basic", {"relay_password": SECRET}),
        ("unknown", {"relay_password": SECRET}),
        (
            "oauth",
            {
                "client_secret_pam": PAM,
                "request_headers": [
                    {"name": "X-Tenant", "value": SECRET},
                    {"name": "X-Kept", "value": None},
                ],
            },
        ),
    ],
)
def test_only_secrets_that_the_profile_has(way: str, expected: dict[str, Any]) -> None:
    live = {"relay_authentication": way, "request_headers": ["X-Tenant", "X-Kept"]}
    assert mail_profile(live, SECRETS) == expected


def test_headers_stay_as_they_are_without_values() -> None:
    live = {"relay_authentication": "oauth", "request_headers": ["X-Kept"]}
    assert mail_profile(live, {**SECRETS, "client_secret_pam": None}) == {}
    assert mail_profile({**live, "request_headers": None}, {}) == {}
