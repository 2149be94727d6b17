# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The address of Keyfactor Command, from a name, a name with port, or a URL."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

NAME = re.compile(r"(?:[A-Za-z0-9_]|[^\x00-\x7f])(?:[A-Za-z0-9_.-]|[^\x00-\x7f])*")
IPV6 = re.compile(r"[0-9A-Fa-f:.]+(?:%[0-9A-Za-z_.-]+)?")
DEFAULT_PORTS = {"https": 443, "http": 80}
PORT_OR_BRACKETS = "its port is not a number from 1 to 65535, or its brackets do not match"


@dataclass(frozen=True)
class Address:
    """What the host option says: a host, and what else it names."""

    host: str
    scheme: str = "https"
    port: int | None = None
    api_path: str | None = None


def parse_host(value: str) -> Address:
    """Read C(name), C(name:port) or a URL with port and path. ValueError says what is wrong."""
    given = value.strip()
    if "://" not in given:
        if given.count(":") > 1 and not given.startswith("["):
            given = f"[{given}]"
        given = "https://" + given
    try:
        parts = urlsplit(given)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError(PORT_OR_BRACKETS) from None
    if parts.scheme not in ("https", "http"):
        raise ValueError("it must begin with https:// (or http://)")
    if "@" in parts.netloc:
        raise ValueError("it must not carry a user or a password")
    if parts.query or parts.fragment:
        raise ValueError("it must not have a part after '?' or '#'")
    if port == 0:
        raise ValueError(PORT_OR_BRACKETS)
    if not _is_host(host):
        raise ValueError(f"{host or 'it'} is not a host's name or address")
    return Address(host, parts.scheme, port, clean_api_path(parts.path) or None)


def _is_host(host: str) -> bool:
    if ":" in host:
        return bool(IPV6.fullmatch(host))
    labels = host.rstrip(".").split(".")
    return bool(NAME.fullmatch(host)) and all(0 < len(label) < 64 for label in labels)


def clean_api_path(value: str) -> str:
    """Return an API path without slashes around it. ValueError says what is wrong."""
    path = value.strip().strip("/")
    if not re.fullmatch(r"(?:[A-Za-z0-9._~/-]|%[0-9A-Fa-f]{2})*", path):
        raise ValueError("it may hold only letters, digits and . _ ~ - /")
    if any(step in (".", "..") for step in unquote(path).split("/")):
        raise ValueError("it must not step out with '..'")
    return path


def base_url(scheme: str, host: str, port: int, api_path: str) -> str:
    """Return the address of the API, without the port where it is the scheme's own."""
    name = f"[{host}]" if ":" in host else host
    return (
        f"{scheme}://{name}{'' if port == DEFAULT_PORTS[scheme] else f':{port}'}/{api_path}".rstrip(
            "/"
        )
    )
