# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings by name and type, and what users write for them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import SETTINGS
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.setting_types import (
    CHOICES,
    IGNORE_CASE,
    JSON_TYPES,
    NAME,
    TYPES,
    coerce,
    has_type,
    is_list,
    json_type,
    require_setting,
    to_instance,
)

VALUES: dict[str, Any] = {"integer": 5, "boolean": True, "string": "a", "array": ["X-A"]}


def test_tables_name_settings_only() -> None:
    assert {*JSON_TYPES, *CHOICES, *IGNORE_CASE} - {NAME} <= set(SETTINGS)


def test_every_type_has_a_name_and_a_type_in_python() -> None:
    assert {json_type(setting) for setting in SETTINGS} == set(TYPES)


def test_settings_with_choices_are_text() -> None:
    assert {json_type(setting) for setting in CHOICES} == {"string"}


# The values are secrets.
NAMES_ONLY = "must be a list of names, the values belong in verify_smtp_secrets.request_headers"


@pytest.mark.parametrize(
    ("setting", "name"),
    [
        ("id", "integer"),
        ("port", "integer"),
        ("relay_authentication_type", "integer"),
        ("use_ssl", "boolean"),
        ("request_headers", "array"),
        ("host", "string"),
        ("relay_authentication", "string"),
    ],
)
def test_json_type_of_a_setting(setting: str, name: str) -> None:
    assert json_type(setting) == name


@pytest.mark.parametrize("setting", SETTINGS)
def test_value_has_the_type_of_its_setting_or_is_null(setting: str) -> None:
    fitting = {name for name, value in VALUES.items() if has_type(setting, value)}
    assert fitting == {json_type(setting)}
    assert has_type(setting, None)


def test_only_the_names_of_headers_are_a_list() -> None:
    assert [setting for setting in SETTINGS if is_list(setting)] == ["request_headers"]


def test_tuple_is_a_list() -> None:
    assert has_type("request_headers", ("X-A",))


@pytest.mark.parametrize(
    ("setting", "value", "instance"),
    [
        ("host", "SMTP.example.com", "smtp.example.com"),
        ("sender_name", "Example PKI", "Example PKI"),
        ("sender_name", "", None),
        ("host", None, None),
        ("port", 587, 587),
        ("use_ssl", False, False),
        ("request_headers", ("X-B", "x-a"), ["x-a", "x-b"]),
        ("request_headers", None, []),
        ("request_headers", [], []),
        (NAME, "X-A", "x-a"),
    ],
)
def test_instance_for_schemas(setting: str, value: Any, instance: Any) -> None:
    assert to_instance(setting, value) == instance


@pytest.mark.parametrize("setting", SETTINGS)
def test_name_of_a_setting_is_returned(setting: str) -> None:
    assert require_setting(setting) == setting


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("prot", "prot is not a setting (did you mean port)"),
        ("Use-SSL", "Use-SSL is not a setting (did you mean use_ssl)"),
        ("qqqq", f"qqqq is not a setting (the settings are {', '.join(SETTINGS)})"),
        (5, f"5 is not a setting (the settings are {', '.join(SETTINGS)})"),
    ],
)
def test_any_other_name_is_refused(name: object, message: str) -> None:
    with pytest.raises(ValueError, match="is not a setting") as caught:
        require_setting(name)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("setting", "value", "coerced"),
    [
        *((name, None, None) for name in SETTINGS),
        ("port", 587, 587),
        ("port", " 587 ", 587),
        ("id", "-1", -1),
        ("use_ssl", True, True),
        ("use_ssl", "no", False),
        ("host", "a", "a"),
        ("sender_name", "", ""),
        ("relay_authentication", "oauth", "oauth"),
        ("relay_username_source", "none", "none"),
        ("request_headers", ["X-A", "X-B"], ["X-A", "X-B"]),
        ("request_headers", [], []),
    ],
)
def test_value_is_converted_to_the_type_of_its_setting(
    setting: str, value: object, coerced: object
) -> None:
    found = coerce(setting, value)
    assert (found, type(found)) == (coerced, type(coerced))


@pytest.mark.parametrize(
    ("setting", "value", "message"),
    [
        ("port", "smtp", "port must be a whole number, and is smtp"),
        ("port", True, "port must be a whole number, and is true"),
        ("port", 25.0, "port must be a whole number, and is 25.0"),
        ("port", "5" * 10, "port must be a whole number, and is 5555555555"),
        ("use_ssl", 1, "use_ssl must be true or false, and is 1"),
        ("use_ssl", "maybe", "use_ssl must be true or false, and is maybe"),
        ("host", 5, "host must be text, and is 5: write it in quotes"),
        (
            "relay_authentication",
            "ntlm",
            "relay_authentication must be one of anonymous, basic, oauth, not ntlm",
        ),
        ("request_headers", "X-A: secret", f"request_headers {NAMES_ONLY}"),
        ("request_headers", ["X-A", 5], f"request_headers {NAMES_ONLY}"),
        ("request_headers", [{"name": "a", "value": "secret"}], f"request_headers {NAMES_ONLY}"),
    ],
)
def test_value_that_can_never_be_met_is_refused(setting: str, value: object, message: str) -> None:
    with pytest.raises(ValueError, match=setting) as caught:
        coerce(setting, value)
    assert str(caught.value) == message
