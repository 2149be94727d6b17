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


def explained(error: Any, *phrases: str, attempt: KerberosContext = ATTEMPT) -> CommandError:
    def call() -> None:
        raise explain(error, attempt, (PASSWORD,))

    return failure(call, *phrases)


REALM = "realm KEYEXAMPLE.COM"
REFUSED = f"The KDC of {REALM} refused the password of {WHO}. Check password."
NO_TICKET = f"There is no Kerberos ticket of {WHO} in the password of {WHO}. Check password."
CLOCK_SKEW = (
    f"The clocks of this machine and of the KDC of {REALM} differ too much for Kerberos. "
    "Synchronize both, for example with NTP."
)
NO_KDC = (
    f"No KDC of {REALM} could be reached. Check the realm's entry in /etc/krb5.conf, and the network "
    "and DNS between this machine and the KDC."
)
NO_REALM = (
    f"No KDC is known for {REALM}. Check kerberos_realm, usually in upper case, and the realms and "
    "default_realm in /etc/krb5.conf."
)
KNOWN = {
    6: f"The KDC of {REALM} does not know {WHO}. Check username and kerberos_realm.",
    7: f"The KDC of {REALM} gave no ticket for HTTP@a, because it knows no such service. Set "
    "kerberos_spn to the SPN of the web server, such as HTTP/command.example.com.",
    23: f"The KDC of {REALM} says that the password of {WHO} has expired. Change the password.",
    24: REFUSED,
    31: REFUSED,
    32: f"The ticket in the password of {WHO} has expired. Check password.",
    37: CLOCK_SKEW,
    141: NO_TICKET,
    148: CLOCK_SKEW,
    154: NO_REALM,
    156: NO_KDC,
    174: REFUSED,
    195: NO_TICKET,
    220: NO_KDC,
    224: NO_REALM,
    # Of MIT's GSSAPI: no credentials of this principal in the cache.
    39756032 - KRB5_BASE: NO_TICKET,
}


def test_all_known_errors_are_compared() -> None:
    assert set(KNOWN) == set(MESSAGES)


@pytest.mark.parametrize("number", KNOWN)
def test_a_known_error(number: int) -> None:
    error = explained(Broken(KRB5_BASE + number, "krb5's words"))
    assert error.message == KNOWN[number]
    kind = "configuration" if number in (154, 224) else "authentication"
    assert (error.kind, error.status, error.attempts) == (kind, None, 0)
    assert error.detail == "krb5's words"


def test_codes_are_those_of_mit() -> None:
    assert KRB5_BASE == 2529638912  # ERROR_TABLE_BASE_krb5, as 32 bits without a sign


def test_an_expired_ticket_is_told_by_gssapi_itself() -> None:
    error = explained(
        Broken(100001, "Success", GSS_CREDENTIALS_EXPIRED + 5),
        f"{WHO} has expired. Check password.",
    )
    assert (error.kind, error.detail) == ("authentication", None)


def test_an_unknown_error_is_quoted_without_secrets() -> None:
    error = explained(Broken(4711, f"No such {PASSWORD}\nthing"))
    assert error.message == (
        f"Kerberos failed for {WHO} with the password of {WHO} (No such ******** thing). Check the "
        "Kerberos options, and /etc/krb5.conf."
    )
    assert error.kind == "authentication"


def test_without_a_realm_it_is_the_default_one() -> None:
    attempt = KerberosContext("svc", "the password of svc", "Check it.", "HTTP@a", "krb5.conf")
    explained(Broken(KRB5_BASE + 156), "No KDC of the default realm could", attempt=attempt)
    assert kdc_timeout(attempt, 0.5).message == (
        "No KDC of the default realm answered within 0.5 s. Check the realm's entry in krb5.conf and "
        "the network to the KDC, or raise timeout."
    )
