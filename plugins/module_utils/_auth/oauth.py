# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""OAuth 2.0 client credentials (RFC 6749, section 4.4): one token for all calls of a task."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .._errors import CommandError, configuration_error, unusable_value_error
from .._http.response import Response
from .._http.transport import Transport
from .._sanitize import quote_untrusted, redact_url
from .base import Auth, bearer_header
from .client_assertion import ClientAssertion
from .client_secret import ClientSecret

if TYPE_CHECKING:
    from .base import AuthFlow


class ClientCredentials(Auth):
    """A client that gets its tokens from an identity provider.

    It authenticates there with C(client_secret), or with C(client_assertion) as text or from a file.
    """

    hint = (
        "Check that Command trusts this identity provider and knows the client, "
        "and check scopes and audience"
    )

    def __init__(
        self,
        client_id: str,
        token_url: str,
        client_secret: str | None = None,
        client_assertion: str | None = None,
        client_assertion_file: str | None = None,
        scopes: tuple[str, ...] = (),
        audience: str | None = None,
        *,
        allow_http: bool,
        transport: Transport,
    ) -> None:
        check_token_url(token_url, allow_http)
        self.client_id = client_id
        self.client: ClientSecret | ClientAssertion
        if client_secret is None:
            self.client = ClientAssertion(client_id, client_assertion, client_assertion_file)
        else:
            self.client = ClientSecret(client_id, client_secret)
        self.token_url = token_url
        self.shown_url = redact_url(token_url, self.client.secrets)
        self.form = {"grant_type": "client_credentials"}
        if scopes:
            self.form["scope"] = " ".join(scopes)
        if audience:
            self.form["audience"] = audience
        self.transport = transport
        self.account_label = f"client {client_id}"

    @property
    def secrets(self) -> tuple[str, ...]:
        return (*super().secrets, *self.client.secrets)

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
        response = self.client.authenticate(self._request_token)
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
        parts = (error, members.get("error_description"))
        quotes = [quote_untrusted(part, self.secrets) for part in parts if isinstance(part, str)]
        detail = ": ".join(quotes)
        if detail:
            problem = f'refused client {self.client_id} ({response.status}, "{detail}")'
            return _error(response, problem, self.client.hint(str(error)), detail)
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
            "token_url begins with http://, so the client's credentials would travel unprotected. "
            "Use https://, or set allow_http if that is what you want."
        )
