# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of options: names, types, defaults, and what Ansible is told of them."""

from __future__ import annotations

import os
import re

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._config import converters
from ansible_collections.keyfactor.command.plugins.module_utils._config.options import (
    KERBEROS_ONLY_VARIABLES,
    NEGATED_NAMES,
    OPTIONS,
    OPTIONS_BY_NAME,
    Option,
    argument_spec,
)

VARIABLES = [name for option in OPTIONS for name in option.environment_variables]
KEYS = [name for option in OPTIONS for name in option.config_keys]
SECRETS = {"password", "client_secret", "client_assertion", "access_token"}
each_option = pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)


def test_argument_spec_has_every_option_in_order() -> None:
    spec = argument_spec()
    assert list(spec) == [option.name for option in OPTIONS] == list(OPTIONS_BY_NAME)
    assert all(spec[option.name] == option.spec for option in OPTIONS)


def test_argument_spec_holds_no_default() -> None:
    """A default of Ansible would override the environment and the config file."""
    keys = {key for spec in argument_spec().values() for key in spec}
    assert keys <= {"type", "elements", "choices", "aliases", "no_log"}


def test_argument_spec_is_a_copy() -> None:
    argument_spec()["host"]["type"] = "int"
    assert argument_spec()["host"]["type"] == "str"


def test_choices_are_those_that_are_converted() -> None:
    spec = argument_spec()
    assert spec["auth_type"]["choices"] == list(converters.AUTH_TYPES)
    versions = [converters.api_version(each) for each in spec["api_version"]["choices"]]
    assert versions == [None, 1, 2]


@each_option
def test_default_is_what_the_converter_returns(option: Option) -> None:
    if option.default is not None:
        # The documentation shows the path of the config file as it is before the conversion.
        is_path = option.name == "config_file"
        default = os.path.expanduser(option.default) if is_path else option.default
        converted = option.convert(option.default)
        assert (converted, type(converted)) == (default, type(default))


@each_option
def test_type_of_the_spec_fits_the_converter(option: Option) -> None:
    types = {
        converters.boolean: "bool",
        converters.path: "path",
        converters.port: "int",
        converters.retries: "int",
        converters.token_file: "path",
        converters.word_list: "list",
    }
    # Further text is converted here, as Ansible has no types for it.
    assert option.spec["type"] == types.get(option.convert, "str")


@each_option
def test_secrets_are_plain_text_that_is_not_logged(option: Option) -> None:
    assert option.secret is (option.name in SECRETS)
    if option.secret:
        # Ansible prints a value that it cannot convert.
        assert (option.spec["type"], option.convert) == ("str", converters.text)
    elif re.search(r"pass|secret|token|key", option.name):
        # Stated explicitly, or Ansible would warn.
        assert option.spec["no_log"] is False


def test_every_name_belongs_to_one_option() -> None:
    assert len(set(VARIABLES)) == len(VARIABLES)
    assert len(set(KEYS)) == len(KEYS)
    assert all(
        re.fullmatch(r"KEYFACTOR_[A-Z_]+|CERTIFICATE_STORE_PATH", each) for each in VARIABLES
    )


def test_negated_names_are_names_of_validate_certs() -> None:
    option = OPTIONS_BY_NAME["validate_certs"]
    assert {*option.environment_variables, *option.config_keys} == NEGATED_NAMES


def test_variables_of_kerberos_alone_come_last() -> None:
    """In the environment, the account of Kerberos is another one than that of Basic."""
    last = {OPTIONS_BY_NAME[name].environment_variables[-1] for name in ("username", "password")}
    assert last == KERBEROS_ONLY_VARIABLES


@pytest.mark.parametrize("name", ["realm", "keytab", "ccache", "config", "spn"])
def test_names_of_kerberos_options(name: str) -> None:
    option = OPTIONS_BY_NAME[f"kerberos_{name}"]
    assert option.environment_variables == (f"KEYFACTOR_AUTH_KRB_{name.upper()}",)
    assert (option.config_keys, option.default) == ((f"kerberos_{name}",), None)


def test_option_is_text_and_not_secret_by_default() -> None:
    option = OPTIONS_BY_NAME["domain"]
    assert (option.convert, option.default, option.secret) == (converters.text, None, False)
    assert (option.spec, option.config_keys) == ({"type": "str"}, ("domain",))


def test_option_is_secret_if_it_is_not_logged() -> None:
    option = Option("name", (), (), converters.text, default=None, spec={})
    assert option.secret is False
    assert option._replace(spec={"no_log": False}).secret is False
    assert option._replace(spec={"no_log": True}).secret is True
