# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every option: option, environment, config file, default. A new one needs a sample here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._config.options import (
    OPTIONS,
    Option,
)
from ansible_collections.keyfactor.command.plugins.module_utils._config.settings import (
    ConnectionSettings,
    resolve,
    show_value,
)
from tests.unit.support import ASSERTION, TOKEN, refusal, source

LEVELS = ("option", "environment", "profile", "default")
NAMES_THE_FILE = ("config_file", "config_profile")


@dataclass(frozen=True)
class Sample:
    """A value of the option from each source, what each means, and what must stand beside it."""

    present_in: tuple[Any, str, Any]
    meant: tuple[Any, Any, Any] | None = None
    beside: tuple[str, ...] = ("access_token",)
    """Options that the same source must have."""


OAUTH = ("client_id", "client_secret", "token_url")
HOSTS = ("a.example.com", "b.example.com", "c.example.com")
PLAIN: tuple[str, str, str] = ("first", "second", "third")
URLS = ("https://a.example.com/t", "https://b.example.com/t", "https://c.example.com/t")
FILES = ("/tmp/first.pem", "/tmp/second.pem", "/tmp/third.pem")
YES_NO_YES = (True, False, True)

SAMPLES = {
    "host": Sample(HOSTS),
    "port": Sample((1001, "1002", 1003), (1001, 1002, 1003)),
    "api_path": Sample(("/first/", "second", "Third/API"), ("first", "second", "Third/API")),
    "auth_type": Sample(("token",) * 3),
    "username": Sample(PLAIN, beside=("password",)),
    "password": Sample(PLAIN, beside=("username",)),
    "domain": Sample(PLAIN, beside=("username", "password")),
    "client_id": Sample(PLAIN, beside=OAUTH[1:]),
    "client_secret": Sample(PLAIN, beside=("client_id", "token_url")),
    "client_assertion": Sample(PLAIN, beside=("client_id", "token_url")),
    "client_assertion_file": Sample(FILES, beside=("client_id", "token_url")),
    "token_url": Sample(URLS, beside=OAUTH[:2]),
    "scopes": Sample((["a", "b"], "c,d", ["e"]), (("a", "b"), ("c", "d"), ("e",)), OAUTH),
    "audience": Sample(PLAIN, beside=OAUTH),
    "access_token": Sample(PLAIN, beside=()),
    "kerberos_realm": Sample(PLAIN, beside=("kerberos_ccache",)),
    "kerberos_keytab": Sample(FILES, beside=("username",)),
    "kerberos_ccache": Sample(FILES, beside=()),
    "kerberos_config": Sample(FILES, beside=("kerberos_ccache",)),
    "kerberos_spn": Sample(PLAIN, beside=("kerberos_ccache",)),
    "client_cert": Sample(FILES),
    "client_key": Sample(FILES, beside=("access_token", "client_cert")),
    # The other sources say it the other way round.
    "validate_certs": Sample((True, "true", False), YES_NO_YES),
    "ca_cert": Sample(FILES),
    "auth_ca_cert": Sample(FILES),
    "allow_http": Sample((True, "false", True), YES_NO_YES),
    "timeout": Sample(("11", "12s", "2m"), (11.0, 12.0, 120.0)),
    "retries": Sample((4, "5", 6), (4, 5, 6)),
    "use_proxy": Sample((True, "no", True), YES_NO_YES),
    "api_version": Sample(("1", "2", 1), (1, 2, 1)),
}
DEFAULTS = {
    "port": 443,
    "api_path": "KeyfactorAPI",
    "client_cert": None,
    "client_key": None,
    "validate_certs": True,
    "ca_cert": None,
    "auth_ca_cert": None,
    "allow_http": False,
    "timeout": 60.0,
    "retries": 3,
    "use_proxy": True,
    "api_version": None,
}
OTHERS = [option for option in OPTIONS if option.name not in NAMES_THE_FILE]
BY_NAME = {option.name: option for option in OPTIONS}


class Sources:
    """Options, environment and a config file, filled step by step."""

    def __init__(self, directory: Path) -> None:
        self.file = directory / "command_config.json"
        self.params: dict[str, Any] = {"config_file": str(self.file)}
        self.environ: dict[str, str] = {}
        self.entries: dict[str, Any] = {"host": "command.example.com"}
        # The account of Kerberos has variables of its own, named last.
        self.kerberos = False

    def put(self, level: str, name: str, value: Any) -> None:
        option = BY_NAME[name]
        if level == "option":
            self.params[name] = value
        elif level == "environment":
            self.environ[option.environment_variables[-1 if self.kerberos else 0]] = value
        else:
            self.entries[option.config_keys[0]] = value

    def resolve(self) -> ConnectionSettings:
        self.file.write_text(json.dumps({"servers": {"default": self.entries}}))
        self.file.chmod(0o600)
        return resolve(self.params, self.environ)

    def origin(self, level: str, option: Option) -> str:
        return {
            "option": f"option {option.name}",
            "environment": f"environment variable {(*option.environment_variables, '')[0]}",
            "profile": f"{(*option.config_keys, '')[0]} in config profile default of {self.file}",
            "default": "default",
        }[level]


def read(settings: ConnectionSettings, name: str) -> Any:
    """The value that a connection works with."""
    found = settings.credentials.values
    if name in found:
        return found[name].convert()
    return getattr(settings, name, settings.effective.get(name, {}).get("value"))


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    return Sources(tmp_path)


@pytest.mark.parametrize("level", LEVELS[:3])
@pytest.mark.parametrize("option", OTHERS, ids=lambda option: option.name)
def test_the_first_source_wins(option: Option, level: str, sources: Sources) -> None:
    sample = SAMPLES[option.name]
    sources.kerberos = option.name.startswith("kerberos_")
    for later in range(LEVELS.index(level), 3):
        for beside in sample.beside:
            kept = "https://id.example.com/t" if beside == "token_url" else "kept"
            sources.put(LEVELS[later], beside, kept)
        sources.put(LEVELS[later], option.name, sample.present_in[later])
    settings = sources.resolve()
    at = LEVELS.index(level)
    assert read(settings, option.name) == (sample.meant or sample.present_in)[at]
    assert source(settings, option.name) == sources.origin(level, option)


@pytest.mark.parametrize("name", DEFAULTS)
def test_the_default_comes_last(name: str, sources: Sources) -> None:
    sources.put("option", "access_token", TOKEN)
    settings = sources.resolve()
    assert read(settings, name) == DEFAULTS[name]
    if DEFAULTS[name] is not None:
        assert source(settings, name) == "default"


@pytest.mark.parametrize("blank", ["", "  "])
@pytest.mark.parametrize("option", OTHERS, ids=lambda option: option.name)
def test_empty_means_unset(option: Option, blank: str, sources: Sources) -> None:
    sample = SAMPLES[option.name]
    for variable in option.environment_variables:
        sources.environ[variable] = blank
    sources.params[option.name] = blank
    for beside in sample.beside:
        kept = "https://id.example.com/t" if beside == "token_url" else "kept"
        sources.put("profile", beside, kept)
    sources.put("profile", option.name, sample.present_in[2])
    settings = sources.resolve()
    assert read(settings, option.name) == (sample.meant or sample.present_in)[2]
    assert source(settings, option.name) == sources.origin("profile", option)


@pytest.mark.parametrize("name", ["host", "username", "password", "client_id", "access_token"])
def test_what_has_no_default_is_missed(name: str, sources: Sources) -> None:
    del sources.entries["host"]
    if name != "host":
        sources.put("option", "host", "command.example.com")
    refusal(sources.resolve, name)


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("client_key", "-----BEGIN PRIVATE KEY-----\nunique", "PEM text"),
        ("ca_cert", "-----BEGIN CERTIFICATE-----\nunique", "PEM text"),
        ("client_assertion_file", ASSERTION, "a token"),
        ("client_assertion_file", "/run/secrets/a.b.c", "/run/secrets/a.b.c"),
        ("token_url", "https://id.example.com/token?key=unique", "https://id.example.com/token"),
        ("token_url", "https://a:unique@id.example.com/token", "https://id.example.com/token"),
        ("host", "https://a:unique@command.example.com/API", "https://command.example.com/API"),
        ("host", "a:unique@command.example.com:8443", "command.example.com:8443"),
        ("host", "command.example.com:8443", "command.example.com:8443"),
        ("username", "svc@example.com", "svc@example.com"),
        ("scopes", ("a", "b"), ["a", "b"]),
        ("port", 443, 443),
    ],
)
def test_value_as_it_is_shown(name: str, value: object, shown: object) -> None:
    assert show_value(name, value) == shown
