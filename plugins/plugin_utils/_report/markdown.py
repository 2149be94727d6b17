# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as Markdown, for the summary of a job and for a merge request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._format import one_line
from .._verdict.verdict import COMPLIANT, DRIFTED, INDETERMINATE, entry_messages

SIGNS = {COMPLIANT: "✅", DRIFTED: "❌", INDETERMINATE: "❓"}


def render(report: Mapping[str, Any]) -> str:
    """Return the report as Markdown: a line of counts, and a table of environments."""
    summary = report["summary"]
    counts = ", ".join(f"{summary[each]} {each}" for each in (COMPLIANT, DRIFTED, INDETERMINATE))
    lines = [
        "## SMTP profiles of Keyfactor Command",
        "",
        f"**{summary['environments']} environments: {counts}**",
        "",
        "| environment | verdict | what differs |",
        "| --- | --- | --- |",
        *(_row(entry) for entry in report["environments"]),
        "",
        f"Judged at {code(report['generated_at'])} by keyfactor.command "
        f"{code(report['collection_version'])}.",
    ]
    return "\n".join(lines) + "\n"


def _row(entry: Mapping[str, Any]) -> str:
    verdict = entry["verdict"]
    cells = [
        code(entry["name"]),
        f"{SIGNS[verdict]} {verdict}",
        "<br>".join(code(each) for each in entry_messages(entry)) or "-",
    ]
    return f"| {' | '.join(cells)} |"


def code(text: str) -> str:
    """Return text that reads as it is: in a span of code nothing is markup, a link or a mention."""
    # No escape of a bar in a table's cell is read the same by all, so it is written out.
    text = one_line(text).replace("|", "\\u007c")
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"
