# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The DNS records of the sender's domain, asked of a server on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._relay import sender_domain
from tests.emulator import Emulator
from tests.support.dns_server import DnsServer
from tests.unit.relays import message, probe, statuses

MX, SPF = ["10 mx1.keyexample.com.", "20 mx2.keyexample.com."], '"v=spf1 " "mx -all"'
GOOD = {"MX": MX, "TXT": ['"google-site-verification=x"', SPF]}
ZONE = {
    "keyexample.com": GOOD,
    "_dmarc.keyexample.com": {"TXT": ['"v=DMARC1; p=reject"']},
    "address.example": {"A": ["192.0.2.1"], "TXT": ['"v=spf10"']},
    "six.example": {"AAAA": ["2001:db8::1"]},
    "nothing.example": {"TXT": [SPF]},
    "null.example": {"MX": ["0 ."], "TXT": [SPF]},
    "two.example": {"MX": MX, "TXT": [SPF, '"V=SPF1 ~all"']},
    "_dmarc.two.example": {"TXT": ['"v=DMARC1; p=none"', '"v = DMARC1"']},
    "xn--bcher-kva.example": GOOD,
    "_dmarc.xn--bcher-kva.example": {"TXT": ['"v=DMARC1; p=none"']},
    "sub.keyexample.com": GOOD,
    "intranet": GOOD,
    "_dmarc": {"TXT": ['"v=DMARC1; p=none"']},
}


@pytest.fixture(scope="module")
def server() -> Iterator[DnsServer]:
    server = DnsServer(ZONE, silent=["silent.example"])
    yield server
    server.stop()


def check(emulator: Emulator, server: DnsServer | None, sender: str, **options: Any) -> Any:
    relay = emulator.relay()
    address = server.address if server else None
    options = {"domain_checks": True, "dns_server": address, **options}
    return probe(emulator, relay, sender=sender, **options)


@pytest.mark.parametrize(
    ("domain", "bad", "messages"),
    [
        (
            "keyexample.com",
            {},
            {
                "sender_domain": "The sender's domain keyexample.com takes mail at "
                "mx1.keyexample.com, mx2.keyexample.com.",
                "spf": "The sender's domain keyexample.com has the SPF record v=spf1 mx -all.",
                "dmarc": "The domain keyexample.com has the DMARC record v=DMARC1; p=reject.",
            },
        ),
        (
            "sub.keyexample.com",
            {},
            {"dmarc": "The domain keyexample.com has the DMARC record v=DMARC1; p=reject."},
        ),
        (
            "b\u00fccher.example",
            {},
            {
                "sender_domain": "The sender's domain xn--bcher-kva.example takes mail at "
                "mx1.keyexample.com, mx2.keyexample.com."
            },
        ),
        (
            "address.example",
            {"spf": "warning", "dmarc": "warning"},
            {
                "sender_domain": "The sender's domain address.example has an address, and no MX "
                "record.",
                "spf": "The sender's domain address.example has no SPF record. Receivers may take "
                "its mail for forged.",
            },
        ),
        (
            "six.example",
            {"spf": "warning", "dmarc": "warning"},
            {
                "dmarc": "The sender's domain six.example has no DMARC record. Large receivers "
                "expect one."
            },
        ),
        (
            "null.example",
            {"sender_domain": "warning", "dmarc": "warning"},
            {
                "sender_domain": "The sender's domain null.example says that it takes no mail "
                "(null MX). Some receivers refuse mail from it, and bounces get lost."
            },
        ),
        (
            "nothing.example",
            {"sender_domain": "failed", "dmarc": "warning"},
            {
                "sender_domain": "The sender's domain nothing.example has neither MX record nor "
                "address. Receivers refuse mail from it. Add an MX record."
            },
        ),
        (
            "two.example",
            {"spf": "failed", "dmarc": "warning"},
            {
                "spf": "The sender's domain two.example has 2 SPF records, and may have one. "
                "Receivers treat this as an error. Merge them.",
                "dmarc": "The domain two.example has 2 DMARC records, so receivers use none. Keep "
                "one.",
            },
        ),
        (
            "gone.invalid",
            {"sender_domain": "failed", "spf": "warning", "dmarc": "warning"},
            {
                "sender_domain": "The sender's domain gone.invalid does not exist in DNS. "
                "Receivers refuse mail from it. Correct the sender, or the domain's DNS."
            },
        ),
    ],
)
def test_domains(
    emulator: Emulator,
    server: DnsServer,
    domain: str,
    bad: dict[str, str],
    messages: dict[str, str],
) -> None:
    result = check(emulator, server, f"pki@{domain}")
    assert statuses(result) == bad
    assert {name: message(result, name) for name in messages} == messages


def test_dns_that_does_not_answer(emulator: Emulator, server: DnsServer) -> None:
    result = check(emulator, server, "pki@silent.example", timeout="1s")
    assert statuses(result) == dict.fromkeys(("sender_domain", "spf", "dmarc"), "unknown")
    start = f"DNS does not answer {result['seen_from']} for the sender's domain silent.example: "
    assert message(result, "sender_domain").startswith(f"{start}The resolution lifetime expired")
    assert message(result, "sender_domain").endswith("timed out.")
    assert message(result, "spf") == f"{start}no time is left, raise timeout."


@pytest.mark.parametrize(
    ("sender", "text"),
    [
        ("pki", "There is no sender with a domain."),
        ("pki@[192.0.2.1]", "The sender's domain is an IP address."),
    ],
)
def test_no_domain(emulator: Emulator, server: DnsServer, sender: str, text: str) -> None:
    result = check(emulator, server, sender)
    for name in ("sender_domain", "spf", "dmarc"):
        assert message(result, name) == text
        assert name not in statuses(result)


def test_without_the_library(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender_domain, "HAS_DNSPYTHON", False)
    result = check(emulator, None, "pki@keyexample.com")
    assert statuses(result) == {}
    assert "dnspython is missing" in message(result, "spf")


def test_machine_without_dns(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_configuration(**_options: object) -> None:
        raise sender_domain.dns.resolver.NoResolverConfiguration

    monkeypatch.setattr(sender_domain.dns.resolver, "Resolver", no_configuration)
    result = check(emulator, None, "pki@keyexample.com")
    assert statuses(result)["spf"] == "unknown"
    assert "dns_server" in message(result, "spf")


def test_machine_without_dns_asks_the_server_that_is_given(
    emulator: Emulator, server: DnsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_configuration(*_arguments: object) -> None:
        raise sender_domain.dns.resolver.NoResolverConfiguration

    monkeypatch.setattr(sender_domain.dns.resolver.Resolver, "read_resolv_conf", no_configuration)
    assert statuses(check(emulator, server, "pki@keyexample.com")) == {}


def test_name_without_a_dot(emulator: Emulator, server: DnsServer) -> None:
    """The root of DNS is not asked, although this zone would have an answer."""
    result = check(emulator, server, "pki@intranet")
    assert statuses(result) == {"dmarc": "warning"}


def test_domain_checks_can_be_left_out(emulator: Emulator, server: DnsServer) -> None:
    result = check(emulator, server, "pki@gone.invalid", domain_checks=False)
    assert statuses(result) == {}
    assert "domain_checks is false" in message(result, "spf")
