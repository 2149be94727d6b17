# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kerberos tickets: what GSSAPI is asked for, and in which caches the tickets are kept."""

from __future__ import annotations

import logging
import os
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._auth import (
    kerberos_tickets as tickets,
)
from tests.unit.support import PASSWORD, load_anew

KRB5, SPNEGO = "oid of krb5", "oid of 1.3.6.1.5.5.2"
SVC = ("svc@KEYEXAMPLE.COM", "a principal")
KEYTAB = "/etc/svc.keytab"


class FakeCredentials:
    """Credentials, and how they were asked for."""

    def __init__(self, gssapi: FakeGssapi, *arguments: Any, **keywords: Any) -> None:
        self.arguments = arguments
        self.keywords = keywords
        self.stored: list[dict[str, Any]] = []
        gssapi.credentials.append(self)

    def store(self, **keywords: Any) -> None:
        self.stored.append(keywords)


class FakeContext:
    """A security context. GSSAPI keeps some errors back until C(complete) is read."""

    errors: tuple[Exception, ...] = ()

    def __init__(self, gssapi: FakeGssapi, **keywords: Any) -> None:
        self.keywords = keywords
        self.steps = 0
        gssapi.contexts.append(self)

    def step(self) -> None:
        self.steps += 1

    @property
    def complete(self) -> bool:
        for error in self.errors:
            raise error
        return False


class FakeGssapi:
    """As much of the library gssapi as is used."""

    NameType = SimpleNamespace(kerberos_principal="a principal", hostbased_service="a service")
    MechType = SimpleNamespace(kerberos=KRB5)
    OID = SimpleNamespace(from_int_seq=lambda numbers: f"oid of {numbers}")

    def __init__(self) -> None:
        self.credentials: list[FakeCredentials] = []
        self.contexts: list[FakeContext] = []
        self.passwords: list[tuple[Any, ...]] = []
        self.raw = SimpleNamespace(acquire_cred_with_password=self._acquire)

    def Name(self, text: str, kind: str) -> tuple[str, str]:
        return (text, kind)

    def Credentials(self, *arguments: Any, **keywords: Any) -> FakeCredentials:
        return FakeCredentials(self, *arguments, **keywords)

    def SecurityContext(self, **keywords: Any) -> FakeContext:
        return FakeContext(self, **keywords)

    def _acquire(self, *arguments: Any, **keywords: Any) -> SimpleNamespace:
        self.passwords.append((*arguments, keywords))
        return SimpleNamespace(creds="credentials of the password")


@pytest.fixture(autouse=True)
def gssapi(monkeypatch: pytest.MonkeyPatch) -> FakeGssapi:
    fake = FakeGssapi()
    monkeypatch.setattr(tickets, "gssapi", fake)
    return fake


def own_cache(credentials: FakeCredentials) -> str:
    """Return the cache from which credentials were opened, which must be of this process alone."""
    cache = str(credentials.keywords["store"]["ccache"])
    assert cache.startswith("MEMORY:keyfactor.command-")
    store = {"ccache": cache}
    assert credentials.keywords == {"usage": "initiate", "mechs": [KRB5, SPNEGO], "store": store}
    return cache


@pytest.mark.parametrize(
    ("spn", "name"),
    [
        ("HTTP@a.example.com", ("HTTP@a.example.com", "a service")),
        ("HTTP/a.example.com", ("HTTP/a.example.com@", "a principal")),
        ("HTTP/a.example.com@KEYEXAMPLE.COM", ("HTTP/a.example.com@KEYEXAMPLE.COM", "a principal")),
    ],
)
def test_service_is_host_based_unless_it_has_a_slash(spn: str, name: tuple[str, str]) -> None:
    assert tickets.service(spn) == name


def test_keytab_is_checked_without_the_network(gssapi: FakeGssapi) -> None:
    """Credentials to accept need no KDC."""
    tickets.check_keytab(KEYTAB, "svc@KEYEXAMPLE.COM")
    (checked,) = gssapi.credentials
    store = {"keytab": KEYTAB}
    assert checked.keywords == {"name": SVC, "usage": "accept", "mechs": [KRB5], "store": store}


def test_tickets_from_a_keytab(gssapi: FakeGssapi) -> None:
    found = tickets.from_keytab(KEYTAB, "svc@KEYEXAMPLE.COM")
    acquired, opened = gssapi.credentials
    assert found is opened
    store = {"client_keytab": KEYTAB, "ccache": own_cache(opened)}
    assert acquired.keywords == {"name": SVC, "usage": "initiate", "mechs": [KRB5], "store": store}


def test_tickets_from_a_password(gssapi: FakeGssapi) -> None:
    found = tickets.from_password("svc@KEYEXAMPLE.COM", PASSWORD + "ö")
    keywords = {"usage": "initiate", "mechs": [KRB5]}
    assert gssapi.passwords == [(SVC, (PASSWORD + "ö").encode(), keywords)]
    acquired, opened = gssapi.credentials
    assert (found, acquired.arguments) == (opened, ("credentials of the password",))
    assert_copied(acquired, opened)


def test_password_needs_an_extension_of_gssapi(gssapi: FakeGssapi) -> None:
    del gssapi.raw.acquire_cred_with_password
    with pytest.raises(NotImplementedError):
        tickets.from_password("svc@KEYEXAMPLE.COM", PASSWORD)
    assert gssapi.credentials == []


@pytest.mark.parametrize(
    ("ccache", "store"), [("KCM:1000", {"ccache": "KCM:1000"}), (None, None), ("", None)]
)
@pytest.mark.parametrize(
    ("name", "principal"), [("svc@KEYEXAMPLE.COM", SVC), (None, None), ("", None)]
)
def test_tickets_from_a_cache(
    gssapi: FakeGssapi,
    ccache: str | None,
    store: dict[str, str] | None,
    name: str | None,
    principal: tuple[str, str] | None,
) -> None:
    found = tickets.from_cache(ccache, name)
    acquired, opened = gssapi.credentials
    assert found is opened
    keywords = {"name": principal, "usage": "initiate", "mechs": [KRB5], "store": store}
    assert acquired.keywords == keywords
    assert_copied(acquired, opened)


def assert_copied(acquired: FakeCredentials, opened: FakeCredentials) -> None:
    """The tickets are used from a copy, so that the user's cache is not written to."""
    store = {"ccache": own_cache(opened)}
    copied = {"store": store, "usage": "initiate", "mech": KRB5, "overwrite": True}
    assert acquired.stored == [copied]


def test_every_cache_is_a_new_one(gssapi: FakeGssapi) -> None:
    found = [tickets.from_keytab(KEYTAB, "svc"), tickets.from_cache(None, None)]
    found += [tickets.from_cache(None, None), tickets.from_password("svc", PASSWORD)]
    assert len({own_cache(each) for each in found}) == 4


def test_service_ticket_is_got_with_plain_kerberos(gssapi: FakeGssapi) -> None:
    tickets.get_service_ticket("credentials", "target")
    (context,) = gssapi.contexts
    keywords = {"name": "target", "creds": "credentials", "mech": KRB5, "usage": "initiate"}
    assert (context.keywords, context.steps) == (keywords, 1)


def test_error_that_gssapi_keeps_back_is_raised(
    gssapi: FakeGssapi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeContext, "errors", (ValueError("kept back"),))
    with pytest.raises(ValueError, match="kept back"):
        tickets.get_service_ticket("credentials", "target")


@pytest.mark.parametrize("before", [None, "/etc/before.conf"])
def test_krb5_config_is_set_for_a_while(
    monkeypatch: pytest.MonkeyPatch, before: str | None
) -> None:
    if before:
        monkeypatch.setenv("KRB5_CONFIG", before)
    with pytest.raises(KeyError), tickets.krb5_config("/etc/own.conf"):
        assert os.environ["KRB5_CONFIG"] == "/etc/own.conf"
        raise KeyError
    assert os.environ.get("KRB5_CONFIG") == before


@pytest.mark.parametrize("before", [None, "/etc/before.conf"])
@pytest.mark.parametrize("config", [None, ""])
def test_krb5_config_is_kept_if_none_is_given(
    monkeypatch: pytest.MonkeyPatch, before: str | None, config: str | None
) -> None:
    if before:
        monkeypatch.setenv("KRB5_CONFIG", before)
    with tickets.krb5_config(config):
        assert os.environ.get("KRB5_CONFIG") == before
    assert os.environ.get("KRB5_CONFIG") == before


@pytest.mark.parametrize("missing", ["gssapi", "requests_gssapi"])
def test_module_can_be_imported_without_the_libraries(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    libraries: dict[str, Any] = {"gssapi": SimpleNamespace(), "requests_gssapi": SimpleNamespace()}
    loaded = load_anew(monkeypatch, tickets, **{**libraries, missing: None})
    assert (loaded.gssapi, loaded.requests_gssapi) == (None, None)


def test_log_of_the_library_does_not_reach_ansible(monkeypatch: pytest.MonkeyPatch) -> None:
    log = logging.getLogger("requests_gssapi")
    monkeypatch.setattr(log, "propagate", True)
    libraries: dict[str, Any] = {"gssapi": SimpleNamespace(), "requests_gssapi": SimpleNamespace()}
    loaded = load_anew(monkeypatch, tickets, **libraries)
    assert loaded.gssapi is libraries["gssapi"]
    assert log.propagate is False
