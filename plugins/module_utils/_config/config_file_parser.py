# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The config file of Keyfactor's own tools: JSON or YAML, read and checked."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .._deps import require_library
from .._errors import CommandError
from .config_file import ConfigProfile
from .options import NEGATED_NAMES, OPTIONS
from .sources import OptionValue, Source, is_set

if TYPE_CHECKING:
    import yaml
else:
    try:
        import yaml
    except ImportError:
        yaml = None


def config_profile_source(chosen: ConfigProfile, entries: object) -> Source:
    """Return what the entries of one profile say."""
    if not isinstance(entries, dict):
        raise _unusable_error(chosen, f"config profile {chosen.profile} is not a mapping")
    found = {}
    for option in OPTIONS:
        for key in option.config_keys:
            if is_set(entries.get(key)):
                origin = f"{key} in {chosen.name}"
                found[option.name] = OptionValue(
                    option.name, entries[key], origin, key in NEGATED_NAMES
                )
                break
    return Source(chosen.name, found)


def _unusable_error(chosen: ConfigProfile, why: str) -> CommandError:
    asked = f" ({chosen.path_origin})" if chosen.path_origin else ""
    return CommandError(
        "configuration", f"The config file {chosen.path}{asked} cannot be used: {why}."
    )


def read_config_profiles(chosen: ConfigProfile) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the file's profiles, and a warning when others on the machine can read it."""
    try:
        with open(chosen.path, encoding="utf-8-sig") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            text = file.read()
    except OSError as error:
        raise _unusable_error(chosen, error.strerror or "it cannot be read") from None
    except UnicodeDecodeError:
        raise _unusable_error(chosen, "it is not UTF-8 text") from None
    content = _parse(chosen, text)
    servers = content.get("servers") if isinstance(content, dict) else None
    if not isinstance(servers, dict):
        raise _unusable_error(chosen, "it has no mapping 'servers' of profiles")
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        return _by_name(servers), (
            f"The config file {chosen.path} is open to other users (mode {mode:04o}); "
            f"close it with: chmod 600 {chosen.path}",
        )
    return _by_name(servers), ()


def _by_name(servers: Mapping[object, Any]) -> dict[str, Any]:
    """Return the profiles by name: to YAML a profile named 1 is a number."""
    return {str(name): entries for name, entries in servers.items()}


def _parse(chosen: ConfigProfile, text: str) -> object:
    """Read JSON or YAML, by content. Errors name the place, never the text around it."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        not_json = _why_not_json(error)
    require_library(yaml, "PyYAML", f"the config file {chosen.path} ({not_json})")
    try:
        return yaml.safe_load(text)
    # Values that PyYAML cannot make end in whatever exception comes up on the way.
    except Exception as error:
        if text.lstrip().startswith(("{", "[")):
            raise _unusable_error(chosen, not_json) from None
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark else ""
        raise _unusable_error(chosen, f"it is neither JSON nor YAML{where}") from None


def _why_not_json(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        where = f"line {error.lineno}"
    else:
        where = "too deep" if isinstance(error, RecursionError) else "a number is too long"
    return f"it is not valid JSON ({where})"
