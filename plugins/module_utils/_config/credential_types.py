# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of credentials, and what makes each of them complete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from .options import BY_NAME, FOR_KERBEROS
from .sources import Found, Source


@dataclass(frozen=True)
class Credentials:
    """One complete set of credentials, and where it came from."""

    kind: str
    origin: str
    found: Mapping[str, Found] = field(default_factory=dict, repr=False)

    def read(self) -> dict[str, Any]:
        """Return the values, each in its option's type."""
        return {name: found.read() for name, found in self.found.items()}


@dataclass(frozen=True)
class Kind:
    """One way to authenticate.

    :param sets: what it needs, as one set or as alternatives, the first complete one counts.
    :param extras: what may go with any of them.
    :param signs: names of which one must be there too where nobody asked for this kind, because
        those of its sets serve another kind as well.
    """

    name: str
    sets: tuple[tuple[str, ...], ...]
    extras: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()

    def of(self, source: Source) -> Mapping[str, Found]:
        """Return what the source says to this kind."""
        apart = source.kerberos if self.name == "kerberos" else None
        return source.found if apart is None else apart

    def given(self, source: Source) -> list[str]:
        """Return which of this kind's names the source has, each once."""
        names = dict.fromkeys((*chain(*self.sets), *self.extras))
        return [name for name in names if name in self.of(source)]

    def called(self, source: Source, name: str) -> str:
        """Return an option's name, with its variable where that is another than one would think."""
        apart = self.of(source) is not source.found
        own = FOR_KERBEROS.intersection(BY_NAME[name].variables) if apart else ()
        return f"{name} ({', '.join(own)})" if own else name

    def begun(self, source: Source, asked: bool) -> bool:
        """Tell whether the source holds any part of this kind."""
        there = self.of(source)
        meant = asked or not self.signs or there is not source.found
        return bool(self.given(source)) and (meant or any(sign in there for sign in self.signs))

    def lacks(self, source: Source, names: tuple[str, ...]) -> list[str]:
        """Return what the source lacks of one set."""
        there = self.of(source)
        user = there.get("username")
        # A user@REALM carries the realm.
        carried = "kerberos_realm" if user and "@" in str(user.raw) else None
        return [name for name in names if name not in there and name != carried]

    def missing(self, source: Source) -> list[list[str]]:
        """Return what the source lacks of the sets that are nearest to complete."""
        lacks = {names: self.lacks(source, names) for names in self.sets}
        # A set of which nothing is there was not meant.
        meant = [lack for names, lack in lacks.items() if len(lack) < len(names)]
        candidates = meant or list(lacks.values())
        least = min(map(len, candidates))
        return [lack for lack in candidates if len(lack) == least]

    def take(self, source: Source) -> Credentials | None:
        """Return the source's first complete set, if it has one."""
        there = self.of(source)
        for names in self.sets:
            if not self.lacks(source, names):
                found = {name: there[name] for name in names + self.extras if name in there}
                return Credentials(self.name, source.name, found)
        return None


KINDS = (
    Kind("basic", (("username", "password"),), ("domain",)),
    Kind("oauth", (("client_id", "client_secret", "token_url"),), ("scopes", "audience")),
    Kind("token", (("access_token",),)),
    Kind(
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
