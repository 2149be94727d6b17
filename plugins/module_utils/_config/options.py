# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every option of the connection: its type, its default, and its names outside of Ansible.

The names of environment variables and of keys in the config file are those of Keyfactor's
own tools (kfutil, the Terraform provider), where these have one. The older collection
keyfactor.platform is understood too; its names come last.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import converters as values


@dataclass(frozen=True)
class Option:
    """One option of the connection.

    :param convert: turns a value from any source into the option's type.
    :param default: the value when no source has one.
    :param variables: environment variables, the first one set wins.
    :param keys: keys of the config file, the first one set wins.
    :param spec: what Ansible's argument spec says of it.
    """

    name: str
    convert: Callable[[object], Any]
    default: Any = None
    variables: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    spec: dict[str, Any] = field(default_factory=dict)

    @property
    def secret(self) -> bool:
        """Whether the value is never shown."""
        return bool(self.spec.get("no_log"))


# Names whose value means the opposite of the option that they set.
NEGATED_NAMES = frozenset(("KEYFACTOR_SKIP_VERIFY", "KEYFACTOR_IGNORE_SSL", "skip_tls_verify"))
# Variables that count for Kerberos alone: in the environment its account is apart from Basic's.
KERBEROS_ONLY_VARIABLES = frozenset(("KEYFACTOR_AUTH_KRB_USERNAME", "KEYFACTOR_AUTH_KRB_PASSWORD"))

STR: dict[str, Any] = {"type": "str"}
PATH: dict[str, Any] = {"type": "path"}
BOOL: dict[str, Any] = {"type": "bool"}
INT: dict[str, Any] = {"type": "int"}
WORDS: dict[str, Any] = {"type": "list", "elements": "str"}
SECRET: dict[str, Any] = {"type": "str", "no_log": True}
# Ansible guesses from names with "key" or "token" that they are secrets; these are not.
SHOWN_STR: dict[str, Any] = {"type": "str", "no_log": False}
SHOWN_PATH: dict[str, Any] = {"type": "path", "no_log": False}

DEFAULT_CONFIG_FILE = "~/.keyfactor/command_config.json"


def _kerberos(name: str, read: Callable[[object], Any], spec: dict[str, Any]) -> Option:
    """Return an option of Kerberos: its variable is KEYFACTOR_AUTH_KRB_..., its key kerberos_..."""
    key = f"kerberos_{name}"
    return Option(key, read, None, (f"KEYFACTOR_AUTH_KRB_{name.upper()}",), (key,), spec)


OPTIONS: tuple[Option, ...] = (
    Option(
        "host",
        values.text,
        None,
        ("KEYFACTOR_HOSTNAME", "KEYFACTOR_ADDR"),
        ("host",),
        {"type": "str", "aliases": ["hostname", "url"]},
    ),
    Option("port", values.port, 443, ("KEYFACTOR_PORT",), ("port",), INT),
    Option("api_path", values.text, "KeyfactorAPI", ("KEYFACTOR_API_PATH",), ("api_path",), STR),
    Option(
        "auth_type",
        values.auth_type,
        "auto",
        ("KEYFACTOR_AUTH_TYPE",),
        ("auth_type",),
        {"type": "str", "choices": list(values.AUTH_TYPES)},
    ),
    Option(
        "username",
        values.text,
        None,
        ("KEYFACTOR_USERNAME", "KEYFACTOR_USER", "KEYFACTOR_AUTH_KRB_USERNAME"),
        ("username",),
        STR,
    ),
    Option(
        "password",
        values.text,
        None,
        ("KEYFACTOR_PASSWORD", "KEYFACTOR_AUTH_KRB_PASSWORD"),
        ("password",),
        SECRET,
    ),
    Option("domain", values.text, None, ("KEYFACTOR_DOMAIN",), ("domain",), STR),
    Option("client_id", values.text, None, ("KEYFACTOR_AUTH_CLIENT_ID",), ("client_id",), STR),
    Option(
        "client_secret",
        values.text,
        None,
        ("KEYFACTOR_AUTH_CLIENT_SECRET",),
        ("client_secret",),
        SECRET,
    ),
    Option(
        "token_url",
        values.text,
        None,
        ("KEYFACTOR_AUTH_TOKEN_URL",),
        ("token_url",),
        SHOWN_STR,
    ),
    Option("scopes", values.word_list, (), ("KEYFACTOR_AUTH_SCOPES",), ("scopes",), WORDS),
    Option("audience", values.text, None, ("KEYFACTOR_AUTH_AUDIENCE",), ("audience",), STR),
    Option(
        "access_token",
        values.text,
        None,
        ("KEYFACTOR_AUTH_ACCESS_TOKEN",),
        ("access_token",),
        SECRET,
    ),
    _kerberos("realm", values.text, STR),
    _kerberos("keytab", values.path, SHOWN_PATH),
    _kerberos("ccache", values.ccache, STR),
    _kerberos("config", values.path, PATH),
    _kerberos("spn", values.text, STR),
    Option("client_cert", values.path, None, ("KEYFACTOR_CLIENT_CERT",), ("client_cert",), PATH),
    Option(
        "client_key",
        values.path,
        None,
        ("KEYFACTOR_CLIENT_KEY",),
        ("client_key",),
        SHOWN_PATH,
    ),
    Option(
        "validate_certs",
        values.boolean,
        True,
        ("KEYFACTOR_SKIP_VERIFY", "KEYFACTOR_IGNORE_SSL"),
        ("skip_tls_verify",),
        BOOL,
    ),
    Option(
        "ca_cert",
        values.path_or_pem,
        None,
        ("KEYFACTOR_CA_CERT", "CERTIFICATE_STORE_PATH"),
        ("ca_cert_path", "ca_cert"),
        STR,
    ),
    Option(
        "auth_ca_cert",
        values.path_or_pem,
        None,
        ("KEYFACTOR_AUTH_CA_CERT",),
        ("auth_ca_cert",),
        STR,
    ),
    Option("allow_http", values.boolean, False, ("KEYFACTOR_ALLOW_HTTP",), ("allow_http",), BOOL),
    Option("timeout", values.seconds, 60.0, ("KEYFACTOR_CLIENT_TIMEOUT",), ("timeout",), STR),
    Option("retries", values.retries, 3, ("KEYFACTOR_CLIENT_RETRIES",), ("retries",), INT),
    Option("use_proxy", values.boolean, True, ("KEYFACTOR_USE_PROXY",), ("use_proxy",), BOOL),
    Option(
        "api_version",
        values.api_version,
        None,
        ("KEYFACTOR_API_VERSION",),
        ("api_version",),
        {"type": "str", "choices": ["auto", "1", "2"]},
    ),
    Option("config_file", values.path, None, ("KEYFACTOR_AUTH_CONFIG_FILE",), (), PATH),
    Option("config_profile", values.text, "default", ("KEYFACTOR_AUTH_CONFIG_PROFILE",), (), STR),
)

OPTIONS_BY_NAME = {option.name: option for option in OPTIONS}


def argument_spec() -> dict[str, dict[str, Any]]:
    """Return the options as Ansible's argument spec.

    It holds no default: whether an option was given decides if the other sources are asked.
    """
    return {option.name: dict(option.spec) for option in OPTIONS}
