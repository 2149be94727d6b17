# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report over all environments, and its table for the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from ansible_collections.keyfactor.command.plugins.module_utils.version import VERSION

from .verdict import COMPLIANT, DRIFTED, INDETERMINATE, new_entry, reasons

SCHEMA_VERSION = "1.0"
NOT_JUDGED = (
    "It was not judged: its play had ended before the comparison. Look further up for its failure."
)
HEADINGS = ("ENVIRONMENT", "VERDICT", "WHAT DIFFERS")
WIDTH = 100
NARROWEST = 40


def build(
    entries: Iterable[Mapping[str, Any]], names: Iterable[str], later: Iterable[str] = ()
) -> dict[str, Any]:
    """Return the report of the named environments, in their order.

    An environment without an entry is indeterminate: what was not judged must never be missing.

    :param later: environments that may have no entry, as their turn is still to come.
    """
    judged = {entry["name"]: dict(entry) for entry in entries}
    waiting = set(later) - set(judged)
    environments = [
        judged.get(name) or new_entry(name, NOT_JUDGED) for name in names if name not in waiting
    ]
    verdicts = [entry["verdict"] for entry in environments]
    return {
        "schema_version": SCHEMA_VERSION,
        "generated_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "collection_version": VERSION,
        "summary": {
            "environments": len(environments),
            COMPLIANT: verdicts.count(COMPLIANT),
            DRIFTED: verdicts.count(DRIFTED),
            INDETERMINATE: verdicts.count(INDETERMINATE),
        },
        "environments": environments,
    }


def table(report: Mapping[str, Any], directory: str = "") -> list[str]:
    """Return the lines of the table: environments down, verdict, what differs.

    :param directory: where the report was written, if it was.
    """
    environments = report["environments"]
    first = max([len(HEADINGS[0]), *(len(entry["name"]) for entry in environments)])
    second = max(len(HEADINGS[1]), len(INDETERMINATE))
    lines = [f"{HEADINGS[0]:<{first}}  {HEADINGS[1]:<{second}}  {HEADINGS[2]}"]
    space = max(NARROWEST, WIDTH - first - second - 4)
    for entry in environments:
        # Said of compliant ones too: a server that was not verified is no clean evidence.
        notes = [*reasons(entry), *entry["warnings"]] or ["-"]
        cells = [line for note in notes for line in _wrapped(note, space)]
        start = f"{entry['name']:<{first}}  {entry['verdict']:<{second}}"
        lines.append(f"{start}  {cells[0]}")
        lines += [f"{'':<{len(start)}}  {cell}" for cell in cells[1:]]
    written = [f"The report is {directory}/report.json"] if directory else []
    return [*lines, "", _summary(report["summary"]), *written]


def _wrapped(text: str, width: int) -> list[str]:
    lines = textwrap.wrap(
        text, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )
    return lines or [""]


def _summary(summary: Mapping[str, int]) -> str:
    counts = ", ".join(f"{summary[key]} {key}" for key in (COMPLIANT, DRIFTED, INDETERMINATE))
    return f"{summary['environments']} environments: {counts}"
