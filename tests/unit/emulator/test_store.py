# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tests of what PUT and the test of a profile do to an emulated Command."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import requests

from tests.emulator import Command, Emulator, Hidden, SmtpProfile
from tests.emulator.store import CLEARED

from .conftest import REQUIRED, USER, USERS, Read

BODY = {"Host": "new.example.com", "Port": 25, "SenderAccount": "a@example.com"}


def send(
    client: requests.Session,
    command: Command,
    method: str,
    body: Any,
    version: str = "2",
    **headers: str,
) -> requests.Response:
    """Send a request that changes something, as the Basic user."""
    path = "SMTP/Test" if method == "POST" else "SMTP"
    headers = {**REQUIRED, "x-keyfactor-api-version": version, **headers}
    url = f"{command.url}/KeyfactorAPI/{path}"
    return client.request(method, url, json=body, headers=headers, auth=(USER, "secret"), timeout=5)


@pytest.mark.parametrize(("release", "version"), [("11.5", "1"), ("24.4", "1"), ("25.3", "2")])
def test_put_clears_what_it_leaves_out(
    emulator: Emulator, client: requests.Session, read: Read, release: str, version: str
) -> None:
    command = emulator.command(release=release, users=USERS)
    reply = send(client, command, "PUT", BODY, version)
    assert reply.status_code == 200
    assert reply.json() == read(command, version).json()
    expected = replace(CLEARED, host="new.example.com", port=25, sender_account="a@example.com")
    assert command.store.profile == expected


def test_put_keeps_secrets_that_it_has(emulator: Emulator, client: requests.Session) -> None:
    command = emulator.command(release="25.3", users=USERS, hidden=Hidden.NULL)
    reference = {"SecretValue": None, "Provider": 1, "Parameters": {"SecretId": "a"}}
    secrets = {"RelayPassword": {"SecretValue": "stored-secret"}, "ClientSecret": reference}
    headers = [{"Name": "X-A", "Value": "header-secret"}]
    reply = send(client, command, "PUT", {**BODY, **secrets, "RequestHeaders": headers})
    profile = command.store.profile
    assert (profile.relay_password, profile.request_headers) == (
        "stored-secret",
        {"X-A": "header-secret"},
    )
    assert profile.client_secret_pam == {"provider": 1, "parameters": {"SecretId": "a"}}
    assert "stored-secret" not in reply.text
    assert "header-secret" not in reply.text
    assert reply.json()["ClientSecret"] == reference


@pytest.mark.parametrize(
    ("release", "version", "body", "phrase"),
    [
        ("25.3", "2", {"Id": 1}, "id"),
        ("25.1", "1", {"Id": 1}, "id"),
        ("25.1", "2", {"Scope": "a"}, "scope"),
        ("24.4", "1", {"SenderAddress": "a"}, "senderaddress"),
        ("25.3", "2", {"Port": "25"}, "port"),
        ("25.3", "2", {"Port": True}, "port"),
        ("25.3", "2", {"RelayPassword": "text"}, "relaypassword"),
        ("25.3", "2", {"RequestHeaders": "text"}, "requestheaders"),
        ("25.3", "2", [], "non-empty"),
        ("25.3", "2", {"Unknown": 1}, "unknown"),
    ],
)
def test_put_refuses(
    emulator: Emulator, client: requests.Session, release: str, version: str, body: Any, phrase: str
) -> None:
    command = emulator.command(release=release, users=USERS)
    reply = send(client, command, "PUT", body, version)
    assert reply.status_code == 400
    assert phrase in str(reply.json()["errors"])
    assert command.store.profile == SmtpProfile()


def test_put_accepts_members_that_get_sends(emulator: Emulator, client: requests.Session) -> None:
    profile = SmtpProfile(unknown_members={"NewThing": 3})
    command = emulator.command(release="25.3", users=USERS, profile=profile)
    assert send(client, command, "PUT", {**BODY, "newThing": 4}).status_code == 200
    assert command.store.profile.unknown_members == {"NewThing": 4}
    older = emulator.command(release="24.4", users=USERS)
    assert send(client, older, "PUT", {**BODY, "Id": 1}, "1").status_code == 200


def test_other_content_type_is_an_unknown_version(
    emulator: Emulator, client: requests.Session
) -> None:
    command = emulator.command(users=USERS)
    content_type = {"Content-Type": "application/json; charset=utf-8"}
    reply = send(client, command, "PUT", BODY, **content_type)
    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "UnsupportedApiVersion")


def test_permission_to_modify(emulator: Emulator, client: requests.Session, read: Read) -> None:
    command = emulator.command(users=USERS, writers=[])
    assert read(command).status_code == 200
    reply = send(client, command, "PUT", BODY)
    assert reply.status_code == 403
    assert "/system_settings/modify/" in reply.json()["Message"]


def test_server_keeps_its_own_and_others_change_it(
    emulator: Emulator, client: requests.Session, read: Read
) -> None:
    changes = {"PUT": {"sender_name": "Other"}}
    command = emulator.command(users=USERS, keeps={"port": 2525}, meanwhile=changes)
    assert send(client, command, "PUT", BODY).json()["Port"] == 2525
    assert command.store.writes[0].port == 25
    assert read(command).json()["SenderName"] == "Other"


@pytest.mark.parametrize(
    ("release", "version", "status"), [("24.4", "1", 200), ("25.1", "2", 404), ("25.3", "2", 200)]
)
def test_test_mail(
    emulator: Emulator, client: requests.Session, release: str, version: str, status: int
) -> None:
    command = emulator.command(release=release, users=USERS)
    body = {**BODY, "TestRecipient": "b@example.com"}
    reply = send(client, command, "POST", body, version)
    assert reply.status_code == status
    assert [mail.recipient for mail in command.mails] == ["b@example.com"] * (status == 200)
    assert (reply.content == b"") is (version == "2" and status == 200)
    assert command.store.profile == SmtpProfile()
    assert send(client, command, "POST", BODY, "1").status_code == 400


def test_failed_delivery(emulator: Emulator, client: requests.Session) -> None:
    command = emulator.command(users=USERS, delivery_error="550 no")
    body = {**BODY, "TestRecipient": "b@example.com"}
    reply = send(client, command, "POST", body, "1")
    assert (reply.status_code, reply.json()["Message"], command.mails) == (500, "550 no", [])
