# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The address of Keyfactor Command, from a name, a name with port, or a URL."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from .converters import text

NAME = re.compile(r"(?:[A-Za-z0-9_]|[^\x00-\x7f])(?:[A-Za-z0-9_.-]|[^\x00-\x7f])*")
IPV6 = re.compile(r"[0-9A-Fa-f:.]+(?:%[0-9A-Za-z_.-]+)?")
PATH = re.compile(r"(?:[A-Za-z0-9._~/-]|%[0-9A-Fa-f]{2})*")
DEFAULT_PORTS = {"https": 443, "http": 80}
PORT_OR_BRACKETS = "its port is not a number from 1 to 65535, or its brackets do not match"


@dataclass(frozen=True)
class Address:
    """The address of the API. Port and path are None if the option host does not contain them."""

    scheme: str
    host: str
    port: int | None
    api_path: str | None

    @property
    def url(self) -> str:
        """The URL of the API, without the default port of the scheme."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{name}{port}/{self.api_path}".rstrip("/")


def parse_host(value: object) -> Address:
    """Read C(name), C(name:port) or a URL with port and path. ValueError says what is wrong."""
    url = text(value).strip()
    if "://" not in url:
        if url.count(":") > 1 and not url.startswith("["):
            url = f"[{url}]"
        url = "https://" + url
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError(PORT_OR_BRACKETS) from None
    if parts.scheme not in DEFAULT_PORTS:
        raise ValueError("it must begin with https:// (or http://)")
    if "@" in parts.netloc:
        raise ValueError("it must not carry a user or a password")
    if parts.query or parts.fragment:
        raise ValueError("it must not have a part after '?' or '#'")
    if port == 0:
        raise ValueError(PORT_OR_BRACKETS)
    if not _is_host(host):
        raise ValueError(f"{host or 'it'} is not a host's name or address")
    return Address(parts.scheme, host, port, parse_api_path(parts.path) or None)


def _is_host(host: str) -> bool:
    if ":" in host:
        return bool(IPV6.fullmatch(host))
    labels = host.rstrip(".").split(".")
    return bool(NAME.fullmatch(host)) and all(0 < len(label) < 64 for label in labels)


def parse_api_path(value: object) -> str:
    """Return an API path without slashes around it. ValueError says what is wrong."""
    path = text(value).strip().strip("/")
    if not PATH.fullmatch(path):
        raise ValueError("it may hold only letters, digits and . _ ~ - /")
    if any(step in (".", "..") for step in unquote(path).split("/")):
        raise ValueError("it must not step out with '..'")
    return path
