# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin: what its documentation says, and its word on files and on failures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from ansible import constants

from ansible_collections.keyfactor.command.plugins.inventory import environments
from ansible_collections.keyfactor.command.plugins.module_utils._config.options import (
    DEFAULT_CONFIG_FILES,
    OPTIONS_BY_NAME,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._inventory.environments import FACTS

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
