# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Kerberos account as the options name it, checked without Kerberos and the network."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .._errors import check_file, configuration_error, unusable_value_error
from .._sanitize import quote_untrusted

SPN = re.compile(r"[^\s@/]+(?:@[^\s@/]+|(?:/[^\s@/]+)+(?:@[^\s@/]+)?)")
REALM = re.compile(r"[^\s@/\\:]+")
GET_A_TICKET = "Get a ticket with kinit, or give kerberos_keytab with username."


@dataclass(frozen=True)
class KerberosAccount:
    """Who logs on, and with what: a keytab, a password, or the tickets of a cache.

    C(principal) may lack the realm, and is empty for that of the cache. C(credential_source) names
    the credentials in messages, and C(hint) says what to do if they are refused.
    """

    principal: str
    credential_source: str
    hint: str
    keytab: str | None = None
    ccache: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> KerberosAccount:
        """Read the credentials, by the names of their options. :raises CommandError:"""
        principal = qualify_principal(values.get("username"), values.get("kerberos_realm"))
        keytab, ccache = values.get("kerberos_keytab"), values.get("kerberos_ccache")
        password = values.get("password")
        if keytab:
            check_file(keytab, "kerberos_keytab")
            hint = "Make a new keytab: the password may have been changed since."
            return cls(principal, f"the keytab {keytab}", hint, keytab=keytab)
        if ccache:
            check_cache(ccache)
            return cls(principal, f"the credential cache {ccache}", GET_A_TICKET, ccache=ccache)
        if password is not None:
            hint = "Check username, password and kerberos_realm."
            return cls(principal, f"the password of {principal}", hint, password=password)
        name = quote_untrusted(os.environ.get("KRB5CCNAME", ""), ())
        return cls(principal, f"the default credential cache {name}".rstrip(), GET_A_TICKET)

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.password,) if self.password else ()


def qualify_principal(username: str | None, realm: str | None) -> str:
    """Return C(user@REALM), or C(user) if nothing names the realm."""
    if realm is not None and not (realm.isprintable() and REALM.fullmatch(realm)):
        reason = "it must be a realm's name, such as KEYEXAMPLE.COM"
        raise unusable_value_error("kerberos_realm", reason)
    if not username:
        return ""
    user, _at, user_realm = username.partition("@")
    if "\\" in username:
        reason = "for Kerberos it must be user or user@REALM, not DOMAIN\\user"
        raise unusable_value_error("username", reason)
    if not username.isprintable() or not user or (user_realm and not REALM.fullmatch(user_realm)):
        raise unusable_value_error("username", "for Kerberos it must be user or user@REALM")
    if realm and user_realm and user_realm.casefold() != realm.casefold():
        both = f"username {username} names the realm {user_realm}, and kerberos_realm says {realm}"
        raise configuration_error(f"{both}. Give the realm once.")
    # If both name it, only the case can differ: it matters, and the option is about it alone.
    realm = realm or user_realm
    return f"{user}@{realm}" if realm else user


def check_cache(ccache: str) -> None:
    """Refuse a cache that cannot hold tickets: if it is a file, it must exist."""
    if not ccache.isprintable():
        raise unusable_value_error("kerberos_ccache", "it must be a path or TYPE:name")
    kind, colon, name = ccache.partition(":")
    if not colon or "/" in kind:
        check_file(ccache, "kerberos_ccache")
    elif kind == "FILE":
        check_file(name, "kerberos_ccache")


def check_spn(spn: str) -> str:
    """Return the name of a service. :raises CommandError: if it does not have the form of one."""
    if not (spn.isprintable() and SPN.fullmatch(spn)):
        reason = "it must be like HTTP/host, HTTP/host@REALM or HTTP@host"
        raise unusable_value_error("kerberos_spn", reason)
    return spn
