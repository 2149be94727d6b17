# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the checks of an emulated Command and their order."""

from __future__ import annotations

import base64

import pytest
import requests

from tests.emulator import Emulator

from .conftest import REQUIRED, USER, USERS, Read


def test_sends_profile(emulator: Emulator, read: Read) -> None:
    command = emulator.command(users=USERS)
    reply = read(command)
    assert reply.status_code == 200
    assert reply.json()["Host"] == "smtp.example.com"
    assert reply.headers["Content-Type"] == "application/json; charset=utf-8"
    assert reply.headers["X-Keyfactor-Product-Version"] == "25.1.0.0"


def test_order_of_checks(emulator: Emulator, client: requests.Session) -> None:
    command = emulator.command(users=USERS, readers=set())
    url = f"{command.url}/KeyfactorAPI/SMTP"
    credentials = {"auth": (USER, "secret")}
    assert client.put(f"{command.url}/KeyfactorAPI").status_code == 404
    assert client.delete(url).status_code == 405
    assert client.get(url).status_code == 400
    assert client.get(url, headers=REQUIRED).status_code == 401
    unknown_version = {**REQUIRED, "x-keyfactor-api-version": "3"}
    assert client.get(url, headers=unknown_version, **credentials).status_code == 403
    command = emulator.command(users=USERS)
    url = f"{command.url}/KeyfactorAPI/SMTP"
    assert client.get(url, headers=unknown_version, **credentials).status_code == 400


def test_unknown_path_gets_html_404(emulator: Emulator, client: requests.Session) -> None:
    command = emulator.command(users=USERS)
    for path in ("/", "/KeyfactorAPI/SMTP/Tests", "//KeyfactorAPI/SMTP", "/Keyfactor/API/SMTP"):
        reply = client.get(command.url + path, headers=REQUIRED)
        assert reply.status_code == 404
        assert reply.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    ("path", "method", "allowed"),
    [
        ("SMTP", "POST", "GET, PUT"),
        ("SMTP", "DELETE", "GET, PUT"),
        ("SMTP", "HEAD", "GET, PUT"),
        ("SMTP/Test", "GET", "POST"),
        ("SMTP/Test", "PUT", "POST"),
    ],
)
def test_refuses_other_methods(
    emulator: Emulator, client: requests.Session, path: str, method: str, allowed: str
) -> None:
    command = emulator.command(users=USERS)
    reply = client.request(method, f"{command.url}/KeyfactorAPI/{path}", json={}, timeout=5)
    assert reply.status_code == 405
    assert reply.headers["Allow"] == allowed


def test_refuses_missing_required_header(emulator: Emulator, client: requests.Session) -> None:
    command = emulator.command(users=USERS)
    reply = client.get(f"{command.url}/KeyfactorAPI/SMTP", auth=(USER, "secret"))
    assert reply.status_code == 400
    assert reply.json()["ErrorCode"] == "0xA0110002"
    assert "x-keyfactor-requested-with" in reply.json()["Message"]


@pytest.mark.parametrize(
    "path",
    ["/keyfactorapi/smtp", "/KEYFACTORAPI/Smtp", "/KeyfactorAPI/SM%54P"],
)
def test_path_is_case_insensitive(emulator: Emulator, client: requests.Session, path: str) -> None:
    command = emulator.command(users=USERS)
    reply = client.get(command.url + path, headers=REQUIRED, auth=(USER, "secret"))
    assert reply.status_code == 200
    assert command.requests[-1].path.endswith(path.rpartition("/")[2].replace("%54", "T"))


@pytest.mark.parametrize(
    ("api_path", "path"),
    [("Keyfactor/API", "/Keyfactor/API/SMTP"), ("/Command/", "/Command/SMTP"), ("", "/SMTP")],
)
def test_uses_api_path(
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
def test_invalid_credentials_get_html_401(
    emulator: Emulator,
    client: requests.Session,
    authorization: str | None,
) -> None:
    command = emulator.command(users=USERS, tokens={"valid-token"})
    headers = {**REQUIRED, "Authorization": authorization}
    reply = client.get(f"{command.url}/KeyfactorAPI/SMTP", headers=headers)
    assert reply.status_code == 401
    assert reply.headers["Content-Type"].startswith("text/html")
    assert "X-Keyfactor-Product-Version" not in reply.headers


def test_challenges_match_configured_credentials(emulator: Emulator, read: Read) -> None:
    def challenge(**options: object) -> str:
        return str(read(emulator.command(**options), auth=None).headers["WWW-Authenticate"])

    assert challenge(users=USERS) == 'Basic realm="keyexample.com"'
    assert challenge(tokens={"a"}) == 'Bearer realm="keyexample.com"'
    both = 'Basic realm="keyexample.com", Bearer realm="keyexample.com"'
    assert challenge(users=USERS, identity=emulator.identity()) == both
    assert challenge() == "Negotiate"


def test_user_names_are_case_insensitive_utf8(emulator: Emulator, read: Read) -> None:
    command = emulator.command(users={"KEYEXAMPLE\\Jörg": "Grüße"})
    assert read(command, auth=("keyexample\\jÖRG".encode(), "Grüße".encode())).status_code == 200
    assert read(command, auth=("KEYEXAMPLE\\Jörg".encode(), "grüße".encode())).status_code == 401
    assert read(command, auth=("KEYEXAMPLE\\Jörg".encode("latin-1"), "Grüße")).status_code == 401


def test_accepts_configured_token(emulator: Emulator, read: Read) -> None:
    command = emulator.command(tokens={"valid-token"})
    bearer = {"Authorization": "Bearer valid-token"}
    assert read(command, auth=None, headers=bearer).status_code == 200


def test_refuses_subjects_without_permission(emulator: Emulator, read: Read) -> None:
    users = {**USERS, "KEYEXAMPLE\\guest": "guest"}
    command = emulator.command(users=users, tokens={"t"}, readers={"keyexample\\SVC-ansible"})
    assert read(command).status_code == 200
    for reply in (
        read(command, auth=("KEYEXAMPLE\\guest", "guest")),
        read(command, auth=None, headers={"Authorization": "Bearer t"}),
    ):
        assert reply.status_code == 403
        assert reply.json()["ErrorCode"].startswith("0x")
        assert "/system_settings/read/" in reply.json()["Message"]


def test_refuses_invalid_options(emulator: Emulator) -> None:
    with pytest.raises(ValueError, match="release"):
        emulator.command(release="new")
    with pytest.raises(ValueError, match="refuses_version_2_with"):
        emulator.command(refuses_version_2_with=500)
    with pytest.raises(TypeError, match="relase"):
        emulator.command(relase="25.1")
