# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks JSON against the type hints of what is to be made from it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

Made = TypeVar("Made")


class ScenarioError(Exception):
    """A mistake in a scenario, in one line."""


def build(make: Callable[..., Made], options: Any, where: str) -> Made:
    """What `make` makes of the options, once they fit its hints."""
    check(options, get_type_hints(make), where)
    try:
        return make(**options)
    except (TypeError, ValueError) as error:
        raise ScenarioError(f"{where}: {error}") from error


def check(options: Any, hints: Mapping[str, Any], where: str) -> None:
    """Refuses unknown names and values of the wrong type."""
    if not isinstance(options, Mapping):
        raise ScenarioError(f"{where}: must be an object")
    for name, value in options.items():
        hint = choose(name, hints, where)
        if not fits(value, hint):
            words = str(getattr(hint, "__name__", hint) if isinstance(hint, type) else hint)
            words = words.replace("collections.abc.", "").replace("typing.", "")
            raise ScenarioError(f"{where}.{name}: {value!r} does not fit, must be {words}")


def choose(name: object, known: Mapping[str, Made], where: str) -> Made:
    """The value of a known name."""
    if isinstance(name, str) and name in known:
        return known[name]
    close = get_close_matches(str(name), known, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(sorted(known))}"
    raise ScenarioError(f"{where}: unknown name {name!r}; {hint}")


def fits(value: object, hint: Any) -> bool:
    """Whether a value has the type of a hint, its members included."""
    kind, parts = get_origin(hint) or hint, get_args(hint)
    if kind in (Union, UnionType):
        return any(fits(value, part) for part in parts)
    if kind is Literal:
        return value in parts
    if kind is Any or kind is object:
        return True
    # To Python True is an int, and a text is a collection: not what a scenario means.
    if isinstance(value, bool | str):
        return kind is (bool if isinstance(value, bool) else str)
    accepted = (int, float) if kind is float else kind
    return isinstance(value, accepted) and _members_fit(value, parts)


def _members_fit(value: object, parts: tuple[Any, ...]) -> bool:
    if isinstance(value, Mapping):
        return not parts or all(fits(member, parts[-1]) for member in value.values())
    if isinstance(value, Collection):
        return not parts or all(fits(member, parts[0]) for member in value)
    return True


def no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object, unless it names something twice."""
    content = dict(pairs)
    if len(content) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice!r} stands there twice")
    return content
