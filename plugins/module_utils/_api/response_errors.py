# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Explain a response that is not the requested JSON object. Loaded only when a call fails."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from .._errors import CommandError, ErrorKind
from .._http.response import Response
from .._sanitize import quote_untrusted, redact_url
from .json_body import JsonBodyError, NotAnObjectError
from .operations import READ, Operation
from .versions import is_version_refusal, version_refusal_hint

REDIRECTS = (301, 302, 303, 307, 308)
AUTH_SCHEMES = ("Negotiate", "NTLM", "Basic", "Bearer", "Digest")
LOGIN_ADDRESS = re.compile(r"log[-_]?[io]n|sign[-_]?in|authorize|adfs|oauth|saml|sso", re.I)


@dataclass(frozen=True)
class RequestContext:
    """What the messages need to know of a request; C(account_label) and C(hint) as in Auth.

    C(version) is the requested version of the API, None if a refused version is not explained.
    """

    api_path: str
    account_label: str | None
    hint: str
    secrets: tuple[str, ...]
    operation: Operation = READ
    version: int | None = None


def explain(
    response: Response, context: RequestContext, error: JsonBodyError | None
) -> CommandError:
    """Return the error that a response stands for. C(error) says why its body cannot be used."""
    if response.status != HTTPStatus.OK:
        return status_error(response, context)
    content = error or f"{_html_description(response, context)}, not with JSON"
    hint = "Look at the server and at the proxies before it."
    if error is None or isinstance(error, NotAnObjectError):
        hint = f"Check host and api_path ({context.api_path})."
    return response.error("protocol", f"{response.url} answered with {content}. {hint}")


def _html_description(response: Response, context: RequestContext) -> str:
    """Say which sort of HTML page the response is."""
    text = response.text_prefix
    # No expression here crosses a "<", so that all of them are linear.
    inputs = re.findall(r"<input[^<>]*", text, re.I)
    if any(re.search(r"type\s*=\s*[\"']?password", tag, re.I) for tag in inputs):
        return "a login page"
    title = re.search(r"<title[^<>]*>([^<]*)</title", text, re.I)
    name = quote_untrusted(html.unescape(title[1]), context.secrets) if title else ""
    return f'an HTML page ("{name}")' if name else "an HTML page"


def status_error(response: Response, context: RequestContext) -> CommandError:
    """Return the error that a status other than 200 means."""
    detail = _server_message(response, context)
    try:
        answer = f"{response.status} {HTTPStatus(response.status).phrase}"
    except ValueError:
        answer = str(response.status)
    if detail:
        answer += f', "{detail}"'
    kind, message = _classify_status(response, context, answer)
    return response.error(kind, message, detail)


def _server_message(response: Response, context: RequestContext) -> str | None:
    """Return the server's own message, of Command's errors or of problem details (RFC 9457)."""
    members = _lower(response.json_members())
    # ASP.NET API versioning nests its code and message.
    nested = _lower(members.get("error"))
    operations = members.get("failedoperations")
    parts = [
        members.get("errorcode") or members.get("code") or nested.get("code"),
        members.get("message") or members.get("title") or nested.get("message"),
        members.get("detail"),
        *(_lower(operation).get("reason") for operation in _list(operations)),
        # ASP.NET says for each member what is wrong with it.
        *(
            problem
            for problems in _lower(members.get("errors")).values()
            for problem in _list(problems)
        ),
    ]
    texts = [str(part) for part in parts if isinstance(part, (str, int)) and part]
    return quote_untrusted(": ".join(dict.fromkeys(texts)), context.secrets) or None


def _lower(value: object) -> dict[str, Any]:
    """Return the members of an object by their names in lower case, none of anything else."""
    items = value.items() if isinstance(value, dict) else ()
    return {str(name).lower(): member for name, member in items}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _classify_status(
    response: Response, context: RequestContext, answer: str
) -> tuple[ErrorKind, str]:
    url, status = response.url, response.status
    attempts = f"after {response.attempts} attempt{'' if response.attempts == 1 else 's'}"
    if response.wants_client_certificate:
        return "tls", (
            f"{url} wants a client certificate ({answer}). "
            f"Set client_cert and client_key to a certificate that the server trusts."
        )
    if status == 401:
        return "authentication", _unauthorized_message(response, context, answer)
    if status == 403:
        return "permission", (
            f"{url} does not let {context.account_label or 'this client'} "
            f"{context.operation.description} ({answer}). Give a security role of that account the "
            f"permission {context.operation.permission}."
        )
    if context.version and is_version_refusal(response, context.version):
        hint = version_refusal_hint(response) or (
            f"Set api_version to auto, and check api_path ({context.api_path})."
        )
        return "protocol", (
            f"{url} does not have version {context.version} of the API ({answer}). {hint}"
        )
    if status == 404:
        return "not_found", (
            f"There is nothing at {url} ({answer}). "
            f"Check api_path, now {context.api_path}: some installations have Keyfactor/API."
        )
    if status == 429:
        return "rate_limited", (
            f"{url} asks to slow down ({answer}), {attempts}. "
            f"Read fewer environments at once, or raise retries."
        )
    if status in REDIRECTS:
        return "redirect", _redirect_message(response, context, answer)
    if status in context.operation.failures:
        problem, hint = context.operation.failures[status]
        return context.operation.failure_kind, f"{url} {problem} ({answer}). {hint}."
    if status >= 500:
        return "server", (
            f"{url} failed ({answer}), {attempts}. "
            f"Look at the server's log and at the proxies before it."
        )
    page = f" with {_html_description(response, context)}" if response.is_html else ""
    return "protocol", (
        f"{url} answered {answer}{page}, which is no answer to this request. "
        f"Check host, api_path ({context.api_path}) and api_version."
    )


def _unauthorized_message(response: Response, context: RequestContext, answer: str) -> str:
    header = response.headers.get("WWW-Authenticate", "")
    offered = {challenge.split()[0].lower() for challenge in header.split(",") if challenge.strip()}
    schemes = [name for name in AUTH_SCHEMES if name.lower() in offered]
    offers = f"; the server offers {', '.join(schemes)}" if schemes else ""
    if context.account_label:
        problem = f"refused {context.account_label} ({answer})"
    else:
        problem = f"wants credentials ({answer}), and none were sent"
    return f"{response.url} {problem}. {context.hint}{offers}."


def _redirect_message(response: Response, context: RequestContext, answer: str) -> str:
    target = redact_url(response.headers.get("Location", ""), context.secrets) or "nowhere"
    if LOGIN_ADDRESS.search(target):
        return (
            f"{response.url} redirects to the login page {target} ({answer}). Check host and "
            f"api_path ({context.api_path}), and that the API takes this kind of credentials."
        )
    return (
        f"{response.url} redirects to {target} ({answer}), and redirects are not followed. "
        f"Set host and api_path to the address of the API itself."
    )
