# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An emulated Keyfactor Command: who may read its SMTP profile, and in which version."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from .credentials import basic, bearer
from .faults import Fault
from .identity import IdentityProvider
from .listener import Listener
from .messages import JSON, Reply, Request, html_reply, json_reply
from .tls import Certificates, Tls
from .wire import Release, SmtpProfile, camel_case, render

REALM = "keyexample.com"
PERMISSION = "/system_settings/read/"
FROM_RELEASE = "from release"
REFUSALS = (400, 404, 405, 406, 501)


@dataclass(frozen=True, kw_only=True)
class CommandOptions:
    """How a Command behaves. Without users, tokens and identity it wants Kerberos, in vain."""

    name: str = "command"
    release: str = "25.1"
    profile: SmtpProfile = field(default_factory=SmtpProfile)
    reply: Any = None
    """Sent as JSON instead of the profile."""
    users: Mapping[str, str] = field(default_factory=dict)
    """Name -> password, for HTTP Basic."""
    tokens: Collection[str] = ()
    """Bearer tokens accepted; the token is its own subject."""
    identity: IdentityProvider | None = None
    readers: Collection[str] | None = None
    """User names, client ids, tokens or certificate names that may read; None: all of them."""
    api_path: str = "KeyfactorAPI"
    camel_case: bool = False
    ignores_version_header: bool = False
    refuses_version_2_with: int = 404
    product_version: str | None = FROM_RELEASE
    tls: Tls = Tls.VALID
    media_type: str | None = JSON
    faults: Sequence[Fault] = ()
    latency: float = 0.0

    def __post_init__(self) -> None:
        Release.parse(self.release)
        if self.refuses_version_2_with not in REFUSALS:
            raise ValueError(f"refuses_version_2_with must be one of {REFUSALS}")


class Command(Listener):
    """One Command on a port of its own."""

    def __init__(self, certificates: Certificates, options: CommandOptions) -> None:
        super().__init__(certificates.context(options.tls), options.faults, options.latency)
        self.options = options
        self.name = options.name
        self.api_path = options.api_path.strip("/")
        self._path = "/".join(["", *filter(None, [self.api_path]), "SMTP"]).casefold()
        self._release = Release.parse(options.release)
        self._users = {name.casefold(): secret for name, secret in options.users.items()}
        version = options.product_version
        if version == FROM_RELEASE:
            version = f"{options.release}.0.0"
        self._headers = {"X-Keyfactor-Product-Version": version} if version else {}

    def answer(self, request: Request) -> Reply:
        """The profile, or the first thing that is wrong with the request."""
        if unquote(urlsplit(request.path).path).casefold() != self._path:
            return html_reply(404, "There is nothing at this address.")
        if request.method != "GET":
            message = {"Message": f"This resource does not support {request.method}."}
            return json_reply(405, message, {"Allow": "GET"})
        if request.headers.get("x-keyfactor-requested-with") != "APIClient":
            return self._error(400, "The header x-keyfactor-requested-with is missing.")
        subject = self._subject(request)
        if subject is None:
            challenges = {"WWW-Authenticate": self._challenges(request)}
            return html_reply(401, "You are not allowed to see this page.", challenges)
        if not self._may_read(subject):
            return self._error(403, f"{subject} lacks the permission {PERMISSION}.")
        return self._profile(request.headers.get("x-keyfactor-api-version", "1"))

    def _subject(self, request: Request) -> str | None:
        """Who asks, or None when that is not proved."""
        if self._takes_certificates():
            return request.certificate
        given = basic(request)
        if given and self._users.get(given[0].casefold()) == given[1]:
            return given[0]
        token = bearer(request)
        if token is None:
            return None
        if token in self.options.tokens:
            return token
        return self.options.identity.subject(token) if self.options.identity else None

    def _takes_certificates(self) -> bool:
        """Whether the certificate is the login, not only the way to the door."""
        options = self.options
        others = options.users or options.tokens or options.identity
        return options.tls is Tls.CLIENT_CERTIFICATE and not others

    def _challenges(self, request: Request) -> str:
        challenges = []
        if self.options.users:
            challenges.append(f'Basic realm="{REALM}"')
        if self.options.tokens or self.options.identity:
            error = ', error="invalid_token"' if bearer(request) else ""
            challenges.append(f'Bearer realm="{REALM}"{error}')
        return ", ".join(challenges) or "Negotiate"

    def _may_read(self, subject: str) -> bool:
        readers = self.options.readers
        return readers is None or subject.casefold() in {name.casefold() for name in readers}

    def _profile(self, version: str) -> Reply:
        if version not in ("1", "2") and not self.options.ignores_version_header:
            return self._error(400, f"There is no version {version[:20]}.")
        wanted = 2 if version == "2" and not self.options.ignores_version_header else 1
        if wanted == 2 and not self._release.has_version_2:
            status = self.options.refuses_version_2_with
            if status == 404:
                return html_reply(404, "There is nothing at this address.")
            return self._error(status, "Version 2 is not supported.")
        content = self.options.reply
        if content is None:
            content = render(self.options.profile, self._release, wanted)
            content = camel_case(content) if self.options.camel_case else content
        body = json.dumps(content, ensure_ascii=False).encode()
        return Reply(200, body, self.options.media_type, self._headers)

    def _error(self, status: int, message: str) -> Reply:
        content = {"ErrorCode": "0xA0110002", "Message": message}
        return json_reply(status, content, self._headers)
