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
# Some products show a mask in place of a secret. Sent back, it would be the new secret.
MASK = re.compile(
    r"[*•●]+|[*•●]{3,}.*|.*[*•●]{3,}|[<\[(](hidden|masked|redacted|removed)[>\])]"
    r"|VALUE_SPECIFIED_IN_NO_LOG_PARAMETER",
    re.I | re.S,
)


def is_mask(value: Any) -> bool:
    """Whether a value, or one in it, seems to hide another."""
    if isinstance(value, Mapping):
        return any(map(is_mask, value.values()))
    if isinstance(value, list):
        return any(map(is_mask, value))
    return isinstance(value, str) and MASK.fullmatch(value) is not None


@dataclass(frozen=True, eq=False)
class PamReference:
    """A secret that a provider of privileged access management has. The reference is no secret.

    :param parameters: those that a server sends may be of another type.
    """

    provider: int | None
    parameters: Any

    def __eq__(self, other: object) -> bool:
        """Whether it is the same reference, whatever the server does to names and types."""
        return isinstance(other, PamReference) and self._normalized() == other._normalized()

    __hash__ = None  # type: ignore[assignment]

    def _normalized(self) -> tuple[int | None, Any]:
        if not isinstance(self.parameters, Mapping):
            return self.provider, self.parameters
        given = {key: value for key, value in self.parameters.items() if value is not None}
        return self.provider, {key.lower(): str(value) for key, value in given.items()}

    @property
    def is_complete(self) -> bool:
        """Whether all parameters are known."""
        if not isinstance(self.parameters, Mapping) or not self.parameters:
            return False
        hidden = (value is None or is_mask(value) for value in self.parameters.values())
        return not any(hidden)

    def as_member(self) -> dict[str, Any]:
        """Return the reference as version 2 of the API has it."""
        return {
            "SecretValue": None,
            "Provider": self.provider,
            "Parameters": self.parameters,
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
