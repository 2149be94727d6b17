# SPDX-FileCopyrightText: keyfactor.command contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: environments
short_description: Inventory of the profiles in Keyfactor's config file
version_added: 1.0.0
author: keyfactor.command contributors (@keyfactor-command)
description:
  - Adds a host for each config profile of C(command_config.json), the config file of Keyfactor's own
    tools, with the same name. Each host is one environment of Keyfactor Command.
  - Each host has the connection V(local), and the variable C(verify_smtp_connection) for the role
    P(keyfactor.command.verify_smtp#role).
  - The inventory source is a YAML file whose name ends in C(.command.yml) or C(.command.yaml).
  - Each host also has C(command_profile), C(command_url), C(command_host), C(command_port),
    C(command_api_path), C(command_auth_type) and C(command_validate_certs), which default like the
    options. If unknown, for example without credentials, C(command_auth_type) is V(unknown),
    C(command_port) and C(command_validate_certs) are null, and the others are empty.
  - Users, passwords, client secrets, assertions and tokens are neither in the inventory nor in its cache.
extends_documentation_fragment:
  - constructed
  - inventory_cache
options:
  plugin:
    description: The name of this plugin.
    type: str
    required: true
    choices: [keyfactor.command.environments]
  config_file:
    description:
      - The config file, in JSON or YAML. A relative path starts at the directory of the source.
      - Defaults to E(KEYFACTOR_AUTH_CONFIG_FILE), then to C(~/.keyfactor/command_config.json), C(.yaml)
        or C(.yml), like O(keyfactor.command.keyfactor_smtp_info#module:config_file).
    type: str
  profiles:
    description:
      - The config profiles to include, as names or shell patterns. Defaults to all of them.
        An entry that matches no config profile is an error.
    type: list
    elements: str
    default: []
  exclude:
    description: The config profiles to omit, specified like O(profiles).
    type: list
    elements: str
    default: []
  strict:
    description:
      - Whether to fail if an expression in O(compose), O(groups) or O(keyed_groups) cannot be evaluated.
        If V(false), Ansible ignores it without a message. V(true) is recommended.
notes:
  - A source that cannot be used is an error, although Ansible's default is to warn and to succeed without
    verifying anything. The plugin sets C(any_unparsed_is_failed) for this run, unless C(ansible.cfg) or
    an environment variable sets it.
  - A config profile that cannot be used, such as one whose port is not a number, stays in the inventory
    with a warning. Its verification is indeterminate, the others are verified.
  - Environment variables such as E(KEYFACTOR_PASSWORD) override all config profiles, with a warning.
    E(KEYFACTOR_HOSTNAME) is an error, because all environments would use the same server.
  - A config profile with C(auth_provider) is kept in a key vault, which is not read. It stays in the
    inventory with a warning that names the key vault. E(KEYFACTOR_AUTH_PROVIDER) is an error unless
    O(config_file) is set.
  - The cache is used only while the config file is unchanged.
seealso:
  - module: keyfactor.command.keyfactor_smtp_info
"""

EXAMPLES = r"""
# environments.command.yml: all config profiles of ~/.keyfactor/command_config.json
plugin: keyfactor.command.environments

---
# Some config profiles of another file, with a group for each way to authenticate
plugin: keyfactor.command.environments
config_file: /etc/keyfactor/command_config.json
profiles: [production, staging, 'dev-*']
exclude: [dev-old]
strict: true
keyed_groups:
  - key: command_auth_type
    prefix: auth

---
# A group for development, a longer timeout, and expectations that depend on the name
plugin: keyfactor.command.environments
strict: true
groups:
  development: command_profile is match('dev-')
compose:
  verify_smtp_connection: verify_smtp_connection | combine(dict(timeout='2m'))
  verify_smtp_expected: dict(host='smtp.example.com', port=587 if 'prod' in command_profile else 25)
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from ansible import constants
from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable

from ..module_utils._config.config_file import ConfigProfile
from ..module_utils._config.sources import from_environment
from ..module_utils._errors import CommandError
from ..plugin_utils._ansible.values import make_unsafe
from ..plugin_utils._inventory import environments as config_profiles
from ..plugin_utils._inventory import selection
from ..plugin_utils._inventory.environments import Environment

FIX_HINT = (
    "Fix the file, or name another one with config_file or the environment variable "
    "KEYFACTOR_AUTH_CONFIG_FILE."
)


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """Adds a host for each profile of a config file."""

    NAME = "keyfactor.command.environments"

    def verify_file(self, path: str) -> bool:
        """Tell by its name whether a source is for this plugin."""
        return path.endswith((".command.yml", ".command.yaml")) and super().verify_file(path)

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        """Add the environments to the inventory, all of them or none."""
        super().parse(inventory, loader, path, cache)
        before = set(inventory.hosts)
        try:
            self._parse(path, cache)
        except Exception:
            # An incomplete inventory would look complete.
            for name in set(inventory.hosts) - before:
                inventory.remove_host(inventory.hosts[name])
            fail_on_unparsed_source()
            raise

    def _parse(self, path: str, cache: bool) -> None:
        config = self._read_config_data(path)
        file_name = ""
        try:
            selection.check_options(config, self._options)
            option, directory = self.get_option("config_file"), os.path.dirname(path)
            file = config_profiles.find_file(option, directory, os.environ)
            file_name = f" of {file.path}"
            environments = self._selected(self._environments(file, path, cache))
            try:
                for environment in environments:
                    self._add_host(environment, file)
            finally:
                # Again, because groups were added. This error explains more than Ansible's own.
                self._check_names(environments)
        except CommandError as error:
            raise AnsibleParserError(f"{error} {FIX_HINT}") from None
        except selection.InventoryError as error:
            raise AnsibleParserError(f"No inventory can be made{file_name}: {error}.") from None

    def _environments(self, file: ConfigProfile, path: str, cache: bool) -> list[Environment]:
        """Return all environments of the file, from the cache while the file is unchanged."""
        caching, key = self.get_option("cache"), self.get_cache_key(path)
        state = config_profiles.file_state(file)
        cached = self._cache.get(key) if caching and cache else None
        if isinstance(cached, Mapping) and cached.get("state") == state:
            warnings = cached["warnings"]
            environments = [Environment(**fields) for fields in cached["environments"]]
        else:
            environments, warnings = config_profiles.read_environments(file)
            if caching:
                fields = [asdict(environment) for environment in environments]
                self._cache[key] = {"state": state, "warnings": warnings, "environments": fields}
        self._warn(warnings)
        return environments

    def _selected(self, environments: list[Environment]) -> list[Environment]:
        """Return the environments that the options select, with warnings about them."""
        profiles = [str(entry) for entry in self.get_option("profiles") or ()]
        exclude = [str(entry) for entry in self.get_option("exclude") or ()]
        by_name = {environment.name: environment for environment in environments}
        names = selection.select_profiles(list(by_name), profiles, exclude)
        selected = [by_name[name] for name in names]
        self._check_names(selected)
        self._warn(config_profiles.check_variables(selected, from_environment(os.environ)))
        for environment in selected:
            self._warn(f"Environment {environment.name}: {text}" for text in environment.problems)
        return selected

    def _check_names(self, environments: list[Environment]) -> None:
        names = [environment.name for environment in environments]
        selection.check_host_names(names, self.inventory.groups)

    def _warn(self, warnings: Iterable[str]) -> None:
        for warning in warnings:
            self.display.warning(warning)

    def _add_host(self, environment: Environment, file: ConfigProfile) -> None:
        name, strict = self.inventory.add_host(environment.name), self.get_option("strict")
        connection = {"config_file": file.path, "config_profile": environment.name}
        variables = {"ansible_connection": "local", "verify_smtp_connection": connection}
        variables.update(environment.facts)
        for variable, value in variables.items():
            self.inventory.set_variable(name, variable, make_unsafe(value))
        known = self.inventory.get_host(name).get_vars()
        self._set_composite_vars(self.get_option("compose"), known, name, strict)
        self._add_host_to_composed_groups(self.get_option("groups"), known, name, strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), known, name, strict)


def fail_on_unparsed_source() -> None:
    """Make a source that failed end the run, unless the user has configured what it does."""
    # Ansible's default is to warn, continue without the environments, and succeed.
    option = "INVENTORY_ANY_UNPARSED_IS_FAILED"
    _value, origin = constants.config.get_config_value_and_origin(option)
    if origin == "default":
        setattr(constants, option, True)
