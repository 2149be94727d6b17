# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sources of options: the task and the environment. config_file.py adds the config file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._errors import unusable_value_error
from .converters import boolean
from .options import KERBEROS_ONLY_VARIABLES, NEGATED_NAMES, OPTIONS, OPTIONS_BY_NAME


@dataclass(frozen=True)
class OptionValue:
    """The value of an option in one source, and its name there."""

    option: str
    raw: Any = field(repr=False)
    origin: str
    negated: bool = False

    def convert(self) -> Any:
        """Return the value in the option's type. :raises CommandError: if it cannot be used."""
        try:
            if self.negated:
                return not boolean(self.raw)
            return OPTIONS_BY_NAME[self.option].convert(self.raw)
        except ValueError as error:
            raise unusable_value_error(self.origin, error) from None


@dataclass(frozen=True)
class Source:
    """One source of options. An earlier source takes precedence over a later one.

    C(unreadable) says why its values cannot be read, if they are kept in a key vault.
    """

    name: str
    values: Mapping[str, OptionValue]
    # The options of a Kerberos account, if they have names of their own there.
    kerberos: Mapping[str, OptionValue] | None = None
    unreadable: str | None = None


def find(sources: Iterable[Source], option: str) -> OptionValue | None:
    """Return the value of the first source that sets the option."""
    return next((source.values[option] for source in sources if option in source.values), None)


def is_set(value: object) -> bool:
    """Tell whether a value is set: empty text and empty lists are not, as in the forms of AWX."""
    if isinstance(value, str):
        return bool(value.strip())
    return value is not None and value not in ([], {})


def from_options(params: Mapping[str, Any]) -> Source:
    """Return the options of the task."""
    names = [option.name for option in OPTIONS if is_set(params.get(option.name))]
    values = {name: OptionValue(name, params[name], f"option {name}") for name in names}
    return Source("the task's options", values)


def from_environment(environ: Mapping[str, str]) -> Source:
    """Return the options that environment variables set."""
    values: dict[str, OptionValue] = {}
    account: dict[str, OptionValue] = {}
    for option in OPTIONS:
        for name in option.environment_variables:
            if is_set(environ.get(name)):
                origin, negated = f"environment variable {name}", name in NEGATED_NAMES
                target = account if name in KERBEROS_ONLY_VARIABLES else values
                value = OptionValue(option.name, environ[name], origin, negated)
                target.setdefault(option.name, value)
    shared = {name: value for name, value in values.items() if name.startswith("kerberos_")}
    return Source("the environment", values, {**shared, **account})
