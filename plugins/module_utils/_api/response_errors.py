# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a status other than 200 means, and which page came in place of the API, in words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from http import HTTPStatus

from .._errors import CommandError, ErrorKind
from .._http.transport import Response
from .._sanitize import quote_untrusted, redact_url
from .json_body import RequestContext, is_html, text_prefix

PERMISSION = "/system_settings/read/"
REDIRECTS = frozenset((301, 302, 303, 307, 308))
LOGIN_ADDRESS = re.compile(r"log[-_]?[io]n|sign[-_]?in|authorize|adfs|oauth|saml|sso", re.I)
NO_CLIENT_CERTIFICATE = re.compile(
    r"403\.7\b|client certificate|SSL certificate (was sent|error)", re.I
)


def response_error(
    reply: Response, kind: ErrorKind, message: str, detail: str | None = None
) -> CommandError:
    return CommandError(
        kind, message, status=reply.status, url=reply.url, detail=detail, attempts=reply.attempts
    )


def html_description(reply: Response, asked: RequestContext) -> str | None:
    """Say which sort of HTML page the reply is, or none."""
    if not is_html(reply):
        return None
    text = text_prefix(reply)
    if re.search(r"<input[^>]+type\s*=\s*[\"']?password", text, re.I):
        return "a login page"
    title = re.search(r"<title[^>]*>(.*?)</title", text, re.I | re.S)
    name = quote_untrusted(title.group(1), asked.secrets) if title else ""
    return f'an HTML page ("{name}")' if name else "an HTML page"


def status_error(reply: Response, asked: RequestContext) -> CommandError:
    """Return the failure that a status other than 200 means."""
    own = _server_message(reply, asked)
    try:
        named = f"{reply.status} {HTTPStatus(reply.status).phrase}"
    except ValueError:
        named = str(reply.status)
    answer = f'{named}, "{own}"' if own else named
    kind, message = _classify_status(reply, asked, answer)
    return response_error(reply, kind, message, own)


def _server_message(reply: Response, asked: RequestContext) -> str | None:
    """Return what the server itself says: the Message of Command's errors."""
    try:
        content = json.loads(reply.body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict):
        return None
    members = {str(name).lower(): value for name, value in content.items()}
    words = [members.get("errorcode"), members.get("message") or members.get("title")]
    said = ": ".join(str(word) for word in words if isinstance(word, (str, int)) and word)
    return quote_untrusted(said, asked.secrets) or None


def _classify_status(reply: Response, asked: RequestContext, answer: str) -> tuple[ErrorKind, str]:
    url, status = reply.url, reply.status
    if status in (400, 403) and NO_CLIENT_CERTIFICATE.search(reply.body[:65536].decode("latin-1")):
        return "tls", (
            f"{url} wants a client certificate ({answer}). Set client_cert and "
            f"client_key to a certificate that the server trusts."
        )
    if status == 401:
        return "authentication", _unauthorized_message(reply, asked, answer)
    if status == 403:
        return "permission", (
            f"{url} does not let {asked.account_label or 'this client'} read the SMTP profile "
            f"({answer}). Give a security role of that account the permission {PERMISSION}."
        )
    if status == 404:
        return "not_found", (
            f"There is nothing at {url} ({answer}). Check api_path, now "
            f"{asked.api_path}: some installations have Keyfactor/API."
        )
    if status == 429:
        return "rate_limited", (
            f"{url} asks to slow down ({answer}), {_attempts_text(reply)}. "
            f"Read fewer environments at once, or raise retries."
        )
    if status in REDIRECTS:
        return "redirect", _redirect_message(reply, asked, answer)
    if status >= 500:
        return "server", (
            f"{url} failed ({answer}), {_attempts_text(reply)}. "
            f"Look at the server's log and at the proxies before it."
        )
    shown = html_description(reply, asked)
    return "protocol", (
        f"{url} answered {answer}{' with ' + shown if shown else ''}, which is no "
        f"answer to this request. Check host, api_path ({asked.api_path}) "
        f"and api_version."
    )


def _attempts_text(reply: Response) -> str:
    return f"after {reply.attempts} attempt{'' if reply.attempts == 1 else 's'}"


def _unauthorized_message(reply: Response, asked: RequestContext, answer: str) -> str:
    offered = _offered_schemes(reply.headers)
    offers = f"; the server offers {', '.join(offered)}" if offered else ""
    if asked.account_label:
        return f"{reply.url} refused {asked.account_label} ({answer}). {asked.hint}{offers}."
    return f"{reply.url} wants credentials ({answer}), and none were sent. {asked.hint}{offers}."


def _offered_schemes(headers: Mapping[str, str]) -> list[str]:
    """Return the ways to authenticate that the server names."""
    value = headers.get("WWW-Authenticate", "")
    known = ("Negotiate", "NTLM", "Basic", "Bearer", "Digest")
    return [name for name in known if re.search(rf"(^|,\s*){name}\b", value, re.I)]


def _redirect_message(reply: Response, asked: RequestContext, answer: str) -> str:
    target = redact_url(reply.headers.get("Location", ""), asked.secrets) or "nowhere"
    if LOGIN_ADDRESS.search(target):
        return (
            f"{reply.url} redirects to the login page {target} ({answer}). Check host and "
            f"api_path ({asked.api_path}), and that the API takes this kind of credentials."
        )
    return (
        f"{reply.url} redirects to {target} ({answer}), and redirects are not followed. "
        f"Set host and api_path to the address of the API itself."
    )
