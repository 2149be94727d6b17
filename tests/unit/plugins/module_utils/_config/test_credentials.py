# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials: one complete set from one source, and clear words where there is none."""

from __future__ import annotations

import json
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._config.options import (
    OPTIONS_BY_NAME,
)
from ansible_collections.keyfactor.command.plugins.module_utils._config.settings import (
    ConnectionSettings,
    resolve,
)
from tests.unit.support import (
    ASSERTION,
    CLIENT_SECRET,
    PASSWORD,
    SECRETS,
    TOKEN,
    USER,
    holds_secret,
    refusal,
    without,
)

BASIC = {"username": USER, "password": PASSWORD}
OAUTH = {
    "client_id": "kf-client",
    "client_secret": CLIENT_SECRET,
    "token_url": "https://id.example.com/token",
}
BEARER = {"access_token": TOKEN}
SETS = {"basic": BASIC, "oauth": OAUTH, "token": BEARER}
# Ways of an OAuth client to authenticate, of which a source may have one.
PROOFS = {
    "client_secret": CLIENT_SECRET,
    "client_assertion": ASSERTION,
    "client_assertion_file": "/run/token",
}


class Given:
    """What each source says, by the options' names."""

    def __init__(self, directory: Path) -> None:
        self.file = directory / "config.json"

    def resolve(
        self,
        options: dict[str, Any] | None = None,
        environment: dict[str, Any] | None = None,
        profile: dict[str, Any] | None = None,
    ) -> ConnectionSettings:
        environ = {
            OPTIONS_BY_NAME[name].environment_variables[0]: each
            for name, each in (environment or {}).items()
        }
        entries = {
            OPTIONS_BY_NAME[name].config_keys[0]: each for name, each in (profile or {}).items()
        }
        self.file.write_text(json.dumps({"servers": {"default": entries}}))
        self.file.chmod(0o600)
        fixed = {"host": "command.example.com", "config_file": str(self.file)}
        return resolve({**fixed, **(options or {})}, environ)


@pytest.fixture
def given(tmp_path: Path) -> Given:
    return Given(tmp_path)


@pytest.mark.parametrize("kind", SETS)
@pytest.mark.parametrize("level", ["options", "environment", "profile"])
@pytest.mark.parametrize("declared", [True, False])
def test_a_complete_set_of_one_source(given: Given, kind: str, level: str, declared: bool) -> None:
    said = {"auth_type": kind} if declared else {}
    found = given.resolve(**{level: {**SETS[kind], **said}}).credentials
    assert (found.kind, found.convert()) == (kind, SETS[kind])


@pytest.mark.parametrize("first", SETS)
@pytest.mark.parametrize("second", SETS)
def test_the_first_source_with_a_complete_set_wins(given: Given, first: str, second: str) -> None:
    later = {name: f"other-{value}" for name, value in SETS[second].items()}
    assert given.resolve(SETS[first], later, later).credentials.convert() == SETS[first]
    assert given.resolve({}, SETS[first], later).credentials.convert() == SETS[first]


@pytest.mark.parametrize(
    ("options", "environment", "profile", "phrases"),
    [
        (
            {"username": USER},
            {"password": PASSWORD},
            {},
            [
                "The basic credentials in the task's options are incomplete: username given, "
                "password missing. The rest was found as environment variable KEYFACTOR_PASSWORD, "
                "but credentials are never mixed: give all of them in one place.",
            ],
        ),
        (
            {"password": PASSWORD},
            {"username": USER},
            {},
            ["username missing", "KEYFACTOR_USERNAME"],
        ),
        (
            {"username": USER},
            {},
            BASIC,
            ["password missing", "password in config profile default of "],
        ),
        (
            {},
            {"username": USER},
            BASIC,
            ["the environment", "password missing", "in config profile default"],
        ),
        (
            {"domain": "KEYEXAMPLE"},
            BASIC,
            {},
            ["username and password missing", "KEYFACTOR_USERNAME"],
        ),
        (
            {"username": USER},
            {},
            {},
            [
                "password missing. Give all of them in one place, as options, environment variables or in a "
            ],
        ),
        (
            {},
            {"client_id": "kf-client"},
            {},
            [
                "oauth",
                "token_url and one of client_secret, client_assertion, client_assertion_file missing",
            ],
        ),
        (
            {"client_id": "a", "token_url": "https://id.example.com/"},
            {"client_assertion_file": "/run/token"},
            {},
            [
                "client_secret or client_assertion or client_assertion_file missing",
                "found as environment variable KEYFACTOR_AUTH_CLIENT_ASSERTION_FILE",
            ],
        ),
        (
            {"client_id": "a", "client_secret": CLIENT_SECRET, "client_assertion": ASSERTION},
            {},
            {},
            ["client_id and client_secret and client_assertion given, token_url missing"],
        ),
        (
            {"client_id": "a", "client_secret": CLIENT_SECRET},
            {"token_url": "https://id.example.com/"},
            {},
            ["token_url missing", "KEYFACTOR_AUTH_TOKEN_URL"],
        ),
        ({"scopes": ["read"]}, BEARER, {}, ["oauth", "client_id"]),
        ({}, {}, {"username": USER}, ["config profile default of ", "password missing"]),
    ],
)
def test_an_incomplete_set_says_what_is_missing_and_where_the_rest_is(
    given: Given,
    options: dict[str, Any],
    environment: dict[str, Any],
    profile: dict[str, Any],
    phrases: list[str],
) -> None:
    refusal(partial(given.resolve, options, environment, profile), *phrases)


@pytest.mark.parametrize("level", ["options", "environment", "profile"])
def test_two_complete_kinds_want_auth_type(given: Given, level: str) -> None:
    both = {**BASIC, **BEARER}
    refusal(
        partial(given.resolve, **{level: both}),
        "more than one kind in ",
        ": basic and token. Say which to use with auth_type.",
    )
    for kind in ("basic", "token"):
        assert given.resolve(**{level: {**both, "auth_type": kind}}).credentials.kind == kind


@pytest.mark.parametrize("level", ["options", "environment", "profile"])
@pytest.mark.parametrize("proof", PROOFS)
def test_each_way_of_a_client_to_authenticate(given: Given, level: str, proof: str) -> None:
    client = {**without(OAUTH, "client_secret"), proof: PROOFS[proof]}
    # What a later source has does not matter.
    later = {"environment": OAUTH} if level == "options" else {}
    found = given.resolve(**{**later, level: client})
    assert (found.credentials.kind, found.credentials.convert()) == ("oauth", client)
    shown = found.effective[proof]["value"]
    assert shown == ("/run/token" if proof == "client_assertion_file" else "set")
    assert holds_secret([dict(found.effective), repr(found)]) == []


@pytest.mark.parametrize("level", ["options", "environment", "profile"])
@pytest.mark.parametrize(("one", "other"), list(combinations(PROOFS, 2)))
def test_ways_of_a_client_exclude_each_other(
    given: Given, level: str, one: str, other: str
) -> None:
    both = {**without(OAUTH, "client_secret"), one: PROOFS[one], other: PROOFS[other]}
    error = refusal(partial(given.resolve, **{level: both}), "exclude each other")
    option, name = OPTIONS_BY_NAME[one], OPTIONS_BY_NAME[other]
    named = {
        "options": f"option {one} and option {other} exclude",
        "environment": f"{option.environment_variables[0]} and environment variable "
        f"{name.environment_variables[0]} exclude",
        "profile": f"{one} in config profile default of {given.file} and {other} in config profile",
    }
    assert named[level] in error.message


def test_a_token_in_place_of_its_file_is_not_shown(given: Given) -> None:
    client = {**without(OAUTH, "client_secret"), "client_assertion_file": ASSERTION}
    refusal(partial(given.resolve, client), "client_assertion_file", "not the token itself")


def test_auth_type_passes_over_other_kinds(given: Given) -> None:
    found = given.resolve({**BASIC, "auth_type": "oauth"}, BEARER, OAUTH).credentials
    assert (found.kind, found.origin.startswith("config profile default")) == ("oauth", True)
    found = given.resolve({"username": USER, "auth_type": "token"}, BEARER).credentials
    assert found.convert() == BEARER


def test_the_profiles_auth_type_is_about_the_profile(given: Given) -> None:
    profile = {**BASIC, **BEARER, "auth_type": "token"}
    assert given.resolve(profile=profile).credentials.kind == "token"
    assert given.resolve(OAUTH, profile=profile).credentials.kind == "oauth"
    assert given.resolve({"auth_type": "basic"}, profile=profile).credentials.kind == "basic"


@pytest.mark.parametrize("auth_type", ["auto", "certificate"])
def test_a_certificate_alone_and_beside_another_kind(given: Given, auth_type: str) -> None:
    found = given.resolve({"client_cert": "/tmp/client.pem", "auth_type": auth_type})
    assert (found.credentials.kind, found.credentials.convert()) == ("certificate", {})
    found = given.resolve({"client_cert": "/tmp/client.pem", **BASIC})
    assert (found.credentials.kind, found.client_cert) == ("basic", "/tmp/client.pem")
    found = given.resolve({"client_cert": "/tmp/client.pem", "auth_type": "certificate", **BASIC})
    assert found.credentials.kind == "certificate"


@pytest.mark.parametrize(
    ("auth_type", "phrases"),
    [
        (
            "auto",
            [
                "username with password",
                "client_id with client_secret and token_url (client_assertion or "
                "client_assertion_file can replace client_secret); or access_token",
            ],
        ),
        (
            "basic",
            [
                "There are no basic credentials for Keyfactor Command. Give username with password "
                "as options, as environment variables or in a config file.",
            ],
        ),
        (
            "oauth",
            [
                "no oauth credentials",
                "Give client_id with client_secret and token_url (client_assertion",
            ],
        ),
        ("token", ["no token credentials", "access_token"]),
        (
            "certificate",
            ["auth_type is certificate, but there is no client_cert. Set client_cert."],
        ),
    ],
)
def test_no_credentials_at_all(given: Given, auth_type: str, phrases: list[str]) -> None:
    refusal(lambda: given.resolve({"auth_type": auth_type}), *phrases)


def test_key_and_certificate_stand_together(given: Given) -> None:
    refusal(
        lambda: given.resolve({**BEARER, "client_key": "/tmp/a.key"}),
        "option client_key is set, but there is no client_cert beside it. Set client_cert in the ",
    )
    environment = {"client_key": "/tmp/other.key"}
    found = given.resolve({**BEARER, "client_cert": "/tmp/a.pem"}, environment)
    assert (found.client_cert, found.client_key) == ("/tmp/a.pem", None)


@pytest.mark.parametrize("kind", SETS)
@pytest.mark.parametrize("level", ["options", "environment", "profile"])
def test_secrets_are_never_shown(given: Given, kind: str, level: str) -> None:
    found = given.resolve(**{level: SETS[kind]})
    shown = [dict(found.effective), repr(found), str(found), repr(found.credentials)]
    assert [holds_secret(each) for each in shown] == [[], [], [], []]
    secret = next(name for name in SETS[kind] if SETS[kind][name] in SECRETS)
    assert found.effective[secret]["value"] == "set"
    assert found.secrets == (SETS[kind][secret],)


@pytest.mark.parametrize("kind", SETS)
def test_what_a_source_found_can_be_printed(given: Given, kind: str) -> None:
    found = given.resolve(SETS[kind]).credentials.values
    assert holds_secret(repr(dict(found))) == []
