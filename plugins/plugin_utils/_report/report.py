# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report over all environments, and its table for the terminal."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timezone
from os import path
from typing import Any

from ansible_collections.keyfactor.command.plugins.module_utils._version import VERSION

from .._format import split_names
from .._verdict.verdict import (
    COMPLIANT,
    DRIFTED,
    INDETERMINATE,
    entry_messages,
    indeterminate_entry,
)

SCHEMA_VERSION = "1.0"
NOT_JUDGED = (
    "It was not judged: its play had ended before the comparison. Look further up for its failure."
)
NOT_IN_RUN = (
    "It must be judged, by verify_smtp_environments, and is not in this run: --limit, a slice of "
    "the job, or another inventory left it out."
)
WORST_LAST = {COMPLIANT: 0, INDETERMINATE: 1, DRIFTED: 2}
HEADINGS = ("ENVIRONMENT", "VERDICT", "WHAT DIFFERS")
WIDTH = 100
NARROWEST = 40


def build_report(
    entries: Iterable[Mapping[str, Any]],
    names: Iterable[str],
    later: Iterable[str] = (),
    required: object = (),
) -> dict[str, Any]:
    """Return the report of the named environments, in their order.

    An environment without an entry is indeterminate: what was not judged must never be missing.

    :param later: environments that may have no entry, as their turn is still to come.
    :param required: further environments that must be judged, a list or text with commas.
    """
    judged = {entry["name"]: dict(entry) for entry in entries}
    waiting = set(later) - set(judged)
    names = list(names)
    environments = [
        judged.get(name) or indeterminate_entry(name, NOT_JUDGED)
        for name in names
        if name not in waiting
    ]
    environments += [
        indeterminate_entry(name, NOT_IN_RUN) for name in missing_environments(required, names)
    ]
    verdicts_by_variable = [entry["verdict"] for entry in environments]
    return {
        "schema_version": SCHEMA_VERSION,
        "generated_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "collection_version": VERSION,
        "summary": {
            "environments": len(environments),
            COMPLIANT: verdicts_by_variable.count(COMPLIANT),
            DRIFTED: verdicts_by_variable.count(DRIFTED),
            INDETERMINATE: verdicts_by_variable.count(INDETERMINATE),
        },
        "environments": environments,
    }


def missing_environments(required: object, names: Collection[str]) -> list[str]:
    """Return the environments that must be judged and are not among these."""
    return [name for name in dict.fromkeys(split_names(required)) if name not in names]


def render_table(report: Mapping[str, Any], files: Sequence[str] = ()) -> list[str]:
    """Return the lines of the table: environments down, verdict, what differs.

    :param files: where the report was written, if it was.
    """
    environments = report["environments"]
    first = max([len(HEADINGS[0]), *(len(entry["name"]) for entry in environments)])
    second = max(len(HEADINGS[1]), len(INDETERMINATE))
    lines = [f"{HEADINGS[0]:<{first}}  {HEADINGS[1]:<{second}}  {HEADINGS[2]}"]
    space = max(NARROWEST, WIDTH - first - second - 4)
    for entry in environments:
        cells = [line for note in entry_messages(entry) or ["-"] for line in _wrapped(note, space)]
        start = f"{entry['name']:<{first}}  {entry['verdict']:<{second}}"
        lines.append(f"{start}  {cells[0]}")
        lines += [f"{'':<{len(start)}}  {cell}" for cell in cells[1:]]
    written = [f"The report is in {path.dirname(files[0])}:"] if files else []
    written += [f"  {path.basename(file)}" for file in files]
    return [*lines, "", _summary(report["summary"]), *written]


def verdicts_by_variable(report: Mapping[str, Any]) -> dict[str, str]:
    """Return the verdicts by names that can be variables, each with its environment's name in it.

    Where the names of two environments come out alike, the worse verdict stays.
    """
    found: dict[str, str] = {}
    for entry in sorted(report["environments"], key=lambda each: WORST_LAST[each["verdict"]]):
        found["verify_smtp_verdict_" + re.sub(r"[^A-Za-z0-9]", "_", entry["name"])] = entry[
            "verdict"
        ]
    return found


def _wrapped(text: str, width: int) -> list[str]:
    lines = textwrap.wrap(
        text, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )
    return lines or [""]


def _summary(summary: Mapping[str, int]) -> str:
    counts = ", ".join(f"{summary[key]} {key}" for key in (COMPLIANT, DRIFTED, INDETERMINATE))
    noun = "environment" if summary["environments"] == 1 else "environments"
    return f"{summary['environments']} {noun}: {counts}"
