# SPDX-FileCopyrightText: keyfactor.command contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: smtp_outcomes
short_description: "[INTERNAL] Show what the role verify_smtp did in each environment"
version_added: 1.0.0
author: keyfactor.command contributors (@keyfactor-command)
description:
  - Internal to the role P(keyfactor.command.verify_smtp#role). It may change with any release.
  - Shows the outcomes of its entry points C(apply) and C(record) as a table on the terminal.
extends_documentation_fragment:
  - keyfactor.command.attributes
options:
  outcomes:
    description: The environments, each with C(name), C(status) and C(line).
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the outcomes
  keyfactor.command.smtp_outcomes:
    outcomes: "{{ lookup('keyfactor.command._verify_smtp', 'applied_outcomes') }}"
  run_once: true
"""

RETURN = r"""
table:
  description: The lines of the table.
  returned: success
  type: list
  elements: str
  sample: [ENVIRONMENT  OUTCOME, 'production   was changed: port', '',
    '1 environment: 1 ok, 0 failed']
"""

# The work is done by the action plugin of the same name.
