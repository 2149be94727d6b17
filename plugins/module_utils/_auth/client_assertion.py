# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""An OAuth client that authenticates with a signed token instead of a secret (RFC 7523)."""

from __future__ import annotations

import base64
import json
import re
import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from .._errors import unreadable_file_error, unusable_value_error
from .client_secret import FINAL_HINTS

if TYPE_CHECKING:
    from .._http.response import Response
    from .client_secret import RequestToken

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# Signed tokens have three parts, encrypted ones five, of which two may be empty.
JWT = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+){2}|[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*){4}")
MAX_BYTES = 65536
# A shorter text could be part of any word, and masking it would corrupt messages.
SHORTEST_SECRET = 16


class ClientAssertion:
    """A token from the options, or from a file that is read for each request, as its issuer renews it.

    Creating it reads the token once. :raises CommandError: if there is no token.
    """

    def __init__(
        self, client_id: str, assertion: str | None = None, file: str | None = None
    ) -> None:
        self.client_id = client_id
        self.assertion = assertion
        self.file = file
        self.option = "client_assertion" if file is None else "client_assertion_file"
        self.secrets: tuple[str, ...] = ()
        self.token = self._read()

    def authenticate(self, request_token: RequestToken) -> Response:
        """Return the response to a token request."""
        self.token = self._read()
        # RFC 7521 makes client_id optional, and some providers require it.
        form = {"client_id": self.client_id, "client_assertion_type": ASSERTION_TYPE}
        return request_token({}, {**form, "client_assertion": self.token})

    def hint(self, error: str) -> str:
        """Return what to check after an OAuth error, with the time of expiry if there is one."""
        # Providers use this error for tokens too.
        if error in FINAL_HINTS and error != "unauthorized_client":
            return FINAL_HINTS[error]
        expiry = expiry_time(self.token)
        when = expiry and f"{datetime.fromtimestamp(expiry, timezone.utc):%Y-%m-%d %H:%M:%S} UTC"
        if expiry and expiry <= time.time():
            return f"The token of {self.option} expired at {when}: get a new one from its issuer"
        hint = f"Check client_id, and issuer, subject and audience of the token of {self.option}"
        if error == "unauthorized_client":
            hint = f"{FINAL_HINTS[error]}, or {hint[0].lower()}{hint[1:]}"
        return f"{hint}; it expires at {when}" if when else hint

    def _read(self) -> str:
        """Return the token, and remember it as a secret."""
        text = self.assertion or ""
        name = self.option
        if self.file is not None:
            name = f"{self.option} ({self.file})"
            try:
                with open(self.file, "rb") as file:
                    text = file.read(MAX_BYTES + 1).decode("utf-8-sig", "replace")
            except OSError as error:
                raise unreadable_file_error(self.file, self.option, error) from None
        token = text.strip()
        if not token:
            raise unusable_value_error(name, "the file is empty")
        if len(token) > MAX_BYTES or not JWT.fullmatch(token):
            reason = "it must be a JWT, three parts of letters, digits, - and _ with dots between"
            raise unusable_value_error(name, reason)
        signature = token.rpartition(".")[2]
        secrets = [secret for secret in (token, signature) if len(secret) >= SHORTEST_SECRET]
        self.secrets = tuple(dict.fromkeys((*secrets, *self.secrets)))
        return token


def expiry_time(token: str) -> float | None:
    """Return when a token expires, in seconds since 1970, None if it does not say so.

    The token is not verified: that is up to the provider.
    """
    try:
        payload = token.split(".")[1]
        padded = payload + "=" * (-len(payload) % 4)
        expiry: Any = json.loads(base64.urlsafe_b64decode(padded))["exp"]
        if isinstance(expiry, bool) or not isinstance(expiry, (int, float)):
            return None
        # It must be a date, for messages.
        datetime.fromtimestamp(expiry, timezone.utc)
    except (ValueError, TypeError, LookupError, OverflowError, OSError, RecursionError):
        return None
    return float(expiry)
