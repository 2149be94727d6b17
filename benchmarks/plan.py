# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The order of the runs: contenders alternate, so that a slow period affects all of them."""

from __future__ import annotations

from dataclasses import dataclass

from .contenders import CONTENDERS
from .options import FEW, Options


@dataclass(frozen=True, order=True)
class Series:
    """Runs against one emulator with a number of environments and a latency in seconds."""

    latency: float
    environments: int

    @property
    def title(self) -> str:
        """The series as a heading."""
        latency = f", {self.latency * 1000:g} ms latency" if self.latency else ""
        return f"{self.environments} environments{latency}"


@dataclass(frozen=True)
class Turn:
    """One run of one contender. Rounds start at 1."""

    series: Series
    round: int
    contender: str


def plan_series(options: Options) -> list[Series]:
    """Return the series, smallest first, the one with latency last."""
    series = [Series(0.0, size) for size in options.sizes]
    if options.latency > 0:
        series.append(Series(options.latency, FEW))
    return series


def plan_turns(options: Options, series: Series) -> list[Turn]:
    """Return the runs of a series, round by round."""
    runs = {
        contender.name: options.runs_for(contender.name, series.environments)
        for contender in CONTENDERS
    }
    return [
        Turn(series, round_, name)
        for round_ in range(1, max(runs.values()) + 1)
        for name, count in runs.items()
        if round_ <= count
    ]
