# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tables for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import path
from textwrap import TextWrapper
from typing import Any, NamedTuple

from ...module_utils._sanitize import escape_unprintable
from .._verdict.verdict import INDETERMINATE, entry_messages
from .outcome import FAILED
from .report import summary_line

WIDTH = 100
MIN_WIDTH = 40


class Line(NamedTuple):
    """A line of a table, with the verdict or the status of the environment that it is about."""

    text: str
    status: str | None = None


class Row(NamedTuple):
    """An environment in a table: cells, and the messages in the last column."""

    cells: Sequence[str]
    messages: Sequence[str]
    status: str


def render_table(report: Mapping[str, Any], files: Sequence[str] = ()) -> list[Line]:
    """Return the lines of the report's table, with a row per environment.

    :param files: the paths of the report's files, if it was written.
    """
    rows = [
        Row(
            (entry["name"], f"{entry['verdict']:<{len(INDETERMINATE)}}"),
            entry_messages(entry),
            entry["verdict"],
        )
        for entry in report["environments"]
    ]
    ends = ["", summary_line(report["summary"])]
    if files:
        ends.append(f"The report is in {path.dirname(files[0])}:")
    ends += [f"  {path.basename(file)}" for file in files]
    lines = _render_rows(("ENVIRONMENT", "VERDICT", "WHAT DIFFERS"), rows)
    return lines + [Line(end) for end in ends]


def render_outcomes(outcomes: Sequence[Mapping[str, str]]) -> list[Line]:
    """Return the lines of a table with the outcome of each environment.

    :param outcomes: C(name), C(status) and C(line) of each.
    """
    rows = [Row((each["name"],), (each["line"],), each["status"]) for each in outcomes]
    failed = sum(row.status == FAILED for row in rows)
    plural = "" if len(rows) == 1 else "s"
    end = f"{len(rows)} environment{plural}: {len(rows) - failed} ok, {failed} failed"
    return [*_render_rows(("ENVIRONMENT", "OUTCOME"), rows), Line(""), Line(end)]


def _render_rows(headings: Sequence[str], rows: Sequence[Row]) -> list[Line]:
    rows = [row._replace(cells=[escape_unprintable(cell) for cell in row.cells]) for row in rows]
    widths = [
        max(len(heading), *(len(row.cells[column]) for row in rows), 0)
        for column, heading in enumerate(headings[:-1])
    ]

    def start(cells: Sequence[str]) -> str:
        return "".join(f"{cell:<{width}}  " for cell, width in zip(cells, widths))

    indent = len(start([""] * len(widths)))
    wrapper = TextWrapper(
        max(MIN_WIDTH, WIDTH - indent), break_long_words=False, break_on_hyphens=False
    )
    wrapper.subsequent_indent = "  "
    lines = [Line(start(headings) + headings[-1])]
    for row in rows:
        texts = [text for message in row.messages for text in wrapper.wrap(message)] or ["-"]
        starts = [start(row.cells), *[" " * indent] * (len(texts) - 1)]
        lines += [Line(first + text, row.status) for first, text in zip(starts, texts)]
    return lines
