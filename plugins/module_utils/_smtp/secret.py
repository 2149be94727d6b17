# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets of the SMTP profile as requests hold them: in Command, or in a provider of PAM."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Union

SECRET_MEMBERS = {
    "relay_username": "RelayUsername",
    "relay_password": "RelayPassword",
    "client_id": "ClientId",
    "client_secret": "ClientSecret",
}
# Some products send a mask in place of a secret. Sent back, it would be the new secret.
MASK = re.compile(r"[*•]+")


def is_mask(value: Any) -> bool:
    """Whether a server seems to hide a value."""
    return isinstance(value, str) and MASK.fullmatch(value) is not None


@dataclass(frozen=True)
class PamReference:
    """A secret that a provider of privileged access management has. The reference is no secret."""

    provider: int | None
    parameters: Mapping[str, Any]

    def as_member(self) -> dict[str, Any]:
        """Return the reference as version 2 of the API has it."""
        return {
            "SecretValue": None,
            "Provider": self.provider,
            "Parameters": dict(self.parameters),
        }


@dataclass(frozen=True)
class PlainValue:
    """A value that Command itself stores."""

    value: str = field(repr=False)

    def as_member(self) -> dict[str, Any]:
        """Return the value as version 2 of the API has it."""
        return {"SecretValue": self.value, "Provider": None, "Parameters": None}


Secret = Union[PamReference, PlainValue]


@dataclass(frozen=True)
class Header:
    """An additional header of the token request, None as value if that is not known."""

    name: str
    value: str | None = field(repr=False)
