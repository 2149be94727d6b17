# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Medians and ratios of the runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from .contenders import BY_NAME
from .plan import Series
from .results import Run


@dataclass(frozen=True)
class Figures:
    """Summary of the runs of one contender in one series.

    Times are medians in seconds, memory is the maximum in bytes.
    """

    series: Series
    contender: str
    runs: int
    seconds: float
    fastest: float
    slowest: float
    cpu: float
    memory: int

    @property
    def per_environment(self) -> float:
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
        """The series with results, smallest first, those with latency last."""
        return sorted({series for series, _contender in self._figures})

    @property
    def sizes(self) -> list[int]:
        """The sizes measured without latency."""
        return [series.environments for series in self.series if not series.latency]

    def get(self, series: Series, contender: str) -> Figures | None:
        """Return the figures of a contender in a series, if it ran."""
        return self._figures.get((series, contender))

    def in_series(self, series: Series) -> list[Figures]:
        """Return the figures of a series, in the order of the contenders."""
        return [figures for name in BY_NAME if (figures := self.get(series, name))]

    def ratio(self, series: Series, contender: str, other: str) -> float | None:
        """Return the time of a contender divided by that of another, if both ran."""
        numerator, denominator = self.get(series, contender), self.get(series, other)
        return numerator.seconds / denominator.seconds if numerator and denominator else None


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
