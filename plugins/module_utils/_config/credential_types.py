# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of credentials, and what makes each of them complete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from .options import KERBEROS_ONLY_VARIABLES, OPTIONS_BY_NAME
from .sources import OptionValue, Source


@dataclass(frozen=True)
class Credentials:
    """One complete set of credentials, and where it came from."""

    kind: str
    origin: str
    values: Mapping[str, OptionValue] = field(default_factory=dict, repr=False)

    def convert(self) -> dict[str, Any]:
        """Return the values, each in its option's type."""
        return {name: found.convert() for name, found in self.values.items()}


@dataclass(frozen=True)
class CredentialType:
    """One way to authenticate.

    :param required_sets: what it needs, as one set or as alternatives, the first complete one counts.
    :param optional: what may go with any of them.
    :param hints: names of which one must be there too where nobody asked for this kind, because
        those of its sets serve another kind as well.
    """

    name: str
    required_sets: tuple[tuple[str, ...], ...]
    optional: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()

    def values_in(self, source: Source) -> Mapping[str, OptionValue]:
        """Return what the source says to this kind."""
        apart = source.kerberos if self.name == "kerberos" else None
        return source.values if apart is None else apart

    def present_in(self, source: Source) -> list[str]:
        """Return which of this kind's names the source has, each once."""
        names = dict.fromkeys((*chain(*self.required_sets), *self.optional))
        return [name for name in names if name in self.values_in(source)]

    def display_name(self, source: Source, name: str) -> str:
        """Return an option's name, with its variable where that is another than one would think."""
        apart = self.values_in(source) is not source.values
        own = (
            KERBEROS_ONLY_VARIABLES.intersection(OPTIONS_BY_NAME[name].environment_variables)
            if apart
            else ()
        )
        return f"{name} ({', '.join(own)})" if own else name

    def is_started(self, source: Source, asked: bool) -> bool:
        """Tell whether the source holds any part of this kind."""
        there = self.values_in(source)
        meant = asked or not self.hints or there is not source.values
        return bool(self.present_in(source)) and (
            meant or any(sign in there for sign in self.hints)
        )

    def missing_from(self, source: Source, names: tuple[str, ...]) -> list[str]:
        """Return what the source lacks of one set."""
        there = self.values_in(source)
        user = there.get("username")
        # A user@REALM carries the realm.
        carried = "kerberos_realm" if user and "@" in str(user.raw) else None
        return [name for name in names if name not in there and name != carried]

    def closest_missing(self, source: Source) -> list[list[str]]:
        """Return what the source lacks of the sets that are nearest to complete."""
        lacks = {names: self.missing_from(source, names) for names in self.required_sets}
        # A set of which nothing is there was not meant.
        meant = [lack for names, lack in lacks.items() if len(lack) < len(names)]
        candidates = meant or list(lacks.values())
        least = min(map(len, candidates))
        return [lack for lack in candidates if len(lack) == least]

    def build(self, source: Source) -> Credentials | None:
        """Return the source's first complete set, if it has one."""
        there = self.values_in(source)
        for names in self.required_sets:
            if not self.missing_from(source, names):
                found = {name: there[name] for name in names + self.optional if name in there}
                return Credentials(self.name, source.name, found)
        return None


CREDENTIAL_TYPES = (
    CredentialType("basic", (("username", "password"),), ("domain",)),
    CredentialType("oauth", (("client_id", "client_secret", "token_url"),), ("scopes", "audience")),
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
