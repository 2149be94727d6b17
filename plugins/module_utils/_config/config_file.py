# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The config file of Keyfactor's own tools as a source of options."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from .._errors import CommandError, configuration_error
from . import key_vault
from .config_keys import find_entries
from .key_vault import KeyVault
from .options import DEFAULT_CONFIG_FILES, NEGATED_NAMES, OPTIONS, OPTIONS_BY_NAME
from .sources import OptionValue, Source, find, is_set

KEYS = (*chain(*(option.config_keys for option in OPTIONS)), key_vault.PROVIDER_KEY)


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

    @property
    def is_named(self) -> bool:
        """Whether the task or the environment names the file or the profile."""
        return bool(self.path_origin or self.profile_origin)

    @property
    def is_of_task(self) -> bool:
        """Whether the task names the file."""
        return (self.path_origin or "").startswith("option ")

    @property
    def is_missing(self) -> bool:
        """Whether it would be in the default file, which does not exist."""
        return not self.path_origin and not os.path.lexists(self.path)


def select_config_profile(sources: tuple[Source, ...]) -> ConfigProfile:
    """Return the config profile that the task or the environment names, or the default one."""
    file, profile = find(sources, "config_file"), find(sources, "config_profile")
    return ConfigProfile(
        file.convert() if file else _default_file(),
        profile.convert() if profile else OPTIONS_BY_NAME["config_profile"].default,
        file.origin if file else None,
        profile.origin if profile else None,
    )


def _default_file() -> str:
    paths = [os.path.expanduser(path) for path in DEFAULT_CONFIG_FILES]
    return next(filter(os.path.lexists, paths), paths[0])


def from_config_file(
    selected: ConfigProfile, environ: Mapping[str, str]
) -> tuple[Source, tuple[str, ...]]:
    """Return the options of the config profile, and warnings.

    If nothing names it, it may be missing or unreadable: the other sources may be enough.
    """
    vault = find_key_vault(selected, environ)
    skips_file = vault or selected.is_missing
    profiles, warnings = ({}, ()) if skips_file else read_config_profiles(selected)
    source = _unreadable_source(selected, vault) if vault else _profile_source(selected, profiles)
    if source.unreadable and selected.is_named:
        raise configuration_error(source.unreadable)
    return source, warnings


def find_key_vault(selected: ConfigProfile, environ: Mapping[str, str]) -> KeyVault | None:
    """Return the key vault that the environment names, unless there is a file to use instead."""
    is_chosen = is_set(environ.get(key_vault.PROVIDER_VARIABLE)) and not selected.is_of_task
    return key_vault.from_variables(environ) if is_chosen or selected.is_missing else None


def _profile_source(selected: ConfigProfile, profiles: dict[str, Any]) -> Source:
    if selected.profile in profiles:
        return config_profile_source(selected, profiles[selected.profile])
    if not selected.is_named:
        return Source(selected.name, {})
    if selected.is_missing:
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
    """Return the options that the entries of one config profile set.

    If it refers to a key vault, its own entries are not those that Keyfactor's tools would use.
    """
    if not isinstance(entries, dict):
        raise _unusable_error(selected, f"config profile {selected.profile} is not a mapping")
    values: dict[str, OptionValue] = {}
    try:
        found = {
            name: each for name, each in find_entries(entries, KEYS).items() if is_set(each.value)
        }
        provider = found.pop(key_vault.PROVIDER_KEY, None)
        vault = provider and key_vault.from_entry(provider.value, f"its {provider.key} says")
    except ValueError as error:
        raise _unusable_error(selected, f"config profile {selected.profile}: {error}") from None
    if vault:
        return _unreadable_source(selected, vault)
    for option in OPTIONS:
        for name in option.config_keys:
            if name in found:
                key, value = found[name]
                origin, negated = f"{key} in {selected.name}", name in NEGATED_NAMES
                values.setdefault(option.name, OptionValue(option.name, value, origin, negated))
    return Source(selected.name, values)


def _unreadable_source(selected: ConfigProfile, vault: KeyVault) -> Source:
    reason = f"The {selected.name} cannot be read: {vault.reason}"
    return Source(selected.name, {}, unreadable=reason)


def _unusable_error(selected: ConfigProfile, reason: str) -> CommandError:
    origin = f" ({selected.path_origin})" if selected.path_origin else ""
    return configuration_error(f"The config file {selected.path}{origin} cannot be used: {reason}.")
