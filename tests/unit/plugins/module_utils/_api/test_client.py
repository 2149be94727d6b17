# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls of the API: how the client authenticates, what it sends, and what it returns."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from requests import PreparedRequest

from ansible_collections.keyfactor.command.plugins.module_utils._api.client import (
    CommandClient,
    build_auth,
)
from ansible_collections.keyfactor.command.plugins.module_utils._auth.base import (
    Auth,
    Basic,
    Bearer,
    ClientCertificate,
)
from ansible_collections.keyfactor.command.plugins.module_utils._auth.oauth import ClientCredentials
from ansible_collections.keyfactor.command.plugins.module_utils._config.settings import resolve
from ansible_collections.keyfactor.command.plugins.module_utils._http.response import Response
from ansible_collections.keyfactor.command.plugins.module_utils._http.tls import TlsConfig
from ansible_collections.keyfactor.command.plugins.module_utils._version import VERSION
from tests.emulator import Command, Emulator, Fault, IdentityProvider, Reply
from tests.unit.support import (
    BASIC,
    CLIENT_ID,
    CLIENT_SECRET,
    OAUTH,
    TOKEN,
    Connect,
    Pauses,
    failure,
    refusal,
    sent,
)

if TYPE_CHECKING:
    from ansible_collections.keyfactor.command.plugins.module_utils._auth.base import AuthFlow

HOST = {"host": "command.example.com"}
CERTIFICATE = {"client_cert": "/etc/client.pem"}
PRODUCT_VERSION = "X-Keyfactor-Product-Version"
TOKEN_URL = {"token_url": "https://id.example.com/token"}


class Signing(Auth):
    """Signs each attempt with a token of its own, and sends the request until it is told enough."""

    account_label = "the account of the test"
    hint = "Check the test"

    def __init__(self, requests: int = 1) -> None:
        self.requests = requests
        self.signed = 0
        self.statuses: list[int] = []

    def flow(self) -> AuthFlow:
        for _request in range(self.requests):
            response = yield self.sign
            self.statuses.append(response.status)

    def sign(self, request: PreparedRequest) -> PreparedRequest:
        self.signed += 1
        request.headers["Authorization"] = f"Bearer token-{self.signed}"
        return request


def smtp_url(command: Command) -> str:
    return f"{command.url}/KeyfactorAPI/SMTP"


def get_object(client: CommandClient, command: Command) -> tuple[dict[str, Any], Response]:
    """Return the JSON object of the SMTP endpoint, and its response."""
    response = client.send("GET", smtp_url(command), 2)
    return client.parse(response), response


def with_correlation_id(fault: Fault, value: str) -> Fault:
    """Return the fault for a reply with this header."""
    answer = fault.answer or Reply(200, b'{"Port": 587}', "application/json")
    return replace(fault, answer=replace(answer, headers={"X-Keyfactor-Correlation-Id": value}))


def signing_client(connect: Connect, command: Command, auth: Auth, **options: Any) -> CommandClient:
    client = CommandClient(connect(command, **options))
    client.auth = auth
    return client


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        (BASIC, Basic),
        ({"access_token": TOKEN}, Bearer),
        ({**OAUTH, **TOKEN_URL}, ClientCredentials),
        (CERTIFICATE, ClientCertificate),
        ({**CERTIFICATE, **BASIC}, Basic),
    ],
)
def test_settings_select_the_way_to_authenticate(options: dict[str, Any], kind: type) -> None:
    assert build_auth(resolve({**HOST, **options}, {})).__class__ is kind


def test_token_endpoint_has_its_own_authority_and_the_limits_of_the_api(
    emulator: Emulator,
) -> None:
    limits = {"timeout": "5s", "retries": 7, "use_proxy": False}
    authorities = {"ca_cert": "/etc/ca.pem", "auth_ca_cert": str(emulator.ca_cert)}
    auth = build_auth(resolve({**HOST, **OAUTH, **TOKEN_URL, **limits, **authorities}, {}))
    assert isinstance(auth, ClientCredentials)
    transport = auth.transport
    assert (transport.timeout, transport.retries, transport.use_proxy) == (5.0, 7, False)
    assert transport.tls == TlsConfig(True, str(emulator.ca_cert), "auth_ca_cert")


def test_client_cannot_be_created_with_a_file_that_is_missing(
    command: Command, connect: Connect
) -> None:
    settings = connect(command, ca_cert="/nowhere/ca.pem")
    refusal(lambda: CommandClient(settings), "/nowhere/ca.pem of ca_cert")
    settings = connect(command, **CERTIFICATE, access_token=TOKEN)
    refusal(lambda: CommandClient(settings), "/etc/client.pem of client_cert")
    assert command.connections == 0


def test_request_has_the_headers_of_the_api(command: Command, connect: Connect) -> None:
    CommandClient(connect(command)).send("GET", smtp_url(command), 2)
    (request,) = command.requests
    assert (request.method, request.path, request.body) == ("GET", "/KeyfactorAPI/SMTP", b"")
    assert request.headers["x-keyfactor-requested-with"] == "APIClient"
    assert request.headers["x-keyfactor-api-version"] == "2"
    assert request.headers["Accept"] == "application/json"
    assert request.headers["User-Agent"] == f"keyfactor.command/{VERSION}"
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert "Cookie" not in request.headers


@pytest.mark.parametrize("version", [1, 2])
def test_version_of_the_api_is_a_header(command: Command, connect: Connect, version: int) -> None:
    CommandClient(connect(command)).send("GET", smtp_url(command), version)
    assert sent(command, "x-keyfactor-api-version") == [(str(version),)]


def test_response_says_where_the_object_is_from(
    command: Command, connect: Connect, pauses: Pauses
) -> None:
    command.faults = [Fault.status(503, times=1)]
    content, response = get_object(CommandClient(connect(command, retries=1)), command)
    assert content["Port"] == 587
    assert (response.url, response.status) == (smtp_url(command), 200)
    assert (response.headers[PRODUCT_VERSION], response.attempts) == ("25.1.0.0", 2)
    assert len(pauses) == 1


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        ("0f8fad5b-d9cb-469f-a165-70867728950e", "0f8fad5b-d9cb-469f-a165-70867728950e"),
        (f"0f8f {TOKEN}", "0f8f ********"),
        ("0f8f\x1b[2J\u00a0", "0f8f [2J"),
        ("a" * 300, "a" * 197 + "..."),
        ("", None),
        (None, None),
    ],
)
@pytest.mark.parametrize("status", [200, 500])
def test_correlation_id_is_safe_and_short(
    command: Command, connect: Connect, header: str | None, shown: str | None, status: int
) -> None:
    headers = {} if header is None else {"X-Keyfactor-Correlation-Id": header}
    command.faults = [Fault.status(status, body={"Port": 587}, headers=headers)]
    response = CommandClient(connect(command)).send("GET", smtp_url(command), 2)
    assert response.correlation_id == shown


@pytest.mark.parametrize(
    ("fault", "kind", "header", "shown"),
    [
        (Fault.too_large(), "too_large", "0f8fad5b", "0f8fad5b"),
        (Fault.too_large(), "too_large", f"0f8f {TOKEN}", "0f8f ********"),
        (Fault.cut_off(), "protocol", "0f8fad5b", "0f8fad5b"),
        (Fault.cut_off(), "protocol", f"0f8f {TOKEN}", "0f8f ********"),
        (Fault.drip("body", interval=1), "timeout", "0f8fad5b", "0f8fad5b"),
    ],
)
def test_correlation_id_of_a_reply_that_is_not_read_to_its_end(
    command: Command, connect: Connect, fault: Fault, kind: str, header: str, shown: str
) -> None:
    client = CommandClient(connect(command, timeout="2s" if kind == "timeout" else "20s"))
    command.faults = [with_correlation_id(fault, header)]
    error = failure(lambda: get_object(client, command))
    assert (error.kind, error.correlation_id) == (kind, shown)
    assert error.message.endswith(f". Correlation ID: {shown}.")
    assert str(error) == error.message


def test_failure_of_the_identity_provider_has_no_correlation_id(
    command: Command, connect: Connect, identity: IdentityProvider
) -> None:
    """It would not be an ID of Command."""
    client = CommandClient(connect(command, **OAUTH, token_url=identity.token_url))
    identity.faults = [with_correlation_id(Fault.cut_off(), "0f8fad5b")]
    error = failure(lambda: get_object(client, command), "was cut off")
    assert (error.kind, error.correlation_id) == ("token", None)
    assert "Correlation ID" not in error.message


def test_failure_after_the_response_of_another_request_has_no_correlation_id(
    command: Command, connect: Connect
) -> None:
    """The last attempt counts, and it had no response."""
    headers = {"X-Keyfactor-Correlation-Id": "0f8fad5b"}
    command.faults = [Fault.status(503, headers=headers, times=1), Fault.drop()]
    client = CommandClient(connect(command, retries=1))
    error = failure(lambda: get_object(client, command), "closed the connection")
    assert (error.correlation_id, error.attempts) == (None, 2)


def test_response_of_a_server_that_does_not_tell_its_version(
    emulator: Emulator, connect: Connect
) -> None:
    command = emulator.command(tokens=[TOKEN], product_version=None)
    content, response = get_object(CommandClient(connect(command)), command)
    assert content["Port"] == 587
    assert PRODUCT_VERSION not in response.headers


def test_request_is_sent_again_as_long_as_the_flow_yields(
    emulator: Emulator, connect: Connect
) -> None:
    command = emulator.command(tokens=["token-2"])
    auth = Signing(requests=2)
    content, _response = get_object(signing_client(connect, command, auth), command)
    assert content["Port"] == 587
    assert auth.statuses == [401, 200]
    names = ("Authorization", "x-keyfactor-api-version")
    assert sent(command, *names) == [("Bearer token-1", "2"), ("Bearer token-2", "2")]


def test_flow_that_ends_accepts_the_response(emulator: Emulator, connect: Connect) -> None:
    command = emulator.command(tokens=["token-2"])
    client = signing_client(connect, command, Signing(requests=1))
    error = failure(
        lambda: get_object(client, command), "the account of the test", "Check the test"
    )
    assert (error.kind, error.status, len(command.requests)) == ("authentication", 401, 1)


def test_each_attempt_is_signed_anew(emulator: Emulator, connect: Connect, pauses: Pauses) -> None:
    command = emulator.command(tokens=["token-3"])
    command.faults = [Fault.status(503, times=2)]
    auth = Signing()
    signing_client(connect, command, auth, retries=2).send("GET", smtp_url(command), 2)
    expected = [("Bearer token-1",), ("Bearer token-2",), ("Bearer token-3",)]
    assert sent(command, "Authorization") == expected
    # The flow receives the response that is left after all retries.
    assert auth.statuses == [200]
    assert len(pauses) == 2


@pytest.mark.parametrize(
    ("fault", "phrase"),
    [
        (Fault.body("[]"), "answered with a list where a JSON object belongs"),
        (Fault.body(""), "an empty reply"),
        (Fault.status(500), "500 Internal Server Error"),
        (Fault.body('{"Port": 25}', media_type="text/html"), "an HTML page"),
    ],
)
def test_anything_but_a_json_object_is_a_failure(
    command: Command, connect: Connect, fault: Fault, phrase: str
) -> None:
    command.faults = [fault]
    failure(lambda: get_object(CommandClient(connect(command)), command), phrase)


@pytest.mark.parametrize("auth_secret", [True, False])
def test_secrets_of_settings_and_flow_are_masked(
    command: Command, connect: Connect, auth_secret: bool
) -> None:
    class Secret(Signing):
        @property
        def secrets(self) -> tuple[str, ...]:
            return ("secret-of-the-flow",)

    echoed = "secret-of-the-flow" if auth_secret else TOKEN
    command.faults = [Fault.status(500, body={"Message": f"I do not like {echoed}."})]
    client = signing_client(connect, command, Secret())
    error = failure(lambda: get_object(client, command))
    assert error.detail == "I do not like ********."


@pytest.mark.parametrize("source", ["option", "environment", "config file"])
@pytest.mark.parametrize(
    "names", [(), ("ca_cert",), ("auth_ca_cert",), ("ca_cert", "auth_ca_cert")]
)
def test_ca_cert_serves_the_identity_provider_unless_it_has_its_own(
    emulator: Emulator, tmp_path: Path, names: tuple[str, ...], source: str
) -> None:
    authority = tmp_path / "own.pem"
    authority.write_bytes(Path(emulator.ca_cert).read_bytes())
    files = {"ca_cert": str(emulator.ca_cert), "auth_ca_cert": str(authority)}
    given = {name: files[name] for name in names}
    params: dict[str, Any] = {**HOST, **OAUTH, **TOKEN_URL}
    environ: dict[str, str] = {}
    if source == "option":
        params |= given
    elif source == "environment":
        environ = {f"KEYFACTOR_{name.upper()}": path for name, path in given.items()}
    else:
        file = tmp_path / "config.json"
        file.write_text(json.dumps({"servers": {"default": given}}))
        file.chmod(0o600)
        params["config_file"] = str(file)
    client = CommandClient(resolve(params, environ))
    assert isinstance(client.auth, ClientCredentials)
    assert client.transport.tls.ca_cert == given.get("ca_cert")
    expected = given.get("auth_ca_cert") or given.get("ca_cert")
    assert client.auth.transport.tls.ca_cert == expected


def test_token_of_a_private_identity_provider_with_ca_cert_alone(
    emulator: Emulator, connect: Connect
) -> None:
    """With one private authority for both servers, as in Keyfactor's own tools."""
    identity = emulator.identity(clients={CLIENT_ID: CLIENT_SECRET})
    command = emulator.command(identity=identity)
    client = CommandClient(connect(command, **OAUTH, token_url=identity.token_url))
    content, _response = get_object(client, command)
    assert content["Host"]
    assert len(identity.requests) == 1
