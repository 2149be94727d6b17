# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""OAuth 2.0 client credentials (RFC 6749, section 4.4): one token for all calls of a task."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote_plus, urlsplit

from .._errors import CommandError, configuration_error, unusable_value_error
from .._http.response import Response
from .._http.transport import Transport
from .._sanitize import quote_untrusted, redact_url
from .base import Auth, basic_header, bearer_header

if TYPE_CHECKING:
    from .base import AuthFlow

DEFAULT_HINT = "Check client_id, client_secret, scopes and audience"
HINTS = {
    "invalid_client": "Check client_id and client_secret",
    "invalid_scope": "Check scopes",
    "invalid_target": "Check audience",
    "unauthorized_client": "Allow the client the client-credentials grant",
    "unsupported_grant_type": "Allow the client-credentials grant at the provider",
}
# Errors that have nothing to do with how the client authenticated.
FINAL_ERRORS = HINTS.keys() - {"invalid_client"}


class ClientCredentials(Auth):
    """A client that gets its tokens from an identity provider.

    Providers differ in where they expect the secret: the header is tried first, then the form.
    """

    hint = (
        "Check that Command trusts this identity provider and knows the client, "
        "and check scopes and audience"
    )

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
        # RFC 6749, section 2.3.1.
        self.client_header = basic_header(quote_plus(client_id), quote_plus(client_secret))
        self.token_url = token_url
        self.shown_url = redact_url(token_url, (client_secret,))
        self.form = {"grant_type": "client_credentials"}
        if scopes:
            self.form["scope"] = " ".join(scopes)
        if audience:
            self.form["audience"] = audience
        self.transport = transport
        self.account_label = f"client {client_id}"

    def flow(self) -> AuthFlow:
        """Get a token once, and a fresh one if the server refuses it: it may have expired."""
        if self.header is None:
            self.header = self._fetch_token()
        response = yield self.sign
        if response.status == HTTPStatus.UNAUTHORIZED:
            self.header = self._fetch_token()
            yield self.sign

    def _fetch_token(self) -> str:
        """Return the header with a new token. :raises CommandError: of kind token."""
        response = self._request_token({"Authorization": self.client_header}, {})
        error = response.json_members().get("error")
        if response.status in (400, 401) and str(error) not in FINAL_ERRORS:
            credentials = {"client_id": self.client_id, "client_secret": self.client_secret}
            second = self._request_token({}, credentials)
            # If both ways fail, a provider may complain about the way that it does not support.
            if second.status == HTTPStatus.OK or error != "invalid_client":
                response = second
        if response.status != HTTPStatus.OK:
            raise self._refused_error(response)
        return self._token_header(response)

    def _request_token(self, headers: dict[str, str], form: dict[str, str]) -> Response:
        headers = {"Accept": "application/json", **headers}
        form = {**self.form, **form}
        try:
            response = self.transport.send("POST", self.token_url, headers=headers, form=form)
        except CommandError as error:
            raise CommandError(
                "token",
                f"No token could be had: {error.message}",
                status=error.status,
                url=self.shown_url,
                detail=error.detail,
                attempts=error.attempts,
            ) from None
        return replace(response, url=self.shown_url)

    def _token_header(self, response: Response) -> str:
        members = response.json_members()
        token = members.get("access_token")
        if not isinstance(token, str) or not token:
            problem = "answered without an access_token"
        elif str(members.get("token_type", "bearer")).lower() != "bearer":
            problem = "answered with a token that is not a bearer token"
        else:
            try:
                return bearer_header(token)
            except CommandError:
                problem = "answered with a token that cannot be sent"
        raise _error(response, problem, "Check token_url")

    def _refused_error(self, response: Response) -> CommandError:
        members = response.json_members()
        error = members.get("error")
        # A server may echo the secret, also amid what was sent with it, or an earlier token.
        secrets = (self.client_secret, *self.secrets)
        parts = (error, members.get("error_description"))
        quotes = [quote_untrusted(part, secrets) for part in parts if isinstance(part, str)]
        detail = ": ".join(quotes)
        if detail:
            problem = f'refused client {self.client_id} ({response.status}, "{detail}")'
            return _error(response, problem, HINTS.get(str(error), DEFAULT_HINT), detail)
        content = "a page" if response.is_html else "no OAuth error"
        problem = f"answered {response.status} with {content}"
        return _error(response, problem, "Check token_url and the provider")


def _error(response: Response, problem: str, hint: str, detail: str | None = None) -> CommandError:
    message = f"The token endpoint {response.url} {problem}. {hint}."
    return response.error("token", message, detail)


def check_token_url(token_url: str, allow_http: bool) -> None:
    """Refuse an address that cannot be called or would show the secret."""
    try:
        parts = urlsplit(token_url)
        usable = parts.scheme in ("https", "http") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.username is not None:
        raise unusable_value_error("token_url", "it must be an https:// URL without a user")
    if parts.scheme == "http" and not allow_http:
        raise configuration_error(
            "token_url begins with http://, so the client's secret would travel unprotected. "
            "Use https://, or set allow_http if that is what you want."
        )
