# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values and names as messages and the table show them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from ansible_collections.keyfactor.command.plugins.plugin_utils._format import (
    did_you_mean,
    format_list,
    format_name,
    format_value,
    format_version,
    one_line,
    split_names,
)
from tests.unit.strategies import JSON


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "unset"),
        ("", "unset"),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (587, "587"),
        (1.5, "1.5"),
        ("smtp.example.com", "smtp.example.com"),
        ("Example PKI", "'Example PKI'"),
        ("unset", "'unset'"),
        ("true", "'true'"),
        ("false", "'false'"),
        ("a,b", "'a,b'"),
        ("a;b", "'a;b'"),
        ("[a]", "'[a]'"),
        ("it's", "'it's'"),
        (" ", "' '"),
        ([], "[]"),
        (["X-A", "X B"], "[X-A, 'X B']"),
        (("X-A", None), "[X-A, unset]"),
        ({}, "{}"),
        ({"a b": [None, True, {"c": 5}]}, "{'a b': [unset, true, {c: 5}]}"),
        ("a\x1b\n\u202e", "a\\u001b\\u000a\\u202e"),
        ("two\nlines here", "'two\\u000alines here'"),
    ],
)
def test_value_is_shown_on_one_line(value: object, text: str) -> None:
    assert format_value(value) == text
    assert format_list([value, 1]) == f"{text}, 1"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("relay_pasword", "relay_pasword"),
        ("relay_password:secret", "a name that is not shown"),
        ("hunter2", "a name that is not shown"),
        (5, "a name that is not shown"),
    ],
)
def test_name_is_shown_only_if_it_is_a_plain_word(name: object, text: str) -> None:
    assert format_name(name).startswith(text)
    assert "secret" not in format_name(name)


def test_empty_list_of_values() -> None:
    assert format_list([]) == ""


@pytest.mark.parametrize(
    ("version", "shown"),
    [
        ("25.4.1+dc0db2c8af1b", "25.4.1"),
        ("24.4.2.0", "24.4.2.0"),
        ("25.4.1-rc.1+dc0db2c8", "25.4.1-rc.1+dc0db2c8"),
        ("25.4.1+", "25.4.1+"),
        ("+dc0db2c8", "+dc0db2c8"),
        ("25.4.1+a b", "25.4.1+a b"),
        ("", ""),
    ],
)
def test_version_of_the_product_is_shown_without_the_commit(version: str, shown: str) -> None:
    assert format_version(version) == shown


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (" a\r\n\tb\u202e\x1b ", "a b\\u202e\\u001b"),
        ("one  line", "one line"),
        ("Größe 岡", "Größe 岡"),
        (" \n", ""),
    ],
)
def test_text_on_one_line(text: str, line: str) -> None:
    assert one_line(text) == line


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ("a, b,,c ", ["a", "b", "c"]),
        (["a ", 5], ["a ", "5"]),
        (("a", "b"), ["a", "b"]),
        ("", []),
        (" , ", []),
        (None, []),
        (5, []),
    ],
)
def test_names_from_a_list_or_from_text_with_commas(names: object, found: list[str]) -> None:
    assert split_names(names) == found


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("prot", "did you mean port"),
        ("usessl", "did you mean use_ssl"),
        ("LAB EAST", "did you mean 'Lab East'"),
        ("qqqq", ""),
        ("", ""),
    ],
)
def test_hint_at_the_name_that_was_meant(name: str, hint: str) -> None:
    assert did_you_mean(name, ["port", "use_ssl", "Lab East"]) == hint


@given(JSON)
def test_any_value_is_shown_as_printable_text(value: Any) -> None:
    assert format_value(value).isprintable()
    assert format_value(value)
