# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the web servers in front of an emulated Command, and of the versioning library."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import requests

from tests.emulator import Emulator

from .conftest import REQUIRED, USERS, Read

COMMIT = "+dc0db2c8af1b4e5d96a7f3b20c81e94d75a6b3f0"
CORRELATION_ID = "X-Keyfactor-Correlation-Id"


@pytest.mark.parametrize(
    ("server", "path", "name"),
    [
        ("iis", "/KeyfactorAPI/SMTP", "Microsoft-IIS/10.0"),
        ("envoy", "/Keyfactor/API/SMTP", "istio-envoy"),
    ],
)
@pytest.mark.parametrize(
    ("release", "product", "versions"),
    [
        ("11.4", "11.4.0.0", "1.0"),
        ("24.4", "24.4.0.0", "1.0"),
        ("25.1", "25.1.0.0", "1.0, 2"),
        ("25.4", f"25.4.1{COMMIT}", "1.0, 2"),
    ],
)
def test_headers_of_each_server_and_release(
    emulator: Emulator,
    read: Read,
    server: str,
    path: str,
    name: str,
    release: str,
    product: str,
    versions: str,
) -> None:
    command = emulator.command(server=server, release=release, users=USERS)
    assert command.api_url == command.url + path.removesuffix("/SMTP")
    replies = [read(command), read(command)]
    assert {reply.status_code for reply in replies} == {200}
    assert replies[0].headers["Server"] == name
    assert replies[0].headers["X-Keyfactor-Product-Version"] == product
    assert replies[0].headers["Api-Supported-Versions"] == versions
    identifiers = [str(uuid.UUID(reply.headers[CORRELATION_ID])) for reply in replies]
    assert identifiers[0] != identifiers[1]
    assert [each.reply_headers[CORRELATION_ID] for each in command.requests] == identifiers


def test_iis_answers_with_pages_of_its_own(
    emulator: Emulator, client: requests.Session, read: Read
) -> None:
    command = emulator.command(server="iis", users=USERS)
    replies = [read(command, auth=None), client.get(command.url, headers=REQUIRED)]
    assert [reply.status_code for reply in replies] == [401, 404]
    for reply in replies:
        assert reply.headers["Content-Type"].startswith("text/html")
        assert reply.headers["X-Powered-By"] == "ASP.NET"
        assert CORRELATION_ID not in reply.headers


def test_envoy_passes_refusals_of_the_api(emulator: Emulator, read: Read) -> None:
    command = emulator.command(server="envoy", tokens=["a"])
    reply = read(command, auth=None)
    assert (reply.status_code, reply.content) == (401, b"")
    assert reply.headers["WWW-Authenticate"].startswith("Bearer")
    assert CORRELATION_ID in reply.headers
    assert "X-Powered-By" not in reply.headers


def test_options_override_those_of_the_server(emulator: Emulator, read: Read) -> None:
    options: dict[str, Any] = {"api_path": "Command", "correlation_ids": False}
    command = emulator.command(server="iis", users=USERS, **options)
    assert CORRELATION_ID not in read(command).headers
    assert command.requests[0].path == "/Command/SMTP"
    with pytest.raises(ValueError, match="server must be one of iis, envoy"):
        emulator.command(server="apache")


@pytest.mark.parametrize(
    ("refusal", "status", "media_type"),
    [
        ("error-400", 400, "application/json"),
        ("problem-400", 400, "application/problem+json"),
        ("problem-404", 404, "application/problem+json"),
        ("empty-404", 404, ""),
    ],
)
def test_library_refuses_versions_that_it_lacks(
    emulator: Emulator, read: Read, refusal: str, status: int, media_type: str
) -> None:
    command = emulator.command(server="iis", release="24.4", version_refusal=refusal, users=USERS)
    for version in ("2", "9"):
        reply = read(command, version)
        assert reply.status_code == status
        assert reply.headers.get("Content-Type", "").startswith(media_type)
        assert reply.headers["Api-Supported-Versions"] == "1.0"
        if media_type:
            content = reply.json()
            error = content.get("error", content)
            assert error["code"] == "UnsupportedApiVersion"
            detail = error.get("message") or error["detail"]
            assert (
                f"'{command.api_url}/SMTP' does not support the API version '{version}'" in detail
            )
        else:
            assert reply.content == b""
    assert read(command, "1").status_code == read(command).status_code == 200


def test_library_lacks_no_version_of_its_own(emulator: Emulator, read: Read) -> None:
    command = emulator.command(server="envoy", release="25.4", users=USERS)
    assert read(command, "2").json()["ClientId"] is None
    assert read(command, "3").status_code == 400


def test_json_is_not_taken_for_an_unsupported_version(
    emulator: Emulator, client: requests.Session
) -> None:
    command = emulator.command(server="iis", users=USERS)
    headers = {**REQUIRED, "Content-Type": "application/json"}
    reply = client.put(f"{command.api_url}/SMTP", data=b"{}", headers=headers)
    assert "UnsupportedApiVersion" not in reply.text


@pytest.mark.parametrize("media_type", ["text/json", "application/x-www-form-urlencoded", ""])
def test_any_other_media_type_is(
    emulator: Emulator, client: requests.Session, media_type: str
) -> None:
    command = emulator.command(server="iis", users=USERS)
    headers = {**REQUIRED, "Content-Type": media_type, "x-keyfactor-api-version": "2"}
    reply = client.put(f"{command.api_url}/SMTP", data=b"{}", headers=headers)
    assert reply.status_code == 400
    assert reply.json()["error"]["code"] == "UnsupportedApiVersion"
    assert "'2'" in reply.json()["error"]["message"]
    assert reply.headers["Api-Supported-Versions"] == "1.0, 2"
