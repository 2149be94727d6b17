# SPDX-FileCopyrightText: keyfactor.command contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = """
name: verify_smtp
short_description: What the role verify_smtp makes of its variables
version_added: 1.0.0
author: keyfactor.command contributors (@keyfactor-command)
description:
  - The role P(keyfactor.command.verify_smtp#role) asks it, and nothing else needs it. To judge a
    profile at hand, use P(keyfactor.command.smtp_drift#filter).
  - It takes the role's variables by their names, and what the role has read so far.
options:
  _terms:
    description:
      - One of four things.
      - V(call) tells whether the live profile is to be read. It is not while what is wanted cannot
        be used, nor where a saved profile is judged.
      - V(result) is this environment's entry of the report, with its verdict.
      - V(report) is the report over all environments of the play.
      - V(missing) lists the environments that must be judged and are not in the play.
    type: list
    elements: str
    choices: [call, result, report, missing]
    required: true
"""

EXAMPLES = """
- name: Compare it with what is expected
  ansible.builtin.set_fact:
    verify_smtp_result: "{{ lookup('keyfactor.command.verify_smtp', 'result') }}"
"""

RETURN = """
_value:
  description: A truth value for V(call), a list for V(missing), a mapping for the others.
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
