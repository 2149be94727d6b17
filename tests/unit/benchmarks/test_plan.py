# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of the selection and order of runs, and of the command line."""

from __future__ import annotations

import pytest

from benchmarks.contenders import BY_NAME
from benchmarks.options import Options, parse
from benchmarks.plan import Series, plan_series, plan_turns


def test_contenders_alternate() -> None:
    names = [turn.contender for turn in plan_turns(parse(["--runs", "2"]), Series(0.0, 10))]
    assert names == [*BY_NAME, *BY_NAME]


def test_slow_runs_applies_to_slow_contenders_at_large_sizes() -> None:
    options = parse(["--runs", "3", "--slow-runs", "1"])
    names = [turn.contender for turn in plan_turns(options, Series(0.0, 1000))]
    assert names == [*BY_NAME, *(["debug", "templates", "bare get", "in place", "role"] * 2)]
    assert len(plan_turns(options, Series(0.0, 100))) == 3 * len(BY_NAME)


def test_runs_of_sets_runs_of_one_contender_at_one_size() -> None:
    options = parse(["--runs", "1", "--runs-of", "uri@20=3", "--runs-of", "by hand@20=2"])
    assert options.runs_of == {("uri", 20): 3, ("by hand", 20): 2}
    names = [turn.contender for turn in plan_turns(options, Series(0.0, 20))]
    assert names == [*BY_NAME, "uri", "by hand", "uri"]


def test_latency_series_is_last_and_has_few_environments() -> None:
    assert plan_series(Options())[-1] == Series(0.05, 4)
    assert plan_series(parse(["--sizes", "20,5"])) == [
        Series(0.0, 5),
        Series(0.0, 20),
        Series(0.05, 4),
    ]
    assert plan_series(parse(["--sizes", "7", "--latency", "0"])) == [Series(0.0, 7)]


def test_quick_sets_sizes_and_runs() -> None:
    assert parse(["--quick"]) == Options(sizes=(5, 20), runs=2)
    assert parse([]) == Options()


@pytest.mark.parametrize(
    "arguments",
    [["--sizes", "0"], ["--runs", "0"], ["--runs-of", "url@5=1"], ["--runs-of", "uri=1"]],
)
def test_refuses_invalid_arguments(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parse(arguments)
    assert arguments[0] in capsys.readouterr().err
