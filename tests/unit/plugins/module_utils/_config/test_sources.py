# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names outside of Ansible: the vendor's first, negated ones negated, the older collection's last."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._config.settings import (
    ConnectionSettings,
    resolve,
)
from tests.unit.support import TOKEN, refusal, source

BASIC = {"KEYFACTOR_USERNAME": "vendor", "KEYFACTOR_PASSWORD": "secret"}


def settings(
    environ: dict[str, str] | None = None, entries: dict[str, Any] | None = None, **options: Any
) -> ConnectionSettings:
    file = Path.home() / "config.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({"servers": {"default": entries or {}}}))
    file.chmod(0o600)
    given = {"host": "command.example.com", "config_file": str(file), **options}
    return resolve(given, environ or {})


@pytest.mark.parametrize(
    ("environ", "name", "value"),
    [
        (
            {"KEYFACTOR_HOSTNAME": "new.example.com", "KEYFACTOR_ADDR": "https://old.example.com"},
            "host",
            "new.example.com",
        ),
        ({"KEYFACTOR_ADDR": "https://old.example.com:8443/API"}, "host", "old.example.com"),
        ({"KEYFACTOR_ADDR": "https://old.example.com:8443/API"}, "port", 8443),
        ({**BASIC, "KEYFACTOR_USER": "older"}, "username", "vendor"),
        ({"KEYFACTOR_USER": "older", "KEYFACTOR_PASSWORD": "secret"}, "username", "older"),
        (
            {"KEYFACTOR_SKIP_VERIFY": "false", "KEYFACTOR_IGNORE_SSL": "true"},
            "validate_certs",
            True,
        ),
    ],
)
def test_the_vendors_name_wins(environ: dict[str, str], name: str, value: object) -> None:
    token: dict[str, Any] = {} if "KEYFACTOR_PASSWORD" in environ else {"access_token": TOKEN}
    options: dict[str, Any] = {"host": None} if name in ("host", "port") else {}
    found = settings(environ, **token, **options).effective[name]
    assert found["value"] == value
    variable = next(each for each in environ if each not in ("KEYFACTOR_PASSWORD",))
    assert found["source"] == f"environment variable {variable}"


@pytest.mark.parametrize("variable", ["KEYFACTOR_SKIP_VERIFY", "KEYFACTOR_IGNORE_SSL"])
@pytest.mark.parametrize(
    ("word", "verified"),
    [("true", False), ("1", False), ("Yes", False), ("false", True), ("False", True), ("0", True)],
)
def test_negated_variables(variable: str, word: str, verified: bool) -> None:
    assert settings({variable: word}, access_token=TOKEN).validate_certs is verified


@pytest.mark.parametrize(("value", "verified"), [(True, False), (False, True), ("true", False)])
def test_a_negated_key(value: object, verified: bool) -> None:
    found = settings(entries={"skip_tls_verify": value}, access_token=TOKEN)
    assert found.validate_certs is verified


def test_the_option_is_not_negated() -> None:
    environ = {"KEYFACTOR_SKIP_VERIFY": "true"}
    assert settings(environ, access_token=TOKEN, validate_certs=True).validate_certs is True


@pytest.mark.parametrize(
    ("environ", "warned"),
    [
        ({"KEYFACTOR_IGNORE_SSL": "false"}, True),
        ({"KEYFACTOR_IGNORE_SSL": "true"}, True),
        ({"KEYFACTOR_IGNORE_SSL": ""}, False),
        ({"KEYFACTOR_SKIP_VERIFY": "true"}, False),
        ({"KEYFACTOR_SKIP_VERIFY": "true", "KEYFACTOR_IGNORE_SSL": "true"}, False),
    ],
)
def test_the_older_name_gets_a_warning_where_it_counts(
    environ: dict[str, str], warned: bool
) -> None:
    warnings = settings(environ, access_token=TOKEN).warnings
    assert [("KEYFACTOR_SKIP_VERIFY" in each) for each in warnings] == [True] * warned


@pytest.mark.parametrize(
    ("environ", "entries", "options", "culprit"),
    [
        ({"KEYFACTOR_PORT": "https"}, {}, {}, "environment variable KEYFACTOR_PORT"),
        ({"KEYFACTOR_SKIP_VERIFY": "maybe"}, {}, {}, "environment variable KEYFACTOR_SKIP_VERIFY"),
        ({"KEYFACTOR_IGNORE_SSL": "x"}, {}, {}, "environment variable KEYFACTOR_IGNORE_SSL"),
        ({"KEYFACTOR_CLIENT_TIMEOUT": "soon"}, {}, {}, "KEYFACTOR_CLIENT_TIMEOUT"),
        ({"KEYFACTOR_AUTH_TYPE": "ntlm"}, {}, {}, "KEYFACTOR_AUTH_TYPE"),
        ({}, {"port": "70000"}, {}, "port in config profile default of "),
        ({}, {"skip_tls_verify": "perhaps"}, {}, "skip_tls_verify in config profile default of "),
        ({}, {"ca_cert_path": 5}, {}, "ca_cert_path in config profile default of "),
        ({}, {}, {"timeout": "60 sec"}, "option timeout"),
        ({}, {}, {"retries": -1}, "option retries"),
        ({}, {}, {"api_path": "../admin"}, "option api_path"),
        ({"KEYFACTOR_API_PATH": "API?x=1"}, {}, {}, "environment variable KEYFACTOR_API_PATH"),
        ({}, {}, {"host": "https://user:pass@a.example.com"}, "option host"),
        ({}, {"api_path": "a b"}, {}, "api_path in config profile default of "),
    ],
)
def test_rubbish_names_its_source(
    environ: dict[str, str], entries: dict[str, Any], options: dict[str, Any], culprit: str
) -> None:
    refusal(lambda: settings(environ, entries, access_token=TOKEN, **options), culprit)


@pytest.mark.parametrize("name", ["ca_cert_path", "ca_cert"])
def test_both_keys_of_the_authority(name: str) -> None:
    found = settings(entries={name: "/tmp/ca.pem"}, access_token=TOKEN)
    assert found.ca_cert == "/tmp/ca.pem"
    assert source(found, "ca_cert").startswith(f"{name} in config profile default")
