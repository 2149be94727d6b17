# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Client assertions against Authlib, which verifies signature, claims and expiry."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from authlib.oauth2.rfc7523 import client_secret_jwt_sign, private_key_jwt_sign
from joserfc.jwk import Key, OctKey, RSAKey

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp import read_smtp_profile
from ansible_collections.keyfactor.command.plugins.module_utils._errors import CommandError
from tests.emulator import Command, Emulator, Fault
from tests.support.oauth_provider import OAuthProvider
from tests.unit.support import CLIENT_ID, Connect, failure, holds_secret

Sign = Callable[..., str]


KEY = RSAKey.generate_key(2048)
SHARED = OctKey.generate_key(256)


@pytest.fixture
def provider(emulator: Emulator) -> OAuthProvider:
    keys = {CLIENT_ID: KEY, "by-secret": SHARED}
    return emulator.serve(lambda context: OAuthProvider(context, keys, single_use=True))


@pytest.fixture
def command(emulator: Emulator, provider: OAuthProvider) -> Command:
    return emulator.command(identity=provider)


@pytest.fixture
def sign(provider: OAuthProvider) -> Sign:
    def sign(key: Key = KEY, audience: str = provider.token_url, **claims: Any) -> str:
        return str(private_key_jwt_sign(key, CLIENT_ID, audience, **claims))

    return sign


Read = Callable[..., dict[str, Any]]


@pytest.fixture
def read(connect: Connect, command: Command, provider: OAuthProvider) -> Read:
    def read(**options: Any) -> dict[str, Any]:
        given = {"client_id": CLIENT_ID, "token_url": provider.token_url, **options}
        return read_smtp_profile(connect(command, **given))

    return read


def refused(call: Callable[[], object], assertion: str, *phrases: str) -> CommandError:
    error = failure(call, 'refused client kf-client (400, "invalid_client', *phrases)
    assert error.kind == "token"
    # Neither the token nor any part of it.
    assert holds_secret(error.as_result(), assertion, *assertion.split(".")) == []
    return error


def test_signed_with_a_private_key(read: Read, sign: Sign, provider: OAuthProvider) -> None:
    assert read(client_assertion=sign())["smtp"]["port"] == 587
    assert list(provider.issued.values()) == [CLIENT_ID]


def test_signed_with_a_shared_secret(read: Read, provider: OAuthProvider) -> None:
    assertion = client_secret_jwt_sign(SHARED, "by-secret", provider.token_url)
    assert read(client_id="by-secret", client_assertion=assertion)["smtp"]["port"] == 587
    assert list(provider.issued.values()) == ["by-secret"]


def test_a_file_that_is_renewed(
    read: Read, sign: Sign, provider: OAuthProvider, tmp_path: Path
) -> None:
    """This provider accepts each token once."""
    path = tmp_path / "token"
    for count in (1, 2):
        path.write_text(sign() + "\n")
        read(client_assertion_file=str(path))
        assert len(provider.issued) == count
    failure(lambda: read(client_assertion_file=str(path)), "JWT ID is used before")


def test_a_fresh_token_needs_a_fresh_assertion(
    read: Read, sign: Sign, provider: OAuthProvider, command: Command
) -> None:
    command.faults = [Fault.status(401, times=1)]
    assertion = sign()
    refused(lambda: read(client_assertion=assertion), assertion, "JWT ID is used before")
    assert (len(provider.issued), len(command.requests)) == (1, 1)


def test_an_expired_token(read: Read, sign: Sign, command: Command) -> None:
    assertion = sign(issued_at=1000000000, expires_at=1000000300)
    message = "The token of client_assertion expired at 2001-09-09 01:51:40 UTC"
    refused(lambda: read(client_assertion=assertion), assertion, message)
    assert command.connections == 0


@pytest.mark.parametrize(
    "claims", [{"key": RSAKey.generate_key(2048)}, {"audience": "https://other.example.com/token"}]
)
def test_another_key_or_audience(read: Read, sign: Sign, claims: dict[str, Any]) -> None:
    expires_at = int(time.time()) + 3000
    assertion = sign(**claims, expires_at=expires_at)
    when = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(expires_at))
    hint = "issuer, subject and audience of the token of client_assertion; it expires at"
    refused(lambda: read(client_assertion=assertion), assertion, f"{hint} {when}")
