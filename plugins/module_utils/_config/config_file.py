# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which profile of which file is a source of settings, beside the task and the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass

from .._errors import CommandError
from .options import DEFAULT_CONFIG_FILE, OPTIONS_BY_NAME
from .sources import OptionValue, Source


@dataclass(frozen=True)
class ConfigProfile:
    """Which profile of which file to read, and who asked for it (nobody: None)."""

    path: str
    profile: str
    path_origin: str | None
    profile_origin: str | None

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"config profile {self.profile} of {self.path}"


def select_config_profile(sources: tuple[Source, ...]) -> ConfigProfile:
    """Return the profile that the sources before the file name, or the default one."""
    chosen: dict[str, OptionValue] = {}
    for source in reversed(sources):
        chosen.update(source.values)
    file, profile = chosen.get("config_file"), chosen.get("config_profile")
    return ConfigProfile(
        file.convert() if file else os.path.expanduser(DEFAULT_CONFIG_FILE),
        profile.convert() if profile else OPTIONS_BY_NAME["config_profile"].default,
        file.origin if file else None,
        profile.origin if profile else None,
    )


def from_config_file(chosen: ConfigProfile) -> tuple[Source, tuple[str, ...]]:
    """Return what the profile says, and warnings about its file.

    A default file or default profile that does not exist is nothing to complain about.
    """
    if not os.path.lexists(chosen.path) and not chosen.path_origin:
        if chosen.profile_origin:
            raise CommandError(
                "configuration",
                f"There is no config profile {chosen.profile} ({chosen.profile_origin}): "
                f"the file {chosen.path} does not exist. Name the file with config_file.",
            )
        return Source(chosen.name, {}), ()
    from .config_file_parser import config_profile_source, read_config_profiles

    servers, warnings = read_config_profiles(chosen)
    if chosen.profile not in servers:
        if not chosen.path_origin and not chosen.profile_origin:
            return Source(chosen.name, {}), ()
        raise CommandError(
            "configuration",
            f"There is no config profile {chosen.profile} in {chosen.path}. "
            f"It has: {', '.join(sorted(map(str, servers))) or 'none'}; "
            f"name one with config_profile.",
        )
    return config_profile_source(chosen, servers[chosen.profile]), warnings
