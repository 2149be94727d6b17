# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the options of a connection come from: config files, environments and tasks."""

from __future__ import annotations

import json
import os
import ssl
import tempfile
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import yaml

from ansible_collections.keyfactor.command.plugins.module_utils._api.client import CommandClient
from ansible_collections.keyfactor.command.plugins.module_utils._config.options import OPTIONS
from ansible_collections.keyfactor.command.plugins.module_utils._config.settings import resolve
from ansible_collections.keyfactor.command.plugins.module_utils._errors import CommandError
from tests.fuzz.checks import check_secrets, checked_kind
from tests.fuzz.values import (
    mutate_bytes,
    mutate_text,
    random_bytes,
    random_scalar,
    random_text,
    random_value,
)
from tests.unit.support import ASSERTION, CLIENT_SECRET, PASSWORD, TOKEN

KEY = "MIIUniqueKey9b2f8c4d"
URL_PASSWORD = "unique-url-password-40c1"
SECRETS = (PASSWORD, CLIENT_SECRET, TOKEN, ASSERTION, KEY, URL_PASSWORD)
PEM_START = "-----BEGIN PRIVATE KEY-----"
PEM = f"{PEM_START}\n{KEY}\n-----END PRIVATE KEY-----\n"
# Values that hold a secret. They may be made longer, but not moved to other options.
SECRET_VALUES: dict[str, tuple[str, ...]] = {
    "password": (PASSWORD,),
    "client_secret": (CLIENT_SECRET,),
    "client_assertion": (ASSERTION, f"{ASSERTION}\n"),
    "client_assertion_file": (ASSERTION,),
    "access_token": (TOKEN, f"Bearer {TOKEN}"),
    "host": (f"https://svc:{URL_PASSWORD}@a.example.com/API", f"svc:{URL_PASSWORD}@a.example.com"),
    "token_url": (f"https://svc:{URL_PASSWORD}@id.example.com/token",),
    "ca_cert": (PEM,),
    "auth_ca_cert": (PEM,),
    "client_cert": (PEM,),
    "client_key": (PEM,),
    "kerberos_keytab": (PEM,),
    "kerberos_ccache": (PEM,),
    "kerberos_config": (PEM,),
}
GOOD_VALUES: dict[str, tuple[Any, ...]] = {
    "host": ("a.example.com", "https://a.example.com/API", "http://a.example.com", "::1"),
    "port": (443, "8443"),
    "api_path": ("/KeyfactorAPI/", "API", "/"),
    "auth_type": ("auto", "auto", "basic", "oauth", "token", "kerberos", "certificate"),
    "username": ("svc", "svc", "KEYEXAMPLE\\svc", "svc@keyexample.com"),
    "domain": ("KEYEXAMPLE",),
    "client_id": ("kf-client",),
    "client_assertion_file": ("/dev/null", "/nonexistent/token"),
    "token_url": ("https://id.example.com/token", "http://id.example.com/token?a=b"),
    "scopes": ("a b", ["a", "b"]),
    "audience": ("https://a.example.com/",),
    "kerberos_realm": ("KEYEXAMPLE.COM",),
    "kerberos_keytab": ("/dev/null",),
    "kerberos_ccache": ("MEMORY:ticket", "FILE:/dev/null"),
    "kerberos_config": ("/dev/null",),
    "kerberos_spn": ("HTTP/a.example.com", "HTTP@a.example.com"),
    "client_cert": ("/dev/null",),
    "client_key": ("/dev/null",),
    "ca_cert": ("/",),
    "auth_ca_cert": ("/",),
    "validate_certs": (True, "no"),
    "allow_http": (True, "true"),
    "timeout": ("60", "60s", "1.5m"),
    "retries": (0, "3"),
    "use_proxy": (True, "off"),
    "api_version": ("auto", "1", 2),
}
BAD_VALUES: dict[str, tuple[Any, ...]] = {
    "host": ("@", "ftp://a.example.com", "https://a.example.com?a=b", "a:99999", "[::1"),
    "port": (0, "x", True),
    "api_path": ("a/../b", "%2e%2e", "a b"),
    "username": ("a:b", "a\nb"),
    "token_url": ("//id.example.com", "https://[::1"),
    "scopes": ('a"', [1]),
    "kerberos_realm": ("KEY EXAMPLE",),
    "kerberos_keytab": ("/nonexistent/keytab",),
    "kerberos_ccache": ("FILE:/nonexistent/ticket", "/nonexistent/ticket"),
    "kerberos_config": ("/nonexistent/krb5.conf",),
    "kerberos_spn": ("HTTP",),
    "client_cert": ("/nonexistent/cert.pem", "~/cert.pem", "$HOME/cert.pem", "~nobody/$"),
    "ca_cert": ("/dev/null", "/nonexistent/ca.pem"),
    "timeout": (0, "25h", "1e9"),
    "retries": (-1, 101),
}
# Options that select the config file itself.
FILE_OPTIONS = ("config_file", "config_profile")
NAMES = [option.name for option in OPTIONS if option.name not in FILE_OPTIONS]
VARIABLES = {
    variable: option.name for option in OPTIONS for variable in option.environment_variables
}
KEYS = {key: option.name for option in OPTIONS for key in option.config_keys}
VAULT = {"type": "azid", "parameters": {"vault_name": "vault", "secret_name": "command"}}
# Without an account, most other options are not even looked at.
ACCOUNTS = (
    ("username", "password"),
    ("username", "password", "domain"),
    ("client_id", "client_secret", "token_url"),
    ("client_id", "client_assertion", "token_url"),
    ("client_id", "client_assertion_file", "token_url"),
    ("access_token",),
    ("username", "password", "kerberos_realm"),
    ("username", "kerberos_keytab"),
    ("kerberos_ccache",),
    ("client_cert", "client_key"),
)
# Two accounts in one place are refused.
OTHER_NAMES = [name for name in NAMES if not any(name in account for account in ACCOUNTS)]
# Checking a keytab needs Kerberos itself, which has a time limit.
KINDS = {"configuration", "authentication", "timeout"}


class Options:
    """Mix random options of a task and variables of the environment."""

    name = "options"

    def generate(self, rng: Random) -> dict[str, Any]:
        """Return the options of a task, and an environment."""
        names = NAMES if rng.random() < 0.3 else OTHER_NAMES
        variables = {name: option for name, option in VARIABLES.items() if option in names}
        params = _mix(rng, {name: name for name in names}, rng.choice((0.0, 0.1, 0.3)))
        environ = _mix(rng, variables, rng.choice((0.0, 0.1, 0.5)))
        account = dict.fromkeys(("host", *rng.choice(ACCOUNTS)))
        if rng.random() < 0.7:
            params = {**{name: _good(rng, name) for name in account}, **params}
        else:
            own = {name: option for name, option in VARIABLES.items() if option in account}
            environ = {**{name: _good(rng, own[name]) for name in own}, **environ}
        texts = {name: _variable(value) for name, value in environ.items()}
        return {"params": params, "environ": texts}

    def check(self, case: Any) -> str:
        """Return C(settings), or the kind of the error."""
        return _outcome(case["params"], case["environ"])


class ConfigFiles:
    """Read random config files."""

    name = "config_files"

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="fuzz-")
        self._path = Path(self._folder.name) / "config"
        self._path.touch(0o600)

    def generate(self, rng: Random) -> dict[str, Any]:
        """Return the content of a file, and options beside it."""
        params: dict[str, Any] = {}
        if rng.random() < 0.3:
            params = {"host": "a.example.com", "access_token": TOKEN}
        if rng.random() < 0.3:
            params["config_profile"] = rng.choice(("default", "production", "1", random_text(rng)))
        return {"content": _content(rng), "params": params}

    def check(self, case: Any) -> str:
        """Return C(settings), or the kind of the error."""
        self._path.write_bytes(case["content"])
        params = {**case["params"], "config_file": str(self._path)}
        return _outcome(params, {}, case["content"].decode("latin-1"))


def _content(rng: Random) -> bytes:
    if rng.random() < 0.1:
        return random_bytes(rng)
    profiles: Any = {}
    for name in ("default", "production"):
        names = NAMES if rng.random() < 0.3 else OTHER_NAMES
        entries = _mix(rng, {key: KEYS[key] for key in KEYS if KEYS[key] in names}, 0.2)
        account = dict.fromkeys(("host", *rng.choice(ACCOUNTS)))
        own = {key: option for key, option in KEYS.items() if option in account}
        profile = {**{key: _good(rng, own[key]) for key in own}, **entries}
        profiles[name] = {_respell(rng, key): value for key, value in profile.items()}
        if rng.random() < 0.1:
            profiles[name]["auth_provider"] = rng.choice((VAULT, {}, random_value(rng)))
    # Only the structure around the entries changes, so that no secret gets another name.
    shape = rng.random()
    content: Any = {"servers": profiles}
    if shape < 0.1:
        content = rng.choice((profiles, [content], {"servers": list(profiles.items())}))
    elif shape < 0.2:
        content = {"servers": {**profiles, "default": random_value(rng), 1: None}}
    write = rng.choice((_json, _json, yaml.safe_dump, _flow))
    text = write(content)
    if rng.random() < 0.1:
        text = rng.choice(("--- !!python/name:os.system\n", "&a [*a]\n", "%YAML 9\n", "\t")) + text
    data = text.encode(rng.choice(("utf-8",) * 8 + ("utf-8-sig", "utf-16", "latin-1")), "replace")
    return mutate_bytes(rng, data) if rng.random() < 0.4 else data


def _respell(rng: Random, key: str) -> str:
    """Return a key as it is, or at times without underscores and in another case."""
    if rng.random() < 0.9:
        return key
    return "".join(rng.choice((char, char.upper(), "_" + char)) for char in key.replace("_", ""))


def _json(content: Any) -> str:
    return json.dumps(content, indent=2)


def _flow(content: Any) -> str:
    return str(yaml.safe_dump(content, default_flow_style=True, allow_unicode=True))


def _mix(rng: Random, names: dict[str, str], chance: float) -> dict[str, Any]:
    """Return values for some of the names, each of an option."""
    chosen = {name: option for name, option in names.items() if rng.random() < chance}
    return {name: _any(rng, option) for name, option in chosen.items()}


def _any(rng: Random, option: str) -> Any:
    kind = rng.random()
    if kind < 0.7:
        return _good(rng, option)
    values = (*BAD_VALUES.get(option, ()), *GOOD_VALUES.get(option, ("a",)))
    if kind < 0.8:
        return rng.choice(values)
    if kind < 0.9:
        return mutate_text(rng, str(rng.choice(values)))
    return random_value(rng, values) if kind < 0.95 else random_scalar(rng)


def _good(rng: Random, option: str) -> Any:
    """Return a value that can be used, or one with a secret, with more around it at times."""
    values = GOOD_VALUES.get(option, ())
    if option not in SECRET_VALUES or (values and rng.random() < 0.9):
        return rng.choice(values)
    value = rng.choice(SECRET_VALUES[option])
    if (
        option in ("password", "client_secret", "client_assertion", "access_token")
        and rng.random() < 0.2
    ):
        return random_text(rng) + value + random_text(rng)
    return value


def _variable(value: Any) -> str:
    """Return a value as a variable of the environment can hold it."""
    return os.fsdecode(str(value).replace("\0", "").encode("utf-8", "surrogateescape"))


def _outcome(params: dict[str, Any], environ: dict[str, str], text: str = "") -> str:
    # Text that does not begin as a key does is taken for a path.
    own = str([params, environ, text])
    has_pem = own.count(KEY) == own.count(PEM_START)
    secrets = [secret for secret in SECRETS if secret != KEY or has_pem]
    try:
        settings = resolve(params, environ)
        # Reading the system's certificates would take most of the time.
        with patch.object(ssl, "create_default_context", _context):
            CommandClient(settings)
    except CommandError as error:
        kind = checked_kind(error, secrets, own)
        assert kind in KINDS, kind
        return kind
    check_secrets([dict(settings.effective), settings.warnings], secrets)
    # No user sees this. It has the text of certificates.
    check_secrets(repr(settings), (PASSWORD, CLIENT_SECRET, TOKEN))
    assert json.loads(json.dumps(settings.effective)) == settings.effective
    assert settings.timeout > 0
    assert settings.url.startswith("https://") or settings.allow_http
    return "settings"


def _context(**location: Any) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if location:
        context.load_verify_locations(**location)
    return context
