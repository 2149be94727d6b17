# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keys of the config file, which Keyfactor's own tools match without case and underscores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple


class Entry(NamedTuple):
    """A value of the config file, and its key as the file spells it."""

    key: str
    value: Any


def find_entries(mapping: Mapping[Any, Any], names: Iterable[str]) -> dict[str, Entry]:
    """Return the entries of a mapping whose keys are these names, in any spelling.

    Other keys are ignored: a block for one tool, such as C(acme), has credentials of its own.

    :raises ValueError: if two keys are the same name, naming both.
    """
    known = {_fold(name): name for name in names}
    entries: dict[str, Entry] = {}
    for key, value in mapping.items():
        name = known.get(_fold(key)) if isinstance(key, str) else None
        if name is None:
            continue
        if name in entries:
            raise ValueError(
                f"the keys {entries[name].key} and {key} are the same, because case and underscores "
                f"do not matter; remove one of them"
            )
        entries[name] = Entry(key, value)
    return entries


def _fold(key: str) -> str:
    return key.replace("_", "").lower()
