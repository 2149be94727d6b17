# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin: what its documentation says, and its word on files and on failures."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from ansible import constants
from ansible.errors import AnsibleError, AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.doc_fragments import constructed, inventory_cache

from ansible_collections.keyfactor.command.plugins.inventory import environments
from ansible_collections.keyfactor.command.plugins.module_utils._config.config_file import (
    ConfigProfile,
)
from ansible_collections.keyfactor.command.plugins.module_utils._config.options import (
    DEFAULT_CONFIG_FILES,
    OPTIONS_BY_NAME,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._inventory.environments import (
    FACTS,
    Environment,
    read_environments,
)
from tests.unit.support import TOKEN, holds_secret

ROOT = Path(__file__).parents[4]
PAGE = (ROOT / "docs/inventory.md").read_text()
DOCUMENTATION = yaml.safe_load(environments.DOCUMENTATION)
OPTIONS = DOCUMENTATION["options"]
PLUGIN = environments.InventoryModule


def test_the_names() -> None:
    assert f"keyfactor.command.{DOCUMENTATION['name']}" == PLUGIN.NAME
    assert OPTIONS["plugin"]["choices"] == [PLUGIN.NAME]
    assert Path(environments.__file__).stem == DOCUMENTATION["name"]
    fragments = DOCUMENTATION["extends_documentation_fragment"]
    assert fragments == ["constructed", "inventory_cache"]


def test_the_facts_that_are_documented() -> None:
    text = " ".join(DOCUMENTATION["description"])
    assert set(re.findall(r"C\((command_[a-z_]+)\)", text)) == set(FACTS)
    rows = re.findall(r"^\| `(command_\w+)` \|.*\| (\w*) ?\|$", PAGE, re.M)
    words = {"": "empty", None: "null", "unknown": "unknown"}
    expected = {name: words[value] for name, value in FACTS.items()}
    assert dict(rows) == {**expected, "command_profile": ""}


def test_the_file_that_is_documented() -> None:
    text = " ".join(OPTIONS["config_file"]["description"])
    for place in (text, PAGE):
        assert DEFAULT_CONFIG_FILES[0] in place
        assert OPTIONS_BY_NAME["config_file"].environment_variables[0] in place


def test_the_examples_name_options_that_exist() -> None:
    ansibles = {"strict", "keyed_groups", "groups", "compose"}
    for example in yaml.safe_load_all(environments.EXAMPLES):
        assert example["plugin"] == PLUGIN.NAME
        assert set(example) <= set(OPTIONS) | ansibles


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("environments.command.yml", True),
        ("environments.command.yaml", True),
        ("command.yml", False),
        ("environments.yml", False),
        ("environments.command.json", False),
        ("environments.command.yml.bak", False),
    ],
)
def test_names_of_sources(tmp_path: Path, name: str, ours: bool) -> None:
    path = tmp_path / name
    assert PLUGIN().verify_file(str(path)) is False
    path.write_text("")
    assert PLUGIN().verify_file(str(path)) is ours


@pytest.mark.parametrize(
    ("origin", "before", "after"),
    [("default", False, True), ("env: X", False, False), ("/etc/ansible.cfg", False, False)],
)
def test_who_decides_on_sources_that_fail(
    monkeypatch: pytest.MonkeyPatch, origin: str, before: bool, after: bool
) -> None:
    option = "INVENTORY_ANY_UNPARSED_IS_FAILED"
    monkeypatch.setattr(constants, option, before)

    def configured(name: str) -> tuple[bool, str]:
        return before, origin

    monkeypatch.setattr(constants.config, "get_config_value_and_origin", configured)
    environments.fail_on_unparsed_source()
    assert getattr(constants, option) is after


SERVERS = {
    "production": {"host": "a.example.com", "access_token": TOKEN},
    "staging": {"host": "b.example.com:8443", "access_token": TOKEN, "skip_tls_verify": True},
    "broken": {"host": "b c", "access_token": TOKEN},
}


class Source:
    """A source of the plugin, with a config file beside it."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / "environments.command.yml"
        self.file = directory / "config.json"
        self.write(SERVERS)
        self.inventory: InventoryData = InventoryData()
        self.plugin = PLUGIN()
        self.plugin._load_name = self.plugin._redirected_names = PLUGIN.NAME
        self.warnings: list[str] = []
        self.plugin.display = SimpleNamespace(warning=self.warnings.append, vvv=print)

    def write(self, servers: object) -> None:
        self.file.write_text(json.dumps({"servers": servers}))
        self.file.chmod(0o600)

    def parse(self, use_cache: bool = True, **options: object) -> dict[str, dict[str, object]]:
        """Return the variables of the hosts."""
        given = {"plugin": PLUGIN.NAME, "config_file": "config.json", **options}
        self.path.write_text(json.dumps(given))
        self.plugin.parse(self.inventory, DataLoader(), str(self.path), use_cache)
        return {name: host.vars for name, host in self.inventory.hosts.items()}

    def error(self, **options: object) -> str:
        """Return the error, after which there must be no host."""
        with pytest.raises(AnsibleError) as caught:
            self.parse(**options)
        assert self.inventory.hosts == {}
        return str(caught.value)


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Source:
    options = dict(OPTIONS)
    for fragment in (constructed, inventory_cache):
        options.update(yaml.safe_load(fragment.ModuleDocFragment.DOCUMENTATION)["options"])
    constants.config.initialize_plugin_configuration_definitions("inventory", PLUGIN.NAME, options)
    monkeypatch.setattr(constants, "INVENTORY_ANY_UNPARSED_IS_FAILED", False)
    return Source(tmp_path)


def test_hosts_and_their_variables(source: Source) -> None:
    hosts = source.parse()
    assert list(hosts) == list(SERVERS)
    assert {key: hosts["staging"][key] for key in ("inventory_file", "inventory_dir")}
    variables = {name: hosts["staging"][name] for name in FACTS}
    assert variables == {
        "command_profile": "staging",
        "command_url": "https://b.example.com:8443/KeyfactorAPI",
        "command_host": "b.example.com",
        "command_port": 8443,
        "command_api_path": "KeyfactorAPI",
        "command_auth_type": "token",
        "command_validate_certs": False,
    }
    assert hosts["staging"]["ansible_connection"] == "local"
    assert hosts["staging"]["verify_smtp_connection"] == {
        "config_file": str(source.file),
        "config_profile": "staging",
    }
    (warning,) = source.warnings
    assert warning.startswith("Environment broken: The value of host in config profile broken of ")
    assert not holds_secret(str(hosts))


def test_selection_and_groups(source: Source) -> None:
    hosts = source.parse(
        profiles=["*"],
        exclude=["broken"],
        compose={"address": "command_host"},
        groups={"unverified": "not command_validate_certs"},
        keyed_groups=[{"key": "command_auth_type", "prefix": "auth"}],
    )
    assert hosts["production"]["address"] == "a.example.com"
    assert list(hosts) == ["production", "staging"]
    groups = source.inventory.get_groups_dict()
    assert groups["unverified"] == ["staging"]
    assert groups["auth_token"] == ["production", "staging"]
    assert source.warnings == []


@pytest.mark.parametrize(
    "options",
    [
        {"compose": {"a": "no_such_variable"}},
        {"groups": {"a": "no_such_variable"}},
        {"keyed_groups": [{"key": "no_such_variable"}]},
    ],
)
def test_strict_expressions_leave_no_host(source: Source, options: dict[str, object]) -> None:
    assert "no_such_variable" in source.error(strict=True, **options)
    assert constants.INVENTORY_ANY_UNPARSED_IS_FAILED is True
    assert list(source.parse(strict=False, **options)) == list(SERVERS)


def test_errors_name_the_file_and_what_to_do(source: Source) -> None:
    assert source.error(profiles=["prod"]) == (
        f"No inventory can be made of {source.file}: profiles has prod, and there is no such profile "
        "(did you mean production)."
    )
    assert source.error(profile="staging") == (
        "No inventory can be made: there is no option profile (did you mean profiles)."
    )
    assert source.error(groups={"staging": "true"}) == (
        f"No inventory can be made of {source.file}: there are groups with the names of hosts: "
        "staging. Rename these groups, for example with a prefix, or these profiles."
    )
    source.file.write_text("{")
    assert source.error() == (
        f"The config file {source.file} (option config_file) cannot be used: it is not valid JSON "
        "(line 1). Fix the file, or name another one with config_file or the environment variable "
        "KEYFACTOR_AUTH_CONFIG_FILE."
    )


def test_hosts_of_other_sources_stay_after_a_failure(source: Source) -> None:
    source.inventory.add_host("other")
    with pytest.raises(AnsibleParserError):
        source.parse(groups={"staging": "true"})
    assert list(source.inventory.hosts) == ["other"]


def test_variables_of_the_environment(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYFACTOR_SKIP_VERIFY", "true")
    source.parse(exclude=["broken"])
    (warning,) = source.warnings
    assert warning.startswith(
        "Environment variables take the place of what every profile says: KEYF"
    )


def test_cache_lasts_as_long_as_the_file_is_unchanged(
    source: Source, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    reads: list[ConfigProfile] = []

    def read(chosen: ConfigProfile) -> tuple[list[Environment], list[str]]:
        reads.append(chosen)
        return read_environments(chosen)

    plugin = {"cache_plugin": "jsonfile", "cache_connection": str(tmp_path / "cache")}

    def parse(cache: bool, use_cache: bool) -> list[str]:
        source.inventory = InventoryData()
        source.warnings.clear()
        hosts = source.parse(use_cache, cache=cache, **plugin)
        if cache:
            source.plugin.update_cache_if_changed()
        return list(hosts)

    monkeypatch.setattr(environments.config_profiles, "read_environments", read)
    source.file.chmod(0o644)
    # Without a cache, with one, from it, without regard to it, and from it.
    steps = ((False, True, 1), (True, True, 2), (True, True, 2), (True, False, 3), (True, True, 3))
    for cache, use_cache, count in steps:
        assert parse(cache, use_cache) == list(SERVERS)
        assert (len(reads), len(source.warnings)) == (count, 2)
    source.write({"other": SERVERS["production"]})
    assert parse(True, True) == ["other"]
    assert (len(reads), len(source.warnings)) == (4, 0)
