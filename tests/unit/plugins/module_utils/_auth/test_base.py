# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""User and password, and the ready token: what goes over the wire, and what never does."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp import read_smtp_profile
from tests.emulator import Command, Emulator, Fault
from tests.unit.support import BASIC, PASSWORD, TOKEN, USER, Connect, basic, failure, refusal, sent


@pytest.mark.parametrize(
    ("given", "user"),
    [
        ({"username": USER}, USER),
        ({"username": "svc-ansible", "domain": "KEYEXAMPLE"}, USER),
        ({"username": USER, "domain": "KeyExample"}, USER),
        ({"username": "svc@keyexample.com"}, "svc@keyexample.com"),
        ({"username": "svc@keyexample.com", "domain": "KEYEXAMPLE.COM"}, "svc@keyexample.com"),
        ({"username": "svc@home@keyexample.com"}, "svc@home@keyexample.com"),
        ({"username": "svc-ansible"}, "svc-ansible"),
        ({"username": "Jürgen 岡 🔑", "domain": "KEYEXAMPLE"}, "KEYEXAMPLE\\Jürgen 岡 🔑"),
    ],
)
@pytest.mark.parametrize("password", [PASSWORD, "grün:岡🔑 ", "25"])
def test_basic_on_the_wire(
    emulator: Emulator, connect: Connect, given: dict[str, str], user: str, password: str
) -> None:
    command = emulator.command(users={user: password})
    read_smtp_profile(connect(command, **given, password=password))
    assert sent(command, "Authorization") == [(basic(user, password),)]


@pytest.mark.parametrize(
    ("given", "phrases"),
    [
        (
            {"username": USER, "domain": "OTHER"},
            [
                f"username {USER} names the domain KEYEXAMPLE, and domain says OTHER. Give the domain "
                "once."
            ],
        ),
        ({"username": "svc@keyexample.com", "domain": "other.example.com"}, ["svc@keyexample.com"]),
        (
            {"username": "svc:ansible"},
            ["The value of username cannot be used: it must not contain ':' in"],
        ),
        ({"username": "svc\nansible"}, ["of username cannot be used: it contains a line break or"]),
        (
            {"username": "svc", "password": f"{PASSWORD}\r\nX: y"},
            ["of password cannot be used: it contains"],
        ),
        ({"username": "svc", "password": f"{PASSWORD}\x7f"}, ["or another control character."]),
        ({"username": "svc", "password": f"{PASSWORD}\udc80"}, ["password"]),
        ({"username": "svc\ud800"}, ["username"]),
    ],
)
def test_basic_is_refused_without_a_request(
    command: Command, connect: Connect, given: dict[str, str], phrases: list[str]
) -> None:
    settings = {"password": PASSWORD, **given}
    refusal(lambda: read_smtp_profile(connect(command, **settings)), *phrases)
    assert command.connections == 0


@pytest.mark.parametrize(
    ("token", "phrase"),
    [
        (f"Bearer {TOKEN}", ": it must be the token alone, without 'Bearer' before it."),
        (f"bearer {TOKEN}", ": it must be the token alone, without 'Bearer' before it."),
        (f"{TOKEN}\n", ": it has a character that no bearer token has."),
        (f"{TOKEN}\r\nX-Other: y", ": it has a character that no bearer token has."),
        (f"{TOKEN} {TOKEN}", ": it has a character that no bearer token has."),
        (f"{TOKEN}ü", ": it has a character that no bearer token has."),
        (f"={TOKEN}", ": it has a character that no bearer token has."),
    ],
)
def test_a_token_that_is_none(command: Command, connect: Connect, token: str, phrase: str) -> None:
    refusal(lambda: read_smtp_profile(connect(command, access_token=token)), "access_token", phrase)
    assert command.connections == 0


@pytest.mark.parametrize("token", ["a.b-c_d~e+f/g==", "0", "x" * 4000])
def test_tokens_of_every_form(emulator: Emulator, connect: Connect, token: str) -> None:
    command = emulator.command(tokens=[token])
    read_smtp_profile(connect(command, access_token=token))
    assert sent(command, "Authorization") == [(f"Bearer {token}",)]


@pytest.mark.parametrize(
    ("given", "phrases"),
    [
        (
            {**BASIC, "username": "KEYEXAMPLE\\other"},
            [
                "refused user KEYEXAMPLE\\other (401 Unauthorized). Check username, password and domain; the"
            ],
        ),
        (
            {"access_token": TOKEN + "x"},
            ["refused the access token (401 Unauthorized)", ": check access_token; the server"],
        ),
    ],
)
def test_a_refusal_names_the_account_and_what_is_offered(
    command: Command, connect: Connect, given: dict[str, Any], phrases: list[str]
) -> None:
    error = failure(
        lambda: read_smtp_profile(connect(command, **given)),
        *phrases,
        "401",
        "offers Basic, Bearer",
    )
    assert (error.kind, error.status, error.attempts) == ("authentication", 401, 1)
    # One refusal is the answer: repeated ones would lock the account.
    assert len(command.requests) == 1


def test_a_refusal_without_credentials(
    emulator: Emulator, command: Command, connect: Connect
) -> None:
    cert, key = emulator.client_certificate()
    settings = connect(command, client_cert=str(cert), client_key=str(key))
    error = failure(
        lambda: read_smtp_profile(settings), "wants credentials", "none were sent", "Basic, Bearer"
    )
    assert error.kind == "authentication"
    assert sent(command, "Authorization") == [(None,)]


def test_a_missing_permission_is_named(emulator: Emulator, connect: Connect) -> None:
    command = emulator.command(users={USER: PASSWORD}, readers=["KEYEXAMPLE\\other"])
    error = failure(
        lambda: read_smtp_profile(connect(command, **BASIC)),
        f"user {USER}",
        "/system_settings/read/",
        "0xA0110002: ",
    )
    assert (error.kind, error.status) == ("permission", 403)
    assert error.detail == f"0xA0110002: {USER} lacks the permission /system_settings/read/."


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
@pytest.mark.parametrize(
    ("given", "echoed"),
    [
        (BASIC, PASSWORD),
        (BASIC, basic(USER, PASSWORD)),
        ({"access_token": TOKEN}, f"Bearer {TOKEN}"),
    ],
    ids=["password", "header", "token"],
)
def test_a_server_that_echoes_a_secret(
    command: Command, connect: Connect, given: dict[str, str], echoed: str, status: int
) -> None:
    command.faults = [Fault.status(status, body={"Message": f"I do not like {echoed}."})]
    failure(lambda: read_smtp_profile(connect(command, **given, api_version="2")), "I do not like")
