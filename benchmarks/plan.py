# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The order of the runs: the contenders take turns, so that a slow minute hits all of them."""

from __future__ import annotations

from dataclasses import dataclass

from .contenders import CONTENDERS
from .options import Options


@dataclass(frozen=True, order=True)
class Series:
    """Runs against one emulator: so many environments, answering after so many seconds."""

    latency: float
    environments: int

    @property
    def title(self) -> str:
        """The series as a heading."""
        late = f", answering {self.latency * 1000:g} ms late" if self.latency else ""
        return f"{self.environments} environments{late}"


@dataclass(frozen=True)
class Turn:
    """One run of one contender. Rounds start at 1."""

    series: Series
    round: int
    contender: str


def series(options: Options) -> list[Series]:
    """Return the series, smallest first, the one with latency last."""
    found = [Series(0.0, size) for size in options.sizes]
    if options.latency > 0:
        found.append(Series(options.latency, options.latency_size))
    return found


def turns(options: Options, one: Series) -> list[Turn]:
    """Return the runs of a series, round by round."""
    runs = {each.name: options.runs_for(each.name, one.environments) for each in CONTENDERS}
    return [
        Turn(one, round_, name)
        for round_ in range(1, max(runs.values()) + 1)
        for name, count in runs.items()
        if round_ <= count
    ]
