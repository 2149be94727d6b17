# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an inventory source names: options, profiles that are wanted, hosts that come of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase

from .._format import format_list, format_value

# What is in none of Ansible's host patterns: no separators, no wildcards, no first ! & ~ @ or -.
HOST_NAME = re.compile(r"\w[\w.-]*")
# Groups that are always there, and names that mean the controller.
RESERVED = ("all", "ungrouped", "localhost", "127.0.0.1")


class InventoryError(Exception):
    """Why no inventory can be made, for the user to mend."""


def check_options(given: Iterable[object], known: Iterable[str]) -> None:
    """Refuse options that do not exist. Ansible passes over them. :raises InventoryProblem:"""
    known = sorted(known)
    unknown = [str(name) for name in given if name not in known]
    if unknown:
        raise InventoryError(
            "there is no option "
            + ", ".join(format_value(name) + _hint(name, known) for name in unknown)
        )


def select_profiles(
    names: Sequence[str], wanted: Sequence[str], unwanted: Sequence[str]
) -> list[str]:
    """Return the names that are wanted and not unwanted, in their own order.

    Each entry is a name or a shell pattern. All are wanted where none is named.

    :raises InventoryProblem: where an entry matches nothing, or nothing is left.
    """
    if not names:
        raise InventoryError("it has no profiles")
    chosen, problems = [], []
    for option, entries in (("profiles", wanted or names), ("exclude", unwanted)):
        matched = {entry: _matching(names, entry) for entry in entries}
        problems += [
            f"{option} has {format_value(entry)}, and there is no such profile{_hint(entry, names)}"
            for entry, found in matched.items()
            if not found
        ]
        chosen.append({name for found in matched.values() for name in found})
    if problems:
        raise InventoryError("; ".join(problems))
    selected = [name for name in names if name in chosen[0] and name not in chosen[1]]
    if not selected:
        raise InventoryError("profiles and exclude leave none of its profiles")
    return selected


def _matching(names: Iterable[str], entry: str) -> list[str]:
    # A name may look like a pattern: itself comes first.
    exact = [name for name in names if name == entry]
    return exact or [name for name in names if fnmatchcase(name, entry)]


def _hint(entry: str, names: Sequence[str]) -> str:
    alike = {name.lower(): name for name in names}
    close = get_close_matches(entry.lower(), alike, n=1, cutoff=0.5)
    return (
        f" (did you mean {format_value(alike[close[0]])})"
        if close
        else f" (there are {format_list(names)})"
    )


def check_host_names(names: Iterable[str], groups: Iterable[str]) -> None:
    """Refuse names that no host should have. :raises InventoryProblem: naming all of them."""
    names, taken = list(names), set(groups).difference(RESERVED)
    unfit = [name for name in names if not HOST_NAME.fullmatch(name) or name in RESERVED]
    if unfit:
        raise InventoryError(
            f"hosts cannot be named {', '.join(format_value(name) if name else repr(name) for name in unfit)}. "
            f"A name begins with a letter, a digit or _, goes on with these and . or -, and is none "
            f"of {format_list(RESERVED)}. Rename these profiles, or leave them out with exclude and give "
            f"each a host in an inventory file of your own"
        )
    double = [name for name in names if name in taken]
    if double:
        raise InventoryError(
            f"there are groups with the names of hosts: {format_list(double)}. "
            f"Rename these groups, for example with a prefix, or these profiles"
        )
