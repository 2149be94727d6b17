# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The config file of Keyfactor's own tools: which one, in which form, and what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._config.settings import (
    ConnectionSettings,
    resolve,
)
from tests.unit.support import (
    BASIC,
    CLIENT_SECRET,
    PASSWORD,
    TOKEN,
    USER,
    holds_secret,
    refusal,
    source,
)

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


def test_default_files_in_the_order_of_keyfactors_tools(default_file: Path) -> None:
    for suffix, host in ((".yml", "yml"), (".yaml", "yaml"), (".json", "json")):
        # Written last, each takes precedence over those before it.
        path = default_file.with_suffix(suffix)
        if suffix == ".json":
            assert settings().url == "https://yaml.example.com/KeyfactorAPI"
        path.write_text(f"servers: {{default: {{host: {host}.example.com}}}}")
        path.chmod(0o600)
        if suffix == ".yml":
            default_file.unlink()
        found = settings()
        assert found.url == f"https://{host}.example.com/KeyfactorAPI"
        assert source(found, "host").endswith(str(path))


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
    words = error.message.replace(str(file), "")  # the path may contain these digits
    assert "quotes" in words
    assert "0123" not in words
    assert "83" not in words


def write(file: Path, entries: object, name: str = "default") -> None:
    file.write_text(json.dumps({"servers": {name: entries}}))
    file.chmod(0o600)


def test_keys_in_any_spelling(file: Path) -> None:
    entries = {"Host": "a.example.com", "ClientID": "c", "CLIENT_SECRET": CLIENT_SECRET}
    file.write_text(json.dumps({"Servers": {"default": {**entries, "tokenUrl": "https://a/t"}}}))
    found = resolve({"config_file": str(file)}, {})
    assert found.credentials.kind == "oauth"
    assert source(found, "client_id") == f"ClientID in config profile default of {file}"
    write(file, {"SkipTLSVerify": True, "host": "a"})
    assert settings(config_file=str(file)).validate_certs is False


def test_two_keys_that_are_the_same(file: Path) -> None:
    write(file, {"client_id": "a", "ClientID": "b"})
    named = ("config profile default: the keys client_id and ClientID", "remove one")
    refusal(lambda: settings(config_file=str(file), host="a"), str(file), *named)
    file.write_text('{"servers": {}, "SERVERS": {}}')
    refusal(lambda: settings(config_file=str(file), host="a"), "the keys servers and SERVERS")


@pytest.mark.parametrize("key", ["client_timeout", "ClientTimeout", "timeout"])
def test_timeout_has_the_key_of_keyfactors_tools(file: Path, key: str) -> None:
    write(file, {"host": "a", key: "90s"})
    found = settings(config_file=str(file))
    assert (found.timeout, source(found, "timeout").partition(" ")[0]) == (90.0, key)
    write(file, {"host": "a", "client_timeout": 30, "timeout": 60})
    assert settings(config_file=str(file)).timeout == 30.0


def test_blocks_for_one_tool_are_never_mixed_in(file: Path) -> None:
    block = {"host": "acme.example.com", "client_secret": "a", "token_url": "https://a.example.com"}
    write(file, {"host": "a.example.com", "client_id": "command", "acme": block, "KFUtil": block})
    message = "client_id given"
    refusal(lambda: resolve({"config_file": str(file)}, {}), message, "client_secret")
    write(file, {"acme": {**block, "access_token": TOKEN}})
    refusal(lambda: resolve({"config_file": str(file)}, {}), "There is no host")
    refusal(
        lambda: resolve({"config_file": str(file), "host": "a"}, {}), "There are no credentials"
    )


def test_an_option_of_gos_client_for_kerberos_alone_is_accepted(file: Path) -> None:
    kerberos = {"host": "a", "kerberos_ccache": "KCM:0", "kerberos_disable_pafxfast": True}
    write(file, kerberos)
    environ = {"KEYFACTOR_AUTH_KRB_DISABLE_PAFXFAST": "true"}
    found = resolve({"config_file": str(file)}, environ)
    assert (found.credentials.kind, found.warnings) == ("kerberos", ())


VAULT = {
    "type": "azid",
    "profile": "production",
    "parameters": {"vault_name": "keyexample-vault", "secret_name": "command-config"},
}
IN_VAULT = "Azure Key Vault keyexample-vault (secret command-config, profile production)"
COMPLETE = {"host": "a.example.com", "access_token": TOKEN}


@pytest.mark.parametrize("key", ["auth_provider", "AuthProvider"])
@pytest.mark.parametrize("entries", [{}, {**COMPLETE, "ca_cert_path": "/ca.pem"}])
def test_a_profile_in_a_key_vault(default_file: Path, key: str, entries: dict[str, Any]) -> None:
    """Its own entries are not those that Keyfactor's tools would use."""
    write(default_file, {**entries, key: VAULT})
    words = (f"config profile default of {default_file} cannot be read", f"its {key}", IN_VAULT)
    refusal(lambda: resolve({}, {}), *words)
    refusal(lambda: resolve({"host": "a"}, {}), *words)
    refusal(lambda: resolve({"access_token": TOKEN}, {}), *words)
    # If the other sources are enough, nothing has to come from it.
    assert resolve(COMPLETE, {}).ca_cert is None
    assert resolve({"host": "a", "auth_type": "kerberos"}, {}).credentials.kind == "kerberos"
    # Unless it is asked for.
    refusal(lambda: resolve({**COMPLETE, "config_profile": "default"}, {}), *words)
    refusal(lambda: resolve({**COMPLETE, "config_file": str(default_file)}, {}), *words)


def test_a_profile_with_an_empty_provider(file: Path) -> None:
    write(file, {**COMPLETE, "auth_provider": {"type": "", "parameters": {}}})
    assert resolve({"config_file": str(file)}, {}).credentials.kind == "token"


def test_a_key_vault_of_the_environment(default_file: Path, file: Path) -> None:
    write(default_file, COMPLETE)
    environ = {"KEYFACTOR_AUTH_PROVIDER": "azid", "AZURE_KEYVAULT_NAME": "keyexample-vault"}
    words = (
        "variables KEYFACTOR_AUTH_PROVIDER and AZURE_KEYVAULT_NAME say",
        "Azure Key Vault keyexample-vault",
    )
    refusal(lambda: resolve({}, environ), *words)
    refusal(lambda: resolve({"config_profile": "default", **COMPLETE}, environ), *words)
    assert resolve(COMPLETE, environ).credentials.origin == "the task's options"
    # The file of the task takes precedence, that of the environment does not.
    write(file, COMPLETE)
    assert resolve({"config_file": str(file)}, environ).credentials.kind == "token"
    refusal(lambda: resolve({}, {**environ, "KEYFACTOR_AUTH_CONFIG_FILE": str(file)}), *words)


def test_variables_that_may_belong_to_others_count_without_a_file(default_file: Path) -> None:
    write(default_file, COMPLETE)
    environ = {"AZURE_KEYVAULT_NAME": "keyexample-vault", "AZURE_SECRET_NAME": "command-config"}
    assert resolve({}, environ).credentials.kind == "token"
    default_file.unlink()
    words = (
        "AZURE_KEYVAULT_NAME and AZURE_SECRET_NAME",
        "keyexample-vault (secret command-config)",
    )
    refusal(lambda: resolve({}, environ), *words)
    named = {**environ, "KEYFACTOR_AUTH_CONFIG_PROFILE": "production"}
    refusal(lambda: resolve({}, named), "config profile production", *words)
    assert resolve(COMPLETE, environ).warnings == ()
