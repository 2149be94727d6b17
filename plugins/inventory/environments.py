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
  - Reads C(command_config.json), the config file of Keyfactor's own tools, and adds an inventory host
    for each of its config profiles, with the same name. Each host is one environment of Keyfactor
    Command.
  - Each host has the connection V(local), and the variable C(verify_smtp_connection) with the config
    file and the config profile. The role P(keyfactor.command.verify_smtp#role) needs no other
    variables to connect.
  - The inventory source is a YAML file whose name ends in C(.command.yml) or C(.command.yaml).
  - Other variables of each host, for groups and for display, are C(command_profile), C(command_url),
    C(command_host), C(command_port), C(command_api_path), C(command_auth_type) and
    C(command_validate_certs). Options that a config profile does not set have their defaults. If a
    config profile has no credentials or cannot be read, unknown values are empty,
    C(command_auth_type) is V(unknown), and C(command_port) and C(command_validate_certs) are null.
  - Users, passwords, client secrets and tokens are neither in the inventory nor in its cache.
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
      - The config file, in JSON or YAML. A relative path starts at the directory of the inventory
        source.
      - Environment variable E(KEYFACTOR_AUTH_CONFIG_FILE).
      - Defaults to C(~/.keyfactor/command_config.json), like
        O(keyfactor.command.keyfactor_smtp_info#module:config_file).
    type: str
  profiles:
    description:
      - The config profiles to include, as names or shell patterns. Defaults to all of them.
      - An entry that matches no config profile is an error.
    type: list
    elements: str
    default: []
  exclude:
    description:
      - The config profiles to omit, as names or shell patterns.
      - An entry that matches no config profile is an error.
    type: list
    elements: str
    default: []
  strict:
    description:
      - Whether to fail if an expression in O(compose), O(groups) or O(keyed_groups) cannot be
        evaluated. If V(false), Ansible ignores the expression without a message.
      - Set it to V(true). All variables of this plugin are set before the expressions are evaluated.
requirements:
  - PyYAML, as Ansible itself
notes:
  - An inventory source that cannot be used ends the run with an error. By default, Ansible would warn,
    continue with an empty inventory, and end successfully without verifying anything. Therefore the
    plugin sets C(any_unparsed_is_failed) for this run, unless it is set in the section C(inventory) of
    C(ansible.cfg) or in an environment variable.
  - A config profile that cannot be used, for example because its port is not a number, causes a warning
    and stays in the inventory. Its verification is indeterminate, and the other environments are
    verified.
  - Environment variables such as E(KEYFACTOR_PASSWORD) override the config profiles of all
    environments, and cause a warning. E(KEYFACTOR_HOSTNAME) is an error, because all environments would
    use the same server.
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
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ansible import constants
from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable

from ansible_collections.keyfactor.command.plugins.module_utils._config.config_file import (
    ConfigProfile,
)
from ansible_collections.keyfactor.command.plugins.module_utils._config.sources import (
    from_environment,
)
from ansible_collections.keyfactor.command.plugins.module_utils._errors import CommandError
from ansible_collections.keyfactor.command.plugins.plugin_utils._ansible.unsafe import make_unsafe
from ansible_collections.keyfactor.command.plugins.plugin_utils._inventory.environments import (
    Environment,
    check_variables,
    file_state,
    find_file,
    read_environments,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._inventory.selection import (
    InventoryError,
    check_host_names,
    check_options,
    select_profiles,
)

FIX_HINT = (
    "Mend the file, or name another one with config_file or the environment variable "
    "KEYFACTOR_AUTH_CONFIG_FILE."
)


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """Makes the profiles of a config file inventory hosts."""

    NAME = "keyfactor.command.environments"

    def verify_file(self, path: str) -> bool:
        """Tell by a source's name whether it is meant for this plugin."""
        return path.endswith((".command.yml", ".command.yaml")) and super().verify_file(path)

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        """Add the environments to the inventory, all of them or none."""
        super().parse(inventory, loader, path, cache)
        before = set(inventory.hosts)
        try:
            self._parse(path, cache)
        except Exception:
            # What is left would read as all there is.
            for name in set(inventory.hosts) - before:
                inventory.remove_host(inventory.hosts[name])
            fail_on_unparsed_source()
            raise

    def _parse(self, path: str, cache: bool) -> None:
        config = self._read_config_data(path)
        place = ""
        try:
            check_options(config, self._options)
            file = find_file(self.get_option("config_file"), os.path.dirname(path), os.environ)
            place = f" of {file.path}"
            found = self._environments(file, path, cache)
            self._add(self._selected(found), file)
        except CommandError as error:
            raise AnsibleParserError(f"{error} {FIX_HINT}") from None
        except InventoryError as error:
            raise AnsibleParserError(f"No inventory can be made{place}: {error}.") from None

    def _environments(self, file: ConfigProfile, path: str, cache: bool) -> list[Environment]:
        """Return all environments of the file, from the cache while the file is the same."""
        caching, key, state = self.get_option("cache"), self.get_cache_key(path), file_state(file)
        kept = self._cache.get(key) if caching and cache else None
        if isinstance(kept, Mapping) and kept.get("state") == state:
            warnings = kept["warnings"]
            environments = [Environment(**each) for each in kept["environments"]]
        else:
            environments, warnings = read_environments(file)
            if caching:
                shown = [asdict(each) for each in environments]
                self._cache[key] = {"state": state, "warnings": warnings, "environments": shown}
        for warning in warnings:
            self.display.warning(warning)
        return environments

    def _selected(self, found: list[Environment]) -> list[Environment]:
        """Return the environments that the options ask for, fit to be hosts."""
        wanted, unwanted = (
            [str(each) for each in self.get_option(option) or ()]
            for option in ("profiles", "exclude")
        )
        names = select_profiles([each.name for each in found], wanted, unwanted)
        check_host_names(names, self.inventory.groups)
        environments = [each for each in found if each.name in names]
        warnings = check_variables(environments, from_environment(os.environ))
        for each in environments:
            warnings += [f"Environment {each.name}: {problem}" for problem in each.problems]
        for warning in warnings:
            self.display.warning(warning)
        return environments

    def _add(self, environments: list[Environment], file: ConfigProfile) -> None:
        try:
            for each in environments:
                self._add_host(each, file)
        finally:
            # Again, with the groups that were made, whatever Ansible itself said of these.
            check_host_names([each.name for each in environments], self.inventory.groups)

    def _add_host(self, environment: Environment, file: ConfigProfile) -> None:
        name, strict = self.inventory.add_host(environment.name), self.get_option("strict")
        connection = {"config_file": file.path, "config_profile": environment.name}
        variables = {
            **environment.facts,
            "ansible_connection": "local",
            "verify_smtp_connection": connection,
        }
        for variable, value in variables.items():
            self.inventory.set_variable(name, variable, make_unsafe(value))
        known = self.inventory.get_host(name).get_vars()
        self._set_composite_vars(self.get_option("compose"), known, name, strict)
        self._add_host_to_composed_groups(self.get_option("groups"), known, name, strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), known, name, strict)


def fail_on_unparsed_source() -> None:
    """Make a source that failed the end of the run, where nobody has said what it should be.

    Ansible would warn, go on without the environments, and end as if all were well.
    """
    option = "INVENTORY_ANY_UNPARSED_IS_FAILED"
    _value, origin = constants.config.get_config_value_and_origin(option)
    if origin == "default":
        setattr(constants, option, True)
