# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Evaluate the variables of the role verify_smtp.

In templates, Ansible would take longer than the comparison itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...module_utils._config.converters import boolean
from .._expected.baseline import render_baseline
from .._report import report
from .._report.outcome import describe_failed_task, describe_record
from .._verdict.observed import ObservedProfile
from .._verdict.verdict import COMPLIANT, summarize
from .values import to_builtins
from .verification import compare_with_reference


class RoleVariables:
    """The role's variables for one environment.

    :param variables: all of the environment's variables, with unevaluated templates.
    :param template: evaluates the templates in a value. Results of the role have none.
    """

    def __init__(self, variables: Mapping[str, Any], template: Callable[[Any], Any]) -> None:
        self._variables = variables
        self._template = template

    def failure(self) -> str:
        """Return why the environment makes the play fail, empty if it does not."""
        entries = self._variables["verify_smtp_report"]["environments"]
        name = self._variables["inventory_hostname"]
        entry = next(entry for entry in entries if entry["name"] == name)
        if entry["verdict"] == COMPLIANT:
            return ""
        # Invalid variables are an error, not a finding.
        invalid = (self._variables.get("__verify_smtp") or {}).get("invalid")
        return summarize(entry) if invalid or boolean(self._get("verify_smtp_fail")) else ""

    def compared(self) -> list[dict[str, Any]]:
        """Return the entries of the environments that are to be compared with a reference."""
        return [
            compare_with_reference(name, verified, self._verified, self._variables["groups"]["all"])
            for name in self._variables["ansible_play_batch"]
            if (verified := self._verified(name)).get("pending")
        ]

    def report(self) -> dict[str, Any]:
        """Return the report over all environments of the play."""
        names = self._variables["ansible_play_hosts_all"]
        entries = map(self._entry, names)
        required = self._get("verify_smtp_environments")
        # Hosts of later batches are not missing, only not verified yet.
        return report.build_report(filter(None, entries), names, self._later(), required)

    def verdicts(self) -> dict[str, str]:
        """Return the verdicts of the report, by names that are valid variables."""
        return report.verdicts_by_variable(self._variables["verify_smtp_report"])

    def missing(self) -> list[str]:
        """Return the required environments that are not in the play."""
        names = self._variables["ansible_play_hosts_all"]
        return report.missing_environments(self._get("verify_smtp_environments"), names)

    def baseline(self) -> str:
        """Return the live profile as expectations in YAML."""
        live = _observed_profile(self._variables)
        return render_baseline(live.profile, live.unavailable_settings(), live.module_result or {})

    def recorded(self) -> dict[str, str]:
        """Return whether the live profile was recorded, and where."""
        results = ("read", "directory", "recorded")
        read, directory, written = (
            to_builtins(self._variables.get(f"__verify_smtp_{name}") or {}) for name in results
        )
        return describe_record(
            self._variables["inventory_hostname"],
            read,
            directory,
            written,
            self.baseline() if "smtp" in read else "",
            boolean(self._variables["ansible_check_mode"]),
        )

    def recorded_outcomes(self) -> list[dict[str, str]]:
        """Return what was recorded in the environments of the play so far."""
        return self._outcomes(lambda variables: RoleVariables(variables, self._template).recorded())

    def applied_outcomes(self) -> list[dict[str, str]]:
        """Return what was applied in the environments of the play so far."""
        return self._outcomes(_applied)

    def _outcomes(
        self, describe: Callable[[Mapping[str, Any]], dict[str, str]]
    ) -> list[dict[str, str]]:
        names = self._variables["ansible_play_hosts_all"]
        later = self._later()
        return [{**describe(self._of(name)), "name": name} for name in names if name not in later]

    def _later(self) -> set[str]:
        """Return the hosts of later batches, with serial."""
        return {*self._variables["ansible_play_hosts"]} - {*self._variables["ansible_play_batch"]}

    def _get(self, name: str) -> Any:
        return to_builtins(self._template(self._variables[name]))

    def _entry(self, name: str) -> dict[str, Any] | None:
        """Return an environment's entry of the report, None if it was not verified in this run."""
        variables = self._of(name)
        verified = variables.get("__verify_smtp") or {}
        # Facts of the host can be from an earlier run, unless they were set after the reads.
        source = variables if verified.get("pending") else verified
        return (source.get("ansible_facts") or {}).get("verify_smtp_result")

    def _verified(self, name: str) -> Mapping[str, Any]:
        """Return the result of an environment's verification, empty if there is none."""
        known = name in self._variables["groups"]["all"]
        return (self._of(name).get("__verify_smtp") if known else None) or {}

    def _of(self, name: str) -> Mapping[str, Any]:
        """Return the variables of another environment, with unevaluated templates."""
        return self._variables["hostvars"].raw_get(name)


def _applied(variables: Mapping[str, Any]) -> dict[str, str]:
    result = to_builtins(variables.get("__verify_smtp_applied") or {})
    return result.get("outcome") or describe_failed_task(result)


def _observed_profile(variables: Mapping[str, Any]) -> ObservedProfile:
    profile = (variables.get("ansible_facts") or {}).get("keyfactor_smtp")
    return ObservedProfile(to_builtins(profile), variables.get("__verify_smtp_read"))
