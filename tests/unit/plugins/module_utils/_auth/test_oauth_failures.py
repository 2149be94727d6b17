# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a token endpoint can answer in place of a token: always kind token, and never a call of Command."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp import read_smtp_profile
from ansible_collections.keyfactor.command.plugins.module_utils._errors import CommandError
from tests.emulator import Command, Emulator, Fault, IdentityProvider, Tls
from tests.unit.support import (
    CLIENT_ID,
    CLIENT_SECRET,
    OAUTH,
    TOKEN,
    Connect,
    Pauses,
    basic,
    failure,
    refusal,
)

Refuse = Callable[..., CommandError]


@pytest.fixture
def refuse(emulator: Emulator, command: Command, connect: Connect) -> Refuse:
    """Fail at an identity provider, and not at Command."""

    def call(identity: IdentityProvider, *phrases: str, **options: Any) -> CommandError:
        given = {"token_url": identity.token_url, "auth_ca_cert": str(emulator.ca_cert), **OAUTH}
        settings = connect(command, **{**given, **options})
        error = failure(lambda: read_smtp_profile(settings), *phrases)
        assert error.kind == "token", error.message
        assert error.url == identity.token_url
        assert command.connections == 0
        return error

    return call


@pytest.mark.parametrize(
    ("options", "given", "status", "phrases", "requests"),
    [
        ({"clients": {CLIENT_ID: "other"}}, {}, 401, ["invalid_client", "client_secret"], 2),
        ({"clients": {}}, {}, 401, [f"client {CLIENT_ID}", "invalid_client"], 2),
        ({"unauthorized": [CLIENT_ID]}, {}, 400, ["unauthorized_client", "grant"], 1),
        ({"scopes": ["read"]}, {"scopes": "write"}, 400, ["invalid_scope", "Check scopes"], 1),
        ({"audience": "command"}, {}, 400, ["invalid_request", "audience"], 2),
    ],
)
def test_its_error_and_description_are_quoted(
    emulator: Emulator,
    refuse: Refuse,
    options: dict[str, Any],
    given: dict[str, Any],
    status: int,
    phrases: list[str],
    requests: int,
) -> None:
    identity = emulator.identity(**{"clients": {CLIENT_ID: CLIENT_SECRET}, **options})
    error = refuse(identity, *phrases, str(status), **given)
    assert error.status == status
    assert error.detail
    assert f', "{error.detail}")' in error.message
    assert re.match(r"[a-z_]+: \w", error.detail)
    assert len(identity.requests) == requests


def test_the_words_about_the_client_outweigh_those_about_the_way(
    identity: IdentityProvider, refuse: Refuse
) -> None:
    identity.faults = [
        Fault.oauth_error("invalid_client", times=1),
        Fault.oauth_error("unsupported_way"),
    ]
    refuse(identity, "invalid_client")


@pytest.mark.parametrize(
    ("fault", "status", "phrases"),
    [
        (Fault.status(404), 404, ["404", "token_url"]),
        (Fault.status(500, body="<html>oops"), 500, ["500", "a page"]),
        (Fault.status(400, body="{}"), 400, ["400", "no OAuth error"]),
        (Fault.status(400, body='{"error": 5}'), 400, ["400", "no OAuth error"]),
        (Fault.redirect("https://other.example.com/"), 302, ["302"]),
        (Fault.html(), 200, ["without an access_token", "token_url"]),
        (Fault.not_json(), 200, ["without an access_token"]),
        (Fault.body("[" * 100000), 200, ["without an access_token"]),
        (Fault.body(b"\xff\xfe\x00"), 200, ["without an access_token"]),
        (Fault.body("[]"), 200, ["without an access_token"]),
        (Fault.body('{"access_token": 5}'), 200, ["without an access_token"]),
        (Fault.body('{"access_token": ""}'), 200, ["without an access_token"]),
        (Fault.body('{"access_token": "a", "token_type": "mac"}'), 200, ["not a bearer token"]),
        (Fault.body('{"access_token": "a\\nb"}'), 200, ["cannot be sent"]),
        (Fault.too_large(), 200, ["1 MiB"]),
        (Fault.cut_off(), None, ["cut off"]),
    ],
)
def test_no_usable_answer(
    identity: IdentityProvider, refuse: Refuse, fault: Fault, status: int | None, phrases: list[str]
) -> None:
    identity.faults = [fault]
    assert refuse(identity, *phrases).status == status


@pytest.mark.parametrize(
    "body", ['{"access_token": "abc"}', '{"access_token": "abc", "token_type": "BEARER"}']
)
def test_a_token_type_in_any_case_or_none(
    emulator: Emulator, identity: IdentityProvider, connect: Connect, body: str
) -> None:
    identity.faults = [Fault.body(body)]
    command = emulator.command(tokens=["abc"])
    given = {"token_url": identity.token_url, "auth_ca_cert": str(emulator.ca_cert), **OAUTH}
    read_smtp_profile(connect(command, **given))


@pytest.mark.parametrize(
    ("fault", "attempts", "phrase"),
    [
        (Fault.status(503), 3, "503"),
        (Fault.status(429), 3, "429"),
        (Fault.drop(), 3, "closed the connection"),
        (Fault.status(500), 1, "500"),
        (Fault.drip("headers", interval=0.1), 3, "0.2 s"),
    ],
)
def test_retries_count_here_too(
    identity: IdentityProvider,
    refuse: Refuse,
    pauses: Pauses,
    fault: Fault,
    attempts: int,
    phrase: str,
) -> None:
    identity.faults = [fault]
    timeout = "0.2" if phrase == "0.2 s" else "20"
    error = refuse(identity, phrase, retries=2, timeout=timeout)
    assert (error.attempts, len(pauses)) == (attempts, attempts - 1)


@pytest.mark.parametrize(
    ("tls", "phrases"),
    [
        (Tls.EXPIRED, ["expired"]),
        (Tls.WRONG_NAME, ["not for the name localhost"]),
        (Tls.UNKNOWN_CA, ["auth_ca_cert"]),
        (Tls.PLAIN_HTTP, ["without TLS"]),
    ],
)
def test_no_trust(emulator: Emulator, refuse: Refuse, tls: Tls, phrases: list[str]) -> None:
    identity = emulator.identity(tls=tls)
    identity.token_url = identity.token_url.replace("http://", "https://")
    refuse(identity, *phrases)
    assert identity.requests == []


def test_nothing_listens(emulator: Emulator, identity: IdentityProvider, refuse: Refuse) -> None:
    identity.token_url = f"https://localhost:{emulator.closed_port()}/token"
    refuse(identity, "refused the connection", identity.token_url)


@pytest.mark.parametrize(
    "echoed", [CLIENT_SECRET, basic(CLIENT_ID, CLIENT_SECRET)], ids=["secret", "header"]
)
def test_an_echoed_secret_is_masked(
    identity: IdentityProvider, refuse: Refuse, echoed: str
) -> None:
    body = {"error": "invalid_request", "error_description": f"You sent {echoed} to me"}
    identity.faults = [Fault.status(400, body=body)]
    error = refuse(identity, f'refused client {CLIENT_ID} (400, "invalid_request: You sent ')
    assert re.fullmatch(r"invalid_request: You sent (Basic )?\*{8} to me", str(error.detail))


def test_an_echoed_token_that_command_refused_is_masked(
    emulator: Emulator, identity: IdentityProvider, command: Command, connect: Connect
) -> None:
    """After a 401 of Command there is a second request, which may be answered with the first token."""
    issued = {"access_token": TOKEN, "token_type": "Bearer"}
    refused = {"error": "invalid_scope", "error_description": f"The token {TOKEN} is valid"}
    identity.faults = [Fault.status(200, body=issued, times=1), Fault.status(400, body=refused)]
    command.faults = [Fault.status(401)]
    settings = connect(
        command, token_url=identity.token_url, auth_ca_cert=str(emulator.ca_cert), **OAUTH
    )
    error = failure(lambda: read_smtp_profile(settings), "The token ******** is valid")
    assert (error.kind, len(identity.requests)) == ("token", 2)


@pytest.mark.parametrize("fault", [Fault.drop(), Fault.status(404), Fault.cut_off()])
def test_the_query_of_token_url_is_not_shown(
    emulator: Emulator, identity: IdentityProvider, command: Command, connect: Connect, fault: Fault
) -> None:
    """Some providers want a key there; the settings and the messages leave it out."""
    key = "query-key-77aa10c5"
    identity.faults = [fault]
    given = {"token_url": f"{identity.token_url}?code={key}", **OAUTH}
    settings = connect(command, auth_ca_cert=str(emulator.ca_cert), **given)
    error = failure(lambda: read_smtp_profile(settings), identity.token_url)
    assert key not in str(error.as_result())
    assert key not in str(settings.effective)


@pytest.mark.parametrize("name", OAUTH)
def test_a_client_that_is_no_unicode(
    identity: IdentityProvider, command: Command, connect: Connect, name: str
) -> None:
    """Such text comes from environment variables that are not UTF-8."""
    given = {**OAUTH, name: f"{OAUTH[name]}\udcff", "token_url": identity.token_url}
    refusal(lambda: read_smtp_profile(connect(command, **given)), name)
    assert identity.connections == 0
