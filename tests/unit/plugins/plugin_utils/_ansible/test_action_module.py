# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Arguments and environment of a task, when no module's process is there to read them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._config.options import (
    OPTIONS,
    argument_spec,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._ansible.action_module import (
    Arguments,
    task_environment,
    validate,
)
from tests.unit.support import PASSWORD, TOKEN, VaultedText, holds_secret

ACTION = "keyfactor.command.keyfactor_smtp_info"


# Those that the role runs.
MODULES = ("keyfactor_smtp_info", "smtp_relay_info")


def check(**given: Any) -> Arguments:
    return validate(argument_spec(), given, ACTION)


def test_every_option_is_there_in_its_type() -> None:
    found = check(url="a.example.com", port="8443", scopes="a,b", validate_certs="no")
    assert found.refusal is None
    assert {option.name for option in OPTIONS} <= set(found.values)
    assert found.values["host"] == "a.example.com"
    assert (found.values["port"], found.values["scopes"]) == (8443, ["a", "b"])
    assert (found.values["validate_certs"], found.values["timeout"]) == (False, None)


@pytest.mark.parametrize(
    ("given", "phrase"),
    [
        ({"hots": "a"}, f"Unsupported parameters for ({ACTION}) module: hots"),
        ({"port": "https"}, "port"),
        ({"auth_type": "ntlm"}, "auth_type"),
    ],
)
def test_refusals_keep_ansibles_words(given: dict[str, Any], phrase: str) -> None:
    refusal = check(password=PASSWORD, **given).refusal
    assert refusal
    assert phrase in refusal
    assert PASSWORD not in refusal


def test_secrets_are_masked() -> None:
    found = check(password=PASSWORD, access_token=TOKEN, username="svc")
    assert {PASSWORD, TOKEN} <= found.secrets
    if found.redact(PASSWORD) != PASSWORD:  # From 2.22 on Ansible does this where it shows things.
        assert holds_secret(found.redact(found.values)) == []
        assert found.redact({"msg": f"<{TOKEN}>"}) == {"msg": "<********>"}


def test_both_names_of_an_option_get_a_warning() -> None:
    assert "alias url" in str(check(host="a", url="b").warnings)


def test_vaulted_text_is_one_secret() -> None:
    assert check(password=VaultedText()).secrets == {PASSWORD}


class Action:
    """As much of an action plugin as is asked for its environment."""

    def __init__(self, asked: dict[str, Any]) -> None:
        self.asked = asked

    def _compute_environment_string(self, raw: dict[str, Any]) -> None:
        raw.update(self.asked)


def test_the_environment_of_a_task_lasts_as_long_as_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYFACTOR_PORT", "1")
    action: Any = Action({"KEYFACTOR_PORT": 2, "KEYFACTOR_HOSTNAME": "a.example.com"})
    with pytest.raises(RuntimeError), task_environment(action):
        assert os.environ["KEYFACTOR_PORT"] == "2"
        assert os.environ["KEYFACTOR_HOSTNAME"] == "a.example.com"
        raise RuntimeError
    assert os.environ["KEYFACTOR_PORT"] == "1"
    assert "KEYFACTOR_HOSTNAME" not in os.environ


def test_what_templates_need_is_there_before_the_fork() -> None:
    """In a process of its own, as this one may have loaded them already."""
    tree = Path(__file__).parents[5] / "build" / "tree"
    code = (
        "import gc, sys\n"
        "from ansible.plugins.loader import init_plugin_loader\n"
        "from jinja2.lexer import Lexer\n"
        f"init_plugin_loader([{str(tree)!r}])\n"
        "from ansible_collections.keyfactor.command.plugins.plugin_utils._ansible import action_module as in_place\n"
        "def lexers(): return sum(isinstance(each, Lexer) for each in gc.get_objects())\n"
        "in_place.preload_templates()\n"
        "print(*sys.modules)\n"
        "before = lexers()\n"
        "in_place.Templar(loader=None).template(in_place.trust_as_template('{{ 1 }}'))\n"
        "print('another' if lexers() > before else 'the', 'lexer')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert done.stdout.endswith("the lexer\n")
    # Their names have a number in them, elsewhere in each version of Ansible.
    for kind in ("filter", "test"):
        assert any(re.match(rf"ansible\.plugins\.{kind}\..*core", name) for name in loaded)


@pytest.mark.parametrize(
    ("action", "loads_role"),
    [
        ("verify_smtp", True),
        ("apply_smtp", True),
        ("keyfactor_smtp", False),
        ("keyfactor_smtp_info", False),
    ],
)
def test_role_is_there_before_the_fork(action: str, loads_role: bool) -> None:
    """And not with a module that is used alone, as it makes each fork take longer."""
    tree = Path(__file__).parents[5] / "build" / "tree"
    code = (
        "import sys\n"
        "from ansible.plugins.loader import action_loader, init_plugin_loader\n"
        f"init_plugin_loader([{str(tree)!r}])\n"
        f"action_loader.get('keyfactor.command.{action}', class_only=True)\n"
        "print(*sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    plugins = "ansible_collections.keyfactor.command.plugins"
    role = {f"{plugins}.lookup._verify_smtp", f"{plugins}.plugin_utils._report.report"}
    loaded = set(done.stdout.split())
    assert (role & loaded) == (role if loads_role else set())
    if action == "verify_smtp":
        assert {f"{plugins}.action.{name}" for name in MODULES} <= loaded
