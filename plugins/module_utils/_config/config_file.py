# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The config file of Keyfactor's own tools as a source of options."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from typing import Any

from .._errors import CommandError, configuration_error
from .options import DEFAULT_CONFIG_FILE, NEGATED_NAMES, OPTIONS, OPTIONS_BY_NAME
from .sources import OptionValue, Source, find, is_set


@dataclass(frozen=True)
class ConfigProfile:
    """The config profile to read, its file, and the origins of both (None for the defaults)."""

    path: str
    profile: str
    path_origin: str | None
    profile_origin: str | None

    @property
    def name(self) -> str:
        """The name for messages."""
        return f"config profile {self.profile} of {self.path}"


def select_config_profile(sources: tuple[Source, ...]) -> ConfigProfile:
    """Return the config profile that the task or the environment names, or the default one."""
    file, profile = find(sources, "config_file"), find(sources, "config_profile")
    return ConfigProfile(
        file.convert() if file else os.path.expanduser(DEFAULT_CONFIG_FILE),
        profile.convert() if profile else OPTIONS_BY_NAME["config_profile"].default,
        file.origin if file else None,
        profile.origin if profile else None,
    )


def from_config_file(selected: ConfigProfile) -> tuple[Source, tuple[str, ...]]:
    """Return the options of the config profile, and warnings. What is default may be missing."""
    missing = not selected.path_origin and not os.path.lexists(selected.path)
    profiles, warnings = ({}, ()) if missing else read_config_profiles(selected)
    if selected.profile in profiles:
        return config_profile_source(selected, profiles[selected.profile]), warnings
    if not selected.path_origin and not selected.profile_origin:
        return Source(selected.name, {}), ()
    if missing:
        raise configuration_error(
            f"There is no config profile {selected.profile} ({selected.profile_origin}): "
            f"the file {selected.path} does not exist. Name the file with config_file."
        )
    raise configuration_error(
        f"There is no config profile {selected.profile} in {selected.path}. "
        f"It has: {', '.join(sorted(profiles)) or 'none'}; name one with config_profile."
    )


def read_config_profiles(selected: ConfigProfile) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the file's config profiles by name, and a warning if other users can read it."""
    try:
        with open(selected.path, encoding="utf-8-sig") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            text = file.read()
    except OSError as error:
        raise _unusable_error(selected, error.strerror or "it cannot be read") from None
    except UnicodeDecodeError:
        raise _unusable_error(selected, "it is not UTF-8 text") from None
    from .config_file_parser import parse_config_profiles

    try:
        profiles = parse_config_profiles(text)
    except ValueError as error:
        raise _unusable_error(selected, str(error)) from None
    if not mode & (stat.S_IRWXG | stat.S_IRWXO):
        return profiles, ()
    warning = f"The config file {selected.path} is open to other users (mode {mode:04o}); "
    return profiles, (warning + f"close it with: chmod 600 {selected.path}",)


def config_profile_source(selected: ConfigProfile, entries: object) -> Source:
    """Return the options that the entries of one config profile set."""
    if not isinstance(entries, dict):
        raise _unusable_error(selected, f"config profile {selected.profile} is not a mapping")
    values: dict[str, OptionValue] = {}
    for option in OPTIONS:
        for key in option.config_keys:
            if is_set(entries.get(key)):
                origin, negated = f"{key} in {selected.name}", key in NEGATED_NAMES
                value = OptionValue(option.name, entries[key], origin, negated)
                values.setdefault(option.name, value)
    return Source(selected.name, values)


def _unusable_error(selected: ConfigProfile, reason: str) -> CommandError:
    origin = f" ({selected.path_origin})" if selected.path_origin else ""
    return configuration_error(f"The config file {selected.path}{origin} cannot be used: {reason}.")
