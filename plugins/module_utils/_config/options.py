# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every option of the connection: its type, its default, and its names outside of Ansible.

Environment variables and config file keys are named as in Keyfactor's own tools where these have
one. Names of the older collection keyfactor.platform come last.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from . import converters
from .base_url import parse_api_path, parse_host
from .converters import API_VERSIONS, AUTH_TYPES, text


class Option(NamedTuple):
    """One option of the connection. Of its variables and keys, the first one that is set is used.

    C(convert) converts a value from any source. C(spec) is the option in Ansible's argument spec.
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
    converters.token_file: "path",
    converters.word_list: "list",
}


def _option(
    name: str,
    convert: Callable[[object], Any],
    *environment_variables: str,
    keys: tuple[str, ...] | None = None,
    default: Any = None,
    **spec: Any,
) -> Option:
    """Return an option, by default with its own name as its key in the config file."""
    keys = (name,) if keys is None else keys
    spec = {"type": TYPES.get(convert, "str"), **spec}
    return Option(name, environment_variables, keys, convert, default, spec)


# Names whose value means the opposite of the option that they set.
NEGATED_NAMES = frozenset(("KEYFACTOR_SKIP_VERIFY", "KEYFACTOR_IGNORE_SSL", "skip_tls_verify"))
# Variables for Kerberos only: in the environment, its account is separate from that of Basic.
KERBEROS_ONLY_VARIABLES = frozenset(("KEYFACTOR_AUTH_KRB_USERNAME", "KEYFACTOR_AUTH_KRB_PASSWORD"))

# The first of these that exists is the default, in the order of Keyfactor's own tools.
DEFAULT_CONFIG_FILES = tuple(
    f"~/.keyfactor/command_config.{suffix}" for suffix in ("json", "yaml", "yml")
)

# Ansible warns about names with "key" or "token" that do not set no_log.
OPTIONS: tuple[Option, ...] = (
    _option(
        "host", parse_host, "KEYFACTOR_HOSTNAME", "KEYFACTOR_ADDR", aliases=["hostname", "url"]
    ),
    _option("port", converters.port, "KEYFACTOR_PORT", default=443),
    _option("api_path", parse_api_path, "KEYFACTOR_API_PATH", default="KeyfactorAPI"),
    _option(
        "auth_type", converters.auth_type, "KEYFACTOR_AUTH_TYPE", default="auto", choices=AUTH_TYPES
    ),
    _option(
        "username", text, "KEYFACTOR_USERNAME", "KEYFACTOR_USER", "KEYFACTOR_AUTH_KRB_USERNAME"
    ),
    _option("password", text, "KEYFACTOR_PASSWORD", "KEYFACTOR_AUTH_KRB_PASSWORD", no_log=True),
    _option("domain", text, "KEYFACTOR_DOMAIN"),
    _option("client_id", text, "KEYFACTOR_AUTH_CLIENT_ID"),
    _option("client_secret", text, "KEYFACTOR_AUTH_CLIENT_SECRET", no_log=True),
    _option("client_assertion", text, "KEYFACTOR_AUTH_CLIENT_ASSERTION", no_log=True),
    _option("client_assertion_file", converters.token_file, "KEYFACTOR_AUTH_CLIENT_ASSERTION_FILE"),
    _option("token_url", text, "KEYFACTOR_AUTH_TOKEN_URL", no_log=False),
    _option("scopes", converters.word_list, "KEYFACTOR_AUTH_SCOPES", default=(), elements="str"),
    _option("audience", text, "KEYFACTOR_AUTH_AUDIENCE"),
    _option("access_token", text, "KEYFACTOR_AUTH_ACCESS_TOKEN", no_log=True),
    _option("kerberos_realm", text, "KEYFACTOR_AUTH_KRB_REALM"),
    _option("kerberos_keytab", converters.path, "KEYFACTOR_AUTH_KRB_KEYTAB", no_log=False),
    _option("kerberos_ccache", converters.ccache, "KEYFACTOR_AUTH_KRB_CCACHE"),
    _option("kerberos_config", converters.path, "KEYFACTOR_AUTH_KRB_CONFIG"),
    _option("kerberos_spn", text, "KEYFACTOR_AUTH_KRB_SPN"),
    _option("client_cert", converters.path, "KEYFACTOR_CLIENT_CERT"),
    _option("client_key", converters.path, "KEYFACTOR_CLIENT_KEY", no_log=False),
    _option(
        "validate_certs",
        converters.boolean,
        "KEYFACTOR_SKIP_VERIFY",
        "KEYFACTOR_IGNORE_SSL",
        keys=("skip_tls_verify",),
        default=True,
    ),
    _option(
        "ca_cert",
        converters.path_or_pem,
        "KEYFACTOR_CA_CERT",
        "CERTIFICATE_STORE_PATH",
        keys=("ca_cert_path", "ca_cert"),
    ),
    _option("auth_ca_cert", converters.path_or_pem, "KEYFACTOR_AUTH_CA_CERT"),
    _option("allow_http", converters.boolean, "KEYFACTOR_ALLOW_HTTP", default=False),
    _option(
        "timeout",
        converters.seconds,
        "KEYFACTOR_CLIENT_TIMEOUT",
        keys=("client_timeout", "timeout"),
        default=60.0,
    ),
    _option("retries", converters.retries, "KEYFACTOR_CLIENT_RETRIES", default=3),
    _option("use_proxy", converters.boolean, "KEYFACTOR_USE_PROXY", default=True),
    _option("api_version", converters.api_version, "KEYFACTOR_API_VERSION", choices=API_VERSIONS),
    _option(
        "config_file",
        converters.path,
        "KEYFACTOR_AUTH_CONFIG_FILE",
        keys=(),
        default=DEFAULT_CONFIG_FILES[0],
    ),
    _option("config_profile", text, "KEYFACTOR_AUTH_CONFIG_PROFILE", keys=(), default="default"),
)

OPTIONS_BY_NAME = {option.name: option for option in OPTIONS}


def argument_spec() -> dict[str, dict[str, Any]]:
    """Return Ansible's argument spec, without defaults: these apply only if no source has a value."""
    return {option.name: dict(option.spec) for option in OPTIONS}
