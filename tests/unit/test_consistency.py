# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep duplicated definitions in sync, where they are not generated."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from ansible_collections.keyfactor.command.plugins.doc_fragments import attributes
from ansible_collections.keyfactor.command.plugins.module_utils import _errors as errors
from ansible_collections.keyfactor.command.plugins.module_utils._api.response_errors import (
    PERMISSION,
)
from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import (
    RELAY_AUTHENTICATION,
    SETTINGS,
)
from ansible_collections.keyfactor.command.plugins.module_utils._config import converters as values
from ansible_collections.keyfactor.command.plugins.module_utils._config.options import (
    NEGATED_NAMES,
    OPTIONS,
    argument_spec,
)
from ansible_collections.keyfactor.command.plugins.module_utils._errors import CommandError
from ansible_collections.keyfactor.command.plugins.module_utils._version import VERSION
from ansible_collections.keyfactor.command.plugins.modules import keyfactor_smtp_info
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected import setting_types

ROOT = Path(__file__).parents[2]
ROLE = ROOT / "roles/verify_smtp"
KINDS = set(get_args(errors.ErrorKind))


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


SPEC = argument_spec()
ENTRIES = load(ROLE / "meta/argument_specs.yml")["argument_specs"]
DOCUMENTATION = yaml.safe_load(keyfactor_smtp_info.DOCUMENTATION)
RETURN = yaml.safe_load(keyfactor_smtp_info.RETURN)


def test_names_lead_to_one_option() -> None:
    variables = [name for option in OPTIONS for name in option.environment_variables]
    keys = [name for option in OPTIONS for name in option.config_keys]
    assert len(set(variables)) == len(variables)
    assert len(set(keys)) == len(keys)
    assert set(variables + keys) >= NEGATED_NAMES


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_secrets_are_plain_text_and_not_logged(option: Any) -> None:
    secret = option.name in ("password", "client_secret", "access_token")
    assert option.secret is secret
    if secret:
        assert (option.spec["type"], option.convert) == ("str", values.text)
    elif re.search(r"pass|secret|token|key", option.name):
        # Said outright, or Ansible would warn.
        assert option.spec["no_log"] is False


def test_the_spec_holds_no_default() -> None:
    assert not any("default" in option for option in SPEC.values())
    assert SPEC["auth_type"]["choices"] == list(values.AUTH_TYPES)


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
    files = [*ROLE.glob("tasks/*.yml"), ROOT / "plugins/plugin_utils/_ansible/role_variables.py"]
    used = set(re.findall(r"\bverify_smtp_\w+", "".join(file.read_text() for file in files)))
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


def test_the_version() -> None:
    galaxy = load(ROOT / "galaxy.yml")
    assert galaxy["version"] == VERSION
    assert f"{galaxy['namespace']}.{galaxy['name']}" == "keyfactor.command"


def test_the_profile_that_is_documented() -> None:
    contains = RETURN["smtp"]["contains"]
    assert tuple(contains) == SETTINGS
    assert RETURN["ansible_facts"]["contains"]["keyfactor_smtp"]["contains"] == contains
    types = {key: contains[key]["type"] for key in SETTINGS}
    assert {key for key in SETTINGS if types[key] == "int"} == setting_types.INTEGERS
    assert {key for key in SETTINGS if types[key] == "bool"} == setting_types.BOOLEANS
    assert {key for key in SETTINGS if types[key] == "list"} == setting_types.LISTS
    for key, choices in setting_types.CHOICES.items():
        named = set(re.findall(r"V\((\w+)\)", str(contains[key]["description"])))
        assert named - {"unknown"} == set(choices)
    assert set(RELAY_AUTHENTICATION.values()) < set(setting_types.CHOICES["relay_authentication"])


def test_the_error_that_is_documented() -> None:
    error = CommandError("tls", "x").as_result()["error"]
    assert list(RETURN["error"]["contains"]) == list(error)
    named = re.findall(r"V\((\w+)\)", str(RETURN["error"]["contains"]["kind"]["description"]))
    assert (set(named), len(named)) == (KINDS, len(KINDS))


def test_every_kind_of_error_is_raised_somewhere() -> None:
    code = "".join(path.read_text() for path in (ROOT / "plugins/module_utils").glob("**/*.py"))
    assert {kind for kind in KINDS if code.count(f'"{kind}"') < 2} == set()


def test_the_permission_that_is_documented() -> None:
    assert PERMISSION in str(DOCUMENTATION["description"])


# Tested through the plugins that use them.
INDIRECT = {
    "action/smtp_report",
    "lookup/_verify_smtp",
    "module_utils/_api/client",
    "module_utils/_api/json_body",
    "module_utils/_auth/kerberos_tickets",
    "module_utils/_config/config_file_parser",
    "module_utils/_config/options",
    "module_utils/_deps",
    "module_utils/_errors",
    "module_utils/_http/deadline",
    "module_utils/_http/response",
    "module_utils/_version",
    "modules/smtp_report",
    "plugin_utils/_ansible/builtins",
    "plugin_utils/_ansible/unsafe",
    "plugin_utils/_expected/schema_keywords",
    "plugin_utils/_expected/schema_messages",
    "plugin_utils/_expected/setting_types",
    "plugin_utils/_format",
    "plugin_utils/_report/table",
    "plugin_utils/_verdict/findings",
    "plugin_utils/_verdict/observed",
}
PLUGINS = sorted(
    path.relative_to(ROOT).with_suffix("")
    for path in (ROOT / "plugins").rglob("*.py")
    if path.parent.name != "doc_fragments"
    and str(path.relative_to(ROOT / "plugins").with_suffix("")) not in INDIRECT
)


@pytest.mark.parametrize("plugin", PLUGINS, ids=str)
def test_every_plugin_has_a_test(plugin: Path) -> None:
    """The tests are where the plugins are: plugins/a/_b.py and tests/unit/plugins/a/test_b.py."""
    name = f"test_{plugin.name.lstrip('_')}.py"
    assert (ROOT / "tests" / "unit" / plugin.with_name(name)).is_file()
