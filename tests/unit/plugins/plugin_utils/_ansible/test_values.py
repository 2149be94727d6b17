# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible's values as the types that JSON has. Text of servers is never a template."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import ansible.template
import ansible.utils.unsafe_proxy
import pytest
from hypothesis import given

from ansible_collections.keyfactor.command.plugins.plugin_utils._ansible.values import (
    make_unsafe,
    to_builtins,
)
from tests.unit.strategies import JSON
from tests.unit.support import PASSWORD, VaultedText


class MarkedText(str):
    """Text that is marked as unsafe: up to 2.18 str() returns it with its mark."""

    def __str__(self) -> str:
        return "the text with its mark"


class MarkedInteger(int):
    """A number of Ansible 2.19 and later, which knows where it comes from."""


class MarkedFloat(float):
    """The same with a fraction."""


class HostVars(Mapping[str, Any]):
    """A mapping of Ansible that is not a dict."""

    def __getitem__(self, name: str) -> Any:
        return {"a": MarkedText("x")}[name]

    def __iter__(self) -> Any:
        return iter(["a"])

    def __len__(self) -> int:
        return 1


@pytest.mark.parametrize(
    ("value", "converted"),
    [
        (None, None),
        (True, True),
        (587, 587),
        (MarkedInteger(587), 587),
        (2.5, 2.5),
        (MarkedFloat(2.5), 2.5),
        (float("inf"), "inf"),
        (float("-inf"), "-inf"),
        (float("nan"), "nan"),
        ("x", "x"),
        (MarkedText("x"), "x"),
        (VaultedText(), PASSWORD),
        (date(2026, 1, 31), "2026-01-31"),
        (datetime(2026, 1, 31, 12, 30), "2026-01-31T12:30:00"),
        ([MarkedText("x"), (1, 2.5)], ["x", [1, 2.5]]),
        ({MarkedText("x")}, ["x"]),
        (OrderedDict({3: {MarkedText("c"): None}}), {"3": {"c": None}}),
        (HostVars(), {"a": "x"}),
        (ValueError("any other"), "any other"),
    ],
)
def test_value_is_converted_to_a_builtin_type(value: object, converted: object) -> None:
    found = to_builtins(value)
    assert found == converted
    assert types(found) == types(converted)


def types(value: Any) -> Any:
    """Return the exact types in a value, as 1 == True and subclasses are equal to their base."""
    if isinstance(value, dict):
        return {(type(key), key): types(each) for key, each in value.items()}
    if isinstance(value, list):
        return [types(each) for each in value]
    return type(value)


def test_vaulted_text_is_a_sequence() -> None:
    """Without a conversion, it would be taken for a list."""
    assert isinstance(VaultedText(), Sequence)
    assert not isinstance(VaultedText(), str)


@given(JSON)
def test_json_is_returned_as_it_is(value: Any) -> None:
    assert to_builtins(value) == value
    assert json.loads(json.dumps(to_builtins(value))) == value


TEMPLATES = ["{{ 7 * 7 }}", ["{{ 7 * 7 }}"], {"a": "{% raw %}"}, None, 5]


@pytest.mark.parametrize("value", TEMPLATES)
def test_value_is_the_same_and_not_trusted_as_a_template(value: object) -> None:
    marked = make_unsafe(value)
    assert marked == value
    is_trusted = getattr(ansible.template, "is_trusted_as_template", lambda _text: False)
    assert not isinstance(value, str) or not is_trusted(marked)


def test_value_is_marked_if_all_text_is_a_template(monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to 2.18 of ansible-core."""
    monkeypatch.delattr(ansible.template, "trust_as_template", raising=False)
    monkeypatch.setattr(ansible.utils.unsafe_proxy, "wrap_var", lambda value: ("marked", value))
    assert make_unsafe("{{ 7 * 7 }}") == ("marked", "{{ 7 * 7 }}")


def test_value_is_not_marked_if_only_trusted_text_is_a_template(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """From 2.19 on, where the function that marks is deprecated."""
    monkeypatch.setattr(ansible.template, "trust_as_template", str, raising=False)
    monkeypatch.setattr(ansible.utils.unsafe_proxy, "wrap_var", lambda value: ("marked", value))
    assert make_unsafe("{{ 7 * 7 }}") == "{{ 7 * 7 }}"
