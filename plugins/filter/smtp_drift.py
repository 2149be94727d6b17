# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.keyfactor.command.plugins.plugin_utils._ansible.unsafe import make_unsafe
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected import (
    baseline as recorded,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.expected_state import (
    ExpectedStateError,
    parse_expected_state,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.reference import (
    ObservedProfile,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._report.report import (
    build_report,
    render_table,
    verdicts_by_variable,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._verdict.verdict import (
    evaluate,
    summarize,
)


def smtp_expected(expected: object, **more: Any) -> list[str]:
    """Return what is wrong with all that is wanted, nothing if it can be used."""
    try:
        parse_expected_state(expected, **more)
    except ExpectedStateError as error:
        return [str(error)]
    return []


def smtp_drift(
    profile: object,
    expected: object,
    name: str = "environment",
    read: Mapping[str, Any] | None = None,
    reference_profile: object = None,
    reference_read: Mapping[str, Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Return the verdict on a profile, with its findings."""
    live = ObservedProfile(reference_profile, reference_read)
    return make_unsafe(evaluate(name, profile, expected, read, live, **more))


def smtp_report(
    entries: Iterable[Mapping[str, Any]],
    names: Iterable[str],
    later: Iterable[str] = (),
    required: object = (),
) -> dict[str, Any]:
    """Return the report over the named environments."""
    return make_unsafe(build_report(entries, names, later, required))


def smtp_table(report: Mapping[str, Any], files: Sequence[str] = ()) -> list[str]:
    """Return the report as lines for the terminal."""
    return make_unsafe(render_table(report, files))


def smtp_reasons(entry: Mapping[str, Any]) -> str:
    """Return why an environment is not compliant."""
    return make_unsafe(summarize(entry))


def smtp_verdicts(report: Mapping[str, Any]) -> dict[str, str]:
    """Return the report's verdicts, by names that can be variables."""
    return make_unsafe(verdicts_by_variable(report))


def smtp_recorded(profile: Mapping[str, Any], read: Mapping[str, Any]) -> str:
    """Return a profile as expectations in YAML."""
    return make_unsafe(recorded.render_baseline(profile, read))


class FilterModule:
    """The filters of the role verify_smtp."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters by name."""
        return {
            "smtp_drift": smtp_drift,
            "smtp_expected": smtp_expected,
            "smtp_reasons": smtp_reasons,
            "smtp_recorded": smtp_recorded,
            "smtp_report": smtp_report,
            "smtp_table": smtp_table,
            "smtp_verdicts": smtp_verdicts,
        }
