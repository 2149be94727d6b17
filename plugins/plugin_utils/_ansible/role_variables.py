# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The variables of the role verify_smtp, and what follows from them.

The role's lookup takes them by name. In templates, Ansible would compile an expression for every
environment and inspect its result value by value, which took longer than the comparison itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .._expected.baseline import render_baseline
from .._expected.expected_state import (
    ExpectedStateError,
    ExpectedStateInput,
    parse_expected_state,
)
from .._report import report
from .._report.table import render_table
from .._verdict.availability import unavailable_settings
from .._verdict.observed import ObservedProfile
from .._verdict.verdict import evaluate, summarize
from .builtins import to_builtins

# With --start-at-task, for example. A profile left over from an earlier run must not count.
NOT_READ = {"msg": "Its profile was not read in this run. Run the role from its first task on."}


class RoleVariables:
    """The role's variables for one environment.

    :param variables: all that Ansible has for the environment, with templates in it.
    :param template: evaluates the templates of a value. What was read or judged has none.
    """

    def __init__(self, variables: Mapping[str, Any], template: Callable[[Any], Any]) -> None:
        self._variables = variables
        self._template = template

    def needs_read(self) -> bool:
        """Tell whether the live profile is to be read.

        It is not if the expected state cannot be used, nor if there is a saved profile.
        """
        given = self._expected_state_input()
        try:
            parse_expected_state(given)
        except ExpectedStateError:
            return False
        return not given.saved_profile

    def result(self) -> dict[str, Any]:
        """Return the environment's entry of the report."""
        given = self._expected_state_input()
        if given.saved_profile:
            observed = ObservedProfile(given.saved_profile)
        else:
            observed = _observed_profile(self._variables)
            observed = ObservedProfile(observed.profile, observed.module_result or NOT_READ)
        return evaluate(
            self._variables["inventory_hostname"],
            given,
            observed,
            self._reference_profile(given.reference),
        )

    def failure(self) -> str:
        """Return why the environment is not compliant, in one line."""
        return summarize(self._variables["verify_smtp_result"])

    def report(self) -> dict[str, Any]:
        """Return the report over all environments of the play."""
        names = self._variables["ansible_play_hosts_all"]
        entries = [self._of(name).get("verify_smtp_result") for name in names]
        # With serial, hosts of later batches are not missing, only not judged yet.
        later = set(self._variables["ansible_play_hosts"])
        later -= set(self._variables["ansible_play_batch"])
        required = self._get("verify_smtp_environments")
        return report.build_report(filter(None, entries), names, later, required)

    def verdicts(self) -> dict[str, str]:
        """Return the verdicts of the report, by names that can be variables."""
        return report.verdicts_by_variable(self._variables["verify_smtp_report"])

    def table(self) -> list[str]:
        """Return the report as lines for the terminal."""
        written = self._variables.get("__verify_smtp_written") or {}
        return render_table(self._variables["verify_smtp_report"], written.get("files") or ())

    def missing(self) -> list[str]:
        """Return the environments that must be judged and are not in the play."""
        required = self._get("verify_smtp_environments")
        return report.missing_environments(required, self._variables["ansible_play_hosts_all"])

    def baseline(self) -> str:
        """Return the live profile as expectations in YAML."""
        observed = _observed_profile(self._variables)
        result = observed.module_result or {}
        unavailable = unavailable_settings(observed.profile, result.get("api_version"))
        return render_baseline(observed.profile, unavailable, result)

    def _get(self, name: str) -> Any:
        return to_builtins(self._template(self._variables[name]))

    def _expected_state_input(self) -> ExpectedStateInput:
        reference = self._get("verify_smtp_reference")
        return ExpectedStateInput(
            expected=self._get("verify_smtp_expected"),
            policy=self._get("verify_smtp_policy"),
            waivers=self._get("verify_smtp_waivers"),
            waiver_warning_days=self._get("verify_smtp_waiver_warning_days"),
            today=self._get("verify_smtp_today"),
            reference=reference,
            reference_exclude=self._get("verify_smtp_reference_exclude"),
            environments=self._variables["groups"]["all"] if reference else (),
            saved_profile=self._get("verify_smtp_saved_profile"),
        )

    def _reference_profile(self, name: Any) -> ObservedProfile:
        """Return the profile observed in the reference, empty if that is no environment."""
        if not name or name not in self._variables["groups"]["all"]:
            return ObservedProfile()
        return _observed_profile(self._of(name))

    def _of(self, name: str) -> Mapping[str, Any]:
        """Return the variables of another environment, with templates in them."""
        variables: Mapping[str, Any] = self._variables["hostvars"].raw_get(name)
        return variables


def _observed_profile(variables: Mapping[str, Any]) -> ObservedProfile:
    facts = variables.get("ansible_facts") or {}
    profile = to_builtins(facts.get("keyfactor_smtp"))
    return ObservedProfile(profile, variables.get("__verify_smtp_read"))
