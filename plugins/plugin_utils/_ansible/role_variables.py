# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role verify_smtp knows, taken from Ansible's variables by their names.

A playbook would hand it over in templates, which Ansible compiles anew for every environment and
whose results it goes through value by value. That was most of what a comparison took beyond its
process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .._expected.expected_state import ExpectedStateError, parse_expected_state
from .._expected.reference import ObservedProfile
from .._report import report
from .._verdict.verdict import evaluate

# Such as with --start-at-task. A profile that is left over from another run must not count.
NOT_READ = {"msg": "Its profile was not read in this run. Run the role from its first task on."}


class RoleVariables:
    """The role's variables for one environment.

    :param variables: all that Ansible has for the environment, with templates in it.
    :param fill: fills in the templates of a value. What was read or judged has none.
    """

    def __init__(self, variables: Mapping[str, Any], fill: Callable[[Any], Any]) -> None:
        self._variables = variables
        self._fill = fill

    def wants_call(self) -> bool:
        """Tell whether the live profile is to be read.

        It is not while what is wanted cannot be used, nor where a saved profile is judged.
        """
        more = self._more()
        try:
            parse_expected_state(self._get("verify_smtp_expected"), **more)
        except ExpectedStateError:
            return False
        return not more["saved_profile"]

    def result(self) -> dict[str, Any]:
        """Return the environment's entry of the report."""
        more = self._more()
        live = _live(self._variables)
        return evaluate(
            self._variables["inventory_hostname"],
            more["saved_profile"] or live.profile,
            self._get("verify_smtp_expected"),
            None if more["saved_profile"] else live.read or NOT_READ,
            self._reference(more["reference"]),
            **more,
        )

    def report(self) -> dict[str, Any]:
        """Return the report over all environments of the play."""
        names = self._variables["ansible_play_hosts_all"]
        results = [self._of(name).get("verify_smtp_result") for name in names]
        # With serial, hosts of later batches are not missing, only not judged yet.
        later = set(self._variables["ansible_play_hosts"])
        later -= set(self._variables["ansible_play_batch"])
        required = self._get("verify_smtp_environments")
        return report.build_report(filter(None, results), names, later, required)

    def missing(self) -> list[str]:
        """Return the environments that must be judged and are not in the play."""
        required = self._get("verify_smtp_environments")
        return report.missing_environments(required, self._variables["ansible_play_hosts_all"])

    def _get(self, name: str) -> Any:
        return self._fill(self._variables[name])

    def _more(self) -> dict[str, Any]:
        """Return what is wanted beside the expected settings, as :func:`wanted.parse` takes it."""
        reference = self._get("verify_smtp_reference")
        return {
            "policy": self._get("verify_smtp_policy"),
            "waivers": self._get("verify_smtp_waivers"),
            "waiver_warning_days": self._get("verify_smtp_waiver_warning_days"),
            "today": self._get("verify_smtp_today"),
            "reference": reference,
            "reference_exclude": self._get("verify_smtp_reference_exclude"),
            "environments": self._variables["groups"]["all"] if reference else [],
            "saved_profile": self._get("verify_smtp_saved_profile"),
        }

    def _reference(self, name: Any) -> ObservedProfile:
        """Return what was read of the reference, nothing where it is no environment."""
        if not name or name not in self._variables["groups"]["all"]:
            return ObservedProfile(None, None)
        return _live(self._of(name))

    def _of(self, name: str) -> Mapping[str, Any]:
        """Return the variables of another environment, with templates in them."""
        variables: Mapping[str, Any] = self._variables["hostvars"].raw_get(name)
        return variables


def _live(variables: Mapping[str, Any]) -> ObservedProfile:
    facts = variables.get("ansible_facts") or {}
    return ObservedProfile(facts.get("keyfactor_smtp"), variables.get("__verify_smtp_read"))
