# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the runs come to: medians and ratios."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from .contenders import BY_NAME
from .plan import Series
from .results import Run


@dataclass(frozen=True)
class Figures:
    """All runs of one contender in one series. Times in seconds, medians; memory in bytes."""

    series: Series
    contender: str
    runs: int
    seconds: float
    fastest: float
    slowest: float
    cpu: float
    memory: int

    @property
    def each(self) -> float:
        """Seconds per environment."""
        return self.seconds / self.series.environments


class Summary:
    """The figures of all contenders in all series."""

    def __init__(self, runs: Iterable[Run]) -> None:
        groups: dict[tuple[Series, str], list[Run]] = {}
        for run in runs:
            groups.setdefault((run.series, run.contender), []).append(run)
        self._figures = {key: _figures(*key, group) for key, group in groups.items()}

    @property
    def series(self) -> list[Series]:
        """The series of which there are figures, smallest first, those with latency last."""
        return sorted({series for series, _contender in self._figures})

    @property
    def sizes(self) -> list[int]:
        """The sizes measured without latency."""
        return [each.environments for each in self.series if not each.latency]

    def of(self, series: Series, contender: str) -> Figures | None:
        """Return the figures of a contender in a series, if it ran."""
        return self._figures.get((series, contender))

    def at(self, series: Series) -> list[Figures]:
        """Return the figures of a series, in the order of the contenders."""
        found = [self.of(series, name) for name in BY_NAME]
        return [each for each in found if each]

    def ratio(self, series: Series, contender: str, other: str) -> float | None:
        """Return how many times the other's time a contender takes, if both ran."""
        one, two = self.of(series, contender), self.of(series, other)
        return one.seconds / two.seconds if one and two else None


def _figures(series: Series, contender: str, runs: list[Run]) -> Figures:
    seconds = [run.seconds for run in runs]
    return Figures(
        series,
        contender,
        len(runs),
        median(seconds),
        min(seconds),
        max(seconds),
        median(run.cpu for run in runs),
        max(run.memory for run in runs),
    )
