# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names and addresses, as DNS and SMTP have them."""

from __future__ import annotations

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._relay.address import (
    DnsServer,
    parse_dns_server,
    parse_host,
    parse_mailbox,
)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("smtp.example.com", "smtp.example.com"),
        ("smtp.example.com.", "smtp.example.com"),
        ("b\u00fccher.example", "xn--bcher-kva.example"),
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1%eth0"),
    ],
)
def test_hosts(text: str, host: str) -> None:
    assert parse_host(text) == host


@pytest.mark.parametrize("text", ["a b", "smtp://a", "a\r\nEHLO b", "user@a"])
def test_what_is_not_a_host(text: str) -> None:
    with pytest.raises(ValueError, match=r"^it is not the name of a host, nor an IP address$"):
        parse_host(text)


@pytest.mark.parametrize("text", ["a..b", ".a", "x" * 64 + ".b"])
def test_parts_of_a_name(text: str) -> None:
    with pytest.raises(ValueError, match=r"^a part of it is empty, too long, or not possible in"):
        parse_host(text)


@pytest.mark.parametrize("text", ["1::2::3", "a:25"])
def test_what_is_not_an_address(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        parse_host(text)


@pytest.mark.parametrize(
    ("text", "command", "needs_smtputf8"),
    [
        ("pki@example.com", "pki@example.com", False),
        ("pki@b\u00fccher.example", "pki@xn--bcher-kva.example", False),
        ("p\u00fc@b\u00fccher.example", "p\u00fc@xn--bcher-kva.example", True),
        ("a+b@[192.0.2.1]", "a+b@[192.0.2.1]", False),
    ],
)
def test_mailboxes(text: str, command: str, needs_smtputf8: bool) -> None:
    mailbox = parse_mailbox(text)
    assert (str(mailbox), mailbox.needs_smtputf8) == (command, needs_smtputf8)


@pytest.mark.parametrize(
    "text", ["", "pki", "@a.example", "pki@", "a b@c", "a@b> SIZE=1", "a@b\r\nDATA"]
)
def test_what_is_not_a_mailbox(text: str) -> None:
    with pytest.raises(ValueError, match=r"^it is not an e-mail address$"):
        parse_mailbox(text)


def test_domain_of_a_mailbox() -> None:
    with pytest.raises(ValueError, match=r"^its domain is not one$"):
        parse_mailbox("a@b,c")
    with pytest.raises(ValueError, match=r"^a part of it is empty"):
        parse_mailbox("a@b..c")


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("192.0.2.53", ("192.0.2.53", 53)),
        ("192.0.2.53:5353", ("192.0.2.53", 5353)),
        ("2001:db8::53", ("2001:db8::53", 53)),
        ("[2001:db8::53]", ("2001:db8::53", 53)),
        ("[2001:db8::53]:5353", ("2001:db8::53", 5353)),
    ],
)
def test_dns_servers(text: str, server: tuple[str, int]) -> None:
    assert parse_dns_server(text) == DnsServer(*server)


@pytest.mark.parametrize("text", ["dns.example.com", "192.0.2.53:0", "[x]:1", "192.0.2.53:a", "."])
def test_what_is_not_a_dns_server(text: str) -> None:
    with pytest.raises(
        ValueError, match=r"^it must be (an IP address, or an IP address and a port|.*65535.*)$"
    ):
        parse_dns_server(text)
