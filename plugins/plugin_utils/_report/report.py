# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report over all environments."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from ansible_collections.keyfactor.command.plugins.module_utils._version import VERSION

from .._format import split_names
from .._verdict.verdict import (
    COMPLIANT,
    DRIFTED,
    INDETERMINATE,
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
    pending = set(later) - set(judged)
    names = list(names)
    environments = [
        judged.get(name) or indeterminate_entry(name, NOT_JUDGED)
        for name in names
        if name not in pending
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
    """Return the required environments that are not among these names."""
    return [name for name in dict.fromkeys(split_names(required)) if name not in names]


def verdicts_by_variable(report: Mapping[str, Any]) -> dict[str, str]:
    """Return the verdicts by names that can be variables: verify_smtp_verdict_<environment>.

    If two environments have the same variable, the worse verdict takes precedence.
    """
    verdicts: dict[str, str] = {}
    for entry in sorted(report["environments"], key=lambda entry: WORST_LAST[entry["verdict"]]):
        variable = "verify_smtp_verdict_" + re.sub(r"[^A-Za-z0-9]", "_", entry["name"])
        verdicts[variable] = entry["verdict"]
    return verdicts
