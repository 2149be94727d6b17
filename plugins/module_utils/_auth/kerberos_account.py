# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Kerberos account as the options name it, checked without Kerberos and the network."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .._errors import CommandError, unreadable_file_error
from .._sanitize import quote_untrusted

SPN = re.compile(r"[^\s@/]+(?:@[^\s@/]+|(?:/[^\s@/]+)+(?:@[^\s@/]+)?)")
REALM = re.compile(r"[^\s@/\\:]+")


@dataclass(frozen=True)
class KerberosAccount:
    """Who logs on, and with what: a keytab, a password, or the tickets of a cache.

    :param principal: without a realm for the default one; empty for the one of the cache.
    """

    principal: str
    keytab: str | None = None
    ccache: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> KerberosAccount:
        """Read the credentials, by the names of their options. :raises CommandError:"""
        name = qualify_principal(values.get("username"), values.get("kerberos_realm"))
        keytab, ccache = values.get("kerberos_keytab"), values.get("kerberos_ccache")
        if keytab:
            return cls(name, keytab=check_file("kerberos_keytab", keytab))
        if ccache:
            return cls(name, ccache=check_cache(ccache))
        password = values.get("password")
        if password is not None:
            check_password(password)
        return cls(name, password=password)

    @property
    def credential_source(self) -> str:
        """What the KDC is shown, or where the ticket is looked for."""
        if self.keytab:
            return f"the keytab {self.keytab}"
        if self.password is not None:
            return f"the password of {self.principal}"
        if self.ccache:
            return f"the credential cache {self.ccache}"
        named = os.environ.get("KRB5CCNAME", "")
        return f"the default credential cache {quote_untrusted(named, ())}".rstrip()

    @property
    def hint(self) -> str:
        """What to do if these credentials are refused."""
        if self.keytab:
            return "Make a new keytab: the password may have been changed since."
        if self.password is not None:
            return "Check username, password and kerberos_realm."
        return "Get a ticket with kinit, or give kerberos_keytab with username."

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be shown."""
        return (self.password,) if self.password else ()


def qualify_principal(username: str | None, realm: str | None) -> str:
    """Return C(user@REALM), or C(user) where nothing names the realm."""
    if realm is not None and not (realm.isprintable() and REALM.fullmatch(realm)):
        raise _unusable_error("kerberos_realm", "it must be a realm's name, such as KEYEXAMPLE.COM")
    if not username:
        return ""
    user, _at, inside = username.partition("@")
    if "\\" in username:
        raise _unusable_error(
            "username", "for Kerberos it must be user or user@REALM, not DOMAIN\\user"
        )
    if not username.isprintable() or not user or (inside and not REALM.fullmatch(inside)):
        raise _unusable_error("username", "for Kerberos it must be user or user@REALM")
    if realm and inside and inside.casefold() != realm.casefold():
        raise CommandError(
            "configuration",
            f"username {username} names the realm {inside}, and kerberos_realm says {realm}. "
            f"Give the realm once.",
        )
    # Where both name it, only the case can differ: it matters, and the option is about it alone.
    found = realm or inside
    return f"{user}@{found}" if found else user


def check_password(password: str) -> None:
    """Refuse what Kerberos would truncate or does not accept."""
    if "\0" in password:
        raise _unusable_error("password", "it contains a NUL character")
    try:
        password.encode()
    except UnicodeEncodeError:
        raise _unusable_error("password", "it is not valid Unicode text") from None


def check_cache(ccache: str) -> str:
    """Return a credential cache that may hold tickets. If it is a file, it must exist."""
    if not ccache.isprintable():
        raise _unusable_error("kerberos_ccache", "it must be a path or TYPE:name")
    kind, colon, name = ccache.partition(":")
    if not colon or "/" in kind:
        kind, name = "FILE", ccache
    if kind == "FILE":
        check_file("kerberos_ccache", name)
    return ccache


def check_spn(spn: str) -> str:
    """Return the name of a service. :raises CommandError: if it does not have the form of one."""
    if not (spn.isprintable() and SPN.fullmatch(spn)):
        raise _unusable_error(
            "kerberos_spn", "it must be like HTTP/host, HTTP/host@REALM or HTTP@host"
        )
    return spn


def check_file(option: str, path: str) -> str:
    """Return the path of a readable file. :raises CommandError: if it is not one."""
    try:
        with open(path, "rb"):
            return path
    except (OSError, ValueError) as error:
        raise unreadable_file_error(path, option, error) from None


def _unusable_error(name: str, why: str) -> CommandError:
    return CommandError("configuration", f"The value of {name} cannot be used: {why}.")
