# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as Markdown, for the summary of a job and for a merge request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._format import format_version, one_line
from .._verdict.verdict import COMPLIANT, DRIFTED, INDETERMINATE, entry_messages
from .report import summary_line

SIGNS = {COMPLIANT: "✅", DRIFTED: "❌", INDETERMINATE: "❓"}


def render(report: Mapping[str, Any]) -> str:
    """Return the report as Markdown: a line of counts, and a table of environments."""
    lines = [
        "## SMTP profiles of Keyfactor Command",
        "",
        f"**{summary_line(report['summary'])}**",
        "",
        "| environment | verdict | version | what differs |",
        "| --- | --- | --- | --- |",
        *(_row(entry) for entry in report["environments"]),
        "",
        f"Judged at {code(report['generated_at'])} by keyfactor.command "
        f"{code(report['collection_version'])}.",
    ]
    return "\n".join(lines) + "\n"


def _row(entry: Mapping[str, Any]) -> str:
    verdict, version = entry["verdict"], entry["product_version"]
    shown = code(format_version(version)) if version else "-"
    messages = "<br>".join(map(code, entry_messages(entry))) or "-"
    return f"| {code(entry['name'])} | {SIGNS[verdict]} {verdict} | {shown} | {messages} |"


def code(text: str) -> str:
    """Return text as a span of code, in which nothing is markup, a link or a mention."""
    # Readers disagree on how a bar in a table's cell is escaped.
    text = one_line(text).replace("|", "\\u007c")
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"
