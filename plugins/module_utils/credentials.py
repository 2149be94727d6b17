# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which credentials to use: one complete set from one source, never mixed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import CommandError
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
    """One way to authenticate: what it needs, and what may go with it."""

    name: str
    needs: tuple[str, ...]
    extras: tuple[str, ...] = ()

    def missing(self, source: Source) -> list[str]:
        """Return what the source lacks of a complete set."""
        return [name for name in self.needs if name not in source.found]

    def begun(self, source: Source) -> bool:
        """Tell whether the source holds any part of this kind."""
        return any(name in source.found for name in self.needs + self.extras)

    def take(self, source: Source) -> Credentials:
        """Return the source's complete set."""
        names = self.needs + self.extras
        found = {name: source.found[name] for name in names if name in source.found}
        return Credentials(self.name, source.name, found)


KINDS = (
    Kind("basic", ("username", "password"), ("domain",)),
    Kind("oauth", ("client_id", "client_secret", "token_url"), ("scopes", "audience")),
    Kind("token", ("access_token",)),
)


def choose(sources: tuple[Source, ...], client_cert: Found | None) -> Credentials:
    """Return the credentials of the first source that holds any.

    A source that holds only a part of a set is an error: completing it from elsewhere, or
    passing over it, could send one person's name with another's password.
    """
    *live, profile = sources
    declared = next((s.found["auth_type"] for s in live if "auth_type" in s.found), None)
    wanted = declared.read() if declared else "auto"
    for source in sources:
        # The profile's own auth_type says which of the profile's credentials it means.
        if source is profile and not declared and "auth_type" in source.found:
            wanted = source.found["auth_type"].read()
        chosen = _complete(source, wanted, sources)
        if chosen:
            return chosen
    if client_cert and wanted in ("auto", "certificate"):
        return Credentials("certificate", client_cert.origin)
    raise _nothing(wanted)


def _complete(source: Source, wanted: str, sources: Iterable[Source]) -> Credentials | None:
    begun = [kind for kind in KINDS if wanted in ("auto", kind.name) and kind.begun(source)]
    complete = [kind for kind in begun if not kind.missing(source)]
    if len(complete) > 1:
        names = " and ".join(kind.name for kind in complete)
        raise CommandError(
            "configuration",
            f"There are complete credentials of more than one kind in {source.name}: {names}. "
            f"Say which to use with auth_type.",
        )
    if complete:
        return complete[0].take(source)
    if begun:
        raise _incomplete(begun, source, sources)
    return None


def _incomplete(begun: list[Kind], source: Source, sources: Iterable[Source]) -> CommandError:
    # The kind that lacks least is the one that was meant.
    kind = min(begun, key=lambda each: len(each.missing(source)))
    missing = kind.missing(source)
    elsewhere = [
        other.found[name].origin
        for other in sources
        if other is not source
        for name in missing
        if name in other.found
    ]
    rest = (
        f"The rest was found as {', '.join(elsewhere)}, but credentials are never mixed: "
        f"give all of them in one place."
        if elsewhere
        else "Give all of them in one place, as options, environment variables or in a profile."
    )
    there = " and ".join(n for n in kind.needs + kind.extras if n in source.found)
    return CommandError(
        "configuration",
        f"The {kind.name} credentials in {source.name} are incomplete: {there} given, "
        f"{' and '.join(missing)} missing. {rest}",
    )


def _nothing(wanted: str) -> CommandError:
    if wanted == "certificate":
        return CommandError(
            "configuration",
            "auth_type is certificate, but there is no client_cert. Set client_cert.",
        )
    named = [kind for kind in KINDS if wanted in ("auto", kind.name)]
    sets = "; or ".join(
        " with ".join((k.needs[0], *(" and ".join(k.needs[1:]),))[: len(k.needs)]) for k in named
    )
    return CommandError(
        "configuration",
        f"There are no {'' if wanted == 'auto' else wanted + ' '}credentials for Keyfactor Command. "
        f"Give {sets} as options, as environment variables or in a profile file.",
    )
