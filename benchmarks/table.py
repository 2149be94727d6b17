# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The figures as tables, in Markdown and for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from .budgets import Budget
from .contenders import FLOOR, URI
from .figures import Figures, Summary
from .plan import Series

HEADINGS = (
    "contender",
    "runs",
    "median s",
    "min to max s",
    "ms each",
    f"x {FLOOR}",
    f"x {URI}",
    "CPU s",
    "peak MiB",
)
BUDGET_HEADINGS = ("budget", "environments", "allowed", "measured", "")
Row = tuple[str, ...]


def rows(summary: Summary, series: Series) -> list[Row]:
    """Return the cells of a series."""
    return [_row(summary, each) for each in summary.at(series)]


def budget_rows(budgets: Sequence[Budget]) -> list[Row]:
    """Return the cells of the budgets."""
    return [
        (
            each.what,
            str(each.size),
            each.allowed,
            f"{each.figure:.2f}x",
            "met" if each.met else "missed",
        )
        for each in budgets
    ]


def markdown(headings: Row, cells: Sequence[Row]) -> str:
    """Return a Markdown table, numbers to the right."""
    rule = ["---", *("---:" for _each in headings[1:])]
    return "\n".join("| " + " | ".join(row) + " |" for row in (headings, rule, *cells))


def plain(headings: Row, cells: Sequence[Row]) -> str:
    """Return a table for the terminal."""
    widths = [max(len(row[at]) for row in (headings, *cells)) for at in range(len(headings))]
    lines = []
    for row in (headings, *cells):
        first = f"{row[0]:<{widths[0]}}"
        rest = [f"{cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join([first, *rest]).rstrip())
    return "\n".join(lines)


def _row(summary: Summary, each: Figures) -> Row:
    return (
        each.contender,
        str(each.runs),
        f"{each.seconds:.2f}",
        f"{each.fastest:.2f} to {each.slowest:.2f}",
        f"{each.each * 1000:.0f}",
        _ratio(summary.ratio(each.series, each.contender, FLOOR)),
        _ratio(summary.ratio(each.series, each.contender, URI)),
        f"{each.cpu:.1f}",
        f"{each.memory / 2**20:.0f}",
    )


def _ratio(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
