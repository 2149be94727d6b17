# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep duplicated definitions in sync, where they are not generated."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from ansible_collections.keyfactor.command.plugins.doc_fragments import attributes
from ansible_collections.keyfactor.command.plugins.module_utils import _errors as errors
from ansible_collections.keyfactor.command.plugins.module_utils._api.operations import (
    MODIFY_PERMISSION,
    READ_PERMISSION,
)
from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import (
    RELAY_AUTHENTICATION,
    SETTINGS,
)
from ansible_collections.keyfactor.command.plugins.module_utils._config.options import (
    argument_spec,
)
from ansible_collections.keyfactor.command.plugins.module_utils._errors import CommandError
from ansible_collections.keyfactor.command.plugins.modules import (
    keyfactor_smtp,
    keyfactor_smtp_info,
    keyfactor_smtp_test,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected import setting_types
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.expected_state import (
    ExpectedStateInput,
)

ROOT = Path(__file__).parents[2]
ROLE = ROOT / "roles/verify_smtp"
KINDS = set(get_args(errors.ErrorKind))
KINDS_OF_WRITES = {"rejected", "conflict", "delivery"}


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


SPEC = argument_spec()
ENTRIES = load(ROLE / "meta/argument_specs.yml")["argument_specs"]
DOCUMENTATION = yaml.safe_load(keyfactor_smtp_info.DOCUMENTATION)
RETURN = yaml.safe_load(keyfactor_smtp_info.RETURN)


def test_the_module_alone_validates_the_connection() -> None:
    for entry in ENTRIES.values():
        option = entry["options"]["verify_smtp_connection"]
        assert option["type"] == "dict"
        assert "options" not in option
        assert "M(keyfactor.command.keyfactor_smtp_info)" in option["description"][0]


def test_the_read_task_passes_every_option() -> None:
    (task,) = load(ROLE / "tasks/read.yml")
    module = "keyfactor.command.keyfactor_smtp_info"
    assert task[module] is None
    assert task["module_defaults"] == {module: "{{ verify_smtp_connection }}"}


def test_the_roles_defaults() -> None:
    defaults = load(ROLE / "defaults/main.yml")
    options = {
        name: option for entry in ENTRIES.values() for name, option in entry["options"].items()
    }
    assert defaults == {name: option["default"] for name, option in options.items()}
    utils = ROOT / "plugins/plugin_utils/_ansible"
    files = [*ROLE.glob("tasks/*.yml"), *utils.glob("role_*.py")]
    used = set(re.findall(r"\bverify_smtp_\w+", "".join(file.read_text() for file in files)))
    used |= {f"verify_smtp_{field.name}" for field in fields(ExpectedStateInput)}
    assert set(defaults) <= used


def test_the_action_group_is_the_modules() -> None:
    # A module that has the options of the connection in its documentation.
    modules = {
        path.stem
        for path in (ROOT / "plugins/modules").glob("*.py")
        if "keyfactor.command.connection" in path.read_text()
    }
    runtime = load(ROOT / "meta/runtime.yml")
    assert set(runtime["action_groups"]["command"]) == modules
    assert runtime["requires_ansible"] == ">=2.16.0"
    group = yaml.safe_load(attributes.ModuleDocFragment.ACTION_GROUP)["attributes"]
    assert group["action_group"]["membership"] == ["keyfactor.command.command"]
    for name in modules:
        text = (ROOT / f"plugins/modules/{name}.py").read_text()
        assert "  - keyfactor.command.attributes.action_group\n" in text, name


def test_the_name_of_the_collection() -> None:
    galaxy = load(ROOT / "galaxy.yml")
    assert f"{galaxy['namespace']}.{galaxy['name']}" == "keyfactor.command"


def test_the_profile_that_is_documented() -> None:
    contains = RETURN["smtp"]["contains"]
    assert tuple(contains) == SETTINGS
    assert RETURN["ansible_facts"]["contains"]["keyfactor_smtp"]["contains"] == contains
    types = {key: contains[key]["type"] for key in SETTINGS}
    json_types = {"int": "integer", "bool": "boolean", "list": "array", "str": "string"}
    for key in SETTINGS:
        assert json_types[types[key]] == setting_types.json_type(key)
    for key, choices in setting_types.CHOICES.items():
        named = set(re.findall(r"V\((\w+)\)", str(contains[key]["description"])))
        assert named - {"unknown"} == set(choices)
    assert set(RELAY_AUTHENTICATION.values()) < set(setting_types.CHOICES["relay_authentication"])


def test_the_error_that_is_documented() -> None:
    error = CommandError("tls", "x").as_result()["error"]
    assert list(RETURN["error"]["contains"]) == list(error)
    named = re.findall(r"V\((\w+)\)", str(RETURN["error"]["contains"]["kind"]["description"]))
    kinds = KINDS - KINDS_OF_WRITES
    assert (set(named), len(named)) == (kinds, len(kinds))


@pytest.mark.parametrize(
    ("module", "kinds"),
    [(keyfactor_smtp, KINDS), (keyfactor_smtp_test, KINDS - {"rejected", "conflict"})],
    ids=["keyfactor_smtp", "keyfactor_smtp_test"],
)
def test_what_is_documented_of_modules_that_write(module: Any, kinds: set[str]) -> None:
    returned = yaml.safe_load(module.RETURN)
    assert returned["smtp"]["contains"] == RETURN["smtp"]["contains"]
    facts = returned["ansible_facts"]["contains"]["keyfactor_smtp"]
    assert facts["contains"] == RETURN["smtp"]["contains"]
    for name in set(RETURN) - {"smtp", "ansible_facts", "error"}:
        assert returned[name] == RETURN[name]
    for name in set(RETURN["error"]["contains"]) - {"kind"}:
        assert returned["error"]["contains"][name] == RETURN["error"]["contains"][name]
    named = re.findall(r"V\((\w+)\)", str(returned["error"]["contains"]["kind"]["description"]))
    assert (set(named), len(named)) == (kinds, len(kinds))
    description = str(yaml.safe_load(module.DOCUMENTATION)["description"])
    assert READ_PERMISSION in description
    assert MODIFY_PERMISSION in description


def test_the_permission_that_is_documented() -> None:
    assert READ_PERMISSION in str(DOCUMENTATION["description"])


PLUGINS = sorted(
    path.relative_to(ROOT).with_suffix("")
    for path in (ROOT / "plugins").rglob("*.py")
    if path.parent.name != "doc_fragments"
)


@pytest.mark.parametrize("plugin", PLUGINS, ids=str)
def test_every_plugin_has_a_test(plugin: Path) -> None:
    """The tests are where the plugins are: plugins/a/_b.py and tests/unit/plugins/a/test_b.py."""
    name = f"test_{plugin.name.lstrip('_')}.py"
    assert (ROOT / "tests" / "unit" / plugin.with_name(name)).is_file()


TESTS = sorted((ROOT / "tests/unit/plugins").rglob("test_*.py"))


@pytest.mark.parametrize("test", TESTS, ids=lambda path: path.stem)
def test_every_test_belongs_to_a_plugin(test: Path) -> None:
    """Tests of a/b.py are in a/test_b.py, and in files like a/test_b_properties.py."""
    directory = ROOT / test.relative_to(ROOT / "tests/unit").parent
    names = [path.stem.lstrip("_") for path in directory.glob("*.py")]
    assert any(f"{test.stem}_".startswith(f"test_{name}_") for name in names)
