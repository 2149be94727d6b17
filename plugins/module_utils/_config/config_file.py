# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which profile of which file is a source of settings, beside the task and the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass

from .._errors import CommandError
from .options import BY_NAME, DEFAULT_CONFIG_FILE
from .sources import Found, Source


@dataclass(frozen=True)
class ProfileFile:
    """Which profile of which file to read, and who asked for it (nobody: None)."""

    path: str
    profile: str
    path_origin: str | None
    profile_origin: str | None

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"profile {self.profile} of {self.path}"


def choose_profile(sources: tuple[Source, ...]) -> ProfileFile:
    """Return the profile that the sources before the file name, or the default one."""
    chosen: dict[str, Found] = {}
    for source in reversed(sources):
        chosen.update(source.found)
    file, profile = chosen.get("config_file"), chosen.get("config_profile")
    return ProfileFile(
        file.read() if file else os.path.expanduser(DEFAULT_CONFIG_FILE),
        profile.read() if profile else BY_NAME["config_profile"].default,
        file.origin if file else None,
        profile.origin if profile else None,
    )


def from_profile(chosen: ProfileFile) -> tuple[Source, tuple[str, ...]]:
    """Return what the profile says, and warnings about its file.

    A default file or default profile that does not exist is nothing to complain about.
    """
    if not os.path.lexists(chosen.path) and not chosen.path_origin:
        if chosen.profile_origin:
            raise CommandError(
                "configuration",
                f"There is no profile {chosen.profile} ({chosen.profile_origin}): "
                f"the file {chosen.path} does not exist. Name the file with config_file.",
            )
        return Source(chosen.name, {}), ()
    from .config_file_parser import as_source, read_profiles

    servers, warnings = read_profiles(chosen)
    if chosen.profile not in servers:
        if not chosen.path_origin and not chosen.profile_origin:
            return Source(chosen.name, {}), ()
        raise CommandError(
            "configuration",
            f"There is no profile {chosen.profile} in {chosen.path}. "
            f"It has: {', '.join(sorted(map(str, servers))) or 'none'}; "
            f"name one with config_profile.",
        )
    return as_source(chosen, servers[chosen.profile]), warnings
