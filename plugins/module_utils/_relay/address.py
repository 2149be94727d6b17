# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names and addresses: of hosts, DNS servers and mailboxes."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import NamedTuple

from .._config import converters

DNS_PORT = 53


class DnsServer(NamedTuple):
    """A DNS server to ask."""

    address: str
    port: int


class Mailbox(NamedTuple):
    """An e-mail address. C(domain) is as in DNS: ASCII, without a dot at its end."""

    local_part: str
    domain: str

    def __str__(self) -> str:
        return f"{self.local_part}@{self.domain}"

    @property
    def needs_smtputf8(self) -> bool:
        """Whether only relays that offer SMTPUTF8 can take mail from or to it."""
        return not self.local_part.isascii()


def parse_host(host: str) -> str:
    """Return the name or IP address of a host. :raises ValueError: if it cannot be one."""
    name = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    if not name.isprintable() or re.search(r"[\s/@\[\]<>,;]", name):
        raise ValueError("it is not the name of a host, nor an IP address")
    return to_ascii(name)


def to_ascii(name: str) -> str:
    """Return a name as DNS has it. :raises ValueError: if it cannot be one."""
    if ":" in name:  # IPv6
        ip_address(name)
        return name
    try:
        return name.rstrip(".").encode("idna").decode("ascii")
    except UnicodeError:
        raise ValueError("a part of it is empty, too long, or not possible in a name") from None


def parse_mailbox(text: str) -> Mailbox:
    """Return an e-mail address. :raises ValueError: if it is not one that SMTP can carry."""
    local_part, _at, domain = text.rpartition("@")
    # Blanks and angle brackets would end the address within the command of SMTP.
    if not local_part or not domain or not text.isprintable() or re.search(r"[\s<>]", text):
        raise ValueError("it is not an e-mail address")
    if not domain.startswith("[") and re.search(r"[^\w.\-]", domain):
        raise ValueError("its domain is not one")
    return Mailbox(local_part, domain if domain.startswith("[") else to_ascii(domain))


def parse_dns_server(value: object) -> DnsServer:
    """Return a DNS server from C(192.0.2.53), C(192.0.2.53:5353) or C([2001:db8::53]:5353)."""
    text = converters.text(value).strip()
    match = re.fullmatch(r"\[(.+)\](?::([0-9]+))?|([^:]+)(?::([0-9]+))?", text)
    address, port = text, ""
    if match:
        address, port = match[1] or match[3], match[2] or match[4] or ""
    try:
        ip_address(address)
    except ValueError:
        raise ValueError("it must be an IP address, or an IP address and a port") from None
    return DnsServer(address, converters.port(port) if port else DNS_PORT)
