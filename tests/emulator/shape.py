# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Validate JSON against the type hints of the function that it is passed to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


class ScenarioError(Exception):
    """An error in a scenario, described in one line."""


def build(function: Callable[..., T], options: Any, where: str) -> T:
    """Call `function` with the options, after validating them against its type hints."""
    check(options, get_type_hints(function), where)
    try:
        return function(**options)
    except (TypeError, ValueError) as error:
        raise ScenarioError(f"{where}: {error}") from error


def check(options: Any, hints: Mapping[str, Any], where: str) -> None:
    """Raise ScenarioError for unknown names and values of the wrong type."""
    if not isinstance(options, Mapping):
        raise ScenarioError(f"{where}: must be an object")
    for name, value in options.items():
        hint = choose(name, hints, where)
        if not fits(value, hint):
            expected = str(getattr(hint, "__name__", hint) if isinstance(hint, type) else hint)
            expected = expected.replace("collections.abc.", "").replace("typing.", "")
            raise ScenarioError(f"{where}.{name}: {value!r} does not fit, must be {expected}")


def choose(name: object, known: Mapping[str, T], where: str) -> T:
    """Return the value of a known name."""
    if isinstance(name, str) and name in known:
        return known[name]
    close = get_close_matches(str(name), known, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(sorted(known))}"
    raise ScenarioError(f"{where}: unknown name {name!r}; {hint}")


def fits(value: object, hint: Any) -> bool:
    """Return whether a value and its members match a type hint."""
    kind, parts = get_origin(hint) or hint, get_args(hint)
    if kind in (Union, UnionType):
        return any(fits(value, part) for part in parts)
    if kind is Literal:
        return value in parts
    if kind is Any or kind is object:
        return True
    # In Python, True is an int and a str is a collection; in a scenario, neither is.
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
    """Build a JSON object; raise ValueError for a duplicate member."""
    content = dict(pairs)
    if len(content) < len(pairs):
        names = [name for name, _value in pairs]
        duplicate = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"duplicate member {duplicate!r}")
    return content
