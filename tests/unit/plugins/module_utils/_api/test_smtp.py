# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which version of the endpoint is asked for, and what is returned of its reply."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp import read_smtp_profile
from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import SETTINGS
from tests.emulator import Command, Emulator, Fault, SmtpProfile
from tests.unit.support import TOKEN, Connect, failure, sent

RELAY_PASSWORD = "unique-relay-password-1f2e3d4c"
RELAY_CLIENT_SECRET = "unique-relay-client-secret-5b6a7988"
HEADER_VALUE = "unique-header-value-0a1b2c3d"
PROFILE = SmtpProfile(
    relay_password=RELAY_PASSWORD,
    client_id="relay-client",
    client_secret=RELAY_CLIENT_SECRET,
    token_endpoint="https://id.example.com/token",
    scope="mail.send",
    audience="https://mail.example.com/",
    request_headers={"X-Relay-Key": HEADER_VALUE},
    unknown_members={"ZSetting": HEADER_VALUE, "ASetting": {"deep": RELAY_PASSWORD}},
)
COMMON = {
    "id": 1,
    "host": "smtp.example.com",
    "port": 587,
    "use_ssl": True,
    "relay_authentication_type": 2,
    "relay_authentication": "basic",
    "relay_username": "KEYEXAMPLE\\svc-smtp",
    "relay_username_source": "plain",
    "sender_account": "keyfactor@keyexample.com",
    "sender_name": "Keyfactor Command",
}
OAUTH = {
    "client_id": "relay-client",
    "token_endpoint": "https://id.example.com/token",
    "scope": "mail.send",
    "audience": "https://mail.example.com/",
    "request_headers": ["X-Relay-Key"],
}
ADDRESS = {"sender_address": "keyfactor@keyexample.com"}


def asked(command: Command) -> list[str | None]:
    return [each for (each,) in sent(command, "x-keyfactor-api-version")]


@pytest.mark.parametrize("camel_case", [False, True])
@pytest.mark.parametrize(
    ("release", "further", "version", "versions"),
    [
        ("11.0", ADDRESS, 1, ["2", "1"]),
        ("24.4", {}, 1, ["2", "1"]),
        ("25.1", {}, 2, ["2"]),
        ("25.3", OAUTH, 2, ["2"]),
    ],
)
def test_every_release(
    emulator: Emulator,
    connect: Connect,
    release: str,
    further: dict[str, Any],
    version: int,
    versions: list[str],
    camel_case: bool,
) -> None:
    command = emulator.command(
        tokens=[TOKEN], release=release, profile=PROFILE, camel_case=camel_case
    )
    result = read_smtp_profile(connect(command))
    assert asked(command) == versions
    assert result["smtp"] == {**dict.fromkeys(SETTINGS), **COMMON, **further}
    assert list(result["smtp"]) == list(SETTINGS)
    assert result["ansible_facts"] == {"keyfactor_smtp": result["smtp"]}
    first = "aSetting" if camel_case else "ASetting"
    assert result["unknown_members"][0] == first
    assert len(result["unknown_members"]) == 2
    assert result["api_version"] == version
    assert result["product_version"] == f"{release}.0.0"
    assert result["url"] == f"{command.url}/KeyfactorAPI/SMTP"
    assert (result["changed"], result["tls_verified"]) == (False, True)
    text = json.dumps(result)
    for secret in (RELAY_PASSWORD, RELAY_CLIENT_SECRET, HEADER_VALUE, TOKEN):
        assert secret not in text


@pytest.mark.parametrize("status", [400, 404, 405, 406, 501])
def test_an_older_server_is_asked_for_version_1(
    emulator: Emulator, connect: Connect, status: int
) -> None:
    command = emulator.command(tokens=[TOKEN], release="24.4", refuses_version_2_with=status)
    assert read_smtp_profile(connect(command))["api_version"] == 1
    assert asked(command) == ["2", "1"]


@pytest.mark.parametrize("status", [401, 403, 408, 429, 500, 502, 503, 302])
def test_nothing_else_is_a_sign_of_age(command: Command, connect: Connect, status: int) -> None:
    command.faults = [Fault.status(status)]
    assert failure(lambda: read_smtp_profile(connect(command))).status == status
    assert asked(command) == ["2"]


@pytest.mark.parametrize("fault", [Fault.html(), Fault.drop(), Fault.cut_off(), Fault.too_large()])
def test_no_version_1_where_nothing_came(command: Command, connect: Connect, fault: Fault) -> None:
    command.faults = [fault]
    failure(lambda: read_smtp_profile(connect(command)))
    assert asked(command) == ["2"]


def test_a_wanted_certificate_is_no_sign_of_age(command: Command, connect: Connect) -> None:
    command.faults = [Fault.status(400, body="No required SSL certificate was sent")]
    assert failure(lambda: read_smtp_profile(connect(command))).kind == "tls"
    assert asked(command) == ["2"]


def test_a_failing_token_endpoint_is_no_sign_of_age(emulator: Emulator, connect: Connect) -> None:
    identity = emulator.identity(faults=[Fault.status(404)])
    command = emulator.command(identity=identity)
    given = {"client_id": "a", "client_secret": "bcde", "token_url": identity.token_url}
    settings = connect(command, auth_ca_cert=str(emulator.ca_cert), **given)
    assert failure(lambda: read_smtp_profile(settings)).kind == "token"
    assert len(identity.requests) == 1


def test_both_versions_missing(emulator: Emulator, connect: Connect) -> None:
    command = emulator.command(tokens=[TOKEN], api_path="Keyfactor/API")
    error = failure(lambda: read_smtp_profile(connect(command)), "api_path", "Keyfactor/API")
    assert (error.kind, asked(command)) == ("not_found", ["2", "1"])


@pytest.mark.parametrize(("version", "release"), [("1", "25.3"), ("2", "25.3"), ("1", "11.0")])
def test_an_explicit_version(
    emulator: Emulator, connect: Connect, version: str, release: str
) -> None:
    command = emulator.command(tokens=[TOKEN], release=release)
    assert read_smtp_profile(connect(command, api_version=version))["api_version"] == int(version)
    assert asked(command) == [version]


def test_an_explicit_version_does_not_fall_back(emulator: Emulator, connect: Connect) -> None:
    command = emulator.command(tokens=[TOKEN], release="24.4")
    error = failure(lambda: read_smtp_profile(connect(command, api_version="2")))
    assert (error.status, asked(command)) == (404, ["2"])


@pytest.mark.parametrize("release", ["11.0", "25.3"])
@pytest.mark.parametrize("version", ["auto", "2"])
def test_a_server_that_ignores_the_question(
    emulator: Emulator, connect: Connect, release: str, version: str
) -> None:
    command = emulator.command(tokens=[TOKEN], release=release, ignores_version_header=True)
    result = read_smtp_profile(connect(command, api_version=version))
    assert (result["api_version"], asked(command)) == (1, ["2"])
    assert result["smtp"]["relay_username"] == "KEYEXAMPLE\\svc-smtp"


@pytest.mark.parametrize(
    "media_type", ["text/json", "text/plain", None, "application/problem+json"]
)
def test_any_media_type(emulator: Emulator, connect: Connect, media_type: str | None) -> None:
    command = emulator.command(tokens=[TOKEN], media_type=media_type)
    assert read_smtp_profile(connect(command))["smtp"]["port"] == 587


def test_a_reply_with_a_byte_order_mark(command: Command, connect: Connect) -> None:
    command.faults = [Fault.body(b'\xef\xbb\xbf{"Host": "smtp.example.com"}')]
    assert read_smtp_profile(connect(command))["smtp"]["host"] == "smtp.example.com"


@pytest.mark.parametrize("server", ["iis", "envoy"])
@pytest.mark.parametrize("release", ["11.4", "24.4", "25.1", "25.4"])
def test_real_servers(emulator: Emulator, connect: Connect, server: str, release: str) -> None:
    """The version and the ID of the log are kept as the server sent them."""
    command = emulator.command(server=server, release=release, tokens=[TOKEN])
    result = read_smtp_profile(connect(command, host=command.api_url))
    headers = command.requests[-1].reply_headers
    assert result["product_version"] == headers["X-Keyfactor-Product-Version"]
    assert result["correlation_id"] == headers["X-Keyfactor-Correlation-Id"]
    assert result["url"] == f"{command.api_url}/SMTP"
    assert "warnings" not in result
    old = release in ("11.4", "24.4")
    assert (result["api_version"], asked(command)) == ((1, ["2", "1"]) if old else (2, ["2"]))
    assert result["smtp"]["request_headers"] == (["X-Relay-Key"] if release == "25.4" else None)


def test_a_server_without_its_version(emulator: Emulator, connect: Connect) -> None:
    command = emulator.command(tokens=[TOKEN], product_version=None)
    result = read_smtp_profile(connect(command))
    assert (result["product_version"], result["correlation_id"]) == (None, None)


@pytest.mark.parametrize("api_path", ["Keyfactor/API", "/keyfactorapi/"])
def test_other_paths(emulator: Emulator, connect: Connect, api_path: str) -> None:
    command = emulator.command(tokens=[TOKEN], api_path=api_path)
    read_smtp_profile(connect(command, api_path=api_path))
    assert command.requests[0].path == f"/{api_path.strip('/')}/SMTP"


@pytest.mark.parametrize(("release", "version"), [("11.0", 1), ("25.3", 2)])
def test_a_user_in_pam_on_the_wire(
    emulator: Emulator, connect: Connect, release: str, version: int
) -> None:
    profile = SmtpProfile(relay_username_in_pam=True)
    command = emulator.command(tokens=[TOKEN], release=release, profile=profile)
    result = read_smtp_profile(connect(command))
    assert result["api_version"] == version
    assert result["smtp"]["relay_username"] is None
    assert result["smtp"]["relay_username_source"] == "pam"


@pytest.mark.parametrize("echo", [TOKEN, TOKEN.upper(), f"25.1\r\n {TOKEN}".replace("\r\n", "")])
def test_echoed_token_is_masked_in_a_good_result(
    emulator: Emulator, connect: Connect, echo: str
) -> None:
    """All that the server sends beside the settings of the profile passes one gate."""
    fault = Fault.status(
        200,
        body={"Host": "smtp.example.com", f"Debug {echo}": 1},
        headers={"X-Keyfactor-Product-Version": echo, "X-Keyfactor-Correlation-Id": echo},
    )
    command = emulator.command(tokens=[TOKEN], faults=[fault])
    result = read_smtp_profile(connect(command))
    assert result["settings"]["access_token"]["value"] == "set"
    assert "********" in result["product_version"]
    assert result["correlation_id"] == result["product_version"]
    assert result["unknown_members"] == [f"Debug {echo}".replace(echo, result["product_version"])]
    assert TOKEN.lower() not in json.dumps(result).lower()
