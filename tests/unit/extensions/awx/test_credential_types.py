# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The credential types of the AWX kit: what AWX accepts, and what the module makes of them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from jinja2 import UndefinedError
from jsonschema import Draft202012Validator

from ansible_collections.keyfactor.command.plugins.module_utils._config.options import OPTIONS
from ansible_collections.keyfactor.command.plugins.module_utils._config.settings import (
    ConnectionSettings,
    resolve,
)
from tests.unit.extensions.awx.render import TYPES, check_names, inject, load

SCHEMA = Draft202012Validator(
    json.loads((Path(__file__).parent / "credential_type.json").read_text())
)
NAMES = sorted(path.stem for path in TYPES.glob("*.yml"))
ACCOUNT, PROFILES = load("account"), load("config_file")
PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"


def fields(kind: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in kind["inputs"]["fields"]}


def test_there_are_two() -> None:
    assert NAMES == ["account", "config_file"]


@pytest.mark.parametrize("name", NAMES)
def test_awx_accepts_it(name: str, tmp_path: Path) -> None:
    kind = load(name)
    assert [error.message for error in SCHEMA.iter_errors(kind)] == []
    assert len(fields(kind)) == len(kind["inputs"]["fields"])
    assert set(kind["inputs"].get("required", ())) <= set(fields(kind))
    check_names(kind, tmp_path)


@pytest.mark.parametrize(
    "broken",
    [
        {"injectors": {"env": {"ANSIBLE_CONFIG": "x"}}},
        {"injectors": {"env": {"KEYFACTOR_HOSTNAME": "é"}}},
        {"injectors": {"file": {"profiles": "x"}}},
        {"inputs": {"fields": [{"id": "tower", "label": "x"}]}},
        {"inputs": {"fields": [{"id": "a", "label": "x", "type": "boolean", "secret": True}]}},
        {"inputs": {"fields": [{"id": "a"}]}},
        {"kind": "ssh"},
    ],
    ids=str,
)
def test_what_awx_refuses_is_refused(broken: dict[str, Any]) -> None:
    assert list(SCHEMA.iter_errors({**ACCOUNT, **broken}))


def test_a_name_that_is_no_field_is_noticed(tmp_path: Path) -> None:
    kind = {**PROFILES, "injectors": {"env": {"KEYFACTOR_HOSTNAME": "{{ hots }}"}}}
    with pytest.raises(UndefinedError, match="hots"):
        check_names(kind, tmp_path)


def test_the_account_has_every_variable_of_the_options() -> None:
    """Except those of the config file, which is the other type's."""
    expected = {
        option.environment_variables[0]
        for option in OPTIONS
        if not option.name.startswith("config_")
    }
    kerberos = {"KEYFACTOR_AUTH_KRB_USERNAME", "KEYFACTOR_AUTH_KRB_PASSWORD"}
    assert set(ACCOUNT["injectors"]["env"]) == expected | kerberos


@pytest.mark.parametrize("kind", [ACCOUNT, PROFILES], ids=NAMES)
def test_secrets_are_marked(kind: dict[str, Any]) -> None:
    secret = {name for name, field in fields(kind).items() if field.get("secret")}
    assert secret == {
        name
        for name in fields(kind)
        if name.endswith(
            ("password", "secret", "assertion", "access_token", "client_key", "profiles")
        )
    }


def settings(
    kind: dict[str, Any], inputs: dict[str, Any], directory: Path, **options: Any
) -> ConnectionSettings:
    """Return what the module would use, with the credential's variables in its environment."""
    environment = inject(kind, inputs, directory)
    return resolve({"host": "command.example.com", **options}, environment)


def test_blank_fields_count_as_unset(tmp_path: Path) -> None:
    blank = {name: "" for name, field in fields(ACCOUNT).items() if field.get("type") != "boolean"}
    account = {"username": "KEYEXAMPLE\\svc-ansible", "password": "p"}
    own = {f"KEYFACTOR_{name.upper()}": value for name, value in account.items()}
    plain = resolve({"host": "command.example.com"}, own).effective
    for inputs in (account, {**blank, **account}):
        used = settings(ACCOUNT, inputs, tmp_path).effective
        assert {n: e["value"] for n, e in used.items()} == {n: e["value"] for n, e in plain.items()}


@pytest.mark.parametrize("field", ["client_assertion", "client_assertion_file"])
def test_oauth_client_without_a_secret(field: str, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("eyJhbGciOiJSUzI1NiJ9.e30.c2ln\n")
    value = str(token) if field.endswith("file") else token.read_text()
    url = "https://login.example.com/oauth2/token"
    inputs = {"client_id": "ansible", field: value, "token_url": url}
    used = settings(ACCOUNT, inputs, tmp_path)
    assert used.effective["auth_type"]["value"] == "oauth"
    assert used.credentials.values[field].raw == value


def test_choices_begin_with_the_default() -> None:
    """AWX takes the first one for a field that is left empty."""
    first = {
        name: field["choices"][0] for name, field in fields(ACCOUNT).items() if "choices" in field
    }
    by_variable = {option.environment_variables[0]: option.default for option in OPTIONS}
    for name, choice in first.items():
        (variable,) = (
            variable
            for variable, template in ACCOUNT["injectors"]["env"].items()
            if template == "{{ %s }}" % name
        )
        default = by_variable[variable]
        # No version by default means the automatic one.
        assert choice == ("auto" if default is None else str(default).lower())


def test_certificates_are_files(tmp_path: Path) -> None:
    """A variable that spans lines does not survive the way into a container."""
    texts = ("client_cert", "client_key", "ca_cert", "auth_ca_cert")
    variables = inject(ACCOUNT, dict.fromkeys(texts, PEM), tmp_path)
    paths = [Path(value) for value in variables.values() if os.sep in value]
    assert [path.read_text().strip() for path in paths] == [PEM.strip()] * len(texts)
    assert not [value for value in variables.values() if "\n" in value]


def test_config_file_of_many_environments(tmp_path: Path) -> None:
    servers = {
        name: {
            "host": f"command.{name}.example.com",
            "username": f"{name}@example.com",
            "password": name,
        }
        for name in ("staging", "production")
    }
    inputs = {"profiles": json.dumps({"servers": servers}), "ca_cert": ""}
    for name in servers:
        used = settings(PROFILES, inputs, tmp_path, host=None, config_profile=name)
        assert used.url.startswith(f"https://command.{name}.example.com")
