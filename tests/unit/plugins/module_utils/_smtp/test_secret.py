# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets in version 2 of the API."""

from __future__ import annotations

from ansible_collections.keyfactor.command.plugins.module_utils._smtp.secret import (
    Header,
    PamReference,
    PlainValue,
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


def test_values_are_not_in_representations() -> None:
    text = repr([PlainValue(SECRETS[0]), Header("X-A", SECRETS[2])])
    assert "X-A" in text
    assert not any(secret in text for secret in SECRETS)
