# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An emulated Keyfactor Command instance with its SMTP profile."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote, urlsplit

from .credentials import basic, bearer
from .faults import Fault
from .identity import IdentityProvider
from .listener import Listener
from .mail import Mail, deliver
from .messages import JSON, Reply, Request, html_reply, json_reply
from .store import InvalidRequestError, SmtpStore
from .tls import Certificates, Tls
from .versioning import VersionRefusal, consumes, refuse
from .wire import Hidden, Release, SmtpProfile, camel_case, render

REALM = "keyexample.com"
PERMISSION = "/system_settings/read/"
MODIFY_PERMISSION = "/system_settings/modify/"
METHODS = {"": ("GET", "PUT"), "/test": ("POST",)}
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
    writers: Collection[str] | None = None
    """The same with the permission to modify."""
    hidden: Hidden | None = None
    """What is sent in place of secrets; without it, they are sent as no Command should."""
    keeps: Mapping[str, Any] = field(default_factory=dict)
    """Settings that keep these values, whatever a PUT asks for."""
    meanwhile: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Settings that another administrator sets after a request, by its method."""
    delivers: bool = False
    """Whether test mails are really sent, to the server that the request names."""
    delivery_error: str | None = None
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
        self.store = SmtpStore(options.profile, self._release)
        self.mails: list[Mail] = []
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
        path = unquote(urlsplit(request.path).path).casefold()
        resource = path.removeprefix(self._path)
        if not path.startswith(self._path) or resource not in METHODS:
            return self._page(404, "The resource cannot be found.")
        version = request.headers.get("x-keyfactor-api-version", "1")
        if not consumes(request):
            return self._refuse_version(version)
        if request.method not in METHODS[resource]:
            message = {"Message": f"This resource does not support {request.method}."}
            return json_reply(405, message, {"Allow": ", ".join(METHODS[resource])})
        if request.headers.get("x-keyfactor-requested-with") != "APIClient":
            return self._error(400, "The header x-keyfactor-requested-with is missing.")
        subject = self._subject(request)
        if subject is None:
            challenges = {"WWW-Authenticate": self._challenges(request)}
            return self._page(401, "You do not have permission to view this page.", challenges)
        is_read = request.method == "GET"
        if not self._is_in(self.options.readers if is_read else self.options.writers, subject):
            permission = PERMISSION if is_read else MODIFY_PERMISSION
            return self._error(403, f"{subject} lacks the permission {permission}.")
        reply = self._profile(version) if is_read else self._act(request, version)
        for name, value in self.options.meanwhile.get(request.method, {}).items():
            self.store.profile = replace(self.store.profile, **{name: value})
        return reply

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

    def _is_in(self, names: Collection[str] | None, subject: str) -> bool:
        return names is None or subject.casefold() in {name.casefold() for name in names}

    def _page(self, status: int, text: str, headers: Mapping[str, str] | None = None) -> Reply:
        if self.options.error_pages:
            return html_reply(status, text, {**self.options.headers, **(headers or {})})
        return Reply(status, headers={**self._headers, **(headers or {})})

    def _refuse_version(self, version: str) -> Reply:
        refusal = self.options.version_refusal or "error-400"
        return refuse(refusal, f"{self.api_url}/SMTP", version[:20], self._headers)

    def _served_version(self, version: str) -> int:
        return 2 if version == "2" and not self.options.ignores_version_header else 1

    def _version_error(self, version: str, *, has_version_2: bool) -> Reply | None:
        known = version in ("1", "2" if has_version_2 else "1")
        ignores_version = self.options.ignores_version_header
        if self.options.version_refusal and not known and not ignores_version:
            return self._refuse_version(version)
        if version not in ("1", "2") and not self.options.ignores_version_header:
            return self._error(400, f"Version {version[:20]} does not exist.")
        if self._served_version(version) == 2 and not has_version_2:
            status = self.options.refuses_version_2_with
            if status == 404:
                return html_reply(404, "The resource cannot be found.")
            return self._error(status, "Version 2 is not supported.")
        return None

    def _act(self, request: Request, version: str) -> Reply:
        """Replace the profile, or send a test mail."""
        is_test = request.method == "POST"
        has_version_2 = self._release.has_oauth if is_test else self._release.has_version_2
        if error := self._version_error(version, has_version_2=has_version_2):
            return error
        served = self._served_version(version)
        try:
            body = json.loads(request.body or b"null")
            if not is_test:
                self.store.put(body, served, self.options.keeps)
                return self._profile(version)
            profile = self.store.parse(body, served, more={"testrecipient": str})
        except (ValueError, InvalidRequestError) as error:
            title = "One or more validation errors occurred."
            problem = {"title": title, "status": 400, "errors": {"$": [str(error)]}}
            return json_reply(400, problem, self._headers)
        mail = Mail(profile, {k.lower(): v for k, v in body.items()}["testrecipient"])
        refusal = self.options.delivery_error or (deliver(mail) if self.options.delivers else None)
        if refusal:
            return self._error(500, refusal)
        self.mails.append(mail)
        return Reply(200, b"", None, self._headers) if served == 2 else self._profile(version)

    def _profile(self, version: str) -> Reply:
        has_version_2 = self._release.has_version_2
        if error := self._version_error(version, has_version_2=has_version_2):
            return error
        content = self.options.reply
        if content is None:
            served = self._served_version(version)
            content = render(self.store.profile, self._release, served, self.options.hidden)
            content = camel_case(content) if self.options.camel_case else content
        body = json.dumps(content, ensure_ascii=False).encode()
        return Reply(200, body, self.options.media_type, self._headers)

    def _error(self, status: int, message: str) -> Reply:
        content = {"ErrorCode": "0xA0110002", "Message": message}
        return json_reply(status, content, self._headers)
