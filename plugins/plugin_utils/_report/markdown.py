# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as Markdown, for the summary of a job and for a merge request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from .._format import format_version, one_line
from .._verdict.verdict import COMPLIANT, DRIFTED, INDETERMINATE, entry_messages
from .report import summary_line

SIGNS = {COMPLIANT: "✅", DRIFTED: "❌", INDETERMINATE: "❓"}


def render(report: Mapping[str, Any]) -> str:
    """Return the report as Markdown: a line of counts, a table of environments, and the replies."""
    lines = [
        "## SMTP profiles of Keyfactor Command",
        "",
        f"**{summary_line(report['summary'])}**",
        "",
        "| environment | verdict | version | what differs |",
        "| --- | --- | --- | --- |",
        *(_row(entry) for entry in report["environments"]),
        "",
        *_replies(report["environments"]),
        f"Judged at {code(report['generated_at'])} by keyfactor.command "
        f"{code(report['collection_version'])}.",
    ]
    return "\n".join(lines) + "\n"


def _row(entry: Mapping[str, Any]) -> str:
    verdict, version = entry["verdict"], entry["product_version"]
    shown = _cell(version and format_version(version))
    messages = "<br>".join(map(code, entry_messages(entry))) or "-"
    return f"| {code(entry['name'])} | {SIGNS[verdict]} {verdict} | {shown} | {messages} |"


def _replies(entries: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the lines of a folded table: what support asks for, as the servers sent it."""
    rows = [
        f"| {code(entry['name'])} | {_cell(entry['product_version'])} "
        f"| {_cell(entry['correlation_id'])} |"
        for entry in entries
        if entry["product_version"] or entry["correlation_id"]
    ]
    if not rows:
        return []
    return [
        "<details>",
        "<summary>Product versions and correlation IDs as the servers sent them</summary>",
        # Without empty lines around it, the table would be part of the HTML.
        "",
        "| environment | product version | correlation ID |",
        "| --- | --- | --- |",
        *rows,
        "",
        "</details>",
        "",
    ]


def _cell(text: str | None) -> str:
    return code(text) if text else "-"


def code(text: str) -> str:
    """Return text as a span of code, in which nothing is markup, a link or a mention."""
    # Readers disagree on how a bar in a table's cell is escaped.
    text = one_line(text).replace("|", "\\u007c")
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"
