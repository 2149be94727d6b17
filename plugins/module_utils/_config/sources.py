# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where settings come from: the task's options and the environment; config_file has the third."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .._errors import CommandError
from .converters import boolean
from .options import KERBEROS_ONLY_VARIABLES, NEGATED_NAMES, OPTIONS, OPTIONS_BY_NAME


@dataclass(frozen=True)
class OptionValue:
    """One value as a source has it, and the name it has there."""

    option: str
    raw: Any = field(repr=False)
    origin: str
    negated: bool = False

    def convert(self) -> Any:
        """Return the value in the option's type."""
        try:
            if self.negated:
                return not boolean(self.raw)
            return OPTIONS_BY_NAME[self.option].convert(self.raw)
        except ValueError as error:
            raise CommandError(
                "configuration", f"The value of {self.origin} cannot be used: {error}."
            ) from None


@dataclass(frozen=True)
class Source:
    """One place that holds settings. An earlier source wins over a later one.

    :param kerberos: what it says of a Kerberos account, where that has names of its own.
    """

    name: str
    values: Mapping[str, OptionValue]
    kerberos: Mapping[str, OptionValue] | None = None


def is_set(value: object) -> bool:
    """Tell whether a value counts: empty text and empty lists mean unset, as in AWX's forms."""
    if isinstance(value, str):
        return bool(value.strip())
    return value is not None and value not in ([], {})


def from_options(params: Mapping[str, Any]) -> Source:
    """Return what the task itself says."""
    found = {
        option.name: OptionValue(option.name, params[option.name], f"option {option.name}")
        for option in OPTIONS
        if is_set(params.get(option.name))
    }
    return Source("the task's options", found)


def from_environment(environ: Mapping[str, str]) -> Source:
    """Return what the environment variables say."""
    found: dict[str, OptionValue] = {}
    account: dict[str, OptionValue] = {}
    for option in OPTIONS:
        for variable in option.environment_variables:
            if is_set(environ.get(variable)):
                each = OptionValue(
                    option.name,
                    environ[variable],
                    f"environment variable {variable}",
                    variable in NEGATED_NAMES,
                )
                place = account if variable in KERBEROS_ONLY_VARIABLES else found
                place.setdefault(option.name, each)
    own = {name: each for name, each in found.items() if name.startswith("kerberos_")}
    return Source("the environment", found, {**own, **account})
