# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The figures in docs/performance.md, between two marks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .budgets import check
from .contenders import CONTENDERS
from .figures import Summary
from .plan import Series
from .server import BenchError
from .table import BUDGET_HEADINGS, HEADINGS, budget_rows, markdown, plain, rows

START = "<!-- make bench writes from here -->"
END = "<!-- to here -->"


def section(summary: Summary, about: Mapping[str, Any]) -> str:
    """Return the figures as Markdown."""
    parts = [_setting(about)]
    for series in summary.series:
        parts += [f"### {series.title}", markdown(HEADINGS, rows(summary, series))]
    parts += ["### Budgets", markdown(BUDGET_HEADINGS, budget_rows(check(summary)))]
    return "\n\n".join(parts)


def terminal(summary: Summary) -> str:
    """Return the figures for the terminal."""
    parts = [
        f"{series.title}\n\n{plain(HEADINGS, rows(summary, series))}" for series in summary.series
    ]
    parts.append(plain(BUDGET_HEADINGS, budget_rows(check(summary))))
    return "\n\n".join(parts)


def replaced(text: str, new: str) -> str:
    """Return the text with what is between the marks replaced."""
    before, start, rest = text.partition(START)
    _old, end, after = rest.partition(END)
    if not start or not end:
        raise BenchError(f"There is no place for the figures: it needs {START} and {END}.")
    return f"{before}{START}\n\n{new}\n\n{END}{after}"


def contenders() -> str:
    """Return what is measured, as a Markdown table."""
    lines = [f"| {each.name} | {each.about} |" for each in CONTENDERS]
    return "\n".join(["| contender | description |", "| --- | --- |", *lines])


def complete(summary: Summary, sizes: tuple[int, ...]) -> bool:
    """Tell whether every contender ran at each of these sizes."""
    return all(len(summary.at(Series(0.0, size))) == len(CONTENDERS) for size in sizes)


def _setting(about: Mapping[str, Any]) -> str:
    return (
        f"Measured with ansible-core {about['ansible_core']} on Python {about['python']}, "
        f"{about['cpus']} CPUs ({about['system']}), {about['forks']} forks."
    )
