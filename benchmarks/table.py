# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Format the results as tables, in Markdown and for the terminal."""

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
    """Return the rows of a series."""
    return [_row(summary, figures) for figures in summary.in_series(series)]


def budget_rows(budgets: Sequence[Budget]) -> list[Row]:
    """Return the rows of the budgets."""
    return [
        (
            budget.description,
            str(budget.size),
            budget.allowed,
            f"{budget.measured:.2f}x",
            "met" if budget.met else "missed",
        )
        for budget in budgets
    ]


def markdown(headings: Row, cells: Sequence[Row]) -> str:
    """Return a Markdown table with right-aligned numbers."""
    separator = ["---", *["---:"] * (len(headings) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in (headings, separator, *cells))


def plain(headings: Row, cells: Sequence[Row]) -> str:
    """Return a text table for the terminal."""
    widths = [max(len(cell) for cell in column) for column in zip(headings, *cells, strict=True)]
    lines = []
    for row in (headings, *cells):
        first = f"{row[0]:<{widths[0]}}"
        rest = [f"{cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join([first, *rest]).rstrip())
    return "\n".join(lines)


def _row(summary: Summary, figures: Figures) -> Row:
    return (
        figures.contender,
        str(figures.runs),
        f"{figures.seconds:.2f}",
        f"{figures.fastest:.2f} to {figures.slowest:.2f}",
        f"{figures.per_environment * 1000:.0f}",
        _ratio(summary.ratio(figures.series, figures.contender, FLOOR)),
        _ratio(summary.ratio(figures.series, figures.contender, URI)),
        f"{figures.cpu:.1f}",
        f"{figures.memory / 2**20:.0f}",
    )


def _ratio(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
