# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an inventory source selects: options, profiles, and names of hosts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from itertools import chain

from .._format import did_you_mean, format_list, format_value

# Nothing that Ansible's host patterns use: no separators, no wildcards, no initial ! & ~ @ or -.
HOST_NAME = re.compile(r"\w[\w.-]*")
# Groups that always exist, and names of the controller.
RESERVED = ("all", "ungrouped", "localhost", "127.0.0.1")


class InventoryError(Exception):
    """Why no inventory can be made, for the user to fix."""


def check_options(given: Iterable[object], known: Iterable[str]) -> None:
    """Reject options that do not exist, which Ansible ignores. :raises InventoryError:"""
    known = sorted(known)
    unknown = [str(name) for name in given if name not in known]
    if unknown:
        hints = ", ".join(format_value(name) + _hint(name, known) for name in unknown)
        raise InventoryError(f"there is no option {hints}")


def select_profiles(names: list[str], profiles: list[str], exclude: list[str]) -> list[str]:
    """Return the names that profiles match and exclude does not, in their own order.

    Each entry is a name or a shell pattern. Without profiles, all names match.

    :raises InventoryError: if an entry matches nothing, or nothing is left.
    """
    if not names:
        raise InventoryError("it has no profiles")
    included = {entry: _matching(names, entry) for entry in profiles or names}
    excluded = {entry: _matching(names, entry) for entry in exclude}
    problems = [
        f"{option} has {format_value(entry)}, and there is no such profile{_hint(entry, names)}"
        for option, matches in (("profiles", included), ("exclude", excluded))
        for entry in matches
        if not matches[entry]
    ]
    if problems:
        raise InventoryError("; ".join(problems))
    remaining = {*chain(*included.values())}.difference(*excluded.values())
    selected = [name for name in names if name in remaining]
    if not selected:
        raise InventoryError("profiles and exclude leave none of its profiles")
    return selected


def _matching(names: Sequence[str], entry: str) -> list[str]:
    # A name that looks like a pattern matches itself only.
    return [entry] if entry in names else [name for name in names if fnmatchcase(name, entry)]


def _hint(entry: str, names: Sequence[str]) -> str:
    return f" ({did_you_mean(entry, names) or f'there are {format_list(names)}'})"


def check_host_names(names: Sequence[str], groups: Iterable[str]) -> None:
    """Reject names that no host should have. :raises InventoryError: naming all of them."""
    unfit = [name for name in names if not HOST_NAME.fullmatch(name) or name in RESERVED]
    if unfit:
        unfit_names = ", ".join(format_value(name) if name else repr(name) for name in unfit)
        raise InventoryError(
            f"hosts cannot be named {unfit_names}. "
            f"A name begins with a letter, a digit or _, goes on with these and . or -, and is none "
            f"of {format_list(RESERVED)}. Rename these profiles, or leave them out with exclude and give "
            f"each a host in an inventory file of your own"
        )
    groups = set(groups).difference(RESERVED)
    double = [name for name in names if name in groups]
    if double:
        raise InventoryError(
            f"there are groups with the names of hosts: {format_list(double)}. "
            f"Rename these groups, for example with a prefix, or these profiles"
        )
