# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An identity provider: tokens for client credentials (RFC 6749 section 4.4)."""

from __future__ import annotations

import secrets
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from .credentials import basic
from .faults import Fault
from .listener import Listener
from .messages import Reply, Request, html_reply, json_reply
from .tls import Certificates, Tls

TOKEN_PATH = "/oauth2/token"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, kw_only=True)
class IdentityOptions:
    """How an identity provider behaves."""

    clients: Mapping[str, str] = field(default_factory=dict)
    """Client id -> client secret."""
    client_authentication: Literal["basic", "form", "either"] = "either"
    lifetime: float = 3600
    """Seconds a token is good for."""
    audience: str | None = None
    """If given, the audience that every request must name."""
    scopes: Collection[str] | None = None
    """If given, requests must name some of these and nothing else; empty: no scope may be named."""
    unauthorized: Collection[str] = ()
    """Clients that may not use client credentials."""
    tls: Tls = Tls.VALID
    faults: Sequence[Fault] = ()
    latency: float = 0.0

    def __post_init__(self) -> None:
        if self.client_authentication not in ("basic", "form", "either"):
            raise ValueError('client_authentication must be "basic", "form" or "either"')


class Refusal(Exception):
    """An error reply by its RFC 6749 name."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        content = {"error": error, "error_description": description}
        challenge = {"WWW-Authenticate": 'Basic realm="keyexample.com"'} if status == 401 else {}
        self.reply = json_reply(status, content, challenge | {"Cache-Control": "no-store"})


class IdentityProvider(Listener):
    """Issues tokens that Commands of the same emulator accept."""

    def __init__(self, certificates: Certificates, options: IdentityOptions) -> None:
        super().__init__(certificates.context(options.tls), options.faults, options.latency)
        self._options = options
        self._tokens: dict[str, tuple[str, float]] = {}
        self.token_url = self.url + TOKEN_PATH

    @property
    def issued(self) -> list[str]:
        """The tokens issued so far, in order, whether still good or not."""
        with self._lock:
            return list(self._tokens)

    def revoke_all(self) -> None:
        """Makes every token issued so far worthless."""
        with self._lock:
            self._tokens = {
                token: (client, 0.0) for token, (client, _expiry) in self._tokens.items()
            }

    def subject(self, token: str) -> str | None:
        """The client a token was issued to, while it is good."""
        with self._lock:
            client, end = self._tokens.get(token, (None, 0.0))
        return client if time.monotonic() < end else None

    def answer(self, request: Request) -> Reply:
        """A token, or why there is none."""
        if urlsplit(request.path).path != TOKEN_PATH:
            return html_reply(404, "There is nothing at this address.")
        if request.method != "POST":
            return html_reply(405, "Use POST.", {"Allow": "POST"})
        try:
            return self._issue(request)
        except Refusal as refusal:
            return refusal.reply

    def _issue(self, request: Request) -> Reply:
        form = _form(request)
        client = self._client(request, form)
        if form.get("grant_type") != "client_credentials":
            raise Refusal("unsupported_grant_type", "Only client_credentials is known here.")
        if client in self._options.unauthorized:
            raise Refusal("unauthorized_client", "This client may not use client_credentials.")
        if self._options.audience not in (None, form.get("audience"), form.get("resource")):
            raise Refusal("invalid_request", "The audience is missing or unknown.")
        self._check_scope(form)
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._tokens[token] = (client, time.monotonic() + self._options.lifetime)
        content: dict[str, object] = {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": int(self._options.lifetime),
        }
        if "scope" in form:
            content["scope"] = form["scope"]
        return json_reply(200, content, {"Cache-Control": "no-store"})

    def _client(self, request: Request, form: Mapping[str, str]) -> str:
        header = basic(request)
        in_form = "client_secret" in form
        if header and in_form:
            raise Refusal("invalid_request", "The client authenticates in two ways.")
        used = "form" if in_form else "basic"
        if self._options.client_authentication not in (used, "either"):
            raise Refusal("invalid_client", f"Authentication by {used} is not allowed.", 401)
        given = header or (form.get("client_id", ""), form.get("client_secret", ""))
        # RFC 6749 section 2.3.1 wants the header's values form-encoded; many clients don't.
        for client, secret in (given, tuple(unquote_plus(value) for value in given)):
            if secret and self._options.clients.get(client) == secret:
                return client
        raise Refusal("invalid_client", "The client is unknown or its secret is wrong.", 401)

    def _check_scope(self, form: Mapping[str, str]) -> None:
        allowed, asked = self._options.scopes, set(form.get("scope", "").split())
        if allowed is not None and (asked - set(allowed) or (allowed and not asked)):
            raise Refusal("invalid_scope", "The scope is missing or unknown.")


def _form(request: Request) -> dict[str, str]:
    media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type != FORM:
        raise Refusal("invalid_request", f"The body must be {FORM}.")
    return dict(parse_qsl(request.body.decode("utf-8", "replace")))
