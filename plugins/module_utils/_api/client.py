# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Call the API of one Keyfactor Command: a JSON object, or a CommandError."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from .._auth.base import Auth, Basic, Bearer, ClientCertificate
from .._config.settings import ConnectionSettings
from .._errors import CommandError
from .._http.deadline import run_with_deadline
from .._http.hints import Hints
from .._http.response import Response
from .._http.tls import TlsConfig
from .._http.transport import Transport
from .._sanitize import quote_untrusted
from .json_body import JsonBodyError, parse_object
from .operations import READ, Operation

if TYPE_CHECKING:
    from .response_errors import RequestContext

# Keyfactor's support searches the server's logs for its value.
CORRELATION_ID = "X-Keyfactor-Correlation-Id"
COMMAND_HINTS = Hints(
    "host and port",
    "host and api_path",
    "ca_cert",
    "Set client_cert and client_key to a certificate that the server trusts.",
)
TOKEN_HINTS = Hints(
    "token_url",
    "token_url",
    "auth_ca_cert, or ca_cert for both servers,",
    "No client certificate is sent to identity providers: choose a token_url that needs none.",
)


def build_auth(settings: ConnectionSettings) -> Auth:
    """Return the way to authenticate that the settings select. It makes no call."""
    values = settings.credentials.convert()
    kind = settings.credentials.kind
    if kind == "basic":
        return Basic(**values)
    if kind == "token":
        return Bearer(**values)
    if kind == "oauth":
        from .._auth.oauth import ClientCredentials

        # As in Keyfactor's own tools, ca_cert serves the identity provider too.
        option = "auth_ca_cert" if settings.auth_ca_cert else "ca_cert"
        ca_cert = settings.auth_ca_cert or settings.ca_cert
        tls = TlsConfig(settings.validate_certs, ca_cert, option)
        transport = Transport(tls, TOKEN_HINTS, *_limits(settings))
        return ClientCredentials(**values, allow_http=settings.allow_http, transport=transport)
    if kind == "kerberos":
        from .._auth.kerberos import Kerberos

        return Kerberos(
            values,
            url=settings.url,
            config=settings.kerberos_config,
            spn=settings.kerberos_spn,
            timeout=settings.timeout,
        )
    return ClientCertificate()


def _limits(settings: ConnectionSettings) -> tuple[float, int, bool]:
    return settings.timeout, settings.retries, settings.use_proxy


class CommandClient:
    """A connection to one Keyfactor Command. Creating it checks all that needs no call.

    C(secrets) are those of the requests that will be sent, beside the credentials.
    """

    def __init__(self, settings: ConnectionSettings, secrets: tuple[str, ...] = ()) -> None:
        self.settings = settings
        self._sent_secrets = secrets
        self.auth = build_auth(settings)
        cert, key = settings.client_cert, settings.client_key
        tls = TlsConfig(settings.validate_certs, settings.ca_cert, "ca_cert", cert, key)
        self.transport = Transport(
            tls, COMMAND_HINTS, *_limits(settings), find_correlation_id=self._correlation_id
        )

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be quoted when a server echoes it."""
        return (*self.settings.secrets, *self.auth.secrets, *self._sent_secrets)

    def protect(self, secrets: tuple[str, ...]) -> None:
        """Add what the server sent and will be sent again."""
        self._sent_secrets += secrets

    def quote(self, text: str) -> str:
        """Return text of the server as results may show it."""
        return quote_untrusted(text, self.secrets)

    def _correlation_id(self, headers: Mapping[str, str]) -> str | None:
        return self.quote(headers.get(CORRELATION_ID, "")) or None

    def send(
        self, method: str, url: str, version: int, members: Mapping[str, Any] | None = None
    ) -> Response:
        """Return the response of any status. :raises CommandError: if there is none.

        :param members: the JSON object to send. Such a request is repeated only if the server
            certainly has not acted on it.
        """
        headers = {
            "Accept": "application/json",
            "x-keyfactor-requested-with": "APIClient",
            "x-keyfactor-api-version": str(version),
        }
        body = None
        if members is not None:
            # ASP.NET takes any other content type, parameters included, for an unknown version.
            headers["Content-Type"] = "application/json"
            body = json.dumps(members).encode("ascii")
        flow = self.auth.flow()
        sign = next(flow)
        while True:
            response = self.transport.send(method, url, headers=headers, body=body, auth=sign)
            try:
                sign = flow.send(response)
            except StopIteration:
                return response
            except CommandError as error:
                # The server refused the request, and it is not sent again.
                error.unsent = True
                raise

    def parse(self, response: Response, version: int | None = None) -> dict[str, Any]:
        """Return the JSON object of a response. :raises CommandError: saying what it is instead.

        :param version: the requested version of the API, for the error that the server lacks it.
        """
        problem = None
        if response.status == HTTPStatus.OK and not response.is_html:
            try:
                return parse_object(response.body)
            except JsonBodyError as error:
                problem = error
        from .response_errors import explain

        context = self._context(READ, version)
        raise self._explained(response, lambda: explain(response, context, problem))

    def status_error(
        self, response: Response, operation: Operation, version: int | None = None
    ) -> CommandError:
        """Return the error that the status of a response means for an operation.

        :param version: as for parse().
        """
        from .response_errors import status_error

        context = self._context(operation, version)
        return self._explained(response, lambda: status_error(response, context))

    def _context(self, operation: Operation, version: int | None = None) -> RequestContext:
        from .response_errors import RequestContext

        auth = self.auth
        return RequestContext(
            self.settings.api_path, auth.account_label, auth.hint, self.secrets, operation, version
        )

    def _explained(self, response: Response, explain: Callable[[], CommandError]) -> CommandError:
        """Return the error, in time also for a reply that is slow to search."""
        try:
            return run_with_deadline(self.settings.timeout, explain)
        except TimeoutError:
            message = f"The reply of {response.url} could not be read within the timeout."
            return response.error("protocol", message)
