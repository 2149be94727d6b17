# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The config file of Keyfactor's own tools: which one, in which form, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._config.settings import (
    ConnectionSettings,
    resolve,
)
from tests.unit.support import BASIC, PASSWORD, TOKEN, USER, holds_secret, refusal, source

JSON = '{"servers": {"default": {"host": "a.example.com"}, "lab": {"host": "b.example.com"}}}'
YAML = "# ours\nservers:\n  default: {host: a.example.com}\n  lab:\n    host: b.example.com\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "profiles"
    path.write_text(JSON)
    path.chmod(0o600)
    return path


@pytest.fixture
def default_file(tmp_path: Path) -> Path:
    path = tmp_path / "home/.keyfactor/command_config.json"
    path.parent.mkdir(parents=True)
    path.write_text(JSON)
    path.chmod(0o600)
    return path


def settings(environ: dict[str, str] | None = None, **options: Any) -> ConnectionSettings:
    return resolve({"access_token": TOKEN, **options}, environ or {})


@pytest.mark.parametrize("content", [JSON, "\ufeff" + JSON, "\n  " + JSON, YAML])
@pytest.mark.parametrize(
    ("profile", "host"),
    [(None, "a.example.com"), ("default", "a.example.com"), ("lab", "b.example.com")],
)
def test_json_and_yaml_by_content(file: Path, content: str, profile: str, host: str) -> None:
    file.write_text(content)
    found = settings(config_file=str(file), config_profile=profile)
    assert found.url == f"https://{host}/KeyfactorAPI"
    assert source(found, "host") == f"host in config profile {profile or 'default'} of {file}"
    assert found.warnings == ()


def test_the_default_file_and_profile(default_file: Path) -> None:
    assert settings().url == "https://a.example.com/KeyfactorAPI"
    assert settings(config_profile="lab").url == "https://b.example.com/KeyfactorAPI"


def test_which_file_and_profile(file: Path, default_file: Path) -> None:
    default_file.write_text("not read")
    environ = {"KEYFACTOR_AUTH_CONFIG_FILE": str(file), "KEYFACTOR_AUTH_CONFIG_PROFILE": "lab"}
    assert settings(environ).url.startswith("https://b.")
    assert settings(environ, config_profile="default").url.startswith("https://a.")
    missing = {**environ, "KEYFACTOR_AUTH_CONFIG_FILE": "/nowhere/at/all"}
    assert settings(missing, config_file=str(file)).url.startswith("https://b.")


def test_missing_defaults_are_no_error(default_file: Path) -> None:
    default_file.write_text('{"servers": {"lab": {"host": "b.example.com"}}}')
    assert settings(host="c.example.com").url.startswith("https://c.")
    default_file.unlink()
    assert settings(host="c.example.com").warnings == ()


@pytest.mark.parametrize("by", ["option", "variable"])
def test_a_named_file_must_be_there(tmp_path: Path, by: str) -> None:
    path = str(tmp_path / "nowhere.json")
    options = {"config_file": path} if by == "option" else {}
    environ = {"KEYFACTOR_AUTH_CONFIG_FILE": path} if by == "variable" else {}
    origin = "option config_file" if by == "option" else "KEYFACTOR_AUTH_CONFIG_FILE"
    refusal(lambda: settings(environ, host="a", **options), path, origin, "No such file")


def test_a_named_profile_must_be_there(file: Path) -> None:
    listed = "It has: default, lab"
    refusal(
        lambda: settings(config_file=str(file), config_profile="prod"),
        f"There is no config profile prod in {file}. {listed}; name one with config_profile.",
    )
    environ = {"KEYFACTOR_AUTH_CONFIG_PROFILE": "prod"}
    refusal(
        lambda: settings(environ, host="a"),
        "no config profile prod (environment variable KEYFACTOR_AUTH_CONFIG_PROFILE): the file ",
        ".json does not exist. Name the file with config_file.",
    )
    file.write_text('{"servers": {}}')
    refusal(lambda: settings(config_file=str(file)), "no config profile default", "It has: none; ")


@pytest.mark.parametrize(
    ("content", "phrase"),
    [
        ("{", "it is not valid JSON (line 1)"),
        ("just words", "it has no mapping 'servers' of profiles"),
        ('{"servers": {"default": "a.example.com"}}', "config profile default is not a mapping"),
    ],
)
def test_unusable_content_names_file_and_option(file: Path, content: str, phrase: str) -> None:
    file.write_text(content)
    error = refusal(lambda: settings(host="a", config_file=str(file)))
    assert error.message == f"The config file {file} (option config_file) cannot be used: {phrase}."


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b'{"servers": "\xe9"}'])
def test_content_that_is_not_utf8(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    refusal(lambda: settings(host="a", config_file=str(file)), "used: it is not UTF-8 text.")


@pytest.mark.parametrize("path", ["nul\0byte", "lone\ud800surrogate", "/dev/null/file", "/"])
def test_a_path_that_no_file_can_have(path: str) -> None:
    refusal(lambda: settings(host="a", config_file=path), "option config_file")


@pytest.mark.parametrize(
    ("mode", "warned"),
    [(0o600, False), (0o400, False), (0o640, True), (0o604, True), (0o644, True)],
)
def test_a_file_that_others_can_read_gets_a_warning(file: Path, mode: int, warned: bool) -> None:
    file.chmod(mode)
    warnings = settings(config_file=str(file)).warnings
    assert len(warnings) == warned
    for warning in warnings:
        assert warning == (
            f"The config file {file} is open to other users (mode {mode:04o}); "
            f"close it with: chmod 600 {file}"
        )


def test_credentials_of_a_profile(file: Path) -> None:
    file.write_text(
        f"servers: {{default: {{host: a, username: '{USER}', password: '{PASSWORD}', auth_type: basic}}}}"
    )
    found = resolve({"config_file": str(file)}, {})
    assert found.credentials.convert() == BASIC
    assert source(found, "password") == f"password in config profile default of {file}"
    assert holds_secret(dict(found.effective)) == []


def test_numbers_are_not_text(file: Path) -> None:
    file.write_text("servers: {default: {username: svc, password: 0123}}")
    error = refusal(
        lambda: resolve({"host": "a", "config_file": str(file)}, {}), "password in config profile"
    )
    assert "quotes" in error.message
    assert "0123" not in error.message
    assert "83" not in error.message
