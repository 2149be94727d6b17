# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Module calls that fail with Kerberos, each with the expected error."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.emulator import Fault, Tls
from tests.integration.support.kerberos import OTHER_SPN, PASSWORD, PRINCIPAL, REALM

if TYPE_CHECKING:
    from tests.emulator import Emulator
    from tests.integration.support.kerberos import Site


class Context:
    """The site, the emulator, and options that several cases share."""

    def __init__(self, site: Site, emulator: Emulator) -> None:
        self.site = site
        self.emulator = emulator
        self.tickets = {"kerberos_ccache": str(site.new_cache("refusals"))}
        self.keytab = {"kerberos_keytab": str(site.keytab)}
        # A KDC that accepts connections, and never replies.
        self.silent = socket.create_server(("127.0.0.1", 0))

    def config(self, kdc_port: int) -> dict[str, Any]:
        """Return the options for a realm with its KDC at this port."""
        return {"kerberos_config": str(self.site.write_config(kdc_port))}

    def server_with(self, *faults: Fault) -> dict[str, Any]:
        """Return the options to connect to a server that does not support Kerberos."""
        server = self.emulator.command(faults=faults, tls=Tls.PLAIN_HTTP)
        return {"host": server.url, **self.tickets}


@dataclass(frozen=True)
class Case:
    """A failing call: the module options, and the expected error."""

    name: str
    kind: str
    # Parts of the error message.
    fragments: tuple[str, ...]
    options: Callable[[Context], dict[str, Any]]
    status: int | None = None


WRONG_PASSWORD = "wrong-kerberos-password-4712-search-me"


def password(value: str, username: str = PRINCIPAL, **options: Any) -> dict[str, Any]:
    return {"auth_type": "kerberos", "username": username, "password": value, **options}


CASES = (
    Case(
        "wrong-password",
        "authentication",
        (f"KDC of realm {REALM} refused the password of {PRINCIPAL}", "Check username, password"),
        lambda context: password(WRONG_PASSWORD),
    ),
    Case(
        "unknown-user",
        "authentication",
        (f"does not know nobody@{REALM}", "Check username"),
        lambda context: password(WRONG_PASSWORD, "nobody", kerberos_realm=REALM),
    ),
    Case(
        "unknown-realm",
        "configuration",
        ("No KDC is known for realm OTHER.EXAMPLE.COM", "krb5-"),
        lambda context: password(WRONG_PASSWORD, "nobody@OTHER.EXAMPLE.COM"),
    ),
    Case(
        "missing-principal",
        "authentication",
        ("Kerberos failed for nobody@KEYEXAMPLE.COM with the keytab", "user.keytab", "krb5"),
        lambda context: {**context.keytab, "username": f"nobody@{REALM}"},
    ),
    Case(
        "no-keytab",
        "configuration",
        ("/nonexistent/keytab", "kerberos_keytab", "No such file"),
        lambda context: {"kerberos_keytab": "/nonexistent/keytab", "username": PRINCIPAL},
    ),
    Case(
        "not-a-keytab",
        "authentication",
        ("Kerberos failed for", "with the keytab", "key table"),
        lambda context: {"kerberos_keytab": str(context.site.config), "username": PRINCIPAL},
    ),
    Case(
        "old-keytab",
        "authentication",
        (f"KDC of realm {REALM} refused the keytab", "Make a new keytab"),
        lambda context: {"kerberos_keytab": str(context.site.old_keytab), "username": PRINCIPAL},
    ),
    Case(
        "no-cache",
        "configuration",
        ("/nonexistent/cache", "kerberos_ccache"),
        lambda context: {"kerberos_ccache": "FILE:/nonexistent/cache"},
    ),
    Case(
        "no-ticket",
        "authentication",
        ("no Kerberos ticket of this account in the default credential cache", "kinit"),
        lambda context: {"auth_type": "kerberos"},
    ),
    Case(
        "expired-ticket",
        "authentication",
        ("The ticket in the credential cache", "has expired", "kinit"),
        lambda context: {"kerberos_ccache": str(context.site.new_expired_cache("expired"))},
    ),
    Case(
        "ticket-of-another",
        "authentication",
        (f"no Kerberos ticket of nobody@{REALM} in the credential cache",),
        lambda context: {**context.tickets, "username": f"nobody@{REALM}"},
    ),
    Case(
        "unknown-spn",
        "authentication",
        ("gave no ticket for HTTP/nowhere.example.com", "Set kerberos_spn"),
        lambda context: {**context.tickets, "kerberos_spn": "HTTP/nowhere.example.com"},
    ),
    Case(
        "default-spn",
        "authentication",
        ("gave no ticket for HTTP@127.0.0.1", "Set kerberos_spn"),
        lambda context: {
            **context.tickets,
            "host": f"http://127.0.0.1:{context.site.port}/KeyfactorAPI",
        },
    ),
    Case(
        "spn-of-another-service",
        "authentication",
        (f"refused principal {PRINCIPAL} (401", f"kerberos_spn (now {OTHER_SPN})", "Negotiate"),
        lambda context: {**context.tickets, "kerberos_spn": OTHER_SPN},
        401,
    ),
    Case(
        "kdc-down",
        "authentication",
        (f"No KDC of realm {REALM} could be reached", "krb5-"),
        lambda context: {**password(PASSWORD), **context.config(context.emulator.closed_port())},
    ),
    Case(
        "kdc-down-with-a-ticket",
        "authentication",
        (f"No KDC of realm {REALM} could be reached",),
        lambda context: {**context.tickets, **context.config(context.emulator.closed_port())},
    ),
    Case(
        "kdc-silent",
        "authentication",
        (f"No KDC of realm {REALM} answered within 0.3 s", "raise timeout"),
        lambda context: {
            **password(PASSWORD),
            **context.config(context.silent.getsockname()[1]),
            "timeout": "300ms",
        },
    ),
    Case(
        "impostor",
        "authentication",
        ("could not prove with Kerberos that it is HTTP@localhost",),
        lambda context: context.server_with(
            Fault.status(200, body={"Id": 1}, headers={"WWW-Authenticate": "Negotiate b2s="})
        ),
        200,
    ),
    Case(
        "large-refusal",
        "too_large",
        ("larger than 1 MiB",),
        lambda context: context.server_with(
            Fault.status(401, body=b"x" * 2**21, headers={"WWW-Authenticate": "Negotiate"})
        ),
        401,
    ),
    Case(
        "no-permission",
        "permission",
        (f"principal {PRINCIPAL}", "/system_settings/read/"),
        lambda context: context.server_with(Fault.status(403)),
        403,
    ),
)
