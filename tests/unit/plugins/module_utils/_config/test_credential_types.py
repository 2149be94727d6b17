# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials of Kerberos: alternatives, an account of their own in the environment, and words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._config.credential_types import (
    CREDENTIAL_TYPES,
)
from ansible_collections.keyfactor.command.plugins.module_utils._config.options import OPTIONS
from ansible_collections.keyfactor.command.plugins.module_utils._config.settings import (
    ConnectionSettings,
    resolve,
)
from tests.unit.support import PASSWORD, TOKEN, holds_secret, refusal, source

VARIABLE = "KEYFACTOR_AUTH_KRB_"
KEYTAB = {"username": "svc", "kerberos_keytab": "/etc/svc.keytab"}
CACHE = {"kerberos_ccache": "KCM:0"}
REALM = {"username": "svc", "password": PASSWORD, "kerberos_realm": "KEYEXAMPLE.COM"}
CARRIED = {"username": "svc@KEYEXAMPLE.COM", "password": PASSWORD}
ASKED = {"auth_type": "kerberos"}
BASIC_THERE = {"KEYFACTOR_USERNAME": "basic", "KEYFACTOR_PASSWORD": "basic"}


def variables(account: dict[str, str]) -> dict[str, str]:
    return {
        VARIABLE + name.upper().replace("KERBEROS_", ""): each for name, each in account.items()
    }


def settings(
    options: dict[str, Any] | None = None,
    environ: dict[str, str] | None = None,
    profile: dict[str, Any] | None = None,
) -> ConnectionSettings:
    file = Path.home() / "config.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({"servers": {"default": profile or {}}}))
    file.chmod(0o600)
    given = {"host": "command.example.com", "config_file": str(file), **(options or {})}
    return resolve(given, environ or {})


@pytest.mark.parametrize("account", [KEYTAB, CACHE, REALM, CARRIED])
def test_a_complete_set_of_one_source(account: dict[str, str]) -> None:
    for found in (
        settings({**account, **ASKED}),
        settings({}, variables(account)),
        settings(profile={**account, **ASKED}),
        # Another source after it does not matter.
        settings({**account, **ASKED}, variables(KEYTAB), REALM),
    ):
        assert (found.credentials.kind, found.credentials.convert()) == ("kerberos", account)
        assert holds_secret([dict(found.effective), repr(found)]) == []


@pytest.mark.parametrize("account", [KEYTAB, CACHE])
def test_what_only_kerberos_takes_needs_no_auth_type(account: dict[str, str]) -> None:
    assert settings(account).credentials.kind == "kerberos"
    assert settings(profile=account).credentials.kind == "kerberos"


def test_a_keytab_comes_before_a_cache_and_a_password() -> None:
    found = settings({**REALM, **CACHE, **KEYTAB, **ASKED})
    assert set(found.credentials.convert()) == {"username", "kerberos_keytab", "kerberos_realm"}
    assert set(found.effective) & {"password", "kerberos_ccache"} == set()


@pytest.mark.parametrize("account", [REALM, {**CARRIED, "kerberos_config": "/etc/krb5.conf"}])
def test_a_password_with_a_realm_could_be_basic_as_well(account: dict[str, str]) -> None:
    words = ("basic and kerberos", "auth_type")
    refusal(lambda: settings(account), "the task's options", *words)
    refusal(lambda: settings(profile=account), "config profile default", *words)
    assert settings({**account, "auth_type": "basic"}).credentials.kind == "basic"


def test_user_at_domain_is_basic_unless_kerberos_is_named() -> None:
    assert settings(CARRIED).credentials.kind == "basic"


def test_in_the_environment_the_account_is_apart() -> None:
    found = settings(environ={**variables(REALM), "KEYFACTOR_USERNAME": ""})
    assert source(found, "username") == f"environment variable {VARIABLE}USERNAME"
    assert source(found, "password") == f"environment variable {VARIABLE}PASSWORD"
    both = {**BASIC_THERE, **variables(REALM)}
    refusal(lambda: settings(environ=both), "the environment: basic and kerberos", "auth_type")
    assert settings(ASKED, both).credentials.convert() == REALM
    assert settings({"auth_type": "basic"}, both).credentials.convert()["username"] == "basic"
    # The realm alone does not make Basic's account one of Kerberos.
    refusal(
        lambda: settings(ASKED, {**BASIC_THERE, f"{VARIABLE}REALM": "KEYEXAMPLE.COM"}),
        "kerberos_realm given",
        f"username ({VARIABLE}USERNAME) and password ({VARIABLE}PASSWORD) missing",
    )


@pytest.mark.parametrize(
    ("options", "environ", "profile", "phrases"),
    [
        ({"username": "svc", **ASKED}, {}, {}, ["kerberos_keytab missing", "username given"]),
        (
            {"username": "svc", "password": PASSWORD, **ASKED},
            {},
            {},
            ["username and password given", "kerberos_keytab or kerberos_realm missing"],
        ),
        (
            {"username": "svc", "kerberos_realm": "KEYEXAMPLE.COM"},
            {},
            {},
            ["The kerberos credentials", "kerberos_keytab or password missing"],
        ),
        (
            {"kerberos_keytab": "/etc/svc.keytab"},
            {f"{VARIABLE}USERNAME": "svc", "KEYFACTOR_USERNAME": "basic"},
            {},
            ["username missing", f"found as environment variable {VARIABLE}USERNAME"],
        ),
        (
            {},
            {f"{VARIABLE}KEYTAB": "/etc/svc.keytab"},
            {"username": "svc"},
            [f"username ({VARIABLE}USERNAME) missing", "username in config profile default of "],
        ),
        ({}, {f"{VARIABLE}USERNAME": "svc"}, {}, ["the environment", "kerberos_keytab"]),
        (
            {},
            {},
            {"kerberos_keytab": "/etc/svc.keytab"},
            ["config profile default", "username missing"],
        ),
    ],
)
def test_an_incomplete_set_says_what_is_missing_and_where_the_rest_is(
    options: dict[str, str], environ: dict[str, str], profile: dict[str, str], phrases: list[str]
) -> None:
    refusal(lambda: settings(options, environ, profile), *phrases)


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ({"options": ASKED}, "option auth_type"),
        (
            {"environ": {"KEYFACTOR_AUTH_TYPE": "kerberos"}},
            "environment variable KEYFACTOR_AUTH_TYPE",
        ),
        ({"profile": ASKED}, "auth_type in config profile default of "),
        ({"options": {**ASKED, "access_token": TOKEN}}, "option auth_type"),
    ],
)
def test_auth_type_alone_means_the_default_cache(given: dict[str, Any], origin: str) -> None:
    found = settings(**given)
    assert (found.credentials.kind, found.credentials.convert()) == ("kerberos", {})
    assert source(found, "auth_type").startswith(origin)


def test_config_and_spn_are_no_part_of_the_account() -> None:
    environ = variables(KEYTAB) | {f"{VARIABLE}SPN": "HTTP/b", f"{VARIABLE}CONFIG": "/etc/b.conf"}
    found = settings({"kerberos_spn": "HTTP/a"}, environ)
    assert (found.kerberos_spn, found.kerberos_config) == ("HTTP/a", "/etc/b.conf")
    assert source(found, "kerberos_spn") == "option kerberos_spn"
    # Nor do they begin one.
    other = settings({"kerberos_spn": "HTTP/a"}, BASIC_THERE)
    assert other.credentials.kind == "basic"
    assert (other.kerberos_spn, "kerberos_spn" in other.effective) == (None, False)


def test_no_credentials_at_all_names_those_of_kerberos() -> None:
    words = ("kerberos_keytab with username", "username with password and kerberos_realm")
    refusal(settings, "; or kerberos_ccache", *words)


def test_kinds_speak_of_options() -> None:
    names = {option.name for option in OPTIONS}
    for kind in CREDENTIAL_TYPES:
        assert {name for each in kind.required_sets for name in each} <= names
        assert names.issuperset(kind.optional + kind.hints)
