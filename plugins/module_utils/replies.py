# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a reply of Keyfactor Command means: its JSON object, or a CommandError in plain words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from .errors import CommandError, Kind
from .quoting import quoted, without_query
from .transport import Reply

PERMISSION = "/system_settings/read/"
REDIRECTS = frozenset((301, 302, 303, 307, 308))
LOGIN_ADDRESS = re.compile(r"log[-_]?[io]n|sign[-_]?in|authorize|adfs|oauth|saml|sso", re.I)
NO_CLIENT_CERTIFICATE = re.compile(
    r"403\.7\b|client certificate|SSL certificate (was sent|error)", re.I
)


@dataclass(frozen=True)
class Asked:
    """What was asked of whom, for the words of a refusal."""

    api_path: str
    who: str | None
    advice: str
    secrets: tuple[str, ...]


def read_object(reply: Reply, asked: Asked) -> dict[str, Any]:
    """Return the reply's JSON object. :raises CommandError: saying what came in its place."""
    if reply.status != HTTPStatus.OK:
        raise _refusal(reply, asked)
    page = _page(reply, asked)
    if page:
        raise _failure(
            reply,
            "protocol",
            f"{reply.url} answered with {page}, not with JSON. Check host and api_path ({asked.api_path}).",
        )
    try:
        content = json.loads(
            reply.body, object_pairs_hook=_without_doubles, parse_constant=_no_constant
        )
    except (ValueError, RecursionError) as error:
        raise _not_json(reply, error) from None
    if not isinstance(content, dict):
        raise _failure(
            reply,
            "protocol",
            f"{reply.url} answered with {kind_of(content)} where a "
            f"JSON object belongs. Check host and api_path ({asked.api_path}).",
        )
    return content


def kind_of(value: object) -> str:
    """Name the JSON type of a value, with its article."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    names: dict[type, str] = {
        int: "a whole number",
        float: "a number",
        str: "text",
        list: "a list",
        dict: "an object",
    }
    return names[type(value)]


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member is there twice")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _ends_early(error: json.JSONDecodeError) -> bool:
    """Tell whether the text stops where more must follow. An open text is reported at its start."""
    return error.msg.startswith("Unterminated") or error.pos >= len(error.doc.rstrip()) - 1


def _not_json(reply: Reply, error: Exception) -> CommandError:
    if not reply.body.strip():
        why = "an empty reply"
    elif isinstance(error, json.JSONDecodeError) and _ends_early(error):
        why = "JSON that ends in the middle"
    elif isinstance(error, json.JSONDecodeError):
        why = f"text that is not JSON (line {error.lineno}, column {error.colno})"
    else:
        why = (
            "text that is not JSON"
            if isinstance(error, UnicodeDecodeError)
            else f"bad JSON ({error})"
        )
    return _failure(
        reply,
        "protocol",
        f"{reply.url} answered with {why}. Look at the server and at the proxies before it.",
    )


def _failure(reply: Reply, kind: Kind, message: str, detail: str | None = None) -> CommandError:
    return CommandError(
        kind, message, status=reply.status, url=reply.url, detail=detail, attempts=reply.attempts
    )


def _page(reply: Reply, asked: Asked) -> str | None:
    """Say which sort of HTML page the reply is, or none."""
    text = reply.body[:65536].decode("utf-8", "replace")
    html = "html" in reply.headers.get("Content-Type", "").lower()
    if not html and not re.match(r"\s*(<!doctype html|<html)", text, re.I):
        return None
    if re.search(r"<input[^>]+type\s*=\s*[\"']?password", text, re.I):
        return "a login page"
    title = re.search(r"<title[^>]*>(.*?)</title", text, re.I | re.S)
    name = quoted(title.group(1), asked.secrets) if title else ""
    return f'an HTML page ("{name}")' if name else "an HTML page"


def _own_words(reply: Reply, asked: Asked) -> str | None:
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
    return quoted(said, asked.secrets) or None


def _refusal(reply: Reply, asked: Asked) -> CommandError:
    """Return the failure that a status other than 200 means."""
    own = _own_words(reply, asked)
    try:
        named = f"{reply.status} {HTTPStatus(reply.status).phrase}"
    except ValueError:
        named = str(reply.status)
    answer = f'{named}, "{own}"' if own else named
    kind, message = _told(reply, asked, answer)
    return _failure(reply, kind, message, own)


def _told(reply: Reply, asked: Asked, answer: str) -> tuple[Kind, str]:
    url, status = reply.url, reply.status
    if status in (400, 403) and NO_CLIENT_CERTIFICATE.search(reply.body[:65536].decode("latin-1")):
        return "tls", (
            f"{url} wants a client certificate ({answer}). Set client_cert and "
            f"client_key to a certificate that the server trusts."
        )
    if status == 401:
        return "authentication", _unauthorized(reply, asked, answer)
    if status == 403:
        return "permission", (
            f"{url} does not let {asked.who or 'this client'} read the SMTP profile "
            f"({answer}). Grant the security role of that account {PERMISSION}."
        )
    if status == 404:
        return "not_found", (
            f"There is nothing at {url} ({answer}). Check api_path, now "
            f"{asked.api_path}: some installations have Keyfactor/API."
        )
    if status == 429:
        return "rate_limited", (
            f"{url} asks to slow down ({answer}), after attempts: "
            f"{reply.attempts}. Read fewer environments at once, or raise retries."
        )
    if status in REDIRECTS:
        return "redirect", _redirected(reply, asked, answer)
    if status >= 500:
        return "server", (
            f"{url} failed ({answer}), after attempts: {reply.attempts}. "
            f"Look at the server's log and at the proxies before it."
        )
    page = _page(reply, asked)
    return "protocol", (
        f"{url} answered {answer}{' with ' + page if page else ''}, which is no "
        f"answer to this request. Check host, api_path ({asked.api_path}) "
        f"and api_version."
    )


def _unauthorized(reply: Reply, asked: Asked, answer: str) -> str:
    offered = _schemes(reply.headers)
    offers = f"; the server offers {', '.join(offered)}" if offered else ""
    if asked.who:
        return f"{reply.url} refused {asked.who} ({answer}). {asked.advice}{offers}."
    return f"{reply.url} wants credentials ({answer}), and none were sent. {asked.advice}{offers}."


def _schemes(headers: Mapping[str, str]) -> list[str]:
    """Return the ways to authenticate that the server names."""
    value = headers.get("WWW-Authenticate", "")
    known = ("Negotiate", "NTLM", "Basic", "Bearer", "Digest")
    return [name for name in known if re.search(rf"(^|,\s*){name}\b", value, re.I)]


def _redirected(reply: Reply, asked: Asked, answer: str) -> str:
    target = without_query(reply.headers.get("Location", ""), asked.secrets) or "nowhere"
    if LOGIN_ADDRESS.search(target):
        return (
            f"{reply.url} redirects to the login page {target} ({answer}). Check host and "
            f"api_path ({asked.api_path}), and that the API takes this kind of credentials."
        )
    return (
        f"{reply.url} redirects to {target} ({answer}), and redirects are not followed. "
        f"Set host and api_path to the address of the API itself."
    )
