# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replies of the API and of the identity provider, as the bytes that arrive."""

from __future__ import annotations

import gzip
import json
from random import Random
from typing import Any

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp import read_smtp_profile
from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import (
    MEMBERS,
    SETTINGS,
)
from ansible_collections.keyfactor.command.plugins.module_utils._config.settings import (
    ConnectionSettings,
    resolve,
)
from ansible_collections.keyfactor.command.plugins.module_utils._errors import CommandError
from tests.emulator.wire import Release, SmtpProfile, camel_case, render
from tests.fuzz.checks import check_secrets, checked_kind, logged
from tests.fuzz.encodings import echo
from tests.fuzz.values import mutate, mutate_bytes, random_bytes, random_text, random_value
from tests.fuzz.wire import answering
from tests.unit.support import BASIC, CLIENT_SECRET, OAUTH, PASSWORD, TOKEN

HOST, IDENTITY = "command.example.com", "id.example.com"
CONNECTION = {
    "host": f"http://{HOST}/KeyfactorAPI",
    "allow_http": True,
    "use_proxy": False,
    "timeout": "20s",
}
CREDENTIALS: dict[str, dict[str, str]] = {
    "basic": BASIC,
    "basic with blanks": {**BASIC, "password": 'A "unique" päss & <word>\\ 1'},
    "oauth": {**OAUTH, "token_url": f"http://{IDENTITY}/token"},
    "token": {"access_token": TOKEN},
}
# What the server knows of itself, and must not be read from its replies.
RELAY_SECRETS = ("emulated-relay-password", "emulated-client-secret", "emulated-header-value")
# An outcome of replies can be none of these: there is a connection, and the options are right.
OTHER_KINDS = {"configuration", "resolve"}
RELEASES = [Release.parse(release) for release in ("10.1", "11.5", "25.1", "25.3")]
STATUSES = (200,) * 14 + (302, 400, 401, 403, 404, 405, 406, 429, 500, 501, 503)
MEDIA_TYPES = ("application/json",) * 6 + ("text/html; charset=utf-8", "application/xml", "")
# The members of an error, of the API and of an identity provider.
API_ERROR = ("ErrorCode", "Message", "title")
TOKEN_ERROR = ("error", "error_description", "access_token")
WORDS = (
    *MEMBERS,
    *API_ERROR,
    *TOKEN_ERROR,
    "SecretValue",
    "Provider",
    "Parameters",
    "UnsupportedPAMSecret",
)
HEADERS = (
    "Location",
    "WWW-Authenticate",
    "X-Keyfactor-Product-Version",
    "X-Keyfactor-Correlation-Id",
    "Api-Supported-Versions",
    "Retry-After",
    "Set-Cookie",
    "Content-Encoding",
    "Transfer-Encoding",
    "Content-Length",
    "X-" + "a" * 100,
)
HEADER_VALUES = (
    "https://login.example.com/adfs/ls?ReturnUrl=%2F",
    "/KeyfactorAPI/SMTP",
    "http://[::1",
    "//",
    "Negotiate, NTLM",
    'Basic realm="a", Bearer error="invalid_token"',
    ", ,",
    "25.4.1+dc0db2c8af1b",
    "0f8fad5b-d9cb-469f-a165-70867728950e",
    "1.0, 2",
    "1.0",
    "3",
    "120",
    "-1",
    "Fri, 31 Dec 9999 23:59:59 -2359",
    "Mon, 01 Jan 0001 00:00:00 +2359",
    "gzip",
    "deflate, gzip",
    "br",
    "chunked",
    "0",
    "99999999999999999999",
)
TOKEN_REPLY = {"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600}


class Replies:
    """Read a profile from random replies: it is a result, or an error without secrets."""

    name = "replies"

    def generate(self, rng: Random) -> dict[str, Any]:
        """Return one of the ways to authenticate, and what the servers answer."""
        kind = rng.choice(list(CREDENTIALS))
        secrets = _secrets(CREDENTIALS[kind])
        token_reply = ISSUED if rng.random() < 0.7 else _reply(rng, secrets, TOKEN_REPLY)
        return {
            "credentials": kind,
            "options": {
                "api_version": rng.choice(("auto", "auto", "1", "2")),
                "retries": rng.choice((0, 0, 1, 3)),
            },
            "replies": [
                _reply(rng, secrets, _profile(rng)) for _number in range(rng.randint(1, 3))
            ],
            "token_replies": [token_reply, _reply(rng, secrets, TOKEN_REPLY)],
        }

    def check(self, case: Any) -> str:
        """Return C(profile), or the kind of the error."""
        credentials = CREDENTIALS[case["credentials"]]
        secrets = (*_secrets(credentials), *RELAY_SECRETS)
        if "client_id" in credentials and case["token_replies"][:1] != [ISSUED]:
            # A token that nobody was given is no secret.
            secrets = tuple(secret for secret in secrets if secret != TOKEN)
        settings = resolve({**CONNECTION, **credentials, **case["options"]}, {})
        replies = {HOST: case["replies"] or [b""], IDENTITY: case["token_replies"] or [b""]}
        with answering(replies), logged() as log:
            outcome = self._outcome(settings, secrets)
        check_secrets(log, secrets)
        return outcome

    def _outcome(self, settings: ConnectionSettings, secrets: tuple[str, ...]) -> str:
        try:
            result = read_smtp_profile(settings)
        except CommandError as error:
            kind = checked_kind(error, secrets, "")
            assert kind not in OTHER_KINDS, kind
            return kind
        assert set(result["smtp"]) == set(SETTINGS)
        assert json.loads(json.dumps(result, allow_nan=False)) == result
        # The settings themselves are as the server sent them.
        shown = {**result, "smtp": None, "ansible_facts": None}
        check_secrets(shown, secrets)
        check_secrets(result, RELAY_SECRETS)
        texts = [result[name] or "" for name in ("product_version", "correlation_id")]
        texts += result["unknown_members"]
        assert all(text.isprintable() and len(text) <= 200 for text in texts), texts
        return "profile"


def _secrets(credentials: dict[str, str]) -> tuple[str, ...]:
    secrets = (PASSWORD, CLIENT_SECRET, TOKEN, credentials.get("password", ""))
    sent = (credentials.get(name) for name in ("password", "client_secret", "access_token"))
    known = {each for each in sent if each} | ({TOKEN} if "client_id" in credentials else set())
    return tuple(secret for secret in dict.fromkeys(secrets) if secret in known)


def _profile(rng: Random) -> Any:
    release, version = rng.choice(RELEASES), rng.choice((1, 2))
    in_pam = rng.random() < 0.2
    content: Any = render(SmtpProfile(relay_username_in_pam=in_pam), release, version)
    return camel_case(content) if rng.random() < 0.2 else content


def _reply(rng: Random, secrets: tuple[str, ...], good: Any) -> bytes:
    """Return a reply that is more or less like a good one."""
    headers = {"Content-Type": rng.choice(MEDIA_TYPES)}
    for _number in range(rng.choice((0, 0, 1, 2))):
        text = rng.choice(
            (rng.choice(HEADER_VALUES), random_text(rng), echo(rng, _one(rng, secrets)))
        )
        headers[rng.choice(HEADERS)] = text
    body = _body(rng, secrets, good)
    if rng.random() < 0.05:
        headers["Content-Encoding"] = "gzip"
        # Once, or more than the collection takes.
        times = rng.choice((1, 1, 2_000_000 // (len(body) + 1)))
        body = gzip.compress(body * times, mtime=0)
        body = mutate_bytes(rng, body, 1)
    status = rng.choice(STATUSES) if rng.random() < 0.9 else rng.randint(100, 999)
    raw = _message(status, headers, body, echo(rng, _one(rng, secrets)))
    return mutate_bytes(rng, raw) if rng.random() < 0.1 else raw


def _message(status: int, headers: dict[str, str], body: bytes, reason: str = "") -> bytes:
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {headers[name]}" for name in headers)]
    if not {"Content-Length", "Transfer-Encoding"} & set(headers):
        lines.append(f"Content-Length: {len(body)}")
    clean = [line.replace("\r", " ").replace("\n", " ") for line in lines]
    return "\r\n".join([*clean, "", ""]).encode("utf-8", "replace") + body


ISSUED = _message(200, {}, json.dumps(TOKEN_REPLY).encode())


def _body(rng: Random, secrets: tuple[str, ...], good: Any) -> bytes:
    kind = rng.random()
    if kind < 0.08:
        return random_bytes(rng)
    if kind < 0.12:
        depth = rng.choice((10, 1000, 20000))
        opening, closing = rng.choice((("[", "]"), ('{"Host":', "}")))
        return (opening * depth + "1" + closing * depth).encode()
    if kind < 0.25:
        return _page(rng, echo(rng, _one(rng, secrets))).encode("utf-8", "replace")
    content = mutate(rng, good, WORDS, rng.choice((0, 1, 3)))
    if kind < 0.38:
        texts = (echo(rng, _one(rng, secrets)), random_text(rng, 300), random_value(rng))
        members = TOKEN_ERROR if good is TOKEN_REPLY else API_ERROR
        content = {name: rng.choice(texts) for name in rng.sample(members, rng.randint(1, 3))}
    elif kind < 0.5 and isinstance(content, dict):
        content = {**content, echo(rng, _one(rng, secrets)): 1}
    text = json.dumps(content, ensure_ascii=rng.random() < 0.5)
    if rng.random() < 0.1:
        text = text.replace(
            rng.choice(("1", "587", "true")), rng.choice(("NaN", "1e999", "9" * 5000))
        )
    encoding = rng.choice(("utf-8",) * 8 + ("utf-16", "utf-8-sig", "latin-1"))
    body = text.encode(encoding, "replace")
    return mutate_bytes(rng, body) if rng.random() < 0.2 else body


def _page(rng: Random, text: str) -> str:
    pieces = [
        "<!doctype html>",
        "<html>",
        f"<title>{text}</title>",
        f"<title lang='{text}'>IIS</title>",
        "<title>",
        f"<h1>{text}</h1>",
        "<input type=password>",
        f"<input type='text' value='{text}'>",
        "<",
        "403.7 client certificate",
        "<input " * 3000,
        "<title" * 3000,
    ]
    return "".join(rng.choice(pieces) for _number in range(rng.randint(1, 6)))


def _one(rng: Random, secrets: tuple[str, ...]) -> str:
    return rng.choice(secrets)
