# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The supported versions of ansible-core: the one list that all other places are held to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Core:
    """A series of ansible-core.

    :param series: its first two numbers.
    :param pythons: the Pythons that its controllers run on, the newest first.
    :param first: the oldest release to take, where that is not the first final one.
    :param left_out: sanity tests that cannot be run, each with the reason.
    """

    series: str
    pythons: tuple[str, ...]
    first: str = ""
    left_out: tuple[tuple[str, str], ...] = ()

    @property
    def requirement(self) -> str:
        """Return what pip is asked for: the newest patch of the series."""
        return f"ansible-core ~= {self.first or self.series + '.0'}"


# The tests themselves need Python 3.11.
CORES = (
    Core("2.16", ("3.12", "3.11")),
    Core("2.17", ("3.12", "3.11")),
    Core("2.18", ("3.13", "3.12", "3.11")),
    Core("2.19", ("3.13", "3.12", "3.11")),
    Core("2.20", ("3.14", "3.13", "3.12")),
    Core("2.21", ("3.14", "3.13", "3.12")),
    Core(
        "2.22",
        ("3.14", "3.13"),
        first="2.22.0rc1",
        left_out=(("pylint", "it downloads from outside the package index"),),
    ),
)
SERIES = tuple(core.series for core in CORES)


def ends(available: Collection[Core], current: str) -> list[Core]:
    """Return the oldest and the newest core that can be tested, without the current series."""
    able = [core for core in CORES if core in available]
    chosen = {core.series: core for core in (*able[:1], *able[-1:])}
    return [core for series, core in chosen.items() if series != current]
