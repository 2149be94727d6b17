# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets in version 2 of the API."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._smtp.secret import (
    Header,
    PamReference,
    PlainValue,
    is_mask,
)
from tests.unit.smtp import SECRETS


def test_members() -> None:
    reference = PamReference(3, {"SecretId": "a"})
    assert reference.as_member() == {
        "SecretValue": None,
        "Provider": 3,
        "Parameters": {"SecretId": "a"},
    }
    assert PlainValue("b").as_member() == {
        "SecretValue": "b",
        "Provider": None,
        "Parameters": None,
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("*", True),
        ("••••", True),
        ("●●●●", True),
        ("****1234", True),
        ("12****", True),
        ("[REDACTED]", True),
        ("<hidden>", True),
        ("VALUE_SPECIFIED_IN_NO_LOG_PARAMETER", True),
        ({"a": [{"b": "****"}]}, True),
        ("", False),
        ("a*b", False),
        ("hidden", False),
        (None, False),
        (5, False),
    ],
)
def test_masks(value: Any, expected: bool) -> None:
    assert is_mask(value) is expected


def test_same_reference_in_other_types() -> None:
    """Servers that write camel case also do so in parameters."""
    reference = PamReference(3, {"SecretId": "5", "Folder": None})
    assert reference == PamReference(3, {"secretId": 5})
    assert reference != PamReference(3, {"SecretId": "6"})
    assert reference != PamReference(4, {"SecretId": "5"})
    assert reference != PlainValue("5")
    assert PamReference(3, "text") != reference


@pytest.mark.parametrize("parameters", [None, {}, "text", [], {"a": None}, {"a": {"b": "***"}}])
def test_reference_with_hidden_parameters(parameters: Any) -> None:
    assert PamReference(3, parameters).is_complete is False
    assert PamReference(3, {"a": "b"}).is_complete is True


def test_values_are_not_in_representations() -> None:
    text = repr([PlainValue(SECRETS[0]), Header("X-A", SECRETS[2])])
    assert "X-A" in text
    assert not any(secret in text for secret in SECRETS)
