# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls of the module and how each must end: one table for every way to run it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.emulator import Fault, SmtpProfile, Tls

if TYPE_CHECKING:
    from tests.emulator import Command, Emulator

USER, PASSWORD = "KEYEXAMPLE\\svc-ansible", "integration-password-4711"
TOKEN = "integration-token-4711"
CLIENT, SECRET = "integration-client", "integration-secret-4711"

Options = dict[str, Any]
# The options that the cases use.
OPTIONS = (
    "host",
    "port",
    "api_path",
    "username",
    "password",
    "access_token",
    "client_id",
    "client_secret",
    "token_url",
    "ca_cert",
    "auth_ca_cert",
    "timeout",
    "retries",
)


READ = "Read the SMTP profile"


def reading(names: Iterable[str]) -> list[dict[str, Any]]:
    """Return a play that reads with these options, where a host's variable C(call) has them."""
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
    """One call that fails: what the server does, what the task says, and what comes of it."""

    name: str
    kind: str
    words: tuple[str, ...]
    server: dict[str, Any] = field(default_factory=dict)
    options: Options = field(default_factory=dict)
    status: int | None = None
    environment: dict[str, str] = field(default_factory=dict)
    # For what needs more than options: gets the emulator and the server's options.
    prepare: Callable[[Emulator, Command], Options] | None = None

    def play(self, emulator: Emulator) -> Options:
        """Start the server, and return the module's options."""
        server = emulator.command(**{"name": self.name, "users": {USER: PASSWORD}, **self.server})
        options = {**connection(emulator, server), **self.options}
        if self.prepare:
            options.update(self.prepare(emulator, server))
        return {name: value for name, value in options.items() if value is not None}


def connection(emulator: Emulator, server: Command) -> Options:
    """Return the options that connect to a server."""
    return {
        "host": server.url,
        "username": USER,
        "password": PASSWORD,
        "ca_cert": str(emulator.ca_cert),
        "retries": 0,
        "timeout": "20s",
    }


def _closed(emulator: Emulator, server: Command) -> Options:
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


def faulty(fault: Fault) -> dict[str, Any]:
    return {"faults": [fault]}


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
    Case("closed", "connect", ("refused the connection", "Check host and port"), prepare=_closed),
    Case("dropped", "connect", ("closed the connection without a reply",), faulty(Fault.drop())),
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
        faulty(Fault.delay(60)),
        {"timeout": "300ms"},
    ),
    Case(
        "dripping",
        "timeout",
        ("did not answer completely",),
        faulty(Fault.drip("body")),
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
        faulty(Fault.status(429)),
        status=429,
    ),
    Case(
        "redirect",
        "redirect",
        ("redirects to https://new.example.com/x", "not followed"),
        faulty(Fault.redirect("https://new.example.com/x?secret=1")),
        status=302,
    ),
    Case(
        "login-redirect",
        "redirect",
        ("login page",),
        faulty(Fault.redirect("https://login.example.com/signin")),
        status=302,
    ),
    Case(
        "broken",
        "server",
        ("failed (500", "Look at the server's log"),
        faulty(Fault.status(500)),
        status=500,
    ),
    Case("login-page", "protocol", ("a login page",), faulty(Fault.login_page()), status=200),
    Case("html", "protocol", ("an HTML page",), faulty(Fault.html()), status=200),
    Case("not-json", "protocol", ("not JSON",), faulty(Fault.not_json()), status=200),
    Case(
        "truncated", "protocol", ("ends in the middle",), faulty(Fault.truncated_json()), status=200
    ),
    Case("cut-off", "protocol", ("cut off before its end",), faulty(Fault.cut_off())),
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
    Case("too-large", "too_large", ("larger than 1 MiB",), faulty(Fault.too_large()), status=200),
    Case("bomb", "too_large", ("larger than 1 MiB",), faulty(Fault.gzip_bomb()), status=200),
)

PAM = SmtpProfile(relay_username=None, relay_username_in_pam=True)
