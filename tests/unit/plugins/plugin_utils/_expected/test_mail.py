# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""To whom a test mail goes, and with which secrets."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.expected_state import (
    ExpectedState,
    ExpectedStateError,
    ExpectedStateInput,
    parse_expected_state,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.mail import (
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


def parse(recipient: object, **more: Any) -> ExpectedState:
    return parse_expected_state(
        ExpectedStateInput({}, delivery=["mail"], test_recipient=recipient, **more)
    )


def test_mail_alone_is_something_to_verify() -> None:
    assert (parse(RECIPIENT).delivery, parse(RECIPIENT).recipient) == (["mail"], RECIPIENT)
    # Another task has sent it.
    assert parse(None).recipient is None


@pytest.mark.parametrize(
    ("recipient", "more", "phrase"),
    [
        ("", {}, "verify_smtp_test_recipient must be the e-mail address that gets it."),
        ("pki", {}, "The value of verify_smtp_test_recipient cannot be used: it is not"),
        (25, {}, "The value of verify_smtp_test_recipient cannot be used: it is not"),
        (
            RECIPIENT,
            {"saved_profile": {"host": "smtp.example.com"}},
            "leave out mail, or verify_smtp_saved_profile.",
        ),
        (None, {"saved_profile": {"host": "smtp.example.com"}}, "sends with its live profile"),
    ],
)
def test_errors(recipient: object, more: dict[str, Any], phrase: str) -> None:
    with pytest.raises(ExpectedStateError) as caught:
        parse(recipient, **more)
    assert phrase in str(caught.value)


def test_without_mail_the_recipient_is_not_required() -> None:
    given = ExpectedStateInput({"port": 25}, delivery=["relay"], test_recipient="")
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


@pytest.mark.parametrize(
    ("secrets", "phrase"),
    [
        (SECRET, "verify_smtp_secrets must be a mapping"),
        ({"relay_pasword": SECRET}, "did you mean relay_password"),
        ({"request_headers": SECRET}, "must be a list of name and value"),
    ],
)
def test_secrets_that_cannot_be_used(secrets: object, phrase: str) -> None:
    with pytest.raises(ValueError, match=phrase) as caught:
        mail_profile({"relay_authentication": "anonymous"}, secrets)
    assert SECRET not in str(caught.value)
