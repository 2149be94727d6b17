# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ways to authenticate: each is checked without the network first, then signs requests.

A way to authenticate is a generator, C(Auth.flow): it yields what signs the next request, and
receives the response. To send the request again, it yields once more; to accept the response,
it ends. See docs/contributing-auth.md on adding one.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Generator
from typing import TYPE_CHECKING

from .._errors import configuration_error, unusable_value_error

if TYPE_CHECKING:
    from requests import PreparedRequest

    from .._http.response import Response
    from .._http.transport import Sign

    AuthFlow = Generator[Sign, Response, None]


# Compiled before Ansible starts a process for each environment.
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Auth:
    """One way to authenticate.

    C(account_label) names the account in messages, None if no credentials are sent. C(hint) says
    what to check if it is refused. C(header) is the Authorization header, if there is one.
    """

    account_label: str | None = None
    hint = "Check the credentials"
    header: str | None = None

    def flow(self) -> AuthFlow:
        """Yield what signs the request, and receive its response."""
        yield self.sign

    def sign(self, request: PreparedRequest) -> PreparedRequest:
        """Add the credentials to a request. It is called anew for each attempt."""
        if self.header:
            request.headers["Authorization"] = self.header
        return request

    @property
    def secrets(self) -> tuple[str, ...]:
        """What is sent and must not be quoted when a server echoes it."""
        return (self.header.partition(" ")[2],) if self.header else ()


class ClientCertificate(Auth):
    """Nothing beside the certificate that the TLS handshake presents."""

    hint = "Beside the client certificate, give username and password or a token"


class Basic(Auth):
    """User and password, in UTF-8 as IIS expects them."""

    hint = "Check username, password and domain"

    def __init__(self, username: str, password: str, domain: str | None = None) -> None:
        user = qualify_username(username, domain)
        # RFC 7617: the first colon ends the user, and control characters are not allowed.
        if ":" in user:
            reason = "it must not contain ':' in Basic authentication"
            raise unusable_value_error("username", reason)
        for name, value in (("username", user), ("password", password)):
            if CONTROL.search(value):
                reason = "it contains a line break or another control character"
                raise unusable_value_error(name, reason)
        self.header = basic_header(user, password)
        self.account_label = f"user {user}"


class Bearer(Auth):
    """A ready access token."""

    hint = "It may have expired or be meant for another service: check access_token"
    account_label = "the access token"

    def __init__(self, access_token: str) -> None:
        self.header = bearer_header(access_token)


def qualify_username(username: str, domain: str | None) -> str:
    """Return the user as C(DOMAIN\\user) or C(user@domain), as it was given."""
    if not domain:
        return username
    if "\\" in username:
        user_domain = username.partition("\\")[0]
    elif "@" in username:
        user_domain = username.rpartition("@")[2]
    else:
        return f"{domain}\\{username}"
    if user_domain.casefold() != domain.casefold():
        both = f"username {username} names the domain {user_domain}, and domain says {domain}"
        raise configuration_error(f"{both}. Give the domain once.")
    return username


def basic_header(user: str, password: str) -> str:
    """Return the header of RFC 7617."""
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode("ascii")


def bearer_header(token: str) -> str:
    """Return the header of RFC 6750."""
    if token.lower().startswith("bearer "):
        reason = "it must be the token alone, without 'Bearer' before it"
        raise unusable_value_error("access_token", reason)
    if not re.fullmatch(r"[A-Za-z0-9._~+/-]+=*", token):
        raise unusable_value_error("access_token", "it has a character that no bearer token has")
    return "Bearer " + token
