# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kerberos tickets from a keytab, a password or a cache, through GSSAPI.

They are kept in a cache of this process alone. The user's own caches are read and never written to.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import uuid4

gssapi: Any
requests_gssapi: Any
if not TYPE_CHECKING:
    try:
        import gssapi
        import requests_gssapi
    except ImportError:
        gssapi = requests_gssapi = None
    else:
        # Its exceptions say what it logs. In Ansible's log it would be a traceback.
        logging.getLogger("requests_gssapi").propagate = False

SPNEGO = "1.3.6.1.5.5.2"
# Kerberos takes requests_gssapi from here: either both libraries are there, or none is.
__all__ = ("gssapi", "requests_gssapi")


@contextmanager
def krb5_config(config: str | None) -> Iterator[None]:
    """Make Kerberos read this krb5.conf for a while: the process may be Ansible's own."""
    if not config:
        yield
        return
    before = os.environ.get("KRB5_CONFIG")
    os.environ["KRB5_CONFIG"] = config
    try:
        yield
    finally:
        del os.environ["KRB5_CONFIG"]
        if before is not None:
            os.environ["KRB5_CONFIG"] = before


def principal(name: str) -> Any:
    """Return GSSAPI's form of a principal."""
    return gssapi.Name(name, gssapi.NameType.kerberos_principal)


def service(spn: str) -> Any:
    """Return GSSAPI's form of a service, of which C(HTTP@host) leaves most to krb5.conf."""
    if "/" in spn:
        # Taken as it is. An empty realm means that the KDC finds the right one.
        return principal(spn if "@" in spn else f"{spn}@")
    return gssapi.Name(spn, gssapi.NameType.hostbased_service)


def check_keytab(keytab: str, name: str) -> None:
    """Look for the principal's key, without the network. :raises gssapi.exceptions.GSSError:"""
    _credentials(name, "accept", {"keytab": keytab})


def from_keytab(keytab: str, name: str) -> Any:
    """Return credentials that the KDC gave for the keytab's key."""
    cache = _new_cache()
    _credentials(name, "initiate", {"client_keytab": keytab, "ccache": cache})
    return _open(cache)


def from_password(name: str, password: str) -> Any:
    """Return credentials that the KDC gave for a password."""
    if not hasattr(gssapi.raw, "acquire_cred_with_password"):
        raise NotImplementedError
    acquire, mechs = gssapi.raw.acquire_cred_with_password, [gssapi.MechType.kerberos]
    acquired = acquire(principal(name), password.encode(), usage="initiate", mechs=mechs)
    return _copy(gssapi.Credentials(acquired.creds))


def from_cache(ccache: str | None, name: str) -> Any:
    """Return the credentials of a cache, by default those of the default cache."""
    return _copy(_credentials(name, "initiate", {"ccache": ccache} if ccache else None))


def get_service_ticket(credentials: Any, target: Any) -> None:
    """Get the ticket for a service. Plain Kerberos reports errors that SPNEGO would hide."""
    mech = gssapi.MechType.kerberos
    context = gssapi.SecurityContext(name=target, creds=credentials, mech=mech, usage="initiate")
    context.step()
    # Raises the errors that gssapi may have kept back.
    _complete = context.complete


def _credentials(name: str, usage: str, store: Any) -> Any:
    gss_name = principal(name) if name else None
    mechs = [gssapi.MechType.kerberos]
    return gssapi.Credentials(name=gss_name, usage=usage, mechs=mechs, store=store)


def _new_cache() -> str:
    return f"MEMORY:keyfactor.command-{uuid4().hex}"


def _copy(credentials: Any) -> Any:
    cache = _new_cache()
    mech = gssapi.MechType.kerberos
    credentials.store(store={"ccache": cache}, usage="initiate", mech=mech, overwrite=True)
    return _open(cache)


def _open(cache: str) -> Any:
    mechs = [gssapi.MechType.kerberos, gssapi.OID.from_int_seq(SPNEGO)]
    return gssapi.Credentials(usage="initiate", mechs=mechs, store={"ccache": cache})
