# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as a table for the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from os import path
from typing import Any

from .._verdict.verdict import COMPLIANT, DRIFTED, INDETERMINATE, entry_messages

HEADINGS = ("ENVIRONMENT", "VERDICT", "WHAT DIFFERS")
WIDTH = 100
MIN_WIDTH = 40


def render_table(report: Mapping[str, Any], files: Sequence[str] = ()) -> list[str]:
    """Return the lines of the table: environments down, verdict, what differs.

    :param files: where the report was written, if it was.
    """
    environments = report["environments"]
    first = max([len(HEADINGS[0]), *(len(entry["name"]) for entry in environments)])
    second = max(len(HEADINGS[1]), len(INDETERMINATE))
    lines = [f"{HEADINGS[0]:<{first}}  {HEADINGS[1]:<{second}}  {HEADINGS[2]}"]
    space = max(MIN_WIDTH, WIDTH - first - second - 4)
    for entry in environments:
        messages = entry_messages(entry) or ["-"]
        cells = [line for message in messages for line in _wrap(message, space)]
        start = f"{entry['name']:<{first}}  {entry['verdict']:<{second}}"
        lines.append(f"{start}  {cells[0]}")
        lines += [f"{'':<{len(start)}}  {cell}" for cell in cells[1:]]
    written = [f"The report is in {path.dirname(files[0])}:"] if files else []
    written += [f"  {path.basename(file)}" for file in files]
    return [*lines, "", _summary(report["summary"]), *written]


def _wrap(text: str, width: int) -> list[str]:
    lines = textwrap.wrap(
        text, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )
    return lines or [""]


def _summary(summary: Mapping[str, int]) -> str:
    counts = ", ".join(f"{summary[key]} {key}" for key in (COMPLIANT, DRIFTED, INDETERMINATE))
    noun = "environment" if summary["environments"] == 1 else "environments"
    return f"{summary['environments']} {noun}: {counts}"
