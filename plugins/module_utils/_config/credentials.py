# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Select the credentials: one complete set from one source, never combined from several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from .._errors import CommandError, configuration_error
from .credential_types import CREDENTIAL_TYPES, CredentialType
from .options import KERBEROS_ONLY_VARIABLES, OPTIONS_BY_NAME
from .sources import OptionValue, Source, find


@dataclass(frozen=True)
class Credentials:
    """One complete set of credentials, and where it came from."""

    kind: str
    origin: str
    values: Mapping[str, OptionValue] = field(default_factory=dict, repr=False)

    def convert(self) -> dict[str, Any]:
        """Return the values, each in its option's type."""
        return {name: value.convert() for name, value in self.values.items()}


class Candidate:
    """What one source has of one type of credentials."""

    def __init__(self, kind: CredentialType, source: Source) -> None:
        self.kind = kind
        self.source = source
        # In the environment, a Kerberos account has variables of its own.
        self.is_separate = kind.name == "kerberos" and source.kerberos is not None
        self.values = source.kerberos or {} if self.is_separate else source.values
        self.present = [name for name in kind.names if name in self.values]

    def is_started(self, requested: str) -> bool:
        """Tell whether the source holds any part of this type."""
        hints = self.kind.hints
        certain = requested == self.kind.name or self.is_separate or not hints
        return bool(self.present) and (certain or any(hint in self.values for hint in hints))

    def missing_from(self, names: Iterable[str]) -> list[str]:
        """Return what the source lacks of one set."""
        user = self.values.get("username")
        # user@REALM includes the realm.
        included = "kerberos_realm" if user and "@" in str(user.raw) else None
        return [name for name in names if name not in self.values and name != included]

    def missing(self) -> list[list[str]]:
        """Return what the source lacks of the sets that are closest to complete."""
        sets = self.kind.required_sets
        # A set of which nothing is present was not meant.
        started = [names for names in sets if len(self.missing_from(names)) < len(names)]
        missing = [self.missing_from(names) for names in started or sets]
        fewest = min(map(len, missing))
        return [names for names in missing if len(names) == fewest]

    def build(self) -> Credentials | None:
        """Return the first complete set, None if there is none."""
        for names in self.kind.required_sets:
            if not self.missing_from(names):
                self.check_exclusive()
                used = [name for name in (*names, *self.kind.optional) if name in self.values]
                values = {name: self.values[name] for name in used}
                return Credentials(self.kind.name, self.source.name, values)
        return None

    def check_exclusive(self) -> None:
        """Refuse two options that exclude each other."""
        names = [name for name in self.kind.exclusive if name in self.values]
        if len(names) > 1:
            origins = " and ".join(self.values[name].origin for name in names)
            raise configuration_error(
                f"{origins} exclude each other: {self.kind.name} uses one of them. "
                f"Remove what is not meant."
            )

    def display_name(self, name: str) -> str:
        """Return an option's name, with its variable if Kerberos has one of its own."""
        variables = KERBEROS_ONLY_VARIABLES & {*OPTIONS_BY_NAME[name].environment_variables}
        return f"{name} ({', '.join(variables)})" if variables and self.is_separate else name


def select_credentials(sources: tuple[Source, ...]) -> Credentials:
    """Return the credentials of the first source that holds any.

    A source that holds only a part of a set is an error: completing it from another source, or
    ignoring it, could send one account's name with another's password.
    """
    *live, profile = sources
    auth_type = find(live, "auth_type")
    for source in sources:
        # The auth_type of a config profile applies to the credentials of that profile.
        if source is profile:
            auth_type = find(sources, "auth_type")
        requested = auth_type.convert() if auth_type else "auto"
        credentials = _complete_credentials(source, requested, sources)
        if credentials:
            return credentials
    client_cert = find(sources, "client_cert")
    if client_cert and requested in ("auto", "certificate"):
        return Credentials("certificate", client_cert.origin)
    if auth_type and requested == "kerberos":
        # Without any other option, Kerberos uses the tickets that the user already has.
        return Credentials("kerberos", auth_type.origin)
    if profile.unreadable:
        raise configuration_error(profile.unreadable)
    raise _none_error(requested)


def _complete_credentials(
    source: Source, requested: str, sources: tuple[Source, ...]
) -> Credentials | None:
    kinds = [kind for kind in CREDENTIAL_TYPES if requested in ("auto", kind.name)]
    candidates = [Candidate(kind, source) for kind in kinds]
    started = [candidate for candidate in candidates if candidate.is_started(requested)]
    complete = list(filter(None, (candidate.build() for candidate in started)))
    if len(complete) > 1:
        names = " and ".join(credentials.kind for credentials in complete)
        raise configuration_error(
            f"There are complete credentials of more than one kind in {source.name}: {names}. "
            f"Say which to use with auth_type."
        )
    if started and not complete:
        raise _incomplete_error(started, sources)
    return complete[0] if complete else None


def _incomplete_error(started: list[Candidate], sources: tuple[Source, ...]) -> CommandError:
    # Most likely the type was meant that lacks the least; of two, the one with more values.
    meant = min(started, key=lambda each: (len(each.missing()[0]), -len(each.present)))
    missing = meant.missing()
    others = [Candidate(meant.kind, source) for source in sources if source is not meant.source]
    names = dict.fromkeys(chain(*missing))
    rest = [other.values[name].origin for other in others for name in names if name in other.values]
    if rest:
        hint = (
            f"The rest was found as {', '.join(rest)}, but credentials are never mixed: "
            f"give all of them in one place."
        )
    else:
        hint = "Give all of them in one place, as options, environment variables or in a config profile."
    present = " and ".join(meant.present)
    lacking = _describe_sets([list(map(meant.display_name, names)) for names in missing])
    return configuration_error(
        f"The {meant.kind.name} credentials in {meant.source.name} are incomplete: {present} given, "
        f"{lacking} missing. {hint}"
    )


def _describe_sets(sets: list[list[str]]) -> str:
    """Return alternative sets of names as text, with what they have in common first."""
    common = [name for name in sets[0] if all(name in names for names in sets)]
    rest = [" and ".join(name for name in names if name not in common) for names in sets]
    different = list(filter(None, dict.fromkeys(rest)))
    if not common:
        return " or ".join(different)
    alternatives = [f"one of {', '.join(different)}"] if different else []
    return " and ".join(common + alternatives)


def _describe_kind(kind: CredentialType) -> str:
    """Return what a type of credentials needs. Options that replace each other are named once."""
    sets = kind.required_sets[:1] if kind.exclusive else kind.required_sets
    text = "; or ".join(
        names[0] + (f" with {' and '.join(names[1:])}" if names[1:] else "") for names in sets
    )
    if not kind.exclusive:
        return text
    first, *others = kind.exclusive
    return f"{text} ({' or '.join(others)} can replace {first})"


def _none_error(requested: str) -> CommandError:
    if requested == "certificate":
        message = "auth_type is certificate, but there is no client_cert. Set client_cert."
        return configuration_error(message)
    kinds = [kind for kind in CREDENTIAL_TYPES if requested in ("auto", kind.name)]
    sets = "; or ".join(map(_describe_kind, kinds))
    adjective = "" if requested == "auto" else f"{requested} "
    return configuration_error(
        f"There are no {adjective}credentials for Keyfactor Command. "
        f"Give {sets} as options, as environment variables or in a config file."
    )


def select_client_certificate(
    sources: Iterable[Source],
) -> tuple[OptionValue | None, OptionValue | None]:
    """Return the values of client_cert and client_key, both from one source."""
    for source in sources:
        cert, key = source.values.get("client_cert"), source.values.get("client_key")
        if key and not cert:
            message = f"{key.origin} is set, but there is no client_cert beside it. "
            raise configuration_error(message + "Set client_cert in the same place.")
        if cert:
            return cert, key
    return None, None
