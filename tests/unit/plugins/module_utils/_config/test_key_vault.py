# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""References to a key vault: which one, in the words of the user."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._config.key_vault import (
    KeyVault,
    from_entry,
    from_variables,
)
from tests.unit.support import sentences

ORIGIN = "its auth_provider says"
PARAMETERS = {"secret_name": "command-config", "vault_name": "keyexample-vault"}
ALL = {"type": "azid", "profile": "production", "parameters": PARAMETERS}
PLACE = "it is kept in the Azure Key Vault keyexample-vault (secret command-config"


@pytest.mark.parametrize(
    ("provider", "place"),
    [
        (ALL, f"{PLACE}, profile production)"),
        (
            {"Type": "akv", "Parameters": {"SecretName": "s", "VAULT_NAME": "v"}},
            "Vault v (secret s)",
        ),
        ({"parameters": PARAMETERS}, f"{PLACE})"),
        ({"type": "azid"}, "kept in an Azure Key Vault, and"),
        (
            {"type": "other", "parameters": {"vault_name": "v"}},
            "in the key vault of type other v, and",
        ),
        ({"type": "other\nvault"}, "in a key vault of type other vault, and"),
        ({"type": "azid", "parameters": ["v"]}, "in an Azure Key Vault, and"),
        ({"type": 5}, "in a key vault of type 5, and"),
        ("azid", "in an Azure Key Vault, and"),
    ],
)
def test_reference_of_a_config_profile(provider: object, place: str) -> None:
    vault = from_entry(provider, ORIGIN)
    assert vault
    assert vault.reason.startswith("its auth_provider says that it is kept in ")
    assert place in vault.reason
    assert "config_file" in vault.reason
    assert sentences(vault.reason) == 2
    assert vault.reason.isprintable()


@pytest.mark.parametrize(
    "provider",
    [None, "", {}, {"type": "", "profile": "", "parameters": None}, {"parameters": {}}, {"a": "b"}],
)
def test_keyfactors_tools_write_it_empty_if_there_is_none(provider: object) -> None:
    assert from_entry(provider, ORIGIN) is None


def test_two_keys_that_are_the_same() -> None:
    with pytest.raises(ValueError, match="type and Type"):
        from_entry({"type": "azid", "Type": "akv"}, ORIGIN)


@pytest.mark.parametrize(
    ("environ", "vault"),
    [
        ({}, None),
        ({"KEYFACTOR_AUTH_PROVIDER": " ", "AZURE_SECRET_NAME": ""}, None),
        (
            {"KEYFACTOR_AUTH_PROVIDER": "azid"},
            KeyVault("environment variable KEYFACTOR_AUTH_PROVIDER says", "azid"),
        ),
        (
            {"AZURE_KEYVAULT_NAME": "v", "AZURE_SECRET_NAME": "s"},
            KeyVault(
                "the environment variables AZURE_KEYVAULT_NAME and AZURE_SECRET_NAME say",
                vault="v",
                secret="s",
            ),
        ),
    ],
)
def test_variables(environ: dict[str, Any], vault: KeyVault | None) -> None:
    assert from_variables(environ) == vault
