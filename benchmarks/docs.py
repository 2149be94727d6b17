# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the results in docs/performance.md, between two markers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .budgets import check
from .contenders import CONTENDERS
from .figures import Summary
from .plan import Series
from .server import BenchError
from .table import BUDGET_HEADINGS, HEADINGS, budget_rows, markdown, plain, rows

START = "<!-- These results are written by: make bench -->"
END = "<!-- End of the results -->"


def section(summary: Summary, about: Mapping[str, Any]) -> str:
    """Return the results as Markdown."""
    parts = [_system_text(about)]
    for series in summary.series:
        parts += [f"### {series.title}", markdown(HEADINGS, rows(summary, series))]
    parts += ["### Budgets", markdown(BUDGET_HEADINGS, budget_rows(check(summary)))]
    return "\n\n".join(parts)


def terminal(summary: Summary) -> str:
    """Return the results as text for the terminal."""
    parts = [
        f"{series.title}\n\n{plain(HEADINGS, rows(summary, series))}" for series in summary.series
    ]
    parts.append(plain(BUDGET_HEADINGS, budget_rows(check(summary))))
    return "\n\n".join(parts)


def replace_section(text: str, new: str) -> str:
    """Replace the text between the markers."""
    before, start, rest = text.partition(START)
    _old, end, after = rest.partition(END)
    if not start or not end:
        raise BenchError(f"The markers {START} and {END} are missing.")
    return f"{before}{START}\n\n{new}\n\n{END}{after}"


def contender_table() -> str:
    """Return the descriptions of the contenders as a Markdown table."""
    lines = [f"| {contender.name} | {contender.description} |" for contender in CONTENDERS]
    return "\n".join(["| contender | description |", "| --- | --- |", *lines])


def is_complete(summary: Summary, sizes: tuple[int, ...]) -> bool:
    """Return whether every contender ran at each of these sizes."""
    return all(len(summary.in_series(Series(0.0, size))) == len(CONTENDERS) for size in sizes)


def _system_text(about: Mapping[str, Any]) -> str:
    return (
        f"Measured with ansible-core {about['ansible_core']} on Python {about['python']}, "
        f"{about['cpus']} CPUs ({about['system']}), {about['forks']} forks."
    )
