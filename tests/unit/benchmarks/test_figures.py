# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Medians, ratios and budgets."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.budgets import check
from benchmarks.figures import Summary
from benchmarks.plan import Series

from .support import run, summary

HUNDRED = Series(0.0, 100)


def test_a_median_has_its_range() -> None:
    runs = [run("uri", 100, seconds, n) for n, seconds in enumerate((9.0, 2.0, 4.0), 1)]
    found = Summary(runs).of(HUNDRED, "uri")
    assert found is not None
    assert (found.runs, found.seconds, found.fastest, found.slowest) == (3, 4.0, 2.0, 9.0)
    assert (found.each, found.cpu) == (0.04, 8.0)


def test_the_median_of_two_is_their_mean() -> None:
    found = Summary([run("uri", 10, 1.0), run("uri", 10, 2.0, 2)]).of(Series(0.0, 10), "uri")
    assert found is not None
    assert found.seconds == 1.5


def test_ratios_stay_within_a_series() -> None:
    found = Summary([run("uri", 100, 24.0), run("debug", 100, 2.0), run("debug", 10, 1.0)])
    assert found.ratio(HUNDRED, "uri", "debug") == 12.0
    assert found.ratio(Series(0.0, 10), "uri", "debug") is None
    assert found.ratio(Series(0.05, 100), "uri", "debug") is None


def test_latency_is_a_series_of_its_own() -> None:
    found = Summary([run("uri", 100, 30.0, latency=0.05), run("uri", 1000, 240.0)])
    assert found.series == [Series(0.0, 1000), Series(0.05, 100)]
    assert found.sizes == [1000]


def test_the_limit_itself_is_met() -> None:
    budgets = check(summary())
    assert [each.met for each in budgets] == [True] * len(budgets)
    assert [(each.size, round(each.figure, 9)) for each in budgets] == [
        *[(100, 1.5), (100, 8.0), (100, 5.0), (100, 1.0)],
        *[(1000, 1.5), (1000, 8.0), (1000, 5.0), (1000, 1.0)],
        *[(1000, 1.0), (1000, 1.0)],
    ]


@pytest.mark.parametrize(
    ("other", "missed"),
    [
        (
            {"in_place": 3.1},
            {"the task in place, against debug", "the task in place, faster than uri"},
        ),
        ({"uri": 23.9}, {"the task in place, faster than uri", "the task shipped, against uri"}),
        ({"role": 6.1}, {"the role, faster than by hand"}),
    ],
)
def test_what_is_slower_misses(other: dict[str, Any], missed: set[str]) -> None:
    assert {each.what for each in check(summary((100,), **other)) if not each.met} == missed


def test_time_per_environment_must_not_grow() -> None:
    runs = [run("role", 100, 6.0), run("role", 1000, 79.0), run("in place", 100, 3.0)]
    (found,) = check(Summary(runs))
    assert (found.met, found.size, round(found.figure, 3)) == (False, 1000, 1.317)


def test_small_sizes_are_judged_only_alone() -> None:
    assert {each.size for each in check(summary((5, 20)))} == {20}
