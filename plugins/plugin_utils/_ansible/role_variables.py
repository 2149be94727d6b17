# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Evaluate the variables of the role verify_smtp.

In templates, Ansible would take longer than the comparison itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from .._expected.baseline import render_baseline
from .._expected.delivery import BY_MAIL, BY_RELAY, parse_delivery
from .._expected.desired_settings import desired_settings, parse_secrets
from .._expected.expected_state import ExpectedStateError, ExpectedStateInput, parse_expected_state
from .._expected.mail import mail_profile
from .._expected.policy import parse_policy
from .._expected.waivers import active_waivers
from .._report import report
from .._report.change import describe_change
from .._verdict.observed import ObservedProfile
from .._verdict.verdict import evaluate, summarize
from .values import to_builtins

# Ignore a profile of an earlier run, as with --start-at-task.
NOT_READ = {"msg": "Its profile was not read in this run. Run the role from its first task on."}


class RoleVariables:
    """The role's variables for one environment.

    :param variables: all of the environment's variables, with unevaluated templates.
    :param template: evaluates the templates in a value. Results of the role have none.
    """

    def __init__(self, variables: Mapping[str, Any], template: Callable[[Any], Any]) -> None:
        self._variables = variables
        self._template = template

    def needs_read(self) -> bool:
        """Return whether the expected state is valid and there is no saved profile."""
        expected = self._expected_state_input()
        try:
            parse_expected_state(expected)
        except ExpectedStateError:
            return False
        return not expected.saved_profile

    def needs_probe(self) -> bool:
        """Return whether the relay is to be probed, and a profile names it."""
        return self._verifies_delivery(BY_RELAY)

    def needs_mail(self) -> bool:
        """Return whether a test mail is to be sent, the live profile was read, and it can be."""
        if not self._verifies_delivery(BY_MAIL):
            return False
        return not parse_secrets(self._get("verify_smtp_secrets"))[1]

    def relay_options(self) -> dict[str, Any]:
        """Return the options of the module that probes the relay."""
        return {
            "profile": self._profile(self._expected_state_input()).profile,
            "recipient": self._get("verify_smtp_test_recipient"),
            "certificate_days": self._get("verify_smtp_relay_certificate_days"),
            **self._get("verify_smtp_relay"),
        }

    def mail_options(self) -> dict[str, Any]:
        """Return the options of the module that has a test mail sent."""
        live = self._profile(self._expected_state_input()).profile
        return {
            **self._get("verify_smtp_connection"),
            "recipient": self._get("verify_smtp_test_recipient"),
            "profile": mail_profile(live, self._get("verify_smtp_secrets")),
        }

    def result(self) -> dict[str, Any]:
        """Return the environment's entry of the report."""
        expected = self._expected_state_input()
        reference = ObservedProfile()
        if expected.reference and expected.reference in self._variables["groups"]["all"]:
            reference = _observed_profile(self._of(expected.reference))
        probe = to_builtins(self._variables.get("__verify_smtp_relay"))
        name, observed = self._variables["inventory_hostname"], self._profile(expected)
        mail = self._mail(expected, observed)
        return evaluate(name, expected, observed, reference, probe, mail)

    def failure(self) -> str:
        """Return why the environment is not compliant, on one line."""
        return summarize(self._variables["verify_smtp_result"])

    def report(self) -> dict[str, Any]:
        """Return the report over all environments of the play."""
        names = self._variables["ansible_play_hosts_all"]
        entries = [self._of(name).get("verify_smtp_result") for name in names]
        # With serial, hosts of later batches are not missing, only not verified yet.
        later = {*self._variables["ansible_play_hosts"]} - {*self._variables["ansible_play_batch"]}
        required = self._get("verify_smtp_environments")
        return report.build_report(filter(None, entries), names, later, required)

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

    def desired(self) -> dict[str, Any]:
        """Return the settings to apply, with their secrets."""
        return self._desired()[0]

    def desired_problems(self) -> str:
        """Return why the expected state cannot be applied, empty if it can."""
        problems = self._desired()[1]
        if not problems:
            return ""
        return f"Nothing was changed: {'; '.join(problems)}. Give each setting one plain value."

    def applied(self) -> dict[str, Any]:
        """Return whether the expected settings were applied, and what was changed."""
        return describe_change(
            self._variables.get("__verify_smtp_applied") or {}, self.desired_problems()
        )

    def _desired(self) -> tuple[dict[str, Any], list[str]]:
        # Waivers can name rules of the policy.
        rules, problems = parse_policy(self._get("verify_smtp_policy"))
        names = [rule.setting for rule in rules]
        waivers, today = self._get("verify_smtp_waivers"), self._get("verify_smtp_today")
        waived, waiver_problems = active_waivers(waivers, names, today)
        settings, setting_problems = desired_settings(
            self._get("verify_smtp_expected"), self._get("verify_smtp_secrets"), waived
        )
        return settings, [*problems, *waiver_problems, *setting_problems]

    def _get(self, name: str) -> Any:
        return to_builtins(self._template(self._variables[name]))

    def _mail(
        self, expected: ExpectedStateInput, observed: ObservedProfile
    ) -> dict[str, Any] | None:
        """Return the result of the test mail, with the names of the secrets given for it."""
        if BY_MAIL not in parse_delivery(expected.delivery)[0] or observed.failure:
            return None
        try:
            secrets = mail_profile(observed.profile, self._get("verify_smtp_secrets"))
        except ValueError as error:
            return {"failed": True, "msg": str(error)}
        result = to_builtins(self._variables.get("__verify_smtp_mail"))
        return result and {**result, "secrets": list(secrets)}

    def _verifies_delivery(self, way: str) -> bool:
        expected = self._expected_state_input()
        try:
            ways = parse_expected_state(expected).delivery
        except ExpectedStateError:
            return False
        return way in ways and self._profile(expected).failure is None

    def _expected_state_input(self) -> ExpectedStateInput:
        # Each field but one is a variable of the role.
        names = [field.name for field in fields(ExpectedStateInput) if field.name != "environments"]
        values = {name: self._get(f"verify_smtp_{name}") for name in names}
        return ExpectedStateInput(**values, environments=self._variables["groups"]["all"])

    def _profile(self, expected: ExpectedStateInput) -> ObservedProfile:
        """Return the saved profile, or the one that was read in this run."""
        if expected.saved_profile:
            return ObservedProfile(expected.saved_profile)
        live = _observed_profile(self._variables)
        return ObservedProfile(live.profile, live.module_result or NOT_READ)

    def _of(self, name: str) -> Mapping[str, Any]:
        """Return the variables of another environment, with unevaluated templates."""
        return self._variables["hostvars"].raw_get(name)


def _observed_profile(variables: Mapping[str, Any]) -> ObservedProfile:
    profile = (variables.get("ansible_facts") or {}).get("keyfactor_smtp")
    return ObservedProfile(to_builtins(profile), variables.get("__verify_smtp_read"))
