# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.keyfactor.command.plugins.plugin_utils.expectations import (
    ExpectationError,
    parse,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils.report import build, table
from ansible_collections.keyfactor.command.plugins.plugin_utils.untrusted import untrusted
from ansible_collections.keyfactor.command.plugins.plugin_utils.verdict import explain, judge


def smtp_expected(expected: object) -> list[str]:
    """Return what is wrong with the expectations, nothing if they can be used."""
    try:
        parse(expected)
    except ExpectationError as error:
        return [str(error)]
    return []


def smtp_drift(
    profile: object,
    expected: object,
    name: str = "environment",
    read: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the verdict on a profile, with its findings."""
    return untrusted(judge(name, profile, expected, read))


def smtp_report(
    entries: Iterable[Mapping[str, Any]], names: Iterable[str], later: Iterable[str] = ()
) -> dict[str, Any]:
    """Return the report over the named environments."""
    return untrusted(build(entries, names, later))


def smtp_table(report: Mapping[str, Any], directory: str = "") -> list[str]:
    """Return the report as lines for the terminal."""
    return untrusted(table(report, directory))


def smtp_reasons(entry: Mapping[str, Any]) -> str:
    """Return why an environment is not compliant."""
    return untrusted(explain(entry))


class FilterModule:
    """The filters of the role verify_smtp."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters by name."""
        return {
            "smtp_drift": smtp_drift,
            "smtp_expected": smtp_expected,
            "smtp_reasons": smtp_reasons,
            "smtp_report": smtp_report,
            "smtp_table": smtp_table,
        }
