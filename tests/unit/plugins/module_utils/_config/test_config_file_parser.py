# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The content of the config file: JSON or YAML, and what is wrong with it."""

from __future__ import annotations

import json

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._config import (
    config_file_parser as parser,
)
from ansible_collections.keyfactor.command.plugins.module_utils._config.config_file_parser import (
    parse_config_profiles,
)
from tests.unit.support import PASSWORD, refusal

PROFILES = {"default": {"host": "a.example.com", "port": 8443}, "lab": {"host": "b.example.com"}}
JSON = json.dumps({"servers": PROFILES, "other": 1})
YAML = """\
# The instances of Keyfactor Command
servers:
  default: {host: a.example.com, port: 8443}
  lab:
    host: b.example.com
"""
NO_SERVERS = "it has no mapping 'servers' of profiles"


@pytest.mark.parametrize("text", [JSON, f"\n  {JSON}\n", YAML, JSON.replace("servers", "Servers")])
def test_profiles_from_json_and_yaml(text: str) -> None:
    assert parse_config_profiles(text) == PROFILES


def test_name_that_is_a_number_to_yaml_is_text() -> None:
    profiles = parse_config_profiles("servers: {1: {host: a.example.com}}")
    assert profiles == {"1": {"host": "a.example.com"}}


def test_entries_of_a_profile_are_not_checked_here() -> None:
    assert parse_config_profiles('{"servers": {"default": "a"}}') == {"default": "a"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "it is not valid JSON (line 1)"),
        (f'{{"servers":\n {{"password": "{PASSWORD}" oops', "it is not valid JSON (line 2)"),
        ("\n [1, 2", "it is not valid JSON (line 2)"),
        ("[" * 100000, "it is not valid JSON (too deep)"),
        ('{"port": ' + "9" * 5000 + "}", "it is not valid JSON (a number is too long)"),
        (f"servers:\n  password: {PASSWORD}\n - oops", "it is neither JSON nor YAML (line 3)"),
        ("servers: [", "it is neither JSON nor YAML (line 1)"),
        ("a: 1\nb: !!python/object/apply:os.getcwd []", "it is neither JSON nor YAML (line 2)"),
        ("servers: !!bool maybe", "it is neither JSON nor YAML"),
        ("servers: !!int ''", "it is neither JSON nor YAML"),
        ("servers: !!timestamp soon", "it is neither JSON nor YAML"),
        ("servers: 2024-99-99", "it is neither JSON nor YAML"),
        ("", NO_SERVERS),
        ("just words", NO_SERVERS),
        ("[1, 2]", NO_SERVERS),
        ("{}", NO_SERVERS),
        ('{"servers": null}', NO_SERVERS),
        ('{"servers": ["default"]}', NO_SERVERS),
        ('{"Servers": null}', NO_SERVERS),
        (
            '{"servers": {}, "Servers": {}}',
            "the keys servers and Servers are the same, because case and underscores do not "
            "matter; remove one of them",
        ),
    ],
)
def test_message_says_what_is_wrong_without_quoting_the_text(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=r"^(it|the keys) ") as caught:
        parse_config_profiles(text)
    assert str(caught.value) == message


def test_json_needs_no_yaml_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parser, "yaml", None)
    assert parse_config_profiles(JSON) == PROFILES
    refusal(
        lambda: parse_config_profiles(YAML),
        "The Python library PyYAML is missing",
        "a config file that is not JSON (it is not valid JSON (line 1)) needs it",
    )
