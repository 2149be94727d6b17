# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The profiles of a config file as environments, without their credentials."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from ...module_utils._config import config_file, sources
from ...module_utils._config.config_file import ConfigProfile
from ...module_utils._config.credential_types import CREDENTIAL_TYPES
from ...module_utils._config.credentials import select_credentials
from ...module_utils._config.settings import Resolver
from ...module_utils._errors import CommandError
from ...module_utils._version import VERSION
from .selection import InventoryError

# The facts of an environment, with their values if unknown. Text is never null, because Ansible's
# tests and keyed groups fail on null. They contain no credentials.
FACTS: dict[str, Any] = {
    "command_profile": "",
    "command_url": "",
    "command_host": "",
    "command_port": None,
    "command_api_path": "",
    "command_auth_type": "unknown",
    "command_validate_certs": None,
}
CREDENTIALS = {"auth_type", "client_cert"}.union(
    *chain.from_iterable(kind.required_sets for kind in CREDENTIAL_TYPES)
)


@dataclass
class Environment:
    """What an inventory shows of one profile.

    :param facts: all of C(FACTS).
    :param option_names: the options that it sets.
    :param problems: why it cannot be used.
    """

    facts: dict[str, Any]
    option_names: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.facts["command_profile"])


def find_file(option: object, directory: str, environ: Mapping[str, str]) -> ConfigProfile:
    """Return the config file of the option, the environment or the default, in this order.

    :param directory: where a relative path of the option starts.
    :raises InventoryError: if the environment names a key vault instead.
    """
    params = {}
    if sources.is_set(option):
        path = sources.OptionValue("config_file", option, "option config_file").convert()
        params["config_file"] = os.path.join(directory, path)
    given = (sources.from_options(params), sources.from_environment(environ))
    chosen = config_file.select_config_profile(given)
    vault = config_file.find_key_vault(chosen, environ)
    if vault:
        reason = vault.reason.rstrip(".")
        raise InventoryError(f"the config profile cannot be read: {reason}")
    return replace(chosen, path=os.path.abspath(chosen.path))


def file_state(chosen: ConfigProfile) -> list[Any]:
    """Return a value that changes with the file and with the version of the collection."""
    state: list[Any] = [VERSION, chosen.path]
    with suppress(OSError, ValueError):
        stat = os.stat(chosen.path)
        state += [stat.st_mtime_ns, stat.st_size, stat.st_mode]
    return state


def read_environments(chosen: ConfigProfile) -> tuple[list[Environment], list[str]]:
    """Return the environments of a file in its order, and warnings about the file.

    :raises CommandError: if the file as a whole cannot be used.
    """
    profiles, warnings = config_file.read_config_profiles(chosen)
    environments = [
        _environment(replace(chosen, profile=name), profiles[name]) for name in profiles
    ]
    return environments, list(warnings)


def _environment(chosen: ConfigProfile, entries: object) -> Environment:
    """Describe one profile. Its problems do not affect the others."""
    environment = Environment({**FACTS, "command_profile": chosen.profile})
    facts, problems = environment.facts, environment.problems
    with _record_error(problems):
        profile = config_file.config_profile_source(chosen, entries)
        if profile.unreadable:
            problems.append(profile.unreadable)
            return environment
        environment.option_names = sorted(profile.values)
        resolver = Resolver((profile,))
        for value in profile.values.values():
            with _record_error(problems):
                value.convert()
        with _record_error(problems):
            address = resolver.address()
            facts.update(command_url=address.url, command_host=address.host)
            facts.update(command_port=address.port, command_api_path=address.api_path)
        if CREDENTIALS & profile.values.keys():
            with _record_error(problems):
                facts["command_auth_type"] = select_credentials((profile,)).kind
        facts["command_validate_certs"] = resolver.value("validate_certs")
    return environment


@contextmanager
def _record_error(problems: list[str]) -> Iterator[None]:
    try:
        yield
    except CommandError as error:
        if error.message not in problems:
            problems.append(error.message)


def check_variables(environments: list[Environment], variables: sources.Source) -> list[str]:
    """Return warnings about environment variables that override the profiles.

    :raises InventoryError: if they would make all environments the same one.
    """
    options = {name for environment in environments for name in environment.option_names}
    # Credentials are a set: those of one type override those of any other type.
    if options & CREDENTIALS:
        options |= CREDENTIALS
    values = {**variables.values, **(variables.kerberos or {})}
    names = {name: values[name].origin.rpartition(" ")[2] for name in values if name in options}
    if "host" in names:
        raise InventoryError(
            f"{names['host']} in the environment takes the place of the host in every profile, so "
            f"that all environments would be one and the same server. Unset it"
        )
    if not names:
        return []
    return [
        f"Environment variables take the place of what every profile says: "
        f"{', '.join(names.values())}. Unset them if each environment should be used as its "
        f"profile says."
    ]
