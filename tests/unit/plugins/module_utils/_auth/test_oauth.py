# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""OAuth client credentials, as the identity provider and Command see them."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote_plus

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp import read_smtp_profile
from tests.emulator import Command, Emulator, Fault, IdentityProvider, Tls
from tests.unit.support import (
    CLIENT_ID,
    CLIENT_SECRET,
    OAUTH,
    Connect,
    basic,
    failure,
    refusal,
    sent,
)


@pytest.fixture
def trusted(emulator: Emulator) -> dict[str, Any]:
    """What every connection of these tests has."""
    return {**OAUTH, "auth_ca_cert": str(emulator.ca_cert)}


@pytest.fixture
def protected(emulator: Emulator, identity: IdentityProvider) -> Command:
    """A Command that trusts the identity provider."""
    return emulator.command(identity=identity)


def forms(identity: IdentityProvider) -> list[dict[str, list[str]]]:
    return [parse_qs(request.body.decode()) for request in identity.requests]


def test_a_token_is_fetched_and_sent(
    protected: Command, identity: IdentityProvider, connect: Connect, trusted: dict[str, Any]
) -> None:
    read_smtp_profile(connect(protected, token_url=identity.token_url, **trusted))
    (request,) = identity.requests
    assert (request.method, request.path) == ("POST", "/oauth2/token")
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert request.headers["Accept"] == "application/json"
    pair = basic(quote_plus(CLIENT_ID), quote_plus(CLIENT_SECRET))
    assert request.headers["Authorization"] == pair
    assert forms(identity) == [{"grant_type": ["client_credentials"]}]
    assert sent(protected, "Authorization") == [(f"Bearer {identity.issued[0]}",)]


def test_header_first_then_form(
    emulator: Emulator, connect: Connect, trusted: dict[str, Any]
) -> None:
    identity = emulator.identity(clients={CLIENT_ID: CLIENT_SECRET}, client_authentication="form")
    command = emulator.command(identity=identity)
    read_smtp_profile(connect(command, token_url=identity.token_url, **trusted))
    first, second = identity.requests
    assert "Authorization" in first.headers
    assert "Authorization" not in second.headers
    assert forms(identity) == [
        {"grant_type": ["client_credentials"]},
        {
            "grant_type": ["client_credentials"],
            "client_id": [CLIENT_ID],
            "client_secret": [CLIENT_SECRET],
        },
    ]
    assert len(command.requests) == 1


@pytest.mark.parametrize(
    ("given", "form"),
    [
        ({}, {}),
        ({"scopes": "read,write"}, {"scope": ["read write"]}),
        (
            {"scopes": ["read"], "audience": "https://command.example.com/"},
            {"scope": ["read"], "audience": ["https://command.example.com/"]},
        ),
    ],
)
def test_scopes_and_audience_only_where_configured(
    protected: Command,
    identity: IdentityProvider,
    connect: Connect,
    trusted: dict[str, Any],
    given: dict[str, Any],
    form: dict[str, Any],
) -> None:
    read_smtp_profile(connect(protected, token_url=identity.token_url, **trusted, **given))
    assert forms(identity) == [{"grant_type": ["client_credentials"], **form}]


def test_odd_secrets_arrive(emulator: Emulator, connect: Connect, trusted: dict[str, Any]) -> None:
    client, secret = "kf:client/ü", "p%2F w:o+r岡d&="
    identity = emulator.identity(clients={client: secret})
    command = emulator.command(identity=identity)
    given = {**trusted, "client_id": client, "client_secret": secret}
    read_smtp_profile(connect(command, token_url=identity.token_url, **given))
    assert [request.status for request in identity.requests] == [200]


def test_one_token_serves_the_fallback_to_version_1(
    emulator: Emulator, identity: IdentityProvider, connect: Connect, trusted: dict[str, Any]
) -> None:
    command = emulator.command(identity=identity, release="24.4")
    assert (
        read_smtp_profile(connect(command, token_url=identity.token_url, **trusted))["api_version"]
        == 1
    )
    assert (len(identity.requests), len(command.requests)) == (1, 2)


def test_a_fresh_token_after_one_refusal(
    protected: Command, identity: IdentityProvider, connect: Connect, trusted: dict[str, Any]
) -> None:
    protected.faults = [Fault.status(401, times=1)]
    read_smtp_profile(connect(protected, token_url=identity.token_url, **trusted))
    assert sent(protected, "Authorization") == [(f"Bearer {each}",) for each in identity.issued]
    assert len(set(identity.issued)) == 2


def test_only_one_fresh_token(
    protected: Command, identity: IdentityProvider, connect: Connect, trusted: dict[str, Any]
) -> None:
    protected.faults = [Fault.status(401)]
    settings = connect(protected, token_url=identity.token_url, **trusted)
    error = failure(lambda: read_smtp_profile(settings), f"client {CLIENT_ID}", "identity provider")
    assert (error.kind, error.status) == ("authentication", 401)
    assert (len(identity.issued), len(protected.requests)) == (2, 2)


@pytest.mark.parametrize("status", [403, 500])
def test_no_fresh_token_after_other_refusals(
    protected: Command,
    identity: IdentityProvider,
    connect: Connect,
    trusted: dict[str, Any],
    status: int,
) -> None:
    protected.faults = [Fault.status(status)]
    failure(lambda: read_smtp_profile(connect(protected, token_url=identity.token_url, **trusted)))
    assert (len(identity.issued), len(protected.requests)) == (1, 1)


def test_the_fetched_token_is_a_secret(
    protected: Command, identity: IdentityProvider, connect: Connect, trusted: dict[str, Any]
) -> None:
    fetched = "fetched-and-secret-token-91b2c3d4"
    identity.faults = [Fault.body(f'{{"access_token": "{fetched}", "token_type": "Bearer"}}')]
    protected.faults = [Fault.status(403, body={"Message": f"Token {fetched} is not welcome."})]
    settings = connect(protected, token_url=identity.token_url, **trusted)
    error = failure(lambda: read_smtp_profile(settings), "is not welcome")
    assert fetched not in str(error.as_result())


def test_each_server_has_its_own_authority(
    emulator: Emulator, identity: IdentityProvider, connect: Connect, tmp_path: Path
) -> None:
    """auth_ca_cert takes the place of ca_cert at the identity provider, and does not serve Command."""
    command = emulator.command(identity=identity)
    foreign = emulator.identity(clients={CLIENT_ID: CLIENT_SECRET}, tls=Tls.UNKNOWN_CA)
    settings = connect(command, token_url=foreign.token_url, **OAUTH)
    error = failure(lambda: read_smtp_profile(settings), "auth_ca_cert", foreign.token_url)
    assert (error.kind, command.connections) == ("token", 0)
    given = {**OAUTH, "auth_ca_cert": str(emulator.ca_cert), "ca_cert": None}
    settings = connect(command, token_url=identity.token_url, **given)
    error = failure(lambda: read_smtp_profile(settings), "Set ca_cert")
    assert (error.kind, len(identity.issued)) == ("tls", 1)


@pytest.mark.parametrize(
    ("token_url", "phrase"),
    [
        ("http://id.example.com/token", "allow_http"),
        ("id.example.com/token", "https://"),
        ("ftp://id.example.com/", "https://"),
        ("https://", "https://"),
        ("https://user:pass@id.example.com/", "without a user"),
        ("https://id.example.com:0/", "https://"),
        ("https://[::1", "https://"),
    ],
)
def test_token_urls_that_are_refused(
    command: Command, connect: Connect, token_url: str, phrase: str
) -> None:
    refusal(
        lambda: read_smtp_profile(connect(command, token_url=token_url, **OAUTH)),
        "token_url",
        phrase,
    )
    assert command.connections == 0


def test_plain_http_where_it_is_allowed(emulator: Emulator, connect: Connect) -> None:
    identity = emulator.identity(clients={CLIENT_ID: CLIENT_SECRET}, tls=Tls.PLAIN_HTTP)
    command = emulator.command(identity=identity, tls=Tls.PLAIN_HTTP)
    settings = connect(command, token_url=identity.token_url, allow_http=True, **OAUTH)
    assert read_smtp_profile(settings)["tls_verified"] is False
