# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sample runs with round numbers."""

from __future__ import annotations

from benchmarks.contenders import BY_NAME
from benchmarks.figures import Summary
from benchmarks.options import SIZES
from benchmarks.results import Run

ABOUT = {
    "ansible_core": "2.19.14",
    "python": "3.11.7",
    "system": "Linux x86_64",
    "cpus": 2,
    "forks": 10,
}
# Seconds for 100 environments, exactly at the limits of the budgets.
SECONDS = {
    "debug": 2.0,
    "templates": 2.5,
    "bare get": 2.8,
    "in place": 3.0,
    "shipped": 24.0,
    "uri": 24.0,
    "by hand": 27.0,
    "role": 6.0,
}


def sample_run(
    contender: str, size: int, seconds: float, number: int = 1, latency: float = 0.0
) -> Run:
    return Run(latency, size, contender, number, seconds, 2 * seconds, 64 * 2**20)


def sample_summary(sizes: tuple[int, ...] = SIZES, **overrides: float) -> Summary:
    """Return results whose times grow with the size, with overrides by contender."""
    seconds = {**SECONDS, **{name.replace("_", " "): value for name, value in overrides.items()}}
    assert seconds.keys() == BY_NAME.keys()
    return Summary(
        sample_run(name, size, value * size / 100)
        for size in sizes
        for name, value in seconds.items()
    )
