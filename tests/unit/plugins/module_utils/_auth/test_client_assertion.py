# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Client assertions: what is sent, where it is read, and what its payload says about expiry."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp import read_smtp_profile
from ansible_collections.keyfactor.command.plugins.module_utils._auth.client_assertion import (
    MAX_BYTES,
    ClientAssertion,
    expiry_time,
)
from ansible_collections.keyfactor.command.plugins.module_utils._config.settings import (
    ConnectionSettings,
)
from tests.emulator import Command, Emulator, Fault, IdentityProvider
from tests.unit.support import (
    ASSERTION,
    CLIENT_ID,
    Connect,
    basic,
    failure,
    holds_secret,
    refusal,
    sent,
)

SIGNATURE = ASSERTION.rpartition(".")[2]
RENEWED = "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjQxMDI0NDQ4MDB9.unique-renewed-signature-6a02d9"
TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
NO_JWT = "it must be a JWT, three parts"


@pytest.fixture
def identity(emulator: Emulator) -> IdentityProvider:
    return emulator.identity(assertions={CLIENT_ID: ASSERTION})


@pytest.fixture
def command(emulator: Emulator, identity: IdentityProvider) -> Command:
    return emulator.command(identity=identity)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text(f"{ASSERTION}\n")
    return path


Asserted = Callable[..., ConnectionSettings]


@pytest.fixture
def asserted(connect: Connect, command: Command, identity: IdentityProvider) -> Asserted:
    """Return the settings of a client with an assertion."""

    def settings(**options: Any) -> ConnectionSettings:
        return connect(command, client_id=CLIENT_ID, token_url=identity.token_url, **options)

    return settings


def jwt(payload: object) -> str:
    encoded = base64.urlsafe_b64encode(json.dumps(payload).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJIUzI1NiJ9.{encoded}.{SIGNATURE}"


@pytest.mark.parametrize("given_as", ["client_assertion", "client_assertion_file"])
def test_the_request(
    asserted: Asserted, command: Command, identity: IdentityProvider, file: Path, given_as: str
) -> None:
    value = str(file) if given_as == "client_assertion_file" else f"{ASSERTION}\n"
    settings = asserted(scopes=["read"], **{given_as: value})
    result = read_smtp_profile(settings)
    (request,) = identity.requests
    assert parse_qs(request.body.decode()) == {
        "grant_type": ["client_credentials"],
        "scope": ["read"],
        "client_id": [CLIENT_ID],
        "client_assertion_type": [TYPE],
        "client_assertion": [ASSERTION],
    }
    assert "Authorization" not in request.headers
    assert sent(command, "Authorization") == [(f"Bearer {identity.issued[0]}",)]
    assert holds_secret([result, dict(settings.effective), repr(settings)]) == []


def test_the_file_is_read_for_each_request(
    asserted: Asserted, command: Command, identity: IdentityProvider, file: Path
) -> None:
    command.faults = [Fault.status(401)]
    assertion = ClientAssertion(CLIENT_ID, file=str(file))
    forms: list[dict[str, str]] = []

    def request_token(_headers: dict[str, str], form: dict[str, str]) -> Any:
        forms.append(form)

    assertion.authenticate(request_token)
    file.write_text(RENEWED)
    assertion.authenticate(request_token)
    assert [form["client_assertion"] for form in forms] == [ASSERTION, RENEWED]
    # An answer may still quote the earlier one.
    assert {ASSERTION, RENEWED} < set(assertion.secrets)
    assert "expires at 2100-01-01 00:00:00 UTC" in assertion.hint("invalid_client")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b" \n", "the file is empty"),
        (b"no token", NO_JWT),
        (f"Bearer {ASSERTION}".encode(), NO_JWT),
        (json.dumps({"access_token": ASSERTION}).encode(), NO_JWT),
        (ASSERTION.encode()[:-29], NO_JWT),
        (ASSERTION.encode() + b"x" * MAX_BYTES, NO_JWT),
        (ASSERTION.encode("utf-16"), NO_JWT),
        (b"\xff\xfe", NO_JWT),
    ],
)
def test_a_file_without_a_token(
    asserted: Asserted, identity: IdentityProvider, file: Path, content: bytes, reason: str
) -> None:
    file.write_bytes(content)
    settings = asserted(client_assertion_file=str(file))
    start = f"The value of client_assertion_file ({file}) cannot be used: {reason}"
    refusal(lambda: read_smtp_profile(settings), start)
    assert identity.connections == 0


@pytest.mark.parametrize("path", ["/nonexistent/token", "/"])
def test_a_file_that_cannot_be_read(
    asserted: Asserted, identity: IdentityProvider, path: str
) -> None:
    settings = asserted(client_assertion_file=path)
    message = f"The file {path} of client_assertion_file cannot be read"
    refusal(lambda: read_smtp_profile(settings), message, "makes the call")
    assert identity.connections == 0


@pytest.mark.parametrize("value", ["no token", "/run/secrets/token", f"Bearer {ASSERTION}"])
def test_text_that_is_no_token(asserted: Asserted, identity: IdentityProvider, value: str) -> None:
    error = refusal(
        lambda: read_smtp_profile(asserted(client_assertion=value)), "client_assertion", NO_JWT
    )
    assert value not in error.message
    assert identity.connections == 0


def test_an_encrypted_token_and_one_with_a_mark_before_it(file: Path) -> None:
    assert ClientAssertion("a", "eyJhbGciOiJkaXIifQ..aXY.dGV4dA.dGFn").token.count(".") == 4
    file.write_bytes(b"\xef\xbb\xbf" + ASSERTION.encode())
    assert ClientAssertion("a", file=str(file)).token == ASSERTION


@pytest.mark.parametrize("given_as", ["client_assertion", "client_assertion_file"])
def test_a_refusal_names_the_time_of_expiry(
    emulator: Emulator,
    asserted: Asserted,
    identity: IdentityProvider,
    command: Command,
    file: Path,
    given_as: str,
) -> None:
    value = str(file) if given_as == "client_assertion_file" else ASSERTION
    description = f"{ASSERTION} with {SIGNATURE} is not active."
    body = {"error": "invalid_client", "error_description": description}
    identity.faults = [Fault.status(401, body=body)]
    error = failure(
        lambda: read_smtp_profile(asserted(**{given_as: value})),
        f'client {CLIENT_ID} (401, "invalid_client: ******** with ******** is not active.")',
        f"The token of {given_as} expired at 2001-09-09 01:46:40 UTC: get a new one",
    )
    assert (error.kind, error.status, command.connections) == ("token", 401, 0)
    assert holds_secret(error.as_result(), ASSERTION, SIGNATURE) == []
    # There is no second way to send it.
    assert len(identity.requests) == 1


@pytest.mark.parametrize(
    ("payload", "error", "hint"),
    [
        ({"exp": 4102444800}, "invalid_client", "; it expires at 2100-01-01 00:00:00 UTC"),
        ({}, "invalid_grant", "subject and audience of the token of client_assertion"),
        ({"exp": 1}, "unauthorized_client", "expired at 1970-01-01 00:00:01 UTC"),
        ({}, "unauthorized_client", "grant, or check client_id, and issuer"),
        ({"exp": 1}, "invalid_scope", "Check scopes"),
        ({"exp": 1}, "unsupported_grant_type", "at the provider"),
    ],
)
def test_hints(payload: object, error: str, hint: str) -> None:
    assert hint in ClientAssertion("a", jwt(payload)).hint(error)


@pytest.mark.parametrize(
    ("token", "expiry"),
    [
        (jwt({"exp": 5}), 5.0),
        (jwt({"exp": 5.5}), 5.5),
        (jwt({"exp": "5"}), None),
        (jwt({"exp": True}), None),
        (jwt({"exp": None}), None),
        (jwt({"exp": 10**20}), None),
        (jwt({"exp": float("nan")}), None),
        (jwt({"exp": float("inf")}), None),
        (jwt({}), None),
        (jwt([{"exp": 5}]), None),
        (jwt("exp"), None),
        ("a.b.c", None),
        ("a..b.c.d", None),
        ("a", None),
        (f"a.{base64.b64encode(b'[' * 100000).decode()}.b", None),
    ],
)
def test_expiry_in_the_payload(token: str, expiry: float | None) -> None:
    assert expiry_time(token) == expiry


@given(st.text() | st.binary().map(lambda raw: f"a.{base64.b64encode(raw).decode()}.b"))
def test_any_payload(token: str) -> None:
    assert expiry_time(token) is None


def test_a_short_signature_does_not_corrupt_messages() -> None:
    assert ClientAssertion("a", "a.b.c").secrets == ()


def test_basic_is_never_sent(
    asserted: Asserted, identity: IdentityProvider, command: Command
) -> None:
    identity.faults = [Fault.oauth_error("invalid_request")]
    failure(lambda: read_smtp_profile(asserted(client_assertion=ASSERTION)), "invalid_request")
    assert basic(CLIENT_ID, ASSERTION) not in str(identity.requests)
    assert [request.headers.get("Authorization") for request in identity.requests] == [None]
