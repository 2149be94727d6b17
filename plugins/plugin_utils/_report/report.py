# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report over all environments."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from ...module_utils._version import VERSION
from .._format import split_names
from .._verdict.verdict import COMPLIANT, DRIFTED, INDETERMINATE, VERDICTS, indeterminate_entry

SCHEMA_VERSION = "1.1"
NOT_JUDGED = "It was not verified: its play had ended before the comparison. Look further up for its failure."
NOT_IN_RUN = (
    "It must be verified, by verify_smtp_environments, and is not in this run: --limit, a slice of "
    "the job, or another inventory left it out."
)
WORST_LAST = (COMPLIANT, INDETERMINATE, DRIFTED)


def build_report(
    entries: Iterable[Mapping[str, Any]],
    names: Iterable[str],
    later: Iterable[str] = (),
    required: object = (),
) -> dict[str, Any]:
    """Return the report of the named environments, in their order.

    An environment without an entry is indeterminate.

    :param later: environments of later batches, which can be left out.
    :param required: further environments that must be verified, a list or text with commas.
    """
    judged = {entry["name"]: dict(entry) for entry in entries}
    names, later = list(names), set(later)
    environments = [
        judged.get(name) or indeterminate_entry(name, NOT_JUDGED)
        for name in names
        if name in judged or name not in later
    ]
    missing = missing_environments(required, names)
    environments += [indeterminate_entry(name, NOT_IN_RUN) for name in missing]
    verdicts = [entry["verdict"] for entry in environments]
    counts = {verdict: verdicts.count(verdict) for verdict in VERDICTS}
    return {
        "schema_version": SCHEMA_VERSION,
        "generated_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "collection_version": VERSION,
        "summary": {"environments": len(environments), **counts},
        "environments": environments,
    }


def summary_line(summary: Mapping[str, int]) -> str:
    """Return the report's summary on one line."""
    number = summary["environments"]
    counts = ", ".join(f"{summary[verdict]} {verdict}" for verdict in VERDICTS)
    return f"{number} environment{'' if number == 1 else 's'}: {counts}"


def missing_environments(required: object, names: Collection[str]) -> list[str]:
    """Return the required environments that are not among these names."""
    return [name for name in dict.fromkeys(split_names(required)) if name not in names]


def verdicts_by_variable(report: Mapping[str, Any]) -> dict[str, str]:
    """Return the verdicts by names that are valid variables: verify_smtp_verdict_<environment>.

    If two environments have the same variable, the worse verdict takes precedence.
    """
    verdicts: dict[str, str] = {}
    environments = report["environments"]
    for entry in sorted(environments, key=lambda entry: WORST_LAST.index(entry["verdict"])):
        variable = "verify_smtp_verdict_" + re.sub(r"[^A-Za-z0-9]", "_", entry["name"])
        verdicts[variable] = entry["verdict"]
    return verdicts
