# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the JSON representations of a profile by release and version."""

from __future__ import annotations

import pytest

from tests.emulator import Emulator, SmtpProfile

from .conftest import USERS, Read

V1 = {
    "Host",
    "Id",
    "Port",
    "RelayAuthenticationType",
    "RelayUsername",
    "SenderAccount",
    "SenderName",
    "UseSSL",
}
V2 = V1 | {"RelayPassword"}
OAUTH = {"ClientId", "ClientSecret", "TokenEndpoint", "Scope", "Audience", "RequestHeaders"}


@pytest.mark.parametrize(
    ("release", "version", "members"),
    [
        ("10.3", None, V1 | {"SenderAddress"}),
        ("11.5", "1", V1 | {"SenderAddress"}),
        ("24.4", "1", V1),
        ("25.1", None, V1),
        ("25.1", "1", V1),
        ("25.1", "2", V2),
        ("25.3", "1", V1),
        ("25.3", "2", V2 | OAUTH),
    ],
)
def test_members_of_each_release(
    emulator: Emulator,
    read: Read,
    release: str,
    version: str | None,
    members: set[str],
) -> None:
    reply = read(emulator.command(release=release, users=USERS), version)
    assert reply.json().keys() == members
    assert reply.headers["X-Keyfactor-Product-Version"] == f"{release}.0.0"


@pytest.mark.parametrize("status", [400, 404, 405, 406, 501])
def test_old_release_refuses_version_2(emulator: Emulator, read: Read, status: int) -> None:
    options = {"release": "24.4", "users": USERS, "refuses_version_2_with": status}
    command = emulator.command(**options)
    assert read(command, "2").status_code == status
    assert read(command, "1").status_code == 200
    assert read(command, "2", auth=None).status_code == 401
    assert [request.status for request in command.requests] == [status, 200, 401]


@pytest.mark.parametrize("release", ["11.5", "25.3"])
def test_ignores_version_header(emulator: Emulator, read: Read, release: str) -> None:
    command = emulator.command(release=release, users=USERS, ignores_version_header=True)
    assert isinstance(read(command, "2").json()["RelayUsername"], str)
    assert read(command, "9").status_code == 200


def test_version_1_sends_plain_values(emulator: Emulator, read: Read) -> None:
    profile = SmtpProfile(
        host="relay.example.com",
        id=1,
        port=25,
        use_ssl=False,
        relay_authentication_type=0,
        relay_username=None,
        sender_account=None,
        sender_name=None,
        sender_address="a@keyexample.com",
    )
    command = emulator.command(release="11.5", profile=profile, users=USERS)
    assert read(command).json() == {
        "Host": "relay.example.com",
        "Id": 1,
        "Port": 25,
        "UseSSL": False,
        "RelayAuthenticationType": 0,
        "RelayUsername": None,
        "SenderAccount": None,
        "SenderName": None,
        "SenderAddress": "a@keyexample.com",
    }


def test_version_2_sends_secrets(emulator: Emulator, read: Read) -> None:
    profile = SmtpProfile(client_id="mail-client", scope="mail.send")
    content = read(emulator.command(release="25.3", profile=profile, users=USERS), "2").json()
    for member, value in {
        "RelayUsername": "KEYEXAMPLE\\svc-smtp",
        "RelayPassword": "emulated-relay-password",
        "ClientId": "mail-client",
        "ClientSecret": "emulated-client-secret",
    }.items():
        assert content[member] == {"SecretValue": value, "Parameters": None, "Provider": None}
    assert content["RequestHeaders"] == [{"Name": "X-Relay-Key", "Value": "emulated-header-value"}]
    assert content["Scope"] == "mail.send"


def test_unset_values_are_null(emulator: Emulator, read: Read) -> None:
    profile = SmtpProfile(relay_username=None, relay_password=None, request_headers={})
    content = read(emulator.command(release="25.3", profile=profile, users=USERS), "2").json()
    names = ("RelayUsername", "RelayPassword", "ClientId", "TokenEndpoint", "Scope", "Audience")
    assert [content[name] for name in names] == [None] * 6
    assert content["RequestHeaders"] == []


def test_user_name_in_pam(emulator: Emulator, read: Read) -> None:
    command = emulator.command(profile=SmtpProfile(relay_username_in_pam=True), users=USERS)
    assert read(command, "1").json()["RelayUsername"] == "UnsupportedPAMSecret"
    username = read(command, "2").json()["RelayUsername"]
    assert username["SecretValue"] is None
    assert username["Provider"] == 1


def test_camel_case_includes_nested_members(emulator: Emulator, read: Read) -> None:
    content = read(emulator.command(release="25.3", camel_case=True, users=USERS), "2").json()
    assert content["useSSL"] is True
    assert content["relayUsername"]["secretValue"] == "KEYEXAMPLE\\svc-smtp"
    assert content["requestHeaders"][0]["name"] == "X-Relay-Key"


def test_sends_unknown_members(emulator: Emulator, read: Read) -> None:
    profile = SmtpProfile(unknown_members={"MaximumSize": 10})
    assert read(emulator.command(profile=profile, users=USERS)).json()["MaximumSize"] == 10


@pytest.mark.parametrize("reply", [{"Port": "25"}, ["not", "an", "object"], "text", 0, {}])
def test_sends_raw_reply_unchanged(emulator: Emulator, read: Read, reply: object) -> None:
    assert read(emulator.command(reply=reply, users=USERS), "2").json() == reply


def test_reply_headers_are_configurable(emulator: Emulator, read: Read) -> None:
    options = {"users": USERS, "media_type": "text/json", "product_version": "24.4.2.0"}
    reply = read(emulator.command(**options))
    assert reply.headers["Content-Type"] == "text/json"
    assert reply.headers["X-Keyfactor-Product-Version"] == "24.4.2.0"
    reply = read(emulator.command(users=USERS, media_type=None, product_version=None))
    assert "Content-Type" not in reply.headers
    assert "X-Keyfactor-Product-Version" not in reply.headers
