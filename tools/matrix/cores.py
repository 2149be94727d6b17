# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The supported versions of ansible-core. A test compares all other lists with this one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Core:
    """A series of ansible-core.

    :param series: major and minor version.
    :param pythons: the Python versions that it supports on the controller, newest first.
    :param first: the oldest release to test, if not the first final one.
    :param excluded: sanity tests that cannot run, each with the reason.
    """

    series: str
    pythons: tuple[str, ...]
    first: str = ""
    excluded: tuple[tuple[str, str], ...] = ()

    @property
    def requirement(self) -> str:
        """Return the requirement for pip: the newest patch release of the series."""
        return f"ansible-core ~= {self.first or self.series + '.0'}"


# The tests require Python 3.11.
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
        excluded=(("pylint", "it downloads from outside the package index"),),
    ),
)
SERIES = tuple(core.series for core in CORES)


def oldest_and_newest(available: Collection[Core], current: str) -> list[Core]:
    """Return the oldest and the newest available core, without the current series."""
    testable = [core for core in CORES if core in available]
    selected = {core.series: core for core in (*testable[:1], *testable[-1:])}
    return [core for series, core in selected.items() if series != current]
