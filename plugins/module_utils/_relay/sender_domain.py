# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The DNS records of the sender's domain, by which receivers judge mail."""

from __future__ import annotations

import sys
from typing import Any

from .._http.deadline import Deadline
from .._sanitize import quote_untrusted
from .address import DnsServer, parse_mailbox
from .checks import DOMAIN_CHECKS, FAILED, PASSED, SKIPPED, UNKNOWN, WARNING, Checks

try:
    import dns.exception
    import dns.resolver

    HAS_DNSPYTHON = True
except ImportError:
    HAS_DNSPYTHON = False

# A domain of more labels has no more parents that are asked for DMARC.
MAX_PARENTS = 8


class NoAnswerError(Exception):
    """DNS gave no answer: neither records nor that there are none."""


class Records:
    """Looks up records within the deadline."""

    def __init__(self, server: DnsServer | None, deadline: Deadline) -> None:
        self._deadline = deadline
        self._resolver = dns.resolver.Resolver(configure=server is None)
        if server:
            self._resolver.nameservers = [server.address]
            self._resolver.port = server.port

    def find(self, name: str, kind: str) -> list[Any] | None:
        """Return the records of a kind, None if the name does not exist.

        :raises NoAnswerError: with the reason.
        """
        try:
            seconds = self._deadline.remaining()
            return list(self._resolver.resolve(name, kind, lifetime=seconds))
        except dns.resolver.NXDOMAIN:
            return None
        except dns.resolver.NoAnswer:
            return []
        except TimeoutError:
            raise NoAnswerError("no time is left, raise timeout") from None
        except (dns.exception.DNSException, OSError, UnicodeError) as error:
            reason = quote_untrusted(str(error) or type(error).__name__, ())
            raise NoAnswerError(reason.removesuffix(".")) from None

    def texts(self, name: str, prefix: str) -> list[str]:
        """Return the TXT records that begin with a version such as C(v=spf1)."""
        records = (b"".join(record.strings) for record in self.find(name, "TXT") or ())
        texts = (record.decode("utf-8", "replace") for record in records)
        return [text for text in texts if text.lower().replace(" ", "").startswith(prefix)]


def check_domain(
    checks: Checks, sender: str | None, server: DnsServer | None, here: str, deadline: Deadline
) -> None:
    """Record the checks of the sender's domain.

    :param here: the name of this machine.
    """
    try:
        domain = parse_mailbox(sender or "").domain
    except ValueError:
        _record_all(checks, SKIPPED, "There is no sender with a domain.")
        return
    if domain.startswith("["):
        _record_all(checks, SKIPPED, "The sender's domain is an IP address.")
        return
    if not HAS_DNSPYTHON:
        message = (
            f"The Python library dnspython is missing for {sys.executable}. To check the sender's "
            f"domain, install it there."
        )
        _record_all(checks, SKIPPED, message)
        return
    try:
        records = Records(server, deadline)
    except dns.exception.DNSException as error:
        message = f"The DNS of {here} is not usable ({quote_untrusted(str(error), ())})."
        _record_all(checks, UNKNOWN, f"{message} Set dns_server.")
        return
    for name, check in (("sender_domain", _exists), ("spf", _spf), ("dmarc", _dmarc)):
        try:
            status, message = check(records, domain)
        except NoAnswerError as error:
            status = UNKNOWN
            message = f"DNS does not answer {here} for the sender's domain {domain}: {error}."
        checks.record(name, status, message)


def _record_all(checks: Checks, status: str, message: str) -> None:
    for name in DOMAIN_CHECKS:
        checks.record(name, status, message)


def _exists(records: Records, domain: str) -> tuple[str, str]:
    """Return whether mail to the sender's domain, such as a bounce, has somewhere to go."""
    exchangers = records.find(domain, "MX")
    if exchangers is None:
        hint = "Receivers refuse mail from it. Correct the sender, or the domain's DNS."
        return FAILED, f"The sender's domain {domain} does not exist in DNS. {hint}"
    exchangers.sort(key=lambda record: (record.preference, str(record.exchange)))
    names = [str(record.exchange).rstrip(".") for record in exchangers]
    if names == [""]:
        message = f"The sender's domain {domain} says that it takes no mail (null MX)."
        return WARNING, f"{message} Some receivers refuse mail from it, and bounces get lost."
    if names:
        shown = quote_untrusted(", ".join(names), ())
        return PASSED, f"The sender's domain {domain} takes mail at {shown}."
    if records.find(domain, "A") or records.find(domain, "AAAA"):
        return PASSED, f"The sender's domain {domain} has an address, and no MX record."
    hint = "Receivers refuse mail from it. Add an MX record."
    return FAILED, f"The sender's domain {domain} has neither MX record nor address. {hint}"


def _spf(records: Records, domain: str) -> tuple[str, str]:
    found = [text for text in records.texts(domain, "v=spf1") if _is_spf(text)]
    if not found:
        hint = "Receivers may take its mail for forged."
        return WARNING, f"The sender's domain {domain} has no SPF record. {hint}"
    if len(found) > 1:
        message = f"The sender's domain {domain} has {len(found)} SPF records, and may have one."
        return FAILED, f"{message} Receivers treat this as an error. Merge them."
    return PASSED, f"The sender's domain {domain} has the SPF record {_quoted(found[0])}."


def _is_spf(text: str) -> bool:
    # v=spf10 is something else.
    return text.lower().split(" ")[0] == "v=spf1"


def _dmarc(records: Records, domain: str) -> tuple[str, str]:
    """Return whether the domain, or one above it, has a DMARC record."""
    labels = domain.split(".")
    # The top-level domain is not asked.
    for start in range(min(len(labels) - 1, MAX_PARENTS) or 1):
        name = ".".join(labels[start:])
        found = records.texts(f"_dmarc.{name}", "v=dmarc1")
        if len(found) > 1:
            message = f"The domain {name} has {len(found)} DMARC records, so receivers use none."
            return WARNING, f"{message} Keep one."
        if found:
            return PASSED, f"The domain {name} has the DMARC record {_quoted(found[0])}."
    hint = "Large receivers expect one."
    return WARNING, f"The sender's domain {domain} has no DMARC record. {hint}"


def _quoted(text: str) -> str:
    return quote_untrusted(text, ())
