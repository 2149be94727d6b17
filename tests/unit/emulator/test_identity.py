# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the identity provider: client credentials and the tokens it issues."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.emulator import Emulator, Fault, IdentityProvider, Tls

from .conftest import Read

CLIENTS = {"kf-client": "client-secret", "kf:ü": "s% +/ü"}
GRANT = {"grant_type": "client_credentials"}
IN_FORM = {**GRANT, "client_id": "kf-client", "client_secret": "client-secret"}
BASIC = ("kf-client", "client-secret")


@pytest.fixture
def provider(emulator: Emulator) -> IdentityProvider:
    return emulator.identity(clients=CLIENTS)


def error(reply: requests.Response) -> tuple[int, Any]:
    return reply.status_code, reply.json()["error"]


def bearer(token: str) -> dict[str, Any]:
    return {"auth": None, "headers": {"Authorization": f"Bearer {token}"}}


def test_command_accepts_token_until_revoked(
    emulator: Emulator,
    provider: IdentityProvider,
    client: requests.Session,
    read: Read,
) -> None:
    command = emulator.command(identity=provider, readers={"kf-client"})
    reply = client.post(provider.token_url, data=GRANT, auth=BASIC)
    token = reply.json()["access_token"]
    assert reply.json() == {"access_token": token, "token_type": "Bearer", "expires_in": 3600}
    assert reply.headers["Cache-Control"] == "no-store"
    assert provider.issued == [token]
    assert provider.requests[0].body == b"grant_type=client_credentials"
    assert read(command, **bearer(token)).status_code == 200
    assert read(emulator.command(identity=emulator.identity()), **bearer(token)).status_code == 401
    provider.revoke_all()
    reply = read(command, **bearer(token))
    assert reply.status_code == 401
    assert 'error="invalid_token"' in reply.headers["WWW-Authenticate"]


def test_client_assertion(emulator: Emulator, client: requests.Session) -> None:
    provider = emulator.identity(clients=CLIENTS, assertions={"kf-client": "a.b.c"})
    asserted = {**GRANT, "client_id": "kf-client", "client_assertion": "a.b.c"}
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    valid = {**asserted, "client_assertion_type": kind}
    assert client.post(provider.token_url, data=valid).status_code == 200
    for form, refused in (
        ({**valid, "client_assertion": "a.b.d"}, (401, "invalid_client")),
        ({**valid, "client_id": "other"}, (401, "invalid_client")),
        ({**valid, "client_secret": "client-secret"}, (400, "invalid_request")),
        (asserted, (400, "invalid_request")),
        ({**valid, "client_assertion": ""}, (401, "invalid_client")),
    ):
        assert error(client.post(provider.token_url, data=form)) == refused
    assert error(client.post(provider.token_url, data=valid, auth=BASIC))[1] == "invalid_request"


def test_command_refuses_expired_token(
    emulator: Emulator, client: requests.Session, read: Read
) -> None:
    provider = emulator.identity(clients=CLIENTS, lifetime=0)
    command = emulator.command(identity=provider)
    reply = client.post(provider.token_url, data=IN_FORM)
    assert reply.json()["expires_in"] == 0
    assert read(command, **bearer(reply.json()["access_token"])).status_code == 401


@pytest.mark.parametrize(
    ("method", "by_header", "by_form"),
    [("basic", 200, 401), ("form", 401, 200), ("either", 200, 200)],
)
def test_enforces_client_authentication(
    emulator: Emulator,
    client: requests.Session,
    method: str,
    by_header: int,
    by_form: int,
) -> None:
    provider = emulator.identity(clients=CLIENTS, client_authentication=method)
    header = client.post(provider.token_url, data=GRANT, auth=BASIC)
    form = client.post(provider.token_url, data=IN_FORM)
    assert (header.status_code, form.status_code) == (by_header, by_form)
    for reply in (header, form):
        if reply.status_code == 200:
            continue
        assert error(reply) == (401, "invalid_client")
        assert reply.headers["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize("name", ["kf%3A%C3%BC", "kf-client"])
def test_accepts_form_encoded_header(
    provider: IdentityProvider,
    client: requests.Session,
    name: str,
) -> None:
    secret = {"kf%3A%C3%BC": "s%25+%2B%2F%C3%BC", "kf-client": "client-secret"}[name]
    assert client.post(provider.token_url, data=GRANT, auth=(name, secret)).status_code == 200


def test_accepts_header_without_form_encoding(emulator: Emulator, client: requests.Session) -> None:
    provider = emulator.identity(clients={"kf": "s% +/"})
    reply = client.post(provider.token_url, data=GRANT, auth=("kf", "s% +/"))
    assert reply.status_code == 200


@pytest.mark.parametrize(
    ("form", "auth", "expected"),
    [
        (GRANT, ("kf-client", "wrong"), (401, "invalid_client")),
        (GRANT, ("stranger", "client-secret"), (401, "invalid_client")),
        (GRANT, None, (401, "invalid_client")),
        ({**IN_FORM, "client_secret": ""}, None, (401, "invalid_client")),
        (IN_FORM, BASIC, (400, "invalid_request")),
        ({}, BASIC, (400, "invalid_request")),
        ({"grant_type": "password"}, BASIC, (400, "unsupported_grant_type")),
    ],
)
def test_error_responses(
    provider: IdentityProvider,
    client: requests.Session,
    form: dict[str, str],
    auth: tuple[str, str] | None,
    expected: tuple[int, str],
) -> None:
    assert error(client.post(provider.token_url, data=form, auth=auth)) == expected
    assert provider.issued == []
    assert provider.requests[-1].status == expected[0]


def test_refuses_unauthorized_client(emulator: Emulator, client: requests.Session) -> None:
    provider = emulator.identity(clients=CLIENTS, unauthorized={"kf-client"})
    reply = client.post(provider.token_url, data=IN_FORM)
    assert error(reply) == (400, "unauthorized_client")


@pytest.mark.parametrize(
    ("scopes", "requested", "status"),
    [
        (None, None, 200),
        (None, "anything", 200),
        ({"read", "write"}, "read write", 200),
        ({"read"}, "read write", 400),
        ({"read"}, None, 400),
        ([], None, 200),
        ([], "default", 400),
    ],
)
def test_scopes(
    emulator: Emulator,
    client: requests.Session,
    scopes: Any,
    requested: str | None,
    status: int,
) -> None:
    provider = emulator.identity(clients=CLIENTS, scopes=scopes)
    reply = client.post(provider.token_url, data={**IN_FORM, "scope": requested})
    assert reply.status_code == status
    if status == 200:
        assert reply.json().get("scope") == requested
    else:
        assert reply.json()["error"] == "invalid_scope"


def test_requires_audience(emulator: Emulator, client: requests.Session) -> None:
    provider = emulator.identity(clients=CLIENTS, audience="https://keyexample.com/api")
    for form in ({}, {"audience": "https://example.com"}):
        reply = client.post(provider.token_url, data={**IN_FORM, **form})
        assert error(reply) == (400, "invalid_request")
    for member in ("audience", "resource"):
        form = {**IN_FORM, member: "https://keyexample.com/api"}
        assert client.post(provider.token_url, data=form).status_code == 200


def test_refuses_other_methods_paths_and_media_types(
    provider: IdentityProvider,
    client: requests.Session,
) -> None:
    assert client.get(provider.token_url).status_code == 405
    assert client.post(f"{provider.url}/token", data=IN_FORM).status_code == 404
    assert error(client.post(provider.token_url, json=IN_FORM)) == (400, "invalid_request")


def test_applies_faults_and_tls(emulator: Emulator, client: requests.Session) -> None:
    faults = [
        Fault.oauth_error("invalid_client", times=1),
        Fault.oauth_error("invalid_scope", times=1),
        Fault.status(503, times=1),
    ]
    provider = emulator.identity(clients=CLIENTS, faults=faults, tls=Tls.PLAIN_HTTP)
    replies = [client.post(provider.token_url, data=IN_FORM) for _attempt in range(4)]
    assert [reply.status_code for reply in replies] == [401, 400, 503, 200]
    assert replies[1].json() == {"error": "invalid_scope"}
    untrusted = emulator.identity(clients=CLIENTS, tls=Tls.UNKNOWN_CA)
    with pytest.raises(requests.exceptions.SSLError):
        client.post(untrusted.token_url, data=IN_FORM)


def test_refuses_invalid_options(emulator: Emulator) -> None:
    with pytest.raises(ValueError, match="client_authentication"):
        emulator.identity(client_authentication="header")
