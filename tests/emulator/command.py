# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An emulated Keyfactor Command instance with its SMTP profile."""

from __future__ import annotations

import json
import uuid
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
from .versioning import VersionRefusal, consumes, refuse
from .wire import Release, SmtpProfile, camel_case, render

REALM = "keyexample.com"
PERMISSION = "/system_settings/read/"
FROM_RELEASE = "from release"
VERSION_2_STATUSES = (400, 404, 405, 406, 501)


@dataclass(frozen=True, kw_only=True)
class CommandOptions:
    """Options of an emulated Command.

    Without users, tokens and identity, it requests Kerberos and accepts no credentials.
    """

    name: str = "command"
    release: str = "25.1"
    profile: SmtpProfile = field(default_factory=SmtpProfile)
    reply: Any = None
    """Content sent as JSON instead of the profile."""
    users: Mapping[str, str] = field(default_factory=dict)
    """Passwords by user name, for HTTP Basic authentication."""
    tokens: Collection[str] = ()
    """Accepted bearer tokens; each token is its own subject."""
    identity: IdentityProvider | None = None
    readers: Collection[str] | None = None
    """User names, client IDs, tokens or certificate names with read permission; None means all."""
    api_path: str = "KeyfactorAPI"
    camel_case: bool = False
    ignores_version_header: bool = False
    refuses_version_2_with: int = 404
    version_refusal: VersionRefusal | None = None
    """The versioning library's answer to a version, in place of refuses_version_2_with."""
    product_version: str | None = FROM_RELEASE
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers of the web server."""
    error_pages: bool = True
    """Whether the web server answers 401 and 404 with pages of its own."""
    reports_versions: bool = False
    correlation_ids: bool = False
    tls: Tls = Tls.VALID
    media_type: str | None = JSON
    faults: Sequence[Fault] = ()
    latency: float = 0.0

    def __post_init__(self) -> None:
        Release.parse(self.release)
        if self.refuses_version_2_with not in VERSION_2_STATUSES:
            raise ValueError(f"refuses_version_2_with must be one of {VERSION_2_STATUSES}")


class Command(Listener):
    """An emulated Command that listens on its own port."""

    def __init__(self, certificates: Certificates, options: CommandOptions) -> None:
        super().__init__(certificates.context(options.tls), options.faults, options.latency)
        self.options = options
        self.name = options.name
        self.api_path = options.api_path.strip("/")
        self._path = "/".join(["", *filter(None, [self.api_path]), "SMTP"]).casefold()
        self._release = Release.parse(options.release)
        self._users = {name.casefold(): secret for name, secret in options.users.items()}
        self.api_url = "/".join(filter(None, [self.url, self.api_path]))

    @property
    def _headers(self) -> dict[str, str]:
        """The headers of a reply of the API, those of the web server included."""
        headers = dict(self.options.headers)
        if self.options.product_version == FROM_RELEASE:
            headers["X-Keyfactor-Product-Version"] = self._release.product_version
        elif self.options.product_version:
            headers["X-Keyfactor-Product-Version"] = self.options.product_version
        if self.options.reports_versions:
            headers["Api-Supported-Versions"] = ", ".join(self._release.versions)
        if self.options.correlation_ids:
            headers["X-Keyfactor-Correlation-Id"] = str(uuid.uuid4())
        return headers

    def answer(self, request: Request) -> Reply:
        """Return the profile or the reply to the first failed check."""
        if unquote(urlsplit(request.path).path).casefold() != self._path:
            return self._page(404, "The resource cannot be found.")
        if self.options.version_refusal and not consumes(request):
            return self._refuse_version(request.headers.get("x-keyfactor-api-version", "1"))
        if request.method != "GET":
            message = {"Message": f"This resource does not support {request.method}."}
            return json_reply(405, message, {"Allow": "GET"})
        if request.headers.get("x-keyfactor-requested-with") != "APIClient":
            return self._error(400, "The header x-keyfactor-requested-with is missing.")
        subject = self._subject(request)
        if subject is None:
            challenges = {"WWW-Authenticate": self._challenges(request)}
            return self._page(401, "You do not have permission to view this page.", challenges)
        if not self._may_read(subject):
            return self._error(403, f"{subject} lacks the permission {PERMISSION}.")
        return self._profile(request.headers.get("x-keyfactor-api-version", "1"))

    def _subject(self, request: Request) -> str | None:
        """Return the authenticated subject, or None."""
        if self._certificate_authenticates():
            return request.certificate
        credentials = basic(request)
        if credentials and self._users.get(credentials[0].casefold()) == credentials[1]:
            return credentials[0]
        token = bearer(request)
        if token is None:
            return None
        if token in self.options.tokens:
            return token
        return self.options.identity.subject(token) if self.options.identity else None

    def _certificate_authenticates(self) -> bool:
        """Return whether the client certificate is the only credential."""
        options = self.options
        other_credentials = options.users or options.tokens or options.identity
        return options.tls in (Tls.CLIENT_CERTIFICATE, Tls.POST_HANDSHAKE) and not other_credentials

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

    def _page(self, status: int, text: str, headers: Mapping[str, str] | None = None) -> Reply:
        if self.options.error_pages:
            return html_reply(status, text, {**self.options.headers, **(headers or {})})
        return Reply(status, headers={**self._headers, **(headers or {})})

    def _refuse_version(self, version: str) -> Reply:
        refusal = self.options.version_refusal or "error-400"
        return refuse(refusal, f"{self.api_url}/SMTP", version[:20], self._headers)

    def _profile(self, version: str) -> Reply:
        ignores_version = self.options.ignores_version_header
        known = version in ("1", "2" if self._release.has_version_2 else "1")
        if self.options.version_refusal and not known and not ignores_version:
            return self._refuse_version(version)
        if version not in ("1", "2") and not self.options.ignores_version_header:
            return self._error(400, f"Version {version[:20]} does not exist.")
        served = 2 if version == "2" and not self.options.ignores_version_header else 1
        if served == 2 and not self._release.has_version_2:
            status = self.options.refuses_version_2_with
            if status == 404:
                return html_reply(404, "The resource cannot be found.")
            return self._error(status, "Version 2 is not supported.")
        content = self.options.reply
        if content is None:
            content = render(self.options.profile, self._release, served)
            content = camel_case(content) if self.options.camel_case else content
        body = json.dumps(content, ensure_ascii=False).encode()
        return Reply(200, body, self.options.media_type, self._headers)

    def _error(self, status: int, message: str) -> Reply:
        content = {"ErrorCode": "0xA0110002", "Message": message}
        return json_reply(status, content, self._headers)
