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
    ("domain", "bad", "phrases"),
    [
        ("keyexample.com", {}, {"sender_domain": "mx1.keyexample.com, mx2", "spf": "v=spf1 mx"}),
        ("sub.keyexample.com", {}, {"dmarc": "The domain keyexample.com has"}),
        ("b\u00fccher.example", {}, {"sender_domain": "xn--bcher-kva.example takes mail"}),
        ("address.example", {"spf": "warning", "dmarc": "warning"}, {"sender_domain": "no MX"}),
        ("six.example", {"spf": "warning", "dmarc": "warning"}, {"dmarc": "no DMARC record"}),
        ("null.example", {"sender_domain": "warning", "dmarc": "warning"}, {"sender_domain": "MX"}),
        ("nothing.example", {"sender_domain": "failed", "dmarc": "warning"}, {}),
        (
            "two.example",
            {"spf": "failed", "dmarc": "warning"},
            {"spf": "Merge", "dmarc": "2 DMARC"},
        ),
        (
            "gone.invalid",
            {"sender_domain": "failed", "spf": "warning", "dmarc": "warning"},
            {"sender_domain": "does not exist"},
        ),
    ],
)
def test_domains(
    emulator: Emulator,
    server: DnsServer,
    domain: str,
    bad: dict[str, str],
    phrases: dict[str, str],
) -> None:
    result = check(emulator, server, f"pki@{domain}")
    assert statuses(result) == bad
    for name, phrase in phrases.items():
        assert phrase in message(result, name)


def test_dns_that_does_not_answer(emulator: Emulator, server: DnsServer) -> None:
    result = check(emulator, server, "pki@silent.example", timeout="1s")
    assert statuses(result) == dict.fromkeys(("sender_domain", "spf", "dmarc"), "unknown")
    assert (
        f"does not answer {result['seen_from']} for the sender's domain silent.example"
        in message(result, "spf")
    )
    assert "timeout" in message(result, "dmarc")


@pytest.mark.parametrize(
    ("sender", "phrase"), [("pki", "no sender"), ("pki@[192.0.2.1]", "IP address")]
)
def test_no_domain(emulator: Emulator, server: DnsServer, sender: str, phrase: str) -> None:
    result = check(emulator, server, sender)
    for name in ("sender_domain", "spf", "dmarc"):
        assert phrase in message(result, name)
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


def test_domain_checks_can_be_left_out(emulator: Emulator, server: DnsServer) -> None:
    result = check(emulator, server, "pki@gone.invalid", domain_checks=False)
    assert statuses(result) == {}
    assert "domain_checks is false" in message(result, "spf")
