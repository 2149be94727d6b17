# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An emulated OAuth identity provider for client credentials (RFC 6749 section 4.4)."""

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
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True, kw_only=True)
class IdentityOptions:
    """Options of an emulated identity provider."""

    clients: Mapping[str, str] = field(default_factory=dict)
    """Client secrets by client ID."""
    assertions: Mapping[str, str] = field(default_factory=dict)
    """By client ID, the text of the only JWT that is accepted as its client assertion (RFC 7523)."""
    client_authentication: Literal["basic", "form", "either"] = "either"
    lifetime: float = 3600
    """Seconds for which a token is valid."""
    audience: str | None = None
    """Audience that every request must name, or None."""
    scopes: Collection[str] | None = None
    """Scopes of which every request must name at least one and no other; empty forbids any scope."""
    unauthorized: Collection[str] = ()
    """Client IDs that may not use the client credentials grant."""
    tls: Tls = Tls.VALID
    faults: Sequence[Fault] = ()
    latency: float = 0.0

    def __post_init__(self) -> None:
        if self.client_authentication not in ("basic", "form", "either"):
            raise ValueError('client_authentication must be "basic", "form" or "either"')


class TokenError(Exception):
    """An OAuth error response (RFC 6749 section 5.2)."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        content = {"error": error, "error_description": description}
        challenge = {"WWW-Authenticate": 'Basic realm="keyexample.com"'} if status == 401 else {}
        self.reply = json_reply(status, content, challenge | {"Cache-Control": "no-store"})


class IdentityProvider(Listener):
    """An identity provider whose tokens the Commands of the same emulator accept."""

    def __init__(self, certificates: Certificates, options: IdentityOptions) -> None:
        super().__init__(certificates.context(options.tls), options.faults, options.latency)
        self._options = options
        self._tokens: dict[str, tuple[str, float]] = {}
        self.token_url = self.url + TOKEN_PATH

    @property
    def issued(self) -> list[str]:
        """The tokens issued so far, in order, valid or not."""
        with self._lock:
            return list(self._tokens)

    def revoke_all(self) -> None:
        """Revoke every token issued so far."""
        with self._lock:
            self._tokens = {
                token: (client, 0.0) for token, (client, _expiry) in self._tokens.items()
            }

    def subject(self, token: str) -> str | None:
        """Return the client ID to which a valid token was issued, or None."""
        with self._lock:
            client, expiry = self._tokens.get(token, (None, 0.0))
        return client if time.monotonic() < expiry else None

    def answer(self, request: Request) -> Reply:
        """Return a token or an OAuth error."""
        if urlsplit(request.path).path != TOKEN_PATH:
            return html_reply(404, "The resource cannot be found.")
        if request.method != "POST":
            return html_reply(405, "Use POST.", {"Allow": "POST"})
        try:
            return self._issue(request)
        except TokenError as error:
            return error.reply

    def _issue(self, request: Request) -> Reply:
        form = _form(request)
        client = self._client(request, form)
        if form.get("grant_type") != "client_credentials":
            raise TokenError("unsupported_grant_type", "Only client_credentials is supported.")
        if client in self._options.unauthorized:
            raise TokenError("unauthorized_client", "This client may not use client_credentials.")
        if self._options.audience not in (None, form.get("audience"), form.get("resource")):
            raise TokenError("invalid_request", "The audience is missing or unknown.")
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
        asserted = "client_assertion" in form or "client_assertion_type" in form
        if bool(header) + in_form + asserted > 1:
            raise TokenError("invalid_request", "The client authenticates in two ways.")
        if asserted:
            return self._asserted_client(form)
        method = "form" if in_form else "basic"
        if self._options.client_authentication not in (method, "either"):
            raise TokenError("invalid_client", f"Authentication by {method} is not allowed.", 401)
        credentials = header or (form.get("client_id", ""), form.get("client_secret", ""))
        # RFC 6749 section 2.3.1 requires form encoding in the header; many clients omit it.
        for client, secret in (credentials, tuple(unquote_plus(value) for value in credentials)):
            if secret and self._options.clients.get(client) == secret:
                return client
        raise TokenError("invalid_client", "The client is unknown or its secret is wrong.", 401)

    def _asserted_client(self, form: Mapping[str, str]) -> str:
        client, assertion = form.get("client_id", ""), form.get("client_assertion")
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            raise TokenError("invalid_request", "The client_assertion_type is unknown.")
        if assertion and self._options.assertions.get(client) == assertion:
            return client
        raise TokenError("invalid_client", "The client is unknown or its assertion is wrong.", 401)

    def _check_scope(self, form: Mapping[str, str]) -> None:
        allowed, requested = self._options.scopes, set(form.get("scope", "").split())
        if allowed is not None and (requested - set(allowed) or (allowed and not requested)):
            raise TokenError("invalid_scope", "The scope is missing or unknown.")


def _form(request: Request) -> dict[str, str]:
    media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type != FORM:
        raise TokenError("invalid_request", f"The body must be {FORM}.")
    return dict(parse_qsl(request.body.decode("utf-8", "replace")))
