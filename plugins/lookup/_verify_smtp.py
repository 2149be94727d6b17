# SPDX-FileCopyrightText: keyfactor.command contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = """
name: _verify_smtp
short_description: "[INTERNAL] Evaluate the variables of the role verify_smtp"
version_added: 1.0.0
author: keyfactor.command contributors (@keyfactor-command)
description:
  - Internal to the role P(keyfactor.command.verify_smtp#role). It may change with any release.
    Use P(keyfactor.command.smtp_drift#filter) to evaluate a profile in your own plays.
options:
  _terms:
    description:
      - V(compared) are the entries of the report that depend on a reference environment.
      - V(failure) is why this environment makes the play fail, empty if it does not.
      - V(report) is the report over all environments of the play.
      - V(verdicts) maps names that are valid variables to the verdicts of the report.
      - V(missing) lists the required environments that are not in the play.
      - V(baseline) is the live profile as expectations in YAML.
      - V(recorded) is whether and where the live profile was recorded.
      - V(recorded_outcomes) is the same of all environments of the play.
      - V(applied_outcomes) is what was changed, in all environments of the play.
    type: list
    elements: str
    choices:
      - compared
      - failure
      - report
      - verdicts
      - missing
      - baseline
      - recorded
      - recorded_outcomes
      - applied_outcomes
    required: true
"""

EXAMPLES = """
- name: Build the report
  ansible.builtin.set_fact:
    verify_smtp_report: "{{ lookup('keyfactor.command._verify_smtp', 'report') }}"
"""

RETURN = """
_value:
  description: One value per term.
  type: list
  elements: raw
"""

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

from ..plugin_utils._ansible.role_variables import RoleVariables

# The methods of RoleVariables that a term can name.
TERMS = (
    *("compared", "failure", "report", "verdicts", "missing"),
    *("baseline", "recorded", "recorded_outcomes", "applied_outcomes"),
)


class LookupModule(LookupBase):
    """Evaluate the role's variables."""

    def run(
        self, terms: list[str], variables: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> list[Any]:
        """Return one value for each term. :raises AnsibleError: for an unknown term."""
        for term in terms:
            if term not in TERMS:
                raise AnsibleError(f"_verify_smtp has no {term!r}, only {', '.join(TERMS)}.")
        role = RoleVariables(variables or {}, self._templar.template)
        return [getattr(role, term)() for term in terms]
