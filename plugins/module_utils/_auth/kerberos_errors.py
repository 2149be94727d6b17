# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Explain an error of GSSAPI as a CommandError."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .._errors import CommandError, ErrorKind
from .._sanitize import quote_untrusted

# GSSAPI carries the codes of krb5.h, unsigned. Below 128 they are those of RFC 4120.
KRB5_BASE = -1765328384 & 0xFFFFFFFF
# RFC 2744's own code for expired credentials, and MIT's for a cache of another principal.
GSS_CREDENTIALS_EXPIRED = 0xB0000
OTHER_PRINCIPAL = 39756032 - KRB5_BASE


@dataclass(frozen=True)
class KerberosContext:
    """What the messages need: of the account, the service, and the krb5.conf that was read."""

    principal: str
    credential_source: str
    hint: str
    spn: str
    config: str

    def format(self, template: str, detail: str = "") -> str:
        """Fill in a message."""
        _user, at, name = self.principal.rpartition("@")
        realm = f"realm {name}" if at else "the default realm"
        return template.format(**vars(self), realm=realm, detail=detail)


# What went wrong and what to do.
TICKET_EXPIRED = "The ticket in {credential_source} has expired. {hint}"
REFUSED = "The KDC of {realm} refused {credential_source}. {hint}"
CLOCK_SKEW = (
    "The clocks of this machine and of the KDC of {realm} differ too much for Kerberos. "
    "Synchronize both, for example with NTP."
)
NO_TICKET = "There is no Kerberos ticket of {principal} in {credential_source}. {hint}"
NO_KDC = (
    "No KDC of {realm} could be reached. Check the realm's entry in {config}, "
    "and the network and DNS between this machine and the KDC."
)
NO_REALM = (
    "No KDC is known for {realm}. Check kerberos_realm, usually in upper case, "
    "and the realms and default_realm in {config}."
)
# By the codes of krb5.h. GSSAPI's own message serves for all others.
MESSAGES = {
    6: "The KDC of {realm} does not know {principal}. Check username and kerberos_realm.",
    7: "The KDC of {realm} gave no ticket for {spn}, because it knows no such service. "
    "Set kerberos_spn to the SPN of the web server, such as HTTP/command.example.com.",
    23: "The KDC of {realm} says that the password of {principal} has expired. "
    "Change the password.",
    32: TICKET_EXPIRED,
    **dict.fromkeys((24, 31, 174), REFUSED),
    **dict.fromkeys((37, 148), CLOCK_SKEW),
    **dict.fromkeys((141, 195, OTHER_PRINCIPAL), NO_TICKET),
    **dict.fromkeys((156, 220), NO_KDC),
    **dict.fromkeys((154, 224), NO_REALM),
}
OTHER = (
    "Kerberos failed for {principal} with {credential_source} ({detail}). "
    "Check the Kerberos options, and {config}."
)


def explain(error: Any, context: KerberosContext, secrets: tuple[str, ...] = ()) -> CommandError:
    """Return the failure that an error of gssapi stands for."""
    if error.maj_code & 0xFFFF0000 == GSS_CREDENTIALS_EXPIRED:
        return CommandError("authentication", context.format(TICKET_EXPIRED))
    detail = quote_untrusted(" ".join(error.get_all_statuses(error.min_code, False)), secrets)
    template = MESSAGES.get(error.min_code - KRB5_BASE, OTHER)
    kind: ErrorKind = "configuration" if template is NO_REALM else "authentication"
    return CommandError(kind, context.format(template, detail), detail=detail or None)


def kdc_timeout(context: KerberosContext, seconds: float) -> CommandError:
    """Return the failure of a KDC that did not answer in time."""
    template = (
        f"No KDC of {{realm}} answered within {seconds:g} s. "
        f"Check the realm's entry in {{config}} and the network to the KDC, or raise timeout."
    )
    return CommandError("authentication", context.format(template))
