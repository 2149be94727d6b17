# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""OAuth 2.0 client credentials (RFC 6749, section 4.4): one token for all calls of a task."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote_plus, urlsplit

from .._errors import CommandError
from .._http.transport import Response, Transport
from .._sanitize import quote_untrusted, redact_url
from .base import Auth, basic_header, bearer_header

# Answers that are about something else than how the client authenticated.
FINAL = frozenset(
    ("invalid_scope", "invalid_target", "unauthorized_client", "unsupported_grant_type")
)


class ClientCredentials(Auth):
    """A client that gets its tokens from an identity provider.

    Providers differ in where they want the client's secret: the header is tried first, the form
    second, as Go's oauth2 library does for Keyfactor's own tools.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        token_url: str,
        scopes: tuple[str, ...] = (),
        audience: str | None = None,
        *,
        allow_http: bool,
        transport: Transport,
    ) -> None:
        check_token_url(token_url, allow_http)
        self.client_id = client_id
        self.client_secret = client_secret
        self.token_url = token_url
        self.shown_url = redact_url(token_url, (client_secret,))
        self.form = {"grant_type": "client_credentials"}
        if scopes:
            self.form["scope"] = " ".join(scopes)
        if audience:
            self.form["audience"] = audience
        self.transport = transport
        self.account_label = f"client {client_id}"
        self.hint = "Check that Command trusts this identity provider and knows the client, and check scopes and audience"

    def obtain(self) -> None:
        """Get a token, unless there is one."""
        if self.header is None:
            self.header = self._fetch()

    def renew(self) -> bool:
        """Get a fresh token: the last one may have expired or been revoked."""
        self.header = self._fetch()
        return True

    def _fetch(self) -> str:
        reply = self._ask({"Authorization": self._pair()}, {})
        if reply.status in (400, 401) and _members(reply).get("error") not in FINAL:
            first, first_error = reply, _members(reply).get("error")
            inside = {"client_id": self.client_id, "client_secret": self.client_secret}
            reply = self._ask({}, inside)
            # Where both ways fail, a provider may speak of the way that it does not know.
            if reply.status != 200 and first_error == "invalid_client":
                reply = first
        return self._header(reply)

    def _ask(self, headers: dict[str, str], inside: dict[str, str]) -> Response:
        try:
            return self.transport.send(
                "POST",
                self.token_url,
                headers={"Accept": "application/json", **headers},
                form={**self.form, **inside},
            )
        except CommandError as error:
            raise CommandError(
                "token",
                f"No token could be had: {error.message}",
                status=error.status,
                url=self.shown_url,
                detail=error.detail,
                attempts=error.attempts,
            ) from None

    def _header(self, reply: Response) -> str:
        members = _members(reply)
        token = members.get("access_token")
        if reply.status != 200:
            raise self._refused(reply, members)
        if not isinstance(token, str) or not token:
            raise self._failure(
                reply, "answered without an access_token", "Check that token_url is the right one"
            )
        if str(members.get("token_type", "bearer")).lower() != "bearer":
            raise self._failure(
                reply, "answered with a token that is not a bearer token", "Check token_url"
            )
        try:
            return bearer_header(token)
        except CommandError:
            raise self._failure(
                reply, "answered with a token that cannot be sent", "Check token_url"
            ) from None

    def _refused(self, reply: Response, members: dict[str, Any]) -> CommandError:
        known = [members.get("error"), members.get("error_description")]
        said = ": ".join(
            quote_untrusted(word, self._secrets()) for word in known if isinstance(word, str)
        )
        why = f'refused client {self.client_id} ({reply.status}, "{said}")'
        if said:
            return self._failure(reply, why, _advice(str(known[0])), said)
        page = "a page" if b"<html" in reply.body[:4096].lower() else "no OAuth error"
        return self._failure(
            reply, f"answered {reply.status} with {page}", "Check token_url and the provider"
        )

    def _failure(
        self, reply: Response, why: str, advice: str, detail: str | None = None
    ) -> CommandError:
        return CommandError(
            "token",
            f"The token endpoint {self.shown_url} {why}. {advice}.",
            status=reply.status,
            url=self.shown_url,
            detail=detail,
            attempts=reply.attempts,
        )

    def _pair(self) -> str:
        """Return the header of RFC 6749, section 2.3.1."""
        return basic_header(quote_plus(self.client_id), quote_plus(self.client_secret))

    def _secrets(self) -> tuple[str, ...]:
        pairs = (self._pair(), basic_header(self.client_id, self.client_secret))
        return (self.client_secret, *(pair.partition(" ")[2] for pair in pairs))


def check_token_url(token_url: str, allow_http: bool) -> None:
    """Refuse an address that cannot be called or would show the secret."""
    try:
        parts = urlsplit(token_url)
        usable = parts.scheme in ("https", "http") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.username is not None:
        raise CommandError(
            "configuration",
            "The value of token_url cannot be used: it must be an https:// URL without a user.",
        )
    if parts.scheme == "http" and not allow_http:
        raise CommandError(
            "configuration",
            "token_url begins with http://, so the client's secret would travel unprotected. "
            "Use https://, or set allow_http if that is what you want.",
        )


def _members(reply: Response) -> dict[str, Any]:
    try:
        content = json.loads(reply.body)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _advice(error: str) -> str:
    return {
        "invalid_client": "Check client_id and client_secret",
        "invalid_scope": "Check scopes",
        "invalid_target": "Check audience",
        "unauthorized_client": "Allow the client the client-credentials grant",
        "unsupported_grant_type": "Allow the client-credentials grant at the provider",
    }.get(error, "Check client_id, client_secret, scopes and audience")
