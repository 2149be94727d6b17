# SPDX-FileCopyrightText: keyfactor.command contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = """
name: verify_smtp
short_description: "[INTERNAL] Evaluate the variables of the role verify_smtp"
version_added: 1.0.0
author: keyfactor.command contributors (@keyfactor-command)
description:
  - B(Internal use only.) It is part of the role P(keyfactor.command.verify_smtp#role), and can change
    in any release. To evaluate a profile in your own plays, use
    P(keyfactor.command.smtp_drift#filter).
  - It evaluates the variables of the role, and the profiles that the role has read in this run.
options:
  _terms:
    description:
      - The values to return.
      - V(call) is whether to read the live profile. It is false if the variables are invalid, or if a
        saved profile is verified.
      - V(result) is the environment's entry of the report, with its verdict.
      - V(report) is the report on all environments of the play.
      - V(missing) is the list of required environments that are not in the play.
    type: list
    elements: str
    choices: [call, result, report, missing]
    required: true
"""

EXAMPLES = """
- name: Compare the profile with the expectations
  ansible.builtin.set_fact:
    verify_smtp_result: "{{ lookup('keyfactor.command.verify_smtp', 'result') }}"
"""

RETURN = """
_value:
  description: A boolean for V(call), a list for V(missing), a dictionary for the others.
  type: list
  elements: raw
"""

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

from ansible_collections.keyfactor.command.plugins.plugin_utils._ansible.role_variables import (
    RoleVariables,
)

TERMS = {
    "call": RoleVariables.wants_call,
    "result": RoleVariables.result,
    "report": RoleVariables.report,
    "missing": RoleVariables.missing,
}


class LookupModule(LookupBase):
    """Answers the role's questions about its own variables."""

    def run(
        self, terms: list[str], variables: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> list[Any]:
        """Return one answer for each term. :raises AnsibleError: for any other."""
        for term in terms:
            if term not in TERMS:
                raise AnsibleError(f"verify_smtp has no {term!r}, only {', '.join(TERMS)}.")
        role = RoleVariables(variables or {}, self._templar.template)
        return [TERMS[term](role) for term in terms]
