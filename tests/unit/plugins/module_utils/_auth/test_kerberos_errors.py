# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the errors of GSSAPI mean."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._auth.kerberos_errors import (
    GSS_CREDENTIALS_EXPIRED,
    KRB5_BASE,
    MESSAGES,
    KerberosContext,
    explain,
    kdc_timeout,
)
from ansible_collections.keyfactor.command.plugins.module_utils._errors import CommandError
from tests.unit.support import PASSWORD, failure

WHO = "svc@KEYEXAMPLE.COM"
ATTEMPT = KerberosContext(
    WHO, f"the password of {WHO}", "Check password.", "HTTP@a", "/etc/krb5.conf"
)
FAILURE = 0xD0000


class Broken(Exception):
    """An error as gssapi raises it."""

    def __init__(self, code: int, said: str = "", major: int = FAILURE) -> None:
        super().__init__()
        self.maj_code = major
        self.min_code = code
        self.said = said

    def get_all_statuses(self, code: int, is_major: bool) -> list[str]:
        assert (code, is_major) == (self.min_code, False)
        return [self.said]


def told(error: Any, *phrases: str, attempt: KerberosContext = ATTEMPT) -> CommandError:
    def call() -> None:
        raise explain(error, attempt, (PASSWORD,))

    return failure(call, *phrases)


@pytest.mark.parametrize(
    ("number", "kind", "phrases"),
    [
        (6, "authentication", ["realm KEYEXAMPLE.COM does not know", WHO]),
        (7, "authentication", ["no ticket for HTTP@a", "kerberos_spn"]),
        (23, "authentication", ["password", WHO, "expired"]),
        (24, "authentication", ["refused the password of", "Check password."]),
        (31, "authentication", ["refused the password of", "Check password."]),
        (37, "authentication", ["clocks", "NTP"]),
        (148, "authentication", ["clocks"]),
        (141, "authentication", [f"no Kerberos ticket of {WHO}", "Check password."]),
        (154, "configuration", ["No KDC is known for realm KEYEXAMPLE.COM", "/etc/krb5.conf"]),
        (156, "authentication", ["could be reached", "network"]),
        (220, "authentication", ["could be reached", "DNS"]),
        (224, "configuration", ["kerberos_realm", "default_realm"]),
    ],
)
def test_a_known_error(number: int, kind: str, phrases: list[str]) -> None:
    error = told(Broken(KRB5_BASE + number, "krb5's words"), *phrases)
    assert (error.kind, error.status, error.attempts) == (kind, None, 0)
    assert error.detail == "krb5's words"


@pytest.mark.parametrize("number", MESSAGES)
def test_every_known_error_makes_a_message(number: int) -> None:
    message = told(Broken(KRB5_BASE + number, "words")).message
    assert message.endswith(".")
    assert "{" not in message


def test_an_expired_ticket_is_told_by_gssapi_itself() -> None:
    error = told(
        Broken(100001, "Success", GSS_CREDENTIALS_EXPIRED), "The ticket in ", "has expired"
    )
    assert (error.kind, error.detail) == ("authentication", None)


def test_an_unknown_error_is_quoted_without_secrets() -> None:
    error = told(Broken(4711, f"No such {PASSWORD}\nthing"), "No such ******** thing", WHO)
    assert error.kind == "authentication"


def test_without_a_realm_it_is_the_default_one() -> None:
    attempt = KerberosContext("svc", "the password of svc", "Check it.", "HTTP@a", "krb5.conf")
    told(Broken(KRB5_BASE + 156), "the default realm", attempt=attempt)
    assert "within 0.5 s" in kdc_timeout(attempt, 0.5).message
