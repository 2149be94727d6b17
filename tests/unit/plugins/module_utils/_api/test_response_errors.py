# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every way in which reading can fail: its kind, its status, and the words that people get."""

from __future__ import annotations

import time
import timeit
from dataclasses import replace

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.json_body import (
    JsonBodyError,
    parse_object,
)
from ansible_collections.keyfactor.command.plugins.module_utils._api.response_errors import (
    RequestContext,
    _html_description,
    explain,
)
from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp import read_smtp_profile
from ansible_collections.keyfactor.command.plugins.module_utils._http.response import Response
from tests.emulator import Command, Fault
from tests.unit.support import Connect, failure

NOT_FOR_US = "<html><head><title>Welcome to example.com</title></head></html>"
NO_CERTIFICATE = "<html><title>403.7 - Forbidden: SSL client certificate required</title></html>"

ANSWERS = [
    (Fault.status(401), "authentication", 401, ["refused the access token", "401 Unauthorized"]),
    (
        Fault.status(401, headers={"WWW-Authenticate": "Negotiate, NTLM"}),
        "authentication",
        401,
        ["the server offers Negotiate, NTLM", "access_token"],
    ),
    (Fault.status(403), "permission", 403, ["/system_settings/read/", "403 Forbidden", "role"]),
    (
        Fault.status(403, body={"ErrorCode": "0xA0110002", "Message": "No."}),
        "permission",
        403,
        ['"0xA0110002: No."', "/system_settings/read/"],
    ),
    (
        Fault.status(404),
        "not_found",
        404,
        ["nothing at", "api_path", "KeyfactorAPI", "Keyfactor/API"],
    ),
    (Fault.status(429), "rate_limited", 429, ["slow down", "after 1 attempt", "retries"]),
    (Fault.status(500), "server", 500, ["500 Internal Server Error", "after 1 attempt", "log"]),
    (Fault.status(503, body={"Message": "Soon."}), "server", 503, ['"Soon."']),
    (Fault.status(599), "server", 599, ["599"]),
    (Fault.status(400, body={"Message": "Bad."}), "protocol", 400, ["400 Bad Request", '"Bad."']),
    (Fault.status(204), "protocol", 204, ["204 No Content", "api_version"]),
    (Fault.status(418, body=NOT_FOR_US), "protocol", 418, ["HTML page", "Welcome to example.com"]),
    (
        Fault.status(403, body=NO_CERTIFICATE),
        "tls",
        403,
        ["wants a client certificate", "client_key"],
    ),
    (
        Fault.status(400, body="<html>No required SSL certificate was sent</html>"),
        "tls",
        400,
        ["wants a client certificate", "client_cert"],
    ),
    (
        Fault.redirect("https://other.example.com/KeyfactorAPI/SMTP?code=hidden#top"),
        "redirect",
        302,
        [
            "to https://other.example.com/KeyfactorAPI/SMTP (302",
            "not followed",
            "host and api_path",
        ],
    ),
    (
        Fault.redirect("https://user:hidden@login.example.com/adfs/ls", status=307),
        "redirect",
        307,
        ["login page https://login.example.com/adfs/ls", "307"],
    ),
    (Fault.redirect("/elsewhere", status=308), "redirect", 308, ["redirects to /elsewhere"]),
    (Fault.redirect("/caf\xe9", status=302), "redirect", 302, ["redirects to /caf"]),
    (Fault.redirect("", status=301), "redirect", 301, ["redirects to nowhere"]),
    (Fault.redirect("https://[::1", status=303), "redirect", 303, ["cannot be read"]),
    (Fault.html(), "protocol", 200, ["an HTML page", "200 - OK", "host and api_path"]),
    (Fault.body(NOT_FOR_US), "protocol", 200, ["an HTML page", "Welcome to example.com"]),
    (Fault.login_page(), "protocol", 200, ["a login page", "host and api_path"]),
    (Fault.not_json(), "protocol", 200, ["text that is not JSON (line 1, column 1)"]),
    (Fault.truncated_json(), "protocol", 200, ["JSON that ends in the middle"]),
    (Fault.body('{"Port": 5'), "protocol", 200, ["JSON that ends in the middle"]),
    (Fault.body(""), "protocol", 200, ["an empty reply"]),
    (Fault.body("  \n"), "protocol", 200, ["an empty reply"]),
    (Fault.body(b"\xff\xfe\xff"), "protocol", 200, ["text that is not JSON"]),
    (Fault.body('{"Port": NaN}'), "protocol", 200, ["NaN is not JSON"]),
    (Fault.body('{"Port": 1, "Port": 2}'), "protocol", 200, ["there twice"]),
    (Fault.body("[" * 100000), "protocol", 200, ["JSON"]),
    (Fault.body('{"Port": ' + "9" * 5000 + "}"), "protocol", 200, ["JSON"]),
    (Fault.body("[]"), "protocol", 200, ["answered with a list where a JSON object belongs"]),
    (Fault.body("null"), "protocol", 200, ["answered with null"]),
    (Fault.body('"Host"'), "protocol", 200, ["answered with text where"]),
    (Fault.body("1.5"), "protocol", 200, ["answered with a number where"]),
    (Fault.body("{}"), "protocol", 200, ["not an SMTP profile", "none of its members"]),
    (Fault.body('{"Name": "x"}'), "protocol", 200, ["not an SMTP profile", "none of its members"]),
    (Fault.body('{"Port": "25"}'), "protocol", 200, ["Port must be a whole number, and is text"]),
    (Fault.cut_off(), "protocol", None, ["cut off before its end", "proxies"]),
    (Fault.too_large(), "too_large", 200, ["larger than 1 MiB", "host and api_path"]),
    (Fault.too_large(chunked=True), "too_large", 200, ["larger than 1 MiB"]),
    (Fault.gzip_bomb(), "too_large", 200, ["larger than 1 MiB"]),
    (Fault.status(500, body="x" * 2097152), "too_large", 500, ["larger than 1 MiB"]),
    (
        Fault.status(200, body="plain", headers={"Content-Encoding": "gzip"}),
        "protocol",
        None,
        ["not compressed as its header says"],
    ),
    (Fault.drop(), "connect", None, ["closed the connection without a reply", "port"]),
]


@pytest.mark.parametrize(("fault", "kind", "status", "phrases"), ANSWERS)
def test_what_comes_back(
    command: Command,
    connect: Connect,
    fault: Fault,
    kind: str,
    status: int | None,
    phrases: list[str],
) -> None:
    command.faults = [fault]
    settings = connect(command, api_version="2")
    error = failure(lambda: read_smtp_profile(settings), *phrases)
    url = f"{command.url}/KeyfactorAPI/SMTP"
    assert (error.kind, error.status, error.url) == (kind, status, url)
    assert error.attempts == 1
    assert url in error.message
    assert "hidden" not in str(error.as_result())
    # Not repeated, not followed.
    assert len(command.requests) == 1


@pytest.mark.parametrize("fault", [Fault.status(403), Fault.status(500), Fault.status(200)])
def test_correlation_id_ends_the_message(command: Command, connect: Connect, fault: Fault) -> None:
    """Also if the body of a good status is the problem."""
    assert fault.answer
    headers = {"X-Keyfactor-Correlation-Id": "0f8fad5b-d9cb"}
    command.faults = [replace(fault, answer=replace(fault.answer, headers=headers))]
    error = failure(lambda: read_smtp_profile(connect(command)))
    assert error.message.endswith(". Correlation ID: 0f8fad5b-d9cb.")
    assert error.correlation_id == "0f8fad5b-d9cb"


@pytest.mark.parametrize("words", ["a\x1b[2Jb", "a\u202eb", "a\r\nb", "a\x00b", "a\ud800b"])
def test_quoted_words_keep_to_their_line(command: Command, connect: Connect, words: str) -> None:
    command.faults = [Fault.status(403, body={"Message": words + "x" * 500})]
    error = failure(lambda: read_smtp_profile(connect(command)), '"a ')
    assert len(str(error.detail)) <= 200


@pytest.mark.parametrize(
    "text",
    ["<input ", "<title>", "<title", "<input type='pass", "<title>x</titl", "&#43;", "type ="],
)
def test_page_is_described_in_linear_time(text: str) -> None:
    """Sixteen times as much text may take 16 times as long, and not 256 times."""
    context = RequestContext("KeyfactorAPI", None, "Check it", ("unique-secret",))

    def seconds(length: int) -> float:
        body = f"<html>{text * (length // len(text))}".encode()
        response = Response("https://command.example.com/", 500, {}, body)
        search = timeit.Timer(lambda: _html_description(response, context), timer=time.process_time)
        return min(search.repeat(repeat=3, number=1))

    assert seconds(65536) < 100 * seconds(4096) + 0.1


@pytest.mark.parametrize(
    ("page", "description"),
    [
        ("<html><title>Log &amp; on\n</title>", 'an HTML page ("Log & on")'),
        ("<html><TITLE lang=en>A</TITLE>", 'an HTML page ("A")'),
        ("<html><title>unique-secret</title>", 'an HTML page ("********")'),
        ("<html><form><input name=p type = 'password'>", "a login page"),
        ("<html><input\nTYPE=password", "a login page"),
        ("<html>type=password", "an HTML page"),
    ],
)
def test_description_of_a_page(page: str, description: str) -> None:
    context = RequestContext("KeyfactorAPI", None, "Check it", ("unique-secret",))
    response = Response("https://command.example.com/", 200, {}, page.encode())
    assert _html_description(response, context) == description


@pytest.mark.parametrize(
    ("body", "quote"),
    [
        ({"ErrorCode": "0xA0110002", "Message": "No."}, "0xA0110002: No."),
        (
            {"Message": "Failed.", "FailedOperations": [{"Reason": "A."}, {"reason": "B."}, 5]},
            "Failed.: A.: B.",
        ),
        (
            {"error": {"code": "UnsupportedApiVersion", "message": "No."}},
            "UnsupportedApiVersion: No.",
        ),
        ({"title": "Bad", "detail": "Not so.", "code": "E1", "status": 400}, "E1: Bad: Not so."),
        ({"title": "Bad", "detail": "Bad"}, "Bad"),
        ({"Message": "It is unique-access-token-e6f0417b."}, "It is ********."),
        ({"detail": "unique-access-token-e6f0417b"}, "********"),
        ({"FailedOperations": "A."}, None),
        ({"FailedOperations": [{"Reason": None}], "error": "text", "code": []}, None),
    ],
)
def test_server_message_is_quoted(
    command: Command, connect: Connect, body: dict[str, object], quote: str | None
) -> None:
    command.faults = [Fault.status(500, body=body)]
    error = failure(lambda: read_smtp_profile(connect(command)), f'"{quote}"' if quote else "500")
    assert error.detail == quote


# In which {} is the address that was called.
MESSAGES: list[tuple[int, dict[str, str], str]] = [
    (
        401,
        {"WWW-Authenticate": "negotiate, ntlm,, Other realm=x, Basic realm=y"},
        "{} refused user svc (401 Unauthorized). Check it; the server offers Negotiate, NTLM, Basic.",
    ),
    (401, {}, "{} refused user svc (401 Unauthorized). Check it."),
    (
        403,
        {},
        "{} does not let user svc read the SMTP profile (403 Forbidden). Give a security role of "
        "that account the permission /system_settings/read/.",
    ),
    (
        404,
        {},
        "There is nothing at {} (404 Not Found). Check api_path, now KeyfactorAPI: some "
        "installations have Keyfactor/API.",
    ),
    (
        429,
        {},
        "{} asks to slow down (429 Too Many Requests), after 2 attempts. Read fewer environments at "
        "once, or raise retries.",
    ),
    *(
        (
            302,
            {"Location": location},
            f"{{}} redirects to the login page {location} (302 Found). Check host and api_path "
            "(KeyfactorAPI), and that the API takes this kind of credentials.",
        )
        for location in ("/login", "/Log-On", "/log_in", "/SIGNIN", "/authorize", "/adfs", "/sso")
    ),
    *(
        (
            status,
            {},
            f"{{}} redirects to nowhere ({status} {phrase}), and redirects are not followed. Set "
            "host and api_path to the address of the API itself.",
        )
        for status, phrase in {
            301: "Moved Permanently",
            302: "Found",
            303: "See Other",
            307: "Temporary Redirect",
            308: "Permanent Redirect",
        }.items()
    ),
    (
        500,
        {},
        "{} failed (500 Internal Server Error), after 2 attempts. Look at the server's log and at "
        "the proxies before it.",
    ),
    (
        599,
        {},
        "{} failed (599), after 2 attempts. Look at the server's log and at the proxies before it.",
    ),
    (
        418,
        {"Content-Type": "text/html"},
        "{} answered 418 I'm a Teapot with an HTML page, which is no answer to this request. Check "
        "host, api_path (KeyfactorAPI) and api_version.",
    ),
    (
        200,
        {"Content-Type": "text/html"},
        "{} answered with an HTML page, not with JSON. Check host and api_path (KeyfactorAPI).",
    ),
]


@pytest.mark.parametrize(("status", "headers", "message"), MESSAGES)
def test_whole_message(status: int, headers: dict[str, str], message: str) -> None:
    context = RequestContext("KeyfactorAPI", "user svc", "Check it", ())
    url = "https://command.example.com/KeyfactorAPI/SMTP"
    error = explain(Response(url, status, headers, b"{}", 2), context, None)
    assert error.message == message.format(url)
    assert (error.status, error.attempts) == (status, 2)


def test_message_without_an_account() -> None:
    context = RequestContext("KeyfactorAPI", None, "Check it", ())
    error = explain(Response("URL", 401, {}, b""), context, None)
    assert (
        error.message == "URL wants credentials (401 Unauthorized), and none were sent. Check it."
    )
    error = explain(Response("URL", 403, {}, b""), context, None)
    assert error.message.startswith("URL does not let this client read the SMTP profile (403 Forb")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"[]", "a list where a JSON object belongs. Check host and api_path (KeyfactorAPI)."),
        (b"", "an empty reply. Look at the server and at the proxies before it."),
    ],
)
def test_message_about_the_body(body: bytes, message: str) -> None:
    context = RequestContext("KeyfactorAPI", "user svc", "Check it", ())
    with pytest.raises(JsonBodyError) as caught:
        parse_object(body)
    error = explain(Response("URL", 200, {}, body), context, caught.value)
    assert error.message == f"URL answered with {message}"
