# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls that Kerberos refuses, and how each must end."""

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


class Scene:
    """The site, and what else the cases need."""

    def __init__(self, site: Site, emulator: Emulator) -> None:
        self.site = site
        self.emulator = emulator
        self.tickets = {"kerberos_ccache": str(site.ticket("refusals"))}
        self.keytab = {"kerberos_keytab": str(site.keytab)}
        # It takes connections, and never answers.
        self.silent = socket.create_server(("127.0.0.1", 0))

    def config(self, kdc_port: int) -> dict[str, Any]:
        return {"kerberos_config": str(self.site.configuration(kdc_port))}

    def answering(self, *faults: Fault) -> dict[str, Any]:
        """Return the way to a server that takes the ticket for nothing."""
        server = self.emulator.command(faults=faults, tls=Tls.PLAIN_HTTP)
        return {"host": server.url, **self.tickets}


@dataclass(frozen=True)
class Case:
    """One call that fails."""

    name: str
    kind: str
    words: tuple[str, ...]
    options: Callable[[Scene], dict[str, Any]]
    status: int | None = None


WRONG = "wrong-kerberos-password-4712-search-me"


def password(word: str, user: str = PRINCIPAL, **more: Any) -> dict[str, Any]:
    return {"auth_type": "kerberos", "username": user, "password": word, **more}


CASES = (
    Case(
        "wrong-password",
        "authentication",
        (f"KDC of realm {REALM} refused the password of {PRINCIPAL}", "Check username, password"),
        lambda scene: password(WRONG),
    ),
    Case(
        "unknown-user",
        "authentication",
        (f"does not know nobody@{REALM}", "Check username"),
        lambda scene: password(WRONG, "nobody", kerberos_realm=REALM),
    ),
    Case(
        "unknown-realm",
        "configuration",
        ("No KDC is known for realm OTHER.EXAMPLE.COM", "krb5-"),
        lambda scene: password(WRONG, "nobody@OTHER.EXAMPLE.COM"),
    ),
    Case(
        "missing-principal",
        "authentication",
        ("Kerberos failed for nobody@KEYEXAMPLE.COM with the keytab", "user.keytab", "krb5"),
        lambda scene: {**scene.keytab, "username": f"nobody@{REALM}"},
    ),
    Case(
        "no-keytab",
        "configuration",
        ("/nonexistent/keytab", "kerberos_keytab", "No such file"),
        lambda scene: {"kerberos_keytab": "/nonexistent/keytab", "username": PRINCIPAL},
    ),
    Case(
        "not-a-keytab",
        "authentication",
        ("Kerberos failed for", "with the keytab", "key table"),
        lambda scene: {"kerberos_keytab": str(scene.site.config), "username": PRINCIPAL},
    ),
    Case(
        "old-keytab",
        "authentication",
        (f"KDC of realm {REALM} refused the keytab", "Make a new keytab"),
        lambda scene: {"kerberos_keytab": str(scene.site.old_keytab), "username": PRINCIPAL},
    ),
    Case(
        "no-cache",
        "configuration",
        ("/nonexistent/cache", "kerberos_ccache"),
        lambda scene: {"kerberos_ccache": "FILE:/nonexistent/cache"},
    ),
    Case(
        "no-ticket",
        "authentication",
        ("no Kerberos ticket of this account in the default credential cache", "kinit"),
        lambda scene: {"auth_type": "kerberos"},
    ),
    Case(
        "expired-ticket",
        "authentication",
        ("The ticket in the credential cache", "has expired", "kinit"),
        lambda scene: {"kerberos_ccache": str(scene.site.expired_ticket("expired"))},
    ),
    Case(
        "ticket-of-another",
        "authentication",
        (f"no Kerberos ticket of nobody@{REALM} in the credential cache",),
        lambda scene: {**scene.tickets, "username": f"nobody@{REALM}"},
    ),
    Case(
        "unknown-spn",
        "authentication",
        ("gave no ticket for HTTP/nowhere.example.com", "Set kerberos_spn"),
        lambda scene: {**scene.tickets, "kerberos_spn": "HTTP/nowhere.example.com"},
    ),
    Case(
        "default-spn",
        "authentication",
        ("gave no ticket for HTTP@127.0.0.1", "Set kerberos_spn"),
        lambda scene: {**scene.tickets, "host": f"http://127.0.0.1:{scene.site.port}/KeyfactorAPI"},
    ),
    Case(
        "spn-of-another-service",
        "authentication",
        (f"refused principal {PRINCIPAL} (401", f"kerberos_spn (now {OTHER_SPN})", "Negotiate"),
        lambda scene: {**scene.tickets, "kerberos_spn": OTHER_SPN},
        401,
    ),
    Case(
        "kdc-down",
        "authentication",
        (f"No KDC of realm {REALM} could be reached", "krb5-"),
        lambda scene: {**password(PASSWORD), **scene.config(scene.emulator.closed_port())},
    ),
    Case(
        "kdc-down-with-a-ticket",
        "authentication",
        (f"No KDC of realm {REALM} could be reached",),
        lambda scene: {**scene.tickets, **scene.config(scene.emulator.closed_port())},
    ),
    Case(
        "kdc-silent",
        "authentication",
        (f"No KDC of realm {REALM} answered within 0.3 s", "raise timeout"),
        lambda scene: {
            **password(PASSWORD),
            **scene.config(scene.silent.getsockname()[1]),
            "timeout": "300ms",
        },
    ),
    Case(
        "impostor",
        "authentication",
        ("could not prove with Kerberos that it is HTTP@localhost",),
        lambda scene: scene.answering(
            Fault.status(200, body={"Id": 1}, headers={"WWW-Authenticate": "Negotiate b2s="})
        ),
        200,
    ),
    Case(
        "large-refusal",
        "too_large",
        ("larger than 1 MiB",),
        lambda scene: scene.answering(
            Fault.status(401, body=b"x" * 2**21, headers={"WWW-Authenticate": "Negotiate"})
        ),
        401,
    ),
    Case(
        "no-permission",
        "permission",
        (f"principal {PRINCIPAL}", "/system_settings/read/"),
        lambda scene: scene.answering(Fault.status(403)),
        403,
    ),
)
