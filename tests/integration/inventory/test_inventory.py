# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory plugin with a config file: hosts, groups, variables, and cache."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.support.ansible import PLAYBOOK
from tests.integration.support.inventories import (
    EXPECTED,
    ConfigFile,
    ansible_inventory,
    list_inventory,
    parse_inventory,
    write_source,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.emulator import Emulator
    from tests.integration.support.ansible import Ansible

GROUPED: dict[str, Any] = {
    "strict": True,
    "keyed_groups": [{"key": "command_auth_type", "prefix": "auth"}],
    "groups": {"live": "command_profile == 'production'"},
    "compose": {
        "verify_smtp_connection": "verify_smtp_connection | combine(dict(retries=0, timeout='20s'))"
    },
}
CACHED = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": "cache"}


@pytest.fixture
def config_file(ansible: Ansible, emulator: Emulator) -> ConfigFile:
    ansible.write("group_vars/all.yml", {"verify_smtp_expected": EXPECTED})
    return ConfigFile(emulator, ansible.directory)


def verdicts(table: list[str]) -> dict[str, str]:
    """Return the verdict of each environment in a table."""
    rows = [line.split() for line in table]
    return {
        row[0]: row[1]
        for row in rows
        if len(row) > 1 and row[1] in ("compliant", "drifted", "indeterminate")
    }


@pytest.mark.parametrize("cache_options", [{}, CACHED], ids=["uncached", "cached"])
def test_verifies_every_config_profile(
    ansible: Ansible, config_file: ConfigFile, cache_options: dict[str, Any]
) -> None:
    path = write_source(ansible, **GROUPED, **cache_options)
    outcomes = [ansible.run(PLAYBOOK, path) for _run in range(2 if cache_options else 1)]
    for outcome in outcomes:
        assert outcome.status != 0
        assert verdicts(outcome.table()) == {
            "production": "compliant",
            "staging": "drifted",
            "development": "compliant",
        }
        assert "WARNING" not in outcome.output, outcome.output
    assert set(config_file.request_counts().values()) <= {len(outcomes), 2 * len(outcomes)}


def test_invalid_config_profiles_are_indeterminate(
    ansible: Ansible, config_file: ConfigFile
) -> None:
    production = config_file.profiles["production"]
    vault = {"vault_name": "keyexample-vault", "secret_name": "command-config"}
    config_file.write(
        empty=None,
        invalid={**production, "port": "https"},
        twice={**production, "UserName": "other"},
        vault={**production, "auth_provider": {"type": "azid", "parameters": vault}},
    )
    outcome = ansible.run(PLAYBOOK, write_source(ansible, **GROUPED, exclude=["staging"]))
    assert verdicts(outcome.table()) == {
        "production": "compliant",
        "development": "compliant",
        "empty": "indeterminate",
        "invalid": "indeterminate",
        "twice": "indeterminate",
        "vault": "indeterminate",
    }
    output = " ".join(outcome.output.split())
    for name, words in (
        ("empty", "config profile empty is not a mapping"),
        ("invalid", "whole number from 1 to 65535"),
        ("twice", "the keys username and UserName are the same"),
        ("vault", "kept in the Azure Key Vault keyexample-vault (secret command-config)"),
    ):
        assert f"[WARNING]: Environment {name}: " in output
        assert words in output
        assert words in outcome.failure_message(name)


def test_limit_and_groups(ansible: Ansible, config_file: ConfigFile) -> None:
    path = write_source(ansible, **GROUPED)
    ansible.write("group_vars/auth_oauth.yml", {"verify_smtp_expected": {**EXPECTED, "port": 25}})
    outcome = ansible.run(PLAYBOOK, path, "--limit", "auth_oauth:live")
    assert outcome.status == 0, outcome.output
    assert verdicts(outcome.table()) == {"production": "compliant", "staging": "compliant"}
    assert config_file.request_counts()["development"] == 0


def test_hosts_groups_and_variables(ansible: Ansible, config_file: ConfigFile) -> None:
    inventory = list_inventory(ansible, write_source(ansible, **GROUPED))
    assert inventory["auth_basic"]["hosts"] == inventory["live"]["hosts"] == ["production"]
    assert inventory["auth_oauth"]["hosts"] == ["staging"]
    assert inventory["auth_token"]["hosts"] == ["development"]
    hosts = inventory["_meta"]["hostvars"]
    assert set(hosts) == {"production", "staging", "development"}
    server = config_file.servers["staging"]
    assert hosts["staging"] == {
        "ansible_connection": "local",
        "command_api_path": "Keyfactor/API",
        "command_auth_type": "oauth",
        "command_host": "localhost",
        "command_port": server.port,
        "command_profile": "staging",
        "command_url": f"{server.url}/Keyfactor/API",
        "command_validate_certs": True,
        "verify_smtp_connection": {
            "config_file": str(config_file.path),
            "config_profile": "staging",
            "retries": 0,
            "timeout": "20s",
        },
        "verify_smtp_expected": EXPECTED,
    }
    assert hosts["development"]["command_validate_certs"] is False


def test_selects_config_profiles_and_file(ansible: Ansible, config_file: ConfigFile) -> None:
    def hosts(path: Path, **environ: str) -> set[str]:
        return set(list_inventory(ansible, path, **environ)["_meta"]["hostvars"])

    assert hosts(write_source(ansible, profiles=["stag*", "production"])) == {
        "production",
        "staging",
    }
    assert hosts(write_source(ansible, profiles="production,staging")) == {"production", "staging"}
    assert hosts(write_source(ansible, exclude=["p*"])) == {"staging", "development"}
    other = ansible.write("elsewhere/other.yaml", "servers: {recovery: {host: a.example.com}}")
    other.chmod(0o600)
    source = write_source(ansible, "default.command.yml", config_file=None)
    variable = {"KEYFACTOR_AUTH_CONFIG_FILE": str(other)}
    assert hosts(source, **variable) == {"recovery"}
    assert hosts(write_source(ansible), **variable) == {"production", "staging", "development"}
    # A relative path is relative to the source, not to the working directory.
    assert hosts(write_source(ansible, "elsewhere/a.command.yaml", config_file="other.yaml")) == {
        "recovery"
    }
    # The first of the default files is used.
    default = ansible.write("home/.keyfactor/command_config.yml", config_file.path.read_text())
    default.chmod(0o600)
    assert len(hosts(source)) == 3
    default.with_suffix(".yaml").write_text("servers: {last: {host: a.example.com}}")
    default.with_suffix(".yaml").chmod(0o600)
    assert hosts(source) == {"last"}
    vault = {"KEYFACTOR_AUTH_PROVIDER": "azid", "AZURE_KEYVAULT_NAME": "keyexample-vault"}
    status, _output, stderr = ansible_inventory(ansible, source, **vault)
    assert status != 0
    assert "kept in the Azure Key Vault keyexample-vault" in stderr
    assert len(hosts(write_source(ansible), **vault)) == 3


def test_uses_cache_until_config_file_changes(ansible: Ansible, config_file: ConfigFile) -> None:
    path = write_source(ansible, **CACHED)
    before = list_inventory(ansible, path)
    (cached,) = (ansible.directory / "cache").iterdir()
    content = json.dumps(json.loads(cached.read_text())).replace("Keyfactor/API", "from-cache")
    cached.write_text(content)
    assert "from-cache" in json.dumps(list_inventory(ansible, path))
    # The options select from the cached profiles.
    selected = list_inventory(ansible, write_source(ansible, **CACHED, profiles=["staging"]))
    assert "from-cache" in json.dumps(selected)
    assert list(selected["_meta"]["hostvars"]) == ["staging"]
    assert "from-cache" not in json.dumps(list_inventory(ansible, write_source(ansible)))
    path = write_source(ansible, **CACHED)
    assert "from-cache" in json.dumps(list_inventory(ansible, path))
    # Up to 2.18 ansible-inventory does not have the option --flush-cache.
    outcome = ansible.run(PLAYBOOK, path, "--list-hosts", "--flush-cache")
    assert outcome.status == 0, outcome.output
    assert list_inventory(ansible, path) == before
    cached.write_text(content)
    config_file.write(added={"host": "a.example.com"})
    after = list_inventory(ansible, path)
    assert "added" in after["_meta"]["hostvars"]
    assert "from-cache" not in json.dumps(after)


def test_extra_vars_in_expressions(ansible: Ansible, config_file: ConfigFile) -> None:
    path = write_source(ansible, strict=True, use_extra_vars=True, compose={"copied": "extra"})
    status, output, stderr = ansible_inventory(ansible, path, "--list", "-e", "extra=4711")
    assert status == 0, stderr
    assert parse_inventory(output)["_meta"]["hostvars"]["staging"]["copied"] in ("4711", 4711)


def test_does_not_template_text_of_config_file(ansible: Ansible, config_file: ConfigFile) -> None:
    command = "{{ lookup('ansible.builtin.pipe', 'touch pwned') }}"
    directory = "{{ 7 * 7 }}"
    hostile = {"host": command, "api_path": command, "auth_type": command, "client_cert": command}
    config_file.write(hostile={**hostile, "token_url": command, "username": command})
    ansible.write(f"{directory}/command_config.json", config_file.path.read_text()).chmod(0o600)
    ansible.write(f"{directory}/group_vars/all.yml", {"verify_smtp_expected": EXPECTED})
    compose = {"copy_of_path": "verify_smtp_connection.config_file"}
    path = write_source(ansible, f"{directory}/a.command.yml", **{**GROUPED, "compose": compose})
    outcome = ansible.run(PLAYBOOK, path)
    table = verdicts(outcome.table())
    assert (table["production"], table["hostile"]) == ("compliant", "indeterminate")
    play = [
        {
            "hosts": "production",
            "gather_facts": False,
            "tasks": [{"name": "Show", "ansible.builtin.debug": {"var": "copy_of_path"}}],
        }
    ]
    result = ansible.run(play, path).result("production", "Show")
    assert result["copy_of_path"] == str(ansible.directory / directory / "command_config.json")
    assert not list(ansible.directory.rglob("pwned"))
