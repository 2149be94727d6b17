# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as a table for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import path
from textwrap import TextWrapper
from typing import Any

from ...module_utils._sanitize import escape_unprintable
from .._verdict.verdict import INDETERMINATE, entry_messages
from .report import summary_line

HEADINGS = ("ENVIRONMENT", "VERDICT", "WHAT DIFFERS")
WIDTH = 100
MIN_WIDTH = 40


def render_table(report: Mapping[str, Any], files: Sequence[str] = ()) -> list[str]:
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
    lines = [f"{HEADINGS[0]:<{first}}  {HEADINGS[1]:<{second}}  {HEADINGS[2]}"]
    for entry in environments:
        cells = [line for message in entry_messages(entry) for line in wrapper.wrap(message)]
        start = f"{entry['name']:<{first}}  {entry['verdict']:<{second}}"
        lines.append(f"{start}  {cells[0] if cells else '-'}")
        lines += [f"{'':<{len(start)}}  {cell}" for cell in cells[1:]]
    lines += ["", summary_line(report["summary"])]
    if files:
        lines.append(f"The report is in {path.dirname(files[0])}:")
    return lines + [f"  {path.basename(file)}" for file in files]
