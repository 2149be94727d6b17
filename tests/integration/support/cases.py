# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Module calls that fail, each with the expected error, and helpers to run them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tests.emulator import Fault, Reply, SmtpProfile, Tls

if TYPE_CHECKING:
    from tests.emulator import Command, Emulator

USER, PASSWORD = "KEYEXAMPLE\\svc-ansible", "integration-password-4711"
TOKEN = "integration-token-4711"
CORRELATION_ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
CLIENT, SECRET = "integration-client", "integration-secret-4711"
# A JWT that expired in 2001.
ASSERTION = "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjEwMDAwMDAwMDB9.integration-assertion-4711"

Options = dict[str, Any]
# Module options that the cases use.
OPTIONS = (
    "host",
    "port",
    "api_path",
    "username",
    "password",
    "access_token",
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_file",
    "token_url",
    "ca_cert",
    "auth_ca_cert",
    "timeout",
    "retries",
    "api_version",
)

READ = "Read the SMTP profile"


def read_play(names: Iterable[str]) -> list[dict[str, Any]]:
    """Return a play that reads the profile, with those of these options that C(call) has."""
    options = {name: "{{ call." + name + " | default(omit) }}" for name in names}
    task = {
        "name": READ,
        "keyfactor.command.keyfactor_smtp_info": options,
        "delegate_to": "localhost",
        "ignore_errors": True,
    }
    return [{"hosts": "all", "gather_facts": False, "tasks": [task]}]


@dataclass(frozen=True)
class Case:
    """A failing call: the server, the module options, and the expected error."""

    name: str
    kind: str
    # Parts of the error message.
    fragments: tuple[str, ...]
    server: dict[str, Any] = field(default_factory=dict)
    options: Options = field(default_factory=dict)
    status: int | None = None
    # Returns more options, for cases that depend on the emulator or the server.
    prepare: Callable[[Emulator, Command], Options] | None = None

    def start_server(self, emulator: Emulator) -> Options:
        """Start the server of the case, and return the module options."""
        server = emulator.command(**{"name": self.name, "users": {USER: PASSWORD}, **self.server})
        options = {**connection(emulator, server), **self.options}
        if self.prepare:
            options.update(self.prepare(emulator, server))
        return {name: value for name, value in options.items() if value is not None}


def connection(emulator: Emulator, server: Command) -> Options:
    """Return the module options to connect to a server."""
    return {
        "host": server.url,
        "username": USER,
        "password": PASSWORD,
        "ca_cert": str(emulator.ca_cert),
        "retries": 0,
        "timeout": "20s",
    }


def _closed_port(emulator: Emulator, server: Command) -> Options:
    return {"host": f"localhost:{emulator.closed_port()}"}


def _token_endpoint(emulator: Emulator, server: Command) -> Options:
    provider = emulator.identity(clients={CLIENT: "another-secret-4711"})
    return {
        "username": None,
        "password": None,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "token_url": provider.token_url,
        "auth_ca_cert": str(emulator.ca_cert),
    }


def _expired_assertion(emulator: Emulator, server: Command) -> Options:
    provider = emulator.identity()
    description = f"The assertion {ASSERTION} is not active."
    body = {"error": "invalid_client", "error_description": description}
    provider.faults = [Fault.status(401, body=body)]
    file = emulator.ca_cert.with_name("expired-assertion")
    file.write_text(f"{ASSERTION}\n")
    options = {**_token_endpoint(emulator, server), "token_url": provider.token_url}
    return {**options, "client_secret": None, "client_assertion_file": str(file)}


def _two_proofs(emulator: Emulator, server: Command) -> Options:
    return {**_token_endpoint(emulator, server), "client_assertion": ASSERTION}


def with_fault(fault: Fault) -> dict[str, Any]:
    return {"faults": [fault]}


def with_correlation_id(fault: Fault) -> dict[str, Any]:
    answer = fault.answer or Reply(200, b'{"Port": 587}', "application/json")
    headers = {**answer.headers, "X-Keyfactor-Correlation-Id": CORRELATION_ID}
    return with_fault(replace(fault, answer=replace(answer, headers=headers)))


FAILURES = (
    Case(
        "no-password",
        "configuration",
        ("username given", "password missing"),
        {},
        {"password": None},
    ),
    Case("no-host", "configuration", ("no host", "KEYFACTOR_HOSTNAME"), {}, {"host": None}),
    Case(
        "no-ca-file",
        "configuration",
        ("/nonexistent/ca.pem", "ca_cert"),
        {},
        {"ca_cert": "/nonexistent/ca.pem"},
    ),
    Case("bad-timeout", "configuration", ("option timeout", "60s"), {}, {"timeout": "soon"}),
    Case("two-ports", "configuration", ("port", "URL"), {}, {"port": 1}),
    Case(
        "no-name", "resolve", ("no-such-host.invalid", "DNS"), {}, {"host": "no-such-host.invalid"}
    ),
    Case(
        "closed", "connect", ("refused the connection", "Check host and port"), prepare=_closed_port
    ),
    Case(
        "dropped", "connect", ("closed the connection without a reply",), with_fault(Fault.drop())
    ),
    Case("unknown-ca", "tls", ("does not trust", "Set ca_cert"), {}, {"ca_cert": None}),
    Case("wrong-name", "tls", ("not for the name localhost",), {"tls": Tls.WRONG_NAME}),
    Case("expired", "tls", ("has expired", "Renew it"), {"tls": Tls.EXPIRED}),
    Case(
        "plain-http",
        "tls",
        ("without TLS on that port",),
        {"tls": Tls.PLAIN_HTTP},
        prepare=lambda e, s: {"host": f"https://localhost:{s.port}"},
    ),
    Case(
        "client-certificate",
        "tls",
        ("client certificate", "Set client_cert"),
        {"tls": Tls.CLIENT_CERTIFICATE},
    ),
    Case(
        "slow",
        "timeout",
        ("did not answer completely within 0.3 s", "timeout"),
        with_fault(Fault.delay(60)),
        {"timeout": "300ms"},
    ),
    Case(
        "dripping",
        "timeout",
        ("did not answer completely",),
        with_fault(Fault.drip("body")),
        {"timeout": "500ms"},
    ),
    Case(
        "token-endpoint",
        "token",
        ("invalid_client", "Check client_id and client_secret"),
        status=401,
        prepare=_token_endpoint,
    ),
    Case(
        "expired-assertion",
        "token",
        ("******** is not active", "client_assertion_file expired at 2001-09-09 01:46:40 UTC"),
        status=401,
        prepare=_expired_assertion,
    ),
    Case(
        "secret-and-assertion",
        "configuration",
        ("option client_secret and option client_assertion exclude each other",),
        prepare=_two_proofs,
    ),
    Case(
        "assertion-in-place-of-file",
        "configuration",
        ("option client_assertion_file cannot be used", "not the token itself"),
        {},
        {
            "username": None,
            "password": None,
            "client_id": CLIENT,
            "client_assertion_file": ASSERTION,
            "token_url": "https://login.example.com/token",
        },
    ),
    Case(
        "bad-password",
        "authentication",
        ("refused user KEYEXAMPLE\\svc-ansible (401", "Check username, password and domain"),
        {"users": {USER: "another-password-4711"}},
        status=401,
    ),
    Case(
        "bad-token",
        "authentication",
        ("refused the access token", "expired"),
        {"users": {}, "tokens": {"another-token-4711"}},
        {"username": None, "password": None, "access_token": TOKEN},
        status=401,
    ),
    Case(
        "no-permission",
        "permission",
        ("/system_settings/read/", "403"),
        {"readers": set()},
        status=403,
    ),
    Case(
        "wrong-path",
        "not_found",
        ("nothing at", "Check api_path, now Elsewhere"),
        {},
        {"api_path": "Elsewhere"},
        status=404,
    ),
    Case(
        "too-many",
        "rate_limited",
        ("slow down", "429", "after 1 attempt"),
        with_fault(Fault.status(429)),
        status=429,
    ),
    Case(
        "redirect",
        "redirect",
        ("redirects to https://new.example.com/x", "not followed"),
        with_fault(Fault.redirect("https://new.example.com/x?secret=1")),
        status=302,
    ),
    Case(
        "login-redirect",
        "redirect",
        ("login page",),
        with_fault(Fault.redirect("https://login.example.com/signin")),
        status=302,
    ),
    Case(
        "broken",
        "server",
        (
            "failed (500",
            "Look at the server's log",
            f"before it. Correlation ID: {CORRELATION_ID}.",
        ),
        with_correlation_id(Fault.status(500)),
        status=500,
    ),
    Case("login-page", "protocol", ("a login page",), with_fault(Fault.login_page()), status=200),
    Case(
        "no-version",
        "protocol",
        ("does not have version 2 of the API (400", "It offers version 1: set api_version to 1"),
        {"server": "iis", "release": "24.4", "correlation_ids": False},
        {"api_version": "2"},
        status=400,
    ),
    Case("html", "protocol", ("an HTML page",), with_fault(Fault.html()), status=200),
    Case("not-json", "protocol", ("not JSON",), with_fault(Fault.not_json()), status=200),
    Case(
        "truncated",
        "protocol",
        ("ends in the middle",),
        with_fault(Fault.truncated_json()),
        status=200,
    ),
    Case(
        "cut-off",
        "protocol",
        ("cut off before its end", f"before it. Correlation ID: {CORRELATION_ID}."),
        with_correlation_id(Fault.cut_off()),
    ),
    Case(
        "wrong-type",
        "protocol",
        ("Port must be a whole number, and is text",),
        {"reply": {"Host": "smtp.example.com", "Port": "587"}},
        status=200,
    ),
    Case(
        "not-a-profile",
        "protocol",
        ("not an SMTP profile",),
        {"reply": {"status": "ok"}},
        status=200,
    ),
    Case(
        "too-large", "too_large", ("larger than 1 MiB",), with_fault(Fault.too_large()), status=200
    ),
    Case(
        "bomb",
        "too_large",
        ("larger than 1 MiB", f"api_path. Correlation ID: {CORRELATION_ID}."),
        with_correlation_id(Fault.gzip_bomb()),
        status=200,
    ),
)

PAM = SmtpProfile(relay_username=None, relay_username_in_pam=True)
