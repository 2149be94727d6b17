# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is checked of a Kerberos account before Kerberos itself is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.keyfactor.command.plugins.module_utils._auth.kerberos_account import (
    KerberosAccount,
    check_spn,
)
from ansible_collections.keyfactor.command.plugins.module_utils._errors import CommandError
from tests.unit.support import PASSWORD, holds_secret, refusal, sentences

NAMES = ("username", "kerberos_realm", "kerberos_keytab", "kerberos_ccache", "password")


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"username": "svc"}, "svc"),
        ({"username": "svc@KEYEXAMPLE.COM"}, "svc@KEYEXAMPLE.COM"),
        ({"username": "svc", "kerberos_realm": "KEYEXAMPLE.COM"}, "svc@KEYEXAMPLE.COM"),
        # The case of a realm counts, and the option is the one that is about it.
        (
            {"username": "svc@keyexample.com", "kerberos_realm": "KEYEXAMPLE.COM"},
            "svc@KEYEXAMPLE.COM",
        ),
        ({"username": "HTTP/a.example.com@KEYEXAMPLE.COM"}, "HTTP/a.example.com@KEYEXAMPLE.COM"),
        ({"username": "Jürgen Å", "kerberos_realm": "KEYEXAMPLE.COM"}, "Jürgen Å@KEYEXAMPLE.COM"),
        ({"kerberos_realm": "KEYEXAMPLE.COM"}, ""),
        ({}, ""),
    ],
)
def test_the_principal(values: dict[str, str], name: str) -> None:
    assert KerberosAccount.from_values(values).principal == name


@pytest.mark.parametrize(
    ("values", "phrases"),
    [
        (
            {"username": "KEYEXAMPLE\\svc"},
            [
                "of username cannot be used: for Kerberos it must be user or user@REALM, not DOMAIN\\user."
            ],
        ),
        ({"username": "@KEYEXAMPLE.COM"}, ["used: for Kerberos it must be user or user@REALM."]),
        ({"username": "svc@home@KEYEXAMPLE.COM"}, ["username"]),
        ({"username": "svc\n"}, ["username"]),
        (
            {"username": "svc", "kerberos_realm": "KEY EXAMPLE"},
            [
                "of kerberos_realm cannot be used: it must be a realm's name, such as KEYEXAMPLE.COM."
            ],
        ),
        ({"username": "svc", "kerberos_realm": "@KEYEXAMPLE.COM"}, ["kerberos_realm"]),
        (
            {"username": "svc@KEYEXAMPLE.COM", "kerberos_realm": "EXAMPLE.COM"},
            [
                "username svc@KEYEXAMPLE.COM names the realm KEYEXAMPLE.COM, and kerberos_realm says "
                "EXAMPLE.COM. Give the realm once.",
            ],
        ),
        (
            {"username": "svc", "kerberos_keytab": "/nonexistent/keytab"},
            ["The file /nonexistent/keytab of kerberos_keytab cannot be read: No such file"],
        ),
        (
            {"username": "svc", "kerberos_keytab": "/"},
            ["The file / of kerberos_keytab cannot be read: Is a directory"],
        ),
        (
            {"kerberos_ccache": "/nonexistent/cache"},
            ["The file /nonexistent/cache of kerberos_ccache cannot be read"],
        ),
        (
            {"kerberos_ccache": "FILE:/nonexistent/cache"},
            ["The file /nonexistent/cache of kerberos_ccache cannot be read"],
        ),
        (
            {"kerberos_ccache": "/nonexistent/a:b"},
            ["The file /nonexistent/a:b of kerberos_ccache cannot be read"],
        ),
        (
            {"kerberos_ccache": "nonexistent-cache"},
            ["The file nonexistent-cache of kerberos_ccache cannot be read"],
        ),
        (
            {"kerberos_ccache": "KCM:\n"},
            ["of kerberos_ccache cannot be used: it must be a path or TYPE:name."],
        ),
    ],
)
def test_what_cannot_be_used(values: dict[str, str], phrases: list[str]) -> None:
    refusal(lambda: KerberosAccount.from_values(values), *phrases)


def test_the_proof_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.touch()
    user = {"username": "svc"}
    assert (
        KerberosAccount.from_values({**user, "kerberos_keytab": str(file)}).credential_source
        == f"the keytab {file}"
    )
    cache = KerberosAccount.from_values({"kerberos_ccache": f"FILE:{file}"})
    assert cache.credential_source == f"the credential cache FILE:{file}"
    account = KerberosAccount.from_values({**user, "password": PASSWORD})
    assert (account.credential_source, account.secrets) == ("the password of svc", (PASSWORD,))
    assert holds_secret(repr(account)) == []
    assert KerberosAccount.from_values({}).credential_source == "the default credential cache"
    monkeypatch.setenv("KRB5CCNAME", "KCM:\n0")
    assert (
        KerberosAccount.from_values({}).credential_source == "the default credential cache KCM: 0"
    )


@pytest.mark.parametrize(
    ("values", "hint"),
    [
        (
            {"username": "svc", "kerberos_keytab": __file__},
            "Make a new keytab: the password may have been changed since.",
        ),
        (
            {"username": "svc", "password": PASSWORD},
            "Check username, password and kerberos_realm.",
        ),
        (
            {"kerberos_ccache": "KCM:0"},
            "Get a ticket with kinit, or give kerberos_keytab with username.",
        ),
        ({}, "Get a ticket with kinit, or give kerberos_keytab with username."),
    ],
)
def test_hint_depends_on_the_credentials(values: dict[str, str], hint: str) -> None:
    assert KerberosAccount.from_values(values).hint == hint


@pytest.mark.parametrize(
    "spn",
    [
        "HTTP/a.example.com",
        "HTTP@a.example.com",
        "HTTP/a@KEYEXAMPLE.COM",
        "host/a/b",
        "HTTP/a:8443",
    ],
)
def test_forms_of_an_spn(spn: str) -> None:
    assert check_spn(spn) == spn


@pytest.mark.parametrize(
    "spn", ["HTTP", "HTTP/", "/a", "HTTP/a b", "HTTP@a@b", "HTTP/a\n", "a/b@c/d"]
)
def test_what_is_no_spn(spn: str) -> None:
    refusal(
        lambda: check_spn(spn),
        "kerberos_spn",
        "used: it must be like HTTP/host, HTTP/host@REALM or HTTP@host.",
    )


# The converters of the options refuse NUL.
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


@given(values=st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, TEXT)))
def test_any_values_make_an_account_or_a_refusal(values: dict[str, Any]) -> None:
    try:
        account = KerberosAccount.from_values(values)
    except CommandError as error:
        assert error.kind == "configuration"
        assert error.message.isprintable()
        assert sentences(error.message) <= 2
    else:
        assert (account.principal + account.credential_source).isprintable()
