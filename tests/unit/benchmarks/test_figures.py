# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of medians, ratios and budgets."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.budgets import check
from benchmarks.figures import Summary
from benchmarks.plan import Series

from .support import sample_run, sample_summary

HUNDRED = Series(0.0, 100)


def test_median_and_range() -> None:
    runs = [sample_run("uri", 100, seconds, n) for n, seconds in enumerate((9.0, 2.0, 4.0), 1)]
    figures = Summary(runs).get(HUNDRED, "uri")
    assert figures is not None
    assert (figures.runs, figures.seconds, figures.fastest, figures.slowest) == (3, 4.0, 2.0, 9.0)
    assert (figures.per_environment, figures.cpu) == (0.04, 8.0)


def test_median_of_two_is_their_mean() -> None:
    runs = [sample_run("uri", 10, 1.0), sample_run("uri", 10, 2.0, 2)]
    figures = Summary(runs).get(Series(0.0, 10), "uri")
    assert figures is not None
    assert figures.seconds == 1.5


def test_ratios_are_within_one_series() -> None:
    summary = Summary(
        [sample_run("uri", 100, 24.0), sample_run("debug", 100, 2.0), sample_run("debug", 10, 1.0)]
    )
    assert summary.ratio(HUNDRED, "uri", "debug") == 12.0
    assert summary.ratio(Series(0.0, 10), "uri", "debug") is None
    assert summary.ratio(Series(0.05, 100), "uri", "debug") is None


def test_latency_makes_a_separate_series() -> None:
    summary = Summary([sample_run("uri", 100, 30.0, latency=0.05), sample_run("uri", 1000, 240.0)])
    assert summary.series == [Series(0.0, 1000), Series(0.05, 100)]
    assert summary.sizes == [1000]


def test_limits_are_inclusive() -> None:
    budgets = check(sample_summary())
    assert [budget.met for budget in budgets] == [True] * len(budgets)
    assert [(budget.size, round(budget.measured, 9)) for budget in budgets] == [
        *[(100, 1.5), (100, 8.0), (100, 4.5), (100, 1.0)],
        *[(300, 1.5), (300, 8.0), (300, 4.5), (300, 1.0)],
        *[(1000, 1.5), (1000, 8.0), (1000, 4.5), (1000, 1.0)],
        *[(1000, 1.0), (1000, 1.0)],
    ]


@pytest.mark.parametrize(
    ("overrides", "missed"),
    [
        (
            {"in_place": 3.1},
            {"module in place, compared with debug", "module in place, speedup over uri"},
        ),
        ({"uri": 23.9}, {"module in place, speedup over uri", "module shipped, compared with uri"}),
        ({"role": 6.1}, {"role, speedup over by hand"}),
    ],
)
def test_slower_contender_misses_budget(overrides: dict[str, Any], missed: set[str]) -> None:
    budgets = check(sample_summary((100,), **overrides))
    assert {budget.description for budget in budgets if not budget.met} == missed


def test_budget_limits_growth_per_environment() -> None:
    runs = [
        sample_run("role", 100, 6.0),
        sample_run("role", 1000, 79.0),
        sample_run("in place", 100, 3.0),
    ]
    (budget,) = check(Summary(runs))
    assert (budget.met, budget.size, round(budget.measured, 3)) == (False, 1000, 1.317)


def test_budgets_use_largest_size_if_all_are_small() -> None:
    assert {budget.size for budget in check(sample_summary((5, 20)))} == {20}
