# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to inventories: its files and commands."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

import pytest

from tests.integration.support.ansible import PLAYBOOK, ROOT
from tests.integration.support.inventories import SECRETS, USER, ansible_inventory, list_inventory
from tests.integration.support.pages import Page

if TYPE_CHECKING:
    from tests.emulator import Emulator
    from tests.integration.support.ansible import Ansible

PAGE = Page(ROOT / "docs" / "inventory.md")
SOURCES = ["environments.command.yml", "grouped.command.yml", "cached.command.yml"]


@pytest.fixture(scope="module")
def site(shared_ansible: Ansible, emulator: Emulator) -> Ansible:
    """A directory with all files of the page, with the addresses and files of the emulator."""
    identity = emulator.identity(clients={"ansible": SECRETS["client_secret"]})
    production = emulator.command(release="25.1", users={USER: SECRETS["password"]})
    staging = emulator.command(release="25.1", identity=identity, api_path="Keyfactor/API")
    profiles = PAGE.only("json")
    for old, new in (
        ("https://command.staging.example.com:8443", staging.url),
        ("https://login.example.com/oauth2/token", identity.token_url),
        ("command.example.com", f"localhost:{production.port}"),
        ("/etc/pki/example-ca.pem", str(emulator.ca_cert)),
        ('"password": "..."', f'"password": "{SECRETS["password"]}"'),
        ('"client_secret": "..."', f'"client_secret": "{SECRETS["client_secret"]}"'),
    ):
        assert old in profiles
        profiles = profiles.replace(old, new)
    path = shared_ansible.write("etc/command_config.json", profiles)
    path.chmod(0o600)
    for name, text in PAGE.files.items():
        shared_ansible.write(name, text.replace("/etc/keyfactor/command_config.json", str(path)))
    return shared_ansible


def test_commands(site: Ansible) -> None:
    list_hosts, verify, limit = (shlex.split(line) for line in PAGE.only("shell").splitlines())
    assert list_hosts[:2] == ["ansible-inventory", "-i"]
    status, output, stderr = ansible_inventory(site, list_hosts[2], *list_hosts[3:])
    assert (status, stderr) == (0, "")
    assert "{command_auth_type = oauth}" in output
    for command, count in ((verify, "2 environments: 2"), (limit, "1 environment: 1")):
        assert command[:4] == ["ansible-playbook", PLAYBOOK, "-i", "environments.command.yml"]
        outcome = site.run(PLAYBOOK, site.directory / command[3], *command[4:])
        assert outcome.status == 0, outcome.output
        assert outcome.table()[-1].startswith(f"{count} compliant")
        assert "WARNING" not in outcome.output


def test_groups(site: Ansible) -> None:
    inventory = list_inventory(site, site.directory / "grouped.command.yml")
    assert inventory["auth_basic"]["hosts"] == inventory["live"]["hosts"] == ["production"]
    assert inventory["auth_oauth"]["hosts"] == ["staging"]
    hosts = inventory["_meta"]["hostvars"]
    assert hosts["staging"]["verify_smtp_connection"]["timeout"] == "2m"


def test_cache(site: Ansible) -> None:
    inventory = list_inventory(site, site.directory / "cached.command.yml")
    assert set(inventory["_meta"]["hostvars"]) == {"production", "staging"}
    (cached,) = (site.home / ".cache" / "keyfactor").iterdir()
    assert "staging" in json.dumps(json.loads(cached.read_text()))


def test_unparsed_source_fails_with_example_ansible_cfg(site: Ansible) -> None:
    status, _output, stderr = ansible_inventory(site, "nowhere.command.yml")
    assert status != 0
    assert "Completely failed to parse inventory source" in stderr


def test_every_example_is_tested() -> None:
    assert set(PAGE.files) == {*SOURCES, "group_vars/all/verify_smtp.yml", "ansible.cfg"}
    # The two other blocks are a config file, and the commands.
    assert len(PAGE.blocks) == len(PAGE.files) + 2
