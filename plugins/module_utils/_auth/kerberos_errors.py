# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What went wrong in Kerberos, in words: a GSSAPI error becomes a CommandError."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .._errors import CommandError, ErrorKind
from .._sanitize import quote_untrusted

# GSSAPI carries the numbers of krb5.h, unsigned. Below 128 they are those of RFC 4120.
FIRST = -1765328384 & 0xFFFFFFFF
# GSSAPI's own: RFC 2744's number of a ticket that has expired, and MIT's for names.
EXPIRED = 0xB0000
OTHER_PRINCIPAL, NO_KEY = 39756032, 39756033


@dataclass(frozen=True)
class KerberosContext:
    """What was tried, for the words of its failure.

    :param account_label: the principal, as far as it is known.
    :param credential_source: what the KDC was shown, or where the ticket was looked for.
    :param hint: what helps where the proof is not good any more.
    :param spn: the service that the ticket was for.
    :param config: which krb5.conf was read.
    """

    account_label: str
    credential_source: str
    hint: str
    spn: str
    config: str

    @property
    def realm(self) -> str:
        """The realm as words can name it."""
        return (
            f"realm {self.account_label.rpartition('@')[2]}"
            if "@" in self.account_label
            else "the default realm"
        )


ErrorTemplate = tuple[ErrorKind, str, str]
ACCOUNT = "Check username and kerberos_realm."
REFUSED: ErrorTemplate = (
    "authentication",
    "The KDC of {realm} refused {credential_source}",
    "{hint}",
)
NO_TICKET: ErrorTemplate = (
    "authentication",
    "There is no Kerberos ticket in {credential_source}",
    "{hint}",
)
TOO_OLD: ErrorTemplate = (
    "authentication",
    "The ticket in {credential_source} has expired",
    "{hint}",
)
SKEW: ErrorTemplate = (
    "authentication",
    "The clocks of this machine and of the KDC of {realm} differ too much for Kerberos",
    "Synchronise both, for example with NTP.",
)
UNUSABLE: ErrorTemplate = (
    "configuration",
    "{Credential_source} cannot be used ({detail})",
    "Check its type, content and permissions.",
)
BAD_CONFIG: ErrorTemplate = (
    "configuration",
    "{config} cannot be used ({detail})",
    "Correct it, or name another one with kerberos_config.",
)
KNOWN: dict[int, ErrorTemplate] = {
    1: (
        "authentication",
        "The KDC of {realm} says that {account_label} has expired",
        "Have it renewed.",
    ),
    6: ("authentication", "The KDC of {realm} does not know {account_label}", ACCOUNT),
    7: (
        "authentication",
        "The KDC of {realm} gave no ticket for {spn}, because it knows no such service",
        "Set kerberos_spn to the SPN of the web server, such as HTTP/command.example.com.",
    ),
    18: (
        "authentication",
        "The KDC of {realm} says that {account_label} is locked or disabled",
        "Have the account unlocked.",
    ),
    23: (
        "authentication",
        "The KDC of {realm} says that the password of {account_label} has expired",
        "Have it changed.",
    ),
    24: REFUSED,
    31: REFUSED,
    32: TOO_OLD,
    37: SKEW,
    135: BAD_CONFIG,
    136: BAD_CONFIG,
    140: UNUSABLE,
    141: NO_TICKET,
    147: (
        "authentication",
        "The KDC of {realm} answered with another name than {account_label}",
        "Write the realm as the KDC does: in Active Directory it is in upper case.",
    ),
    148: SKEW,
    154: (
        "configuration",
        "No KDC is known for {realm}",
        "Check the realm, which is mostly in upper case, and its entry in {config}.",
    ),
    156: (
        "authentication",
        "No KDC of {realm} could be reached",
        "Check the realm's entry in {config}, and the network between this machine and the KDC.",
    ),
    174: REFUSED,
    194: UNUSABLE,
    195: NO_TICKET,
    199: UNUSABLE,
    212: UNUSABLE,
    213: UNUSABLE,
    220: (
        "authentication",
        "The names of the KDCs of {realm} were not found",
        "Check the realm's entry in {config}, and the DNS of this machine.",
    ),
    224: (
        "configuration",
        "Nothing says to which realm {account_label} belongs",
        "Set kerberos_realm, or default_realm in {config}.",
    ),
    OTHER_PRINCIPAL - FIRST: (
        "authentication",
        "There is no ticket of {account_label} in {credential_source}",
        "Check username and kerberos_realm, or get one with kinit.",
    ),
    NO_KEY - FIRST: (
        "configuration",
        "There is no key of {account_label} in {credential_source}",
        "Check username and kerberos_realm against what klist -k shows.",
    ),
}
OTHER: ErrorTemplate = (
    "authentication",
    "Kerberos failed for {account_label} ({detail})",
    "Check the Kerberos options, and {config}.",
)


def explain(error: Any, attempt: KerberosContext, secrets: tuple[str, ...] = ()) -> CommandError:
    """Return the failure that an error of gssapi stands for."""
    said = quote_untrusted(" ".join(error.get_all_statuses(error.min_code, False)), secrets)
    if error.maj_code & 0xFFFF0000 == EXPIRED:
        return format_error(TOO_OLD, attempt)
    return format_error(KNOWN.get(error.min_code - FIRST, OTHER), attempt, said)


def kdc_timeout(attempt: KerberosContext, seconds: float) -> CommandError:
    """Return the failure of a KDC that did not answer in time."""
    words: ErrorTemplate = (
        "authentication",
        f"No KDC of {{realm}} answered within {seconds:g} s",
        "Check the realm's entry in {config} and the network to the KDC, or raise timeout.",
    )
    return format_error(words, attempt)


def format_error(
    words: ErrorTemplate, attempt: KerberosContext, said: str | None = None
) -> CommandError:
    """Return a failure in the words of the table."""
    kind, why, advice = words
    message = f"{why}. {advice}".format(
        account_label=attempt.account_label,
        realm=attempt.realm,
        credential_source=attempt.credential_source,
        Credential_source=attempt.credential_source[:1].upper() + attempt.credential_source[1:],
        hint=attempt.hint,
        spn=attempt.spn,
        config=attempt.config,
        detail=said,
    )
    return CommandError(kind, message, detail=said or None)
