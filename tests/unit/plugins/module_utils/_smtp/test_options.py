# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the profile, and their documentation."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from ansible_collections.keyfactor.command.plugins.doc_fragments.smtp_profile import (
    ModuleDocFragment,
)
from ansible_collections.keyfactor.command.plugins.module_utils._smtp import options
from ansible_collections.keyfactor.command.plugins.modules import (
    keyfactor_smtp,
    keyfactor_smtp_test,
)

KEYS = ("type", "required", "choices", "elements", "default")
SECRETS = {"relay_password", "client_secret", "value"}


def documented(option: dict[str, Any]) -> dict[str, Any]:
    """Return what an option's documentation says of its spec."""
    found = {key: option[key] for key in KEYS if key in option}
    if "suboptions" in option:
        found["options"] = {name: documented(each) for name, each in option["suboptions"].items()}
    return found


def specified(option: dict[str, Any]) -> dict[str, Any]:
    found = {key: option[key] for key in KEYS if key in option}
    if "options" in option:
        found["options"] = {name: specified(each) for name, each in option["options"].items()}
    return found


def test_profile_is_documented() -> None:
    fragment = yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"]["profile"]
    assert documented(fragment) == specified({"type": "dict", "options": options.PROFILE_SPEC})


@pytest.mark.parametrize(
    "module",
    [(keyfactor_smtp, options.update_spec()), (keyfactor_smtp_test, options.test_spec())],
    ids=["keyfactor_smtp", "keyfactor_smtp_test"],
)
def test_other_options_are_documented(module: tuple[Any, dict[str, Any]]) -> None:
    documentation = yaml.safe_load(module[0].DOCUMENTATION)["options"]
    spec = {name: option for name, option in module[1].items() if name != "profile"}
    documentation.pop("profile", None)
    assert spec
    assert {name: documented(each) for name, each in documentation.items()} == {
        name: specified(each) for name, each in spec.items()
    }


def secret_names(spec: dict[str, Any]) -> set[str]:
    nested = (secret_names(each["options"]) for each in spec.values() if "options" in each)
    return {name for name, each in spec.items() if each.get("no_log")}.union(*nested)


def test_secrets_are_not_logged() -> None:
    assert secret_names(options.update_spec()) == SECRETS
    assert secret_names(options.test_spec()) == SECRETS


def test_ansible_does_not_take_a_choice_for_a_secret() -> None:
    """It warns of names like secrets, unless the specification says that they are none."""
    assert options.update_spec()["update_secrets"]["no_log"] is False
