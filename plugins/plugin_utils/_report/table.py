# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as a table for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import path
from textwrap import TextWrapper
from typing import Any, NamedTuple

from ...module_utils._sanitize import escape_unprintable
from .._verdict.verdict import INDETERMINATE, entry_messages
from .report import summary_line

HEADINGS = ("ENVIRONMENT", "VERDICT", "WHAT DIFFERS")
WIDTH = 100
MIN_WIDTH = 40


class Line(NamedTuple):
    """A line of the table, with the verdict of the environment that it is about."""

    text: str
    verdict: str | None = None


def render_table(report: Mapping[str, Any], files: Sequence[str] = ()) -> list[Line]:
    """Return the lines of the table, with a row per environment.

    :param files: the paths of the report's files, if it was written.
    """
    environments = [
        {**entry, "name": escape_unprintable(entry["name"])} for entry in report["environments"]
    ]
    first = max([len(HEADINGS[0]), *(len(entry["name"]) for entry in environments)])
    second = len(INDETERMINATE)
    width = max(MIN_WIDTH, WIDTH - first - second - 4)
    wrapper = TextWrapper(width, break_long_words=False, break_on_hyphens=False)
    wrapper.subsequent_indent = "  "
    lines = [Line(f"{HEADINGS[0]:<{first}}  {HEADINGS[1]:<{second}}  {HEADINGS[2]}")]
    for entry in environments:
        cells = [line for message in entry_messages(entry) for line in wrapper.wrap(message)]
        start = f"{entry['name']:<{first}}  {entry['verdict']:<{second}}"
        rows = [f"{start}  {cells[0] if cells else '-'}"]
        rows += [f"{'':<{len(start)}}  {cell}" for cell in cells[1:]]
        lines += [Line(row, entry["verdict"]) for row in rows]
    ends = ["", summary_line(report["summary"])]
    if files:
        ends.append(f"The report is in {path.dirname(files[0])}:")
    ends += [f"  {path.basename(file)}" for file in files]
    return lines + [Line(end) for end in ends]
