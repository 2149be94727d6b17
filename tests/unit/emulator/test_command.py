# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An emulated Command: what it refuses, and in which order."""

from __future__ import annotations

import base64

import pytest
import requests

from tests.emulator import Emulator

from .conftest import REQUIRED, USER, USERS, Read


def test_a_good_request_gets_the_profile(emulator: Emulator, read: Read) -> None:
    command = emulator.command(users=USERS)
    reply = read(command)
    assert reply.status_code == 200
    assert reply.json()["Host"] == "smtp.example.com"
    assert reply.headers["Content-Type"] == "application/json; charset=utf-8"
    assert reply.headers["X-Keyfactor-Product-Version"] == "25.1.0.0"


def test_every_check_comes_before_the_next(emulator: Emulator, client: requests.Session) -> None:
    command = emulator.command(users=USERS, readers=set())
    good = f"{command.url}/KeyfactorAPI/SMTP"
    signed_in = {"auth": (USER, "secret")}
    assert client.put(f"{command.url}/KeyfactorAPI").status_code == 404
    assert client.put(good).status_code == 405
    assert client.get(good).status_code == 400
    assert client.get(good, headers=REQUIRED).status_code == 401
    unknown_version = {**REQUIRED, "x-keyfactor-api-version": "3"}
    assert client.get(good, headers=unknown_version, **signed_in).status_code == 403
    command = emulator.command(users=USERS)
    good = f"{command.url}/KeyfactorAPI/SMTP"
    assert client.get(good, headers=unknown_version, **signed_in).status_code == 400


def test_an_unknown_path_shows_a_page(emulator: Emulator, client: requests.Session) -> None:
    command = emulator.command(users=USERS)
    for path in ("/", "/KeyfactorAPI/SMTP/Test", "//KeyfactorAPI/SMTP", "/Keyfactor/API/SMTP"):
        reply = client.get(command.url + path, headers=REQUIRED)
        assert reply.status_code == 404
        assert reply.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "HEAD"])
def test_another_method_is_refused(
    emulator: Emulator,
    client: requests.Session,
    method: str,
) -> None:
    command = emulator.command(users=USERS)
    reply = client.request(method, f"{command.url}/KeyfactorAPI/SMTP", json={}, timeout=5)
    assert reply.status_code == 405
    assert reply.headers["Allow"] == "GET"


def test_the_required_header_is_missed(emulator: Emulator, client: requests.Session) -> None:
    command = emulator.command(users=USERS)
    reply = client.get(f"{command.url}/KeyfactorAPI/SMTP", auth=(USER, "secret"))
    assert reply.status_code == 400
    assert reply.json()["ErrorCode"] == "0xA0110002"
    assert "x-keyfactor-requested-with" in reply.json()["Message"]


@pytest.mark.parametrize(
    "path",
    ["/keyfactorapi/smtp", "/KEYFACTORAPI/Smtp", "/KeyfactorAPI/SM%54P"],
)
def test_the_path_has_no_case(emulator: Emulator, client: requests.Session, path: str) -> None:
    command = emulator.command(users=USERS)
    reply = client.get(command.url + path, headers=REQUIRED, auth=(USER, "secret"))
    assert reply.status_code == 200
    assert command.requests[-1].path.endswith(path.rpartition("/")[2].replace("%54", "T"))


@pytest.mark.parametrize(
    ("api_path", "path"),
    [("Keyfactor/API", "/Keyfactor/API/SMTP"), ("/Command/", "/Command/SMTP"), ("", "/SMTP")],
)
def test_the_api_path_is_chosen(
    emulator: Emulator,
    client: requests.Session,
    api_path: str,
    path: str,
) -> None:
    command = emulator.command(users=USERS, api_path=api_path)
    reply = client.get(command.url + path, headers=REQUIRED, auth=(USER, "secret"))
    assert reply.status_code == 200


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "Basic",
        "Basic !!!",
        "Basic " + base64.b64encode(b"nocolon").decode(),
        "Basic " + base64.b64encode(b"KEYEXAMPLE\\svc-ansible:wrong").decode(),
        "Basic " + base64.b64encode(b"stranger:secret").decode(),
        "Basic " + base64.b64encode(b"\xff:secret").decode(),
        "Bearer wrong-token",
        "Negotiate YII=",
    ],
)
def test_bad_credentials_get_a_page(
    emulator: Emulator,
    client: requests.Session,
    authorization: str | None,
) -> None:
    command = emulator.command(users=USERS, tokens={"ready-token"})
    headers = {**REQUIRED, "Authorization": authorization}
    reply = client.get(f"{command.url}/KeyfactorAPI/SMTP", headers=headers)
    assert reply.status_code == 401
    assert reply.headers["Content-Type"].startswith("text/html")
    assert "X-Keyfactor-Product-Version" not in reply.headers


def test_the_challenge_names_what_is_configured(emulator: Emulator, read: Read) -> None:
    def challenge(**options: object) -> str:
        return str(read(emulator.command(**options), auth=None).headers["WWW-Authenticate"])

    assert challenge(users=USERS) == 'Basic realm="keyexample.com"'
    assert challenge(tokens={"a"}) == 'Bearer realm="keyexample.com"'
    both = 'Basic realm="keyexample.com", Bearer realm="keyexample.com"'
    assert challenge(users=USERS, identity=emulator.identity()) == both
    assert challenge() == "Negotiate"


def test_names_have_no_case_and_are_utf8(emulator: Emulator, read: Read) -> None:
    command = emulator.command(users={"KEYEXAMPLE\\Jörg": "Grüße"})
    assert read(command, auth=("keyexample\\jÖRG".encode(), "Grüße".encode())).status_code == 200
    assert read(command, auth=("KEYEXAMPLE\\Jörg".encode(), "grüße".encode())).status_code == 401
    assert read(command, auth=("KEYEXAMPLE\\Jörg".encode("latin-1"), "Grüße")).status_code == 401


def test_a_ready_token_is_accepted(emulator: Emulator, read: Read) -> None:
    command = emulator.command(tokens={"ready-token"})
    bearer = {"Authorization": "Bearer ready-token"}
    assert read(command, auth=None, headers=bearer).status_code == 200


def test_only_readers_may_read(emulator: Emulator, read: Read) -> None:
    users = {**USERS, "KEYEXAMPLE\\guest": "guest"}
    command = emulator.command(users=users, tokens={"t"}, readers={"keyexample\\SVC-ansible"})
    assert read(command).status_code == 200
    for refused in (
        read(command, auth=("KEYEXAMPLE\\guest", "guest")),
        read(command, auth=None, headers={"Authorization": "Bearer t"}),
    ):
        assert refused.status_code == 403
        assert refused.json()["ErrorCode"].startswith("0x")
        assert "/system_settings/read/" in refused.json()["Message"]


def test_a_wrong_option_is_refused(emulator: Emulator) -> None:
    with pytest.raises(ValueError, match="release"):
        emulator.command(release="new")
    with pytest.raises(ValueError, match="refuses_version_2_with"):
        emulator.command(refuses_version_2_with=500)
    with pytest.raises(TypeError, match="relase"):
        emulator.command(relase="25.1")
