# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every option of the connection: its type, its default, and its names outside of Ansible.

Environment variables and config file keys are named as in Keyfactor's own tools (kfutil, the
Terraform provider) where these have one. Names of the older collection keyfactor.platform come
last.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from . import converters
from .base_url import parse_api_path, parse_host


class Option(NamedTuple):
    """One option of the connection.

    :param environment_variables: the first one that is set is used.
    :param config_keys: its keys in the config file; the first one that is set is used.
    :param convert: converts a value from any source to the option's type.
    :param default: the value if no source has one.
    :param spec: the option in Ansible's argument spec.
    """

    name: str
    environment_variables: tuple[str, ...]
    config_keys: tuple[str, ...]
    convert: Callable[[object], Any]
    default: Any
    spec: dict[str, Any]

    @property
    def secret(self) -> bool:
        """Whether the value is never shown."""
        return bool(self.spec.get("no_log"))


# Ansible's type for each converter, where it is not str.
TYPES: dict[Callable[[object], Any], str] = {
    converters.boolean: "bool",
    converters.path: "path",
    converters.port: "int",
    converters.retries: "int",
    converters.word_list: "list",
}


def _option(
    name: str,
    *environment_variables: str,
    config_keys: tuple[str, ...] | None = None,
    convert: Callable[[object], Any] = converters.text,
    default: Any = None,
    **spec: Any,
) -> Option:
    """Return an option, by default text with its own name as its key in the config file."""
    keys = (name,) if config_keys is None else config_keys
    spec = {"type": TYPES.get(convert, "str"), **spec}
    return Option(name, environment_variables, keys, convert, default, spec)


# Names whose value means the opposite of the option that they set.
NEGATED_NAMES = frozenset(("KEYFACTOR_SKIP_VERIFY", "KEYFACTOR_IGNORE_SSL", "skip_tls_verify"))
# Variables for Kerberos only: in the environment, its account is separate from that of Basic.
KERBEROS_ONLY_VARIABLES = frozenset(("KEYFACTOR_AUTH_KRB_USERNAME", "KEYFACTOR_AUTH_KRB_PASSWORD"))

DEFAULT_CONFIG_FILE = "~/.keyfactor/command_config.json"

# Ansible warns about names with "key" or "token" that do not set no_log.
OPTIONS: tuple[Option, ...] = (
    _option(
        "host",
        "KEYFACTOR_HOSTNAME",
        "KEYFACTOR_ADDR",
        convert=parse_host,
        aliases=["hostname", "url"],
    ),
    _option("port", "KEYFACTOR_PORT", convert=converters.port, default=443),
    _option("api_path", "KEYFACTOR_API_PATH", convert=parse_api_path, default="KeyfactorAPI"),
    _option(
        "auth_type",
        "KEYFACTOR_AUTH_TYPE",
        convert=converters.auth_type,
        default="auto",
        choices=converters.AUTH_TYPES,
    ),
    _option("username", "KEYFACTOR_USERNAME", "KEYFACTOR_USER", "KEYFACTOR_AUTH_KRB_USERNAME"),
    _option("password", "KEYFACTOR_PASSWORD", "KEYFACTOR_AUTH_KRB_PASSWORD", no_log=True),
    _option("domain", "KEYFACTOR_DOMAIN"),
    _option("client_id", "KEYFACTOR_AUTH_CLIENT_ID"),
    _option("client_secret", "KEYFACTOR_AUTH_CLIENT_SECRET", no_log=True),
    _option("token_url", "KEYFACTOR_AUTH_TOKEN_URL", no_log=False),
    _option(
        "scopes", "KEYFACTOR_AUTH_SCOPES", convert=converters.word_list, default=(), elements="str"
    ),
    _option("audience", "KEYFACTOR_AUTH_AUDIENCE"),
    _option("access_token", "KEYFACTOR_AUTH_ACCESS_TOKEN", no_log=True),
    _option("kerberos_realm", "KEYFACTOR_AUTH_KRB_REALM"),
    _option("kerberos_keytab", "KEYFACTOR_AUTH_KRB_KEYTAB", convert=converters.path, no_log=False),
    _option("kerberos_ccache", "KEYFACTOR_AUTH_KRB_CCACHE", convert=converters.ccache),
    _option("kerberos_config", "KEYFACTOR_AUTH_KRB_CONFIG", convert=converters.path),
    _option("kerberos_spn", "KEYFACTOR_AUTH_KRB_SPN"),
    _option("client_cert", "KEYFACTOR_CLIENT_CERT", convert=converters.path),
    _option("client_key", "KEYFACTOR_CLIENT_KEY", convert=converters.path, no_log=False),
    _option(
        "validate_certs",
        "KEYFACTOR_SKIP_VERIFY",
        "KEYFACTOR_IGNORE_SSL",
        config_keys=("skip_tls_verify",),
        convert=converters.boolean,
        default=True,
    ),
    _option(
        "ca_cert",
        "KEYFACTOR_CA_CERT",
        "CERTIFICATE_STORE_PATH",
        config_keys=("ca_cert_path", "ca_cert"),
        convert=converters.path_or_pem,
    ),
    _option("auth_ca_cert", "KEYFACTOR_AUTH_CA_CERT", convert=converters.path_or_pem),
    _option("allow_http", "KEYFACTOR_ALLOW_HTTP", convert=converters.boolean, default=False),
    _option("timeout", "KEYFACTOR_CLIENT_TIMEOUT", convert=converters.seconds, default=60.0),
    _option("retries", "KEYFACTOR_CLIENT_RETRIES", convert=converters.retries, default=3),
    _option("use_proxy", "KEYFACTOR_USE_PROXY", convert=converters.boolean, default=True),
    _option(
        "api_version",
        "KEYFACTOR_API_VERSION",
        convert=converters.api_version,
        choices=converters.API_VERSIONS,
    ),
    _option(
        "config_file",
        "KEYFACTOR_AUTH_CONFIG_FILE",
        convert=converters.path,
        config_keys=(),
        default=DEFAULT_CONFIG_FILE,
    ),
    _option("config_profile", "KEYFACTOR_AUTH_CONFIG_PROFILE", config_keys=(), default="default"),
)

OPTIONS_BY_NAME = {option.name: option for option in OPTIONS}


def argument_spec() -> dict[str, dict[str, Any]]:
    """Return Ansible's argument spec, without defaults: these apply only if no source has a value."""
    return {option.name: dict(option.spec) for option in OPTIONS}
