# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""An OAuth client that authenticates with its secret (RFC 6749, section 2.3.1)."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from .base import basic_header

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._http.response import Response

    # Sends a token request with these headers and form fields.
    RequestToken = Callable[[dict[str, str], dict[str, str]], Response]


# What to check after errors that have nothing to do with how the client authenticated.
FINAL_HINTS = {
    "invalid_scope": "Check scopes",
    "invalid_target": "Check audience",
    "unauthorized_client": "Allow the client the client-credentials grant",
    "unsupported_grant_type": "Allow the client-credentials grant at the provider",
}


class ClientSecret:
    """Providers differ in where they expect the secret: the header is tried first, then the form."""

    def __init__(self, client_id: str, client_secret: str) -> None:
        self.form = {"client_id": client_id, "client_secret": client_secret}
        encoded = quote_plus(client_id), quote_plus(client_secret)
        self.header = basic_header(*encoded)
        # A server may echo the secret as it was sent, or both encoded together.
        self.secrets = (client_secret, f"{client_id}:{client_secret}", ":".join(encoded))

    def authenticate(self, request_token: RequestToken) -> Response:
        """Return the response to a token request."""
        response = request_token({"Authorization": self.header}, {})
        error = response.json_members().get("error")
        if response.status in (400, 401) and str(error) not in FINAL_HINTS:
            second = request_token({}, self.form)
            # If both ways fail, a provider may complain about the way that it does not support.
            if second.status == HTTPStatus.OK or error != "invalid_client":
                return second
        return response

    def hint(self, error: str) -> str:
        """Return what to check after an OAuth error."""
        if error == "invalid_client":
            return "Check client_id and client_secret"
        return FINAL_HINTS.get(error, "Check client_id, client_secret, scopes and audience")
