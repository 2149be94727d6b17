# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The profiles of a config file as environments: what an inventory may show of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from ansible_collections.keyfactor.command.plugins.module_utils._config import base_url as address
from ansible_collections.keyfactor.command.plugins.module_utils._config.config_file import (
    ConfigProfile,
    config_profile_source,
    read_config_profiles,
    select_config_profile,
)
from ansible_collections.keyfactor.command.plugins.module_utils._config.credential_types import (
    CREDENTIAL_TYPES,
)
from ansible_collections.keyfactor.command.plugins.module_utils._config.credentials import (
    select_credentials,
)
from ansible_collections.keyfactor.command.plugins.module_utils._config.settings import Resolver
from ansible_collections.keyfactor.command.plugins.module_utils._config.sources import (
    OptionValue,
    Source,
    from_environment,
    from_options,
    is_set,
)
from ansible_collections.keyfactor.command.plugins.module_utils._errors import CommandError
from ansible_collections.keyfactor.command.plugins.module_utils._version import VERSION

from .selection import InventoryError

# The facts of an environment, as they are where the profile does not tell them. Text is never
# null, on which Ansible's tests and keyed groups fail. No credentials are among them.
FACTS: dict[str, Any] = {
    "command_profile": "",
    "command_url": "",
    "command_host": "",
    "command_port": None,
    "command_api_path": "",
    "command_auth_type": "unknown",
    "command_validate_certs": None,
}
CREDENTIALS = {
    "auth_type",
    "client_cert",
    *chain(*(chain(*kind.required_sets) for kind in CREDENTIAL_TYPES)),
}


@dataclass
class Environment:
    """One profile, as far as it may be shown.

    :param facts: all of C(FACTS).
    :param present_in: the names of the options that it sets.
    :param problems: why it cannot be used as it is.
    """

    facts: dict[str, Any]
    present_in: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.facts["command_profile"])


def find_file(option: object, directory: str, environ: Mapping[str, str]) -> ConfigProfile:
    """Return the config file: of the option, else of the environment, else the default one.

    :param directory: where a relative path of the option begins.
    """
    params = {}
    if is_set(option):
        path = OptionValue("config_file", option, "option config_file").convert()
        params["config_file"] = os.path.join(directory, path)
    chosen = select_config_profile((from_options(params), from_environment(environ)))
    return replace(chosen, path=os.path.abspath(chosen.path))


def file_state(chosen: ConfigProfile) -> list[Any]:
    """Return what is another as soon as the file, or what is made of it, is another."""
    try:
        found = os.stat(chosen.path)
    except (OSError, ValueError):
        return [VERSION, chosen.path]
    return [VERSION, chosen.path, found.st_mtime_ns, found.st_size, found.st_mode]


def read_environments(chosen: ConfigProfile) -> tuple[list[Environment], list[str]]:
    """Return the environments of a file in its order, and warnings about the file.

    :raises CommandError: where the file as a whole cannot be used.
    """
    profiles, warnings = read_config_profiles(chosen)
    return [
        _environment(replace(chosen, profile=name), entries) for name, entries in profiles.items()
    ], list(warnings)


def _environment(chosen: ConfigProfile, entries: object) -> Environment:
    """Describe one profile. What is wrong with it is no matter of the others."""
    environment = Environment({**FACTS, "command_profile": chosen.profile})

    def attempt(read: Callable[[], Any]) -> Any:
        try:
            return read()
        except CommandError as error:
            if error.message not in environment.problems:
                environment.problems.append(error.message)
            return None

    profile = attempt(lambda: config_profile_source(chosen, entries))
    if profile is None:
        return environment
    resolver = Resolver((profile,))
    environment.present_in = sorted(profile.values)
    for found in profile.values.values():
        attempt(found.convert)
    place = attempt(resolver.address)
    if place:
        _scheme, host, port, api_path = place
        environment.facts.update(
            command_url=address.base_url(*place),
            command_host=host,
            command_port=port,
            command_api_path=api_path,
        )
    if CREDENTIALS & profile.values.keys():
        certificate = profile.values.get("client_cert")
        credentials = attempt(lambda: select_credentials((profile,), certificate))
        if credentials:
            environment.facts["command_auth_type"] = credentials.kind
    verified = attempt(lambda: resolver.value("validate_certs"))
    environment.facts["command_validate_certs"] = verified
    return environment


def check_variables(environments: list[Environment], variables: Source) -> list[str]:
    """Return warnings about variables that take the place of what profiles say.

    :raises InventoryProblem: where they would make all environments the same one.
    """
    given = {name for environment in environments for name in environment.present_in}
    # Credentials are taken as a set: those of one kind take the place of any other kind.
    if given & CREDENTIALS:
        given |= CREDENTIALS
    found = {**variables.values, **(variables.kerberos or {})}
    names = {name: each.origin.rpartition(" ")[2] for name, each in found.items() if name in given}
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
