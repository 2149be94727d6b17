# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which credentials to use: one complete set from one source, never mixed."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from .._errors import CommandError
from .credential_types import CREDENTIAL_TYPES, Credentials, CredentialType
from .sources import OptionValue, Source


def select_credentials(sources: tuple[Source, ...], client_cert: OptionValue | None) -> Credentials:
    """Return the credentials of the first source that holds any.

    A source that holds only a part of a set is an error: completing it from elsewhere, or
    passing over it, could send one person's name with another's password.
    """
    *live, profile = sources
    declared = next((s.values["auth_type"] for s in live if "auth_type" in s.values), None)
    wanted = declared.convert() if declared else "auto"
    for source in sources:
        # The profile's own auth_type says which of the profile's credentials it means.
        if source is profile and not declared and "auth_type" in source.values:
            wanted = source.values["auth_type"].convert()
        chosen = _complete_credentials(source, wanted, sources)
        if chosen:
            return chosen
    if client_cert and wanted in ("auto", "certificate"):
        return Credentials("certificate", client_cert.origin)
    if wanted == "kerberos":
        # Asked for by name alone: the tickets that the user has already.
        return Credentials("kerberos", (declared or profile.values["auth_type"]).origin)
    raise _missing_error(wanted)


def _complete_credentials(
    source: Source, wanted: str, sources: Iterable[Source]
) -> Credentials | None:
    started = [
        kind
        for kind in CREDENTIAL_TYPES
        if wanted in ("auto", kind.name) and kind.is_started(source, wanted == kind.name)
    ]
    complete = [found for found in (kind.build(source) for kind in started) if found]
    if len(complete) > 1:
        names = " and ".join(found.kind for found in complete)
        raise CommandError(
            "configuration",
            f"There are complete credentials of more than one kind in {source.name}: {names}. "
            f"Say which to use with auth_type.",
        )
    if complete:
        return complete[0]
    if started:
        raise _incomplete_error(started, source, sources)
    return None


def _incomplete_error(
    started: list[CredentialType], source: Source, sources: Iterable[Source]
) -> CommandError:
    # The kind that lacks least is the one that was meant; of two, the one with more given.
    kind = min(
        started, key=lambda k: (len(k.closest_missing(source)[0]), -len(k.present_in(source)))
    )
    missing = kind.closest_missing(source)
    elsewhere = [
        kind.values_in(other)[name].origin
        for other in sources
        if other is not source
        for name in dict.fromkeys(chain(*missing))
        if name in kind.values_in(other)
    ]
    rest = (
        f"The rest was found as {', '.join(elsewhere)}, but credentials are never mixed: "
        f"give all of them in one place."
        if elsewhere
        else "Give all of them in one place, as options, environment variables or in a config profile."
    )
    there = " and ".join(kind.present_in(source))
    wanting = " or ".join(
        " and ".join(kind.display_name(source, n) for n in lack) for lack in missing
    )
    return CommandError(
        "configuration",
        f"The {kind.name} credentials in {source.name} are incomplete: {there} given, "
        f"{wanting} missing. {rest}",
    )


def _missing_error(wanted: str) -> CommandError:
    if wanted == "certificate":
        return CommandError(
            "configuration",
            "auth_type is certificate, but there is no client_cert. Set client_cert.",
        )
    named = [
        names
        for kind in CREDENTIAL_TYPES
        if wanted in ("auto", kind.name)
        for names in kind.required_sets
    ]
    sets = "; or ".join(
        " with ".join((names[0], *(" and ".join(names[1:]),))[: len(names)]) for names in named
    )
    return CommandError(
        "configuration",
        f"There are no {'' if wanted == 'auto' else wanted + ' '}credentials for Keyfactor Command. "
        f"Give {sets} as options, as environment variables or in a config file.",
    )


def select_client_certificate(
    sources: Iterable[Source],
) -> tuple[OptionValue | None, OptionValue | None]:
    """Return certificate and key, both from one source."""
    for source in sources:
        cert, key = source.values.get("client_cert"), source.values.get("client_key")
        if key and not cert:
            raise CommandError(
                "configuration",
                f"{key.origin} is set, but there is no client_cert beside it. "
                f"Set client_cert in the same place.",
            )
        if cert:
            return cert, key
    return None, None
