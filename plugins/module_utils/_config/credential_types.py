# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The types of credentials, and which options each of them needs."""

from __future__ import annotations

from itertools import chain
from typing import NamedTuple


class CredentialType(NamedTuple):
    """One way to authenticate.

    :param required_sets: the options that it needs, as alternatives: the first complete one is used.
    :param optional: options that may go with any of them.
    :param exclusive: options of which only one may be set beside a complete set.
    :param hints: without auth_type, one of these must be set, because the required options serve
        another type as well.
    """

    name: str
    required_sets: tuple[tuple[str, ...], ...]
    optional: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    exclusive: tuple[str, ...] = ()

    @property
    def names(self) -> dict[str, None]:
        """All options of this type, each once, in order."""
        return dict.fromkeys((*chain(*self.required_sets), *self.optional))


# With which of these an OAuth client authenticates.
CLIENT_PROOFS = ("client_secret", "client_assertion", "client_assertion_file")

CREDENTIAL_TYPES = (
    CredentialType("basic", (("username", "password"),), ("domain",)),
    CredentialType(
        "oauth",
        tuple(("client_id", proof, "token_url") for proof in CLIENT_PROOFS),
        ("scopes", "audience"),
        exclusive=CLIENT_PROOFS,
    ),
    CredentialType("token", (("access_token",),)),
    CredentialType(
        "kerberos",
        (
            ("kerberos_keytab", "username"),
            ("kerberos_ccache",),
            ("username", "password", "kerberos_realm"),
        ),
        ("username", "kerberos_realm"),
        ("kerberos_realm", "kerberos_keytab", "kerberos_ccache", "kerberos_config", "kerberos_spn"),
    ),
)
