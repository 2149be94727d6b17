# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Invalid inventory sources: the message, the end of the run, and no secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.support.ansible import PLAYBOOK
from tests.integration.support.inventories import (
    EXPECTED,
    SECRETS,
    ConfigFile,
    ansible_inventory,
    write_source,
)

if TYPE_CHECKING:
    from tests.emulator import Emulator
    from tests.integration.support.ansible import Ansible

SECRET = SECRETS["number"]


@pytest.fixture
def config_file(ansible: Ansible, emulator: Emulator) -> ConfigFile:
    ansible.write("group_vars/all.yml", {"verify_smtp_expected": EXPECTED})
    return ConfigFile(emulator, ansible.directory)


INVALID: dict[str, tuple[dict[str, Any], str | None, str]] = {
    # name: (options, content of the config file, part of the message)
    "no file": ({"config_file": "nowhere.json"}, None, "nowhere.json (option config_file) cannot"),
    "a directory": ({"config_file": "."}, None, "Is a directory"),
    "default file": ({"config_file": None}, None, ".keyfactor/command_config.json cannot be used"),
    "empty file": ({}, "", "no mapping 'servers'"),
    "no profiles": ({}, '{"servers": {}}', "it has no profiles"),
    "broken JSON": ({}, f'{{"servers": {{"a": {{"password": "{SECRET}"', "not valid JSON (line 1)"),
    "broken YAML": ({}, f"servers:\n a: [{SECRET}\n b: {{", "neither JSON nor YAML (line"),
    "a list": ({}, f'{{"servers": ["{SECRET}"]}}', "no mapping 'servers'"),
    "unknown option": ({"profile": ["staging"]}, None, "no option profile (did you mean profiles)"),
    "unknown profile": ({"profiles": ["stagin"]}, None, "did you mean staging"),
    "unknown exclude": ({"exclude": ["prod", "x*"]}, None, "exclude has x*"),
    "nothing left": ({"exclude": ["*"]}, None, "leave none of its profiles"),
    "unfit names": (
        {},
        '{"servers": {"a b": {}, "localhost": {}, "w[1:2]": {}, "{{ 1 }}": {}, "ok": {}}}',
        "hosts cannot be named 'a b', localhost, 'w[1:2]', '{{ 1 }}'.",
    ),
    "a group's name": (
        {"groups": {"staging": True}},
        None,
        "there are groups with the names of hosts: staging",
    ),
    "expression": (
        {"strict": True, "compose": {"x": "nowhere if command_profile == 'staging' else 1"}},
        None,
        "Could not set x for host staging",
    ),
}


@pytest.mark.parametrize("name", INVALID)
def test_invalid_source_ends_the_run(ansible: Ansible, config_file: ConfigFile, name: str) -> None:
    options, content, fragment = INVALID[name]
    if content is not None:
        config_file.path.write_text(content)
    path = write_source(ansible, **options)
    status, output, stderr = ansible_inventory(ansible, path)
    assert status != 0
    assert fragment in stderr
    assert "Completely failed to parse inventory source" in stderr
    outcome = ansible.run(PLAYBOOK, path, "--limit", "all")
    assert (outcome.status != 0, outcome.results) == (True, [])
    assert set(config_file.request_counts().values()) == {0}
    for text in (output, stderr, outcome.output):
        assert [secret for secret in SECRETS.values() if secret in text] == []


def test_any_unparsed_is_failed_can_be_disabled(ansible: Ansible, config_file: ConfigFile) -> None:
    path = write_source(ansible, **INVALID["expression"][0])
    variable = {"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "false"}
    status, output, stderr = ansible_inventory(ansible, path, "--graph", **variable)
    assert status == 0
    assert "Could not set x for host staging" in stderr
    # The whole source is dropped: a partial inventory would look complete.
    assert "production" not in output


def test_keeps_hosts_of_other_sources(ansible: Ansible, config_file: ConfigFile) -> None:
    other = ansible.write("other.yml", {"all": {"hosts": {"production": {"other": 1}}}})
    path = write_source(ansible, **INVALID["expression"][0])
    variable = {"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "false"}
    status, output, _stderr = ansible_inventory(
        ansible, path, "-i", str(other), "--graph", "--vars", **variable
    )
    assert (status, "{other = 1}" in output) == (0, True)


def test_environment_variables_of_the_connection(ansible: Ansible, config_file: ConfigFile) -> None:
    path = write_source(ansible)
    status, _output, stderr = ansible_inventory(ansible, path, KEYFACTOR_HOSTNAME="one.example.com")
    assert status != 0
    assert "KEYFACTOR_HOSTNAME in the environment" in stderr
    status, _output, stderr = ansible_inventory(ansible, path, KEYFACTOR_PASSWORD=SECRET)
    assert status == 0
    assert "take the place of what every profile says: KEYFACTOR_PASSWORD." in stderr
    assert SECRET not in stderr
    status, _output, stderr = ansible_inventory(ansible, path, KEYFACTOR_CLIENT_TIMEOUT="30s")
    assert (status, "WARNING" in stderr) == (0, False)


@pytest.mark.parametrize("name", ["environments.yml", "command.yml", "environments.command.json"])
def test_rejects_source_with_another_file_name(
    ansible: Ansible, config_file: ConfigFile, name: str
) -> None:
    variable = {"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true"}
    status, output, _stderr = ansible_inventory(ansible, write_source(ansible, name), **variable)
    assert status != 0
    assert "production" not in output
