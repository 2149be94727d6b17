# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The profile, normalised: every member with every type, and nothing guessed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp import read_smtp_profile
from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import (
    SETTINGS,
    normalize_profile,
)
from tests.emulator import Emulator
from tests.unit.support import TOKEN, Connect, failure

VALUES = {
    "null": None,
    "a boolean": True,
    "a whole number": 5,
    "a number": 1.5,
    "text": "words",
    "a list": ["words"],
    "an object": {"a": 1},
}
TEXT, NUMBER, SECRET = ("text",), ("a whole number",), ("text, or an object with SecretValue",)
HEADERS = ("a list of objects with Name and Value",)
MEMBERS = {
    "Id": ("id", NUMBER),
    "Host": ("host", TEXT),
    "Port": ("port", NUMBER),
    "UseSSL": ("use_ssl", ("a boolean",)),
    "RelayAuthenticationType": ("relay_authentication_type", NUMBER),
    "RelayUsername": ("relay_username", SECRET),
    "SenderAccount": ("sender_account", TEXT),
    "SenderName": ("sender_name", TEXT),
    "SenderAddress": ("sender_address", TEXT),
    "ClientId": ("client_id", SECRET),
    "TokenEndpoint": ("token_endpoint", TEXT),
    "Scope": ("scope", TEXT),
    "Audience": ("audience", TEXT),
    "RequestHeaders": ("request_headers", HEADERS),
}
# What a secret of the wrong type could be taken for.
ALSO_RIGHT = {("text", SECRET), ("an object", SECRET)}


def values(content: dict[str, Any], version: int = 2) -> dict[str, Any]:
    return normalize_profile(content, version).values


@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("member", MEMBERS)
def test_every_member_with_every_type(member: str, kind: str) -> None:
    key, types = MEMBERS[member]
    if kind == "null":
        assert values({member: None})[key] is None
    elif kind in types:
        assert values({member: VALUES[kind]})[key] == VALUES[kind]
    elif (kind, types) in ALSO_RIGHT:
        assert values({member: VALUES[kind]})[key] in ("words", None)
    else:
        with pytest.raises(ValueError, match=f"{member} must be {types[0]}, and is {kind}"):
            values({member: VALUES[kind]})


@pytest.mark.parametrize("member", MEMBERS)
def test_a_wrong_type_is_told_to_people(emulator: Emulator, connect: Connect, member: str) -> None:
    command = emulator.command(tokens=[TOKEN], reply={member: 1.5})
    error = failure(
        lambda: read_smtp_profile(connect(command)), f"{member} must be", "and is a number"
    )
    assert (error.kind, error.status, error.attempts) == ("protocol", 200, 1)


@pytest.mark.parametrize(
    "header", [{}, {"Name": None}, {"Name": 5, "Value": "x"}, {"Value": "x"}, "X-Key", None]
)
def test_headers_without_a_name(header: object) -> None:
    with pytest.raises(ValueError, match="RequestHeaders must be a list of objects with Name"):
        values({"RequestHeaders": [{"Name": "X-First", "Value": "x"}, header]})


@pytest.mark.parametrize(
    ("sent", "user", "source"),
    [
        (None, None, "none"),
        ("", None, "none"),
        ("svc", "svc", "plain"),
        ("UnsupportedPAMSecret", None, "pam"),
        ({"SecretValue": "svc", "Parameters": None, "Provider": None}, "svc", "plain"),
        ({"secretValue": "svc"}, "svc", "plain"),
        ({"SecretValue": None, "Parameters": None, "Provider": None}, None, "none"),
        ({"SecretValue": "", "Parameters": {}, "Provider": None}, None, "none"),
        ({"SecretValue": "UnsupportedPAMSecret"}, None, "pam"),
        ({"SecretValue": None, "Parameters": {"SecretId": "a"}, "Provider": 1}, None, "pam"),
        ({"SecretValue": "svc", "Parameters": None, "Provider": 1}, None, "pam"),
        ({"SecretValue": None, "parameters": {"SecretId": "a"}}, None, "pam"),
        ({}, None, "none"),
    ],
)
def test_the_user_of_the_relay(sent: object, user: str | None, source: str) -> None:
    found = values({"RelayUsername": sent})
    assert (found["relay_username"], found["relay_username_source"]) == (user, source)


@pytest.mark.parametrize(
    ("number", "further", "word"),
    [
        (0, {}, "anonymous"),
        (2, {}, "basic"),
        (1, {}, "unknown"),
        (3, {}, "unknown"),
        (None, {}, "unknown"),
        (-7, {}, "unknown"),
        (4, {"ClientId": {"SecretValue": "relay-client"}}, "oauth"),
        (3, {"TokenEndpoint": "https://id.example.com/token"}, "oauth"),
        (3, {"ClientId": {"Provider": 1, "Parameters": {"SecretId": "a"}}}, "oauth"),
        (3, {"ClientId": {"SecretValue": None}, "TokenEndpoint": ""}, "unknown"),
        (0, {"ClientId": {"SecretValue": "relay-client"}}, "anonymous"),
        (2, {"TokenEndpoint": "https://id.example.com/token"}, "basic"),
    ],
)
def test_the_number_of_the_relays_authentication(
    number: int | None, further: dict[str, Any], word: str
) -> None:
    found = values({"RelayAuthenticationType": number, **further})
    assert found["relay_authentication"] == word
    assert found["relay_authentication_type"] == number


@pytest.mark.parametrize(
    "content",
    [
        {"Host": "a", "host": "b"},
        {"UseSSL": True, "useSsl": True},
        {"RelayUsername": {"SecretValue": "a", "secretValue": "b"}},
        {"RequestHeaders": [{"Name": "a", "name": "b"}]},
    ],
)
def test_a_member_in_two_spellings(content: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="twice"):
        values(content)


@pytest.mark.parametrize("member", ["Host", "SenderName", "RelayUsername", "ClientId"])
def test_text_that_is_no_unicode(member: str) -> None:
    with pytest.raises(ValueError, match=f"{member} must be"):
        values({member: "lone \ud800 surrogate"})


def test_an_unknown_name_that_is_no_unicode() -> None:
    """The result must be fit for every encoding that a callback writes."""
    found = normalize_profile({"Port": 25, "lone \ud800 surrogate": 1}, 2)
    json.dumps(found.unknown_members, ensure_ascii=False).encode()


@pytest.mark.parametrize("name", ["RelayPassword", "relaypassword", "ClientSecret", "clientSecret"])
def test_secrets_are_dropped_by_name(name: str) -> None:
    secret = "unique-secret-of-the-relay-8899"
    for sent in (secret, {"SecretValue": secret}, [secret], 5, None):
        found = normalize_profile({"Port": 25, name: sent}, 2)
        assert secret not in json.dumps(found.values)
        assert found.unknown_members == []


@pytest.mark.parametrize("content", [{"Port": 25}, {"pORT": 25}, {"Port": 25, "Host": None}])
def test_every_key_is_there(content: dict[str, Any]) -> None:
    found = values(content)
    assert tuple(found) == SETTINGS
    unset = {"port": 25, "relay_username_source": "none", "relay_authentication": "unknown"}
    assert found == {**dict.fromkeys(SETTINGS), **unset}


@pytest.mark.parametrize(
    ("content", "asked", "version"),
    [
        ({"RelayUsername": "svc"}, 2, 1),
        ({"RelayUsername": {"SecretValue": "svc"}}, 2, 2),
        ({"SenderAddress": None}, 2, 1),
        ({"RelayUsername": None}, 2, 2),
        ({"RelayUsername": None}, 1, 1),
    ],
)
def test_the_version_whose_shape_came(content: dict[str, Any], asked: int, version: int) -> None:
    assert normalize_profile(content, asked).api_version == version


@pytest.mark.parametrize("content", [{}, {"RelayPassword": None}, {"Name": "x", "Value": 5}])
def test_an_object_that_is_no_profile(content: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="none of its members"):
        values(content)
