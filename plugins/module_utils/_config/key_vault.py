# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""References to a key vault, where Keyfactor's own tools can keep a config profile.

The collection reads no key vault: it says which one was meant, and what to do instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from .._sanitize import quote_untrusted
from .config_keys import find_entries

PROVIDER_KEY = "auth_provider"
PROVIDER_VARIABLE = "KEYFACTOR_AUTH_PROVIDER"
# Other programs use these names too.
AZURE_VARIABLES = ("AZURE_KEYVAULT_NAME", "AZURE_SECRET_NAME")
AZURE_TYPES = ("", "azid", "akv")


class KeyVault(NamedTuple):
    """Where a config profile is kept. Text is empty if it is not known.

    :param origin: what says so, for messages, with the verb.
    """

    origin: str
    kind: str = ""
    vault: str = ""
    secret: str = ""
    profile: str = ""

    @property
    def reason(self) -> str:
        """Why the config profile cannot be read, and what to do: two sentences."""
        azure = self.kind in AZURE_TYPES
        place = "Azure Key Vault" if azure else f"key vault of type {self.kind}"
        place = f"the {place} {self.vault}" if self.vault else f"{'an' if azure else 'a'} {place}"
        parts = (("secret", self.secret), ("profile", self.profile))
        named = ", ".join(f"{name} {value}" for name, value in parts if value)
        return (
            f"{self.origin} that it is kept in {place}{f' ({named})' if named else ''}, and the "
            f"collection does not read key vaults. Save the text of the secret as a file and name "
            f"that with the option config_file, or give its values as options."
        )


def from_entry(provider: object, origin: str) -> KeyVault | None:
    """Return what C(auth_provider) refers to, None if it is empty, as those tools may write it.

    :raises ValueError: if two of its keys are the same.
    """
    if not isinstance(provider, Mapping):
        return KeyVault(origin) if provider else None
    entries = find_entries(provider, ("type", "profile", "parameters"))
    parameters = entries.pop("parameters").value if "parameters" in entries else None
    if isinstance(parameters, Mapping):
        entries.update(find_entries(parameters, ("vault_name", "secret_name")))
    texts = {name: _quote(entry.value) for name, entry in entries.items() if entry.value}
    names = ("type", "vault_name", "secret_name", "profile")
    return KeyVault(origin, *(texts.get(name, "") for name in names)) if texts else None


def from_variables(environ: Mapping[str, str]) -> KeyVault | None:
    """Return what the environment variables refer to, None if none of them is set."""
    values = {name: _quote(environ.get(name, "")) for name in (PROVIDER_VARIABLE, *AZURE_VARIABLES)}
    names = [name for name, value in values.items() if value]
    if not names:
        return None
    *others, last = names
    several = f"the environment variables {', '.join(others)} and {last} say"
    return KeyVault(several if others else f"environment variable {last} says", *values.values())


def _quote(value: object) -> str:
    return quote_untrusted(str(value), ())
