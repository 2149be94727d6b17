# SPDX-FileCopyrightText: keyfactor.command contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: apply_smtp
short_description: "[INTERNAL] Apply the expected settings for the role verify_smtp"
version_added: 1.0.0
author: keyfactor.command contributors (@keyfactor-command)
description:
  - Internal to the role P(keyfactor.command.verify_smtp#role). It may change with any release.
  - Sets the SMTP profile of one environment with M(keyfactor.command.keyfactor_smtp). Its input is
    the variables of the role. It never fails, so that the role can show all outcomes first.
extends_documentation_fragment:
  - keyfactor.command.attributes.write
"""

EXAMPLES = r"""
- name: Apply the expected settings
  keyfactor.command.apply_smtp:
  delegate_to: "{{ verify_smtp_delegate_to }}"
  register: applied
"""

RETURN = r"""
outcome:
  description: What was done, beside the result of M(keyfactor.command.keyfactor_smtp).
  returned: always
  type: dict
  sample: {status: changed, line: 'was changed: port', message: ''}
  contains:
    status: {description: 'One of V(ok), V(changed), or V(failed).', type: str}
    line: {description: The outcome in words., type: str}
    message: {description: Why it failed. Empty if it did not., type: str}
"""

# The work is done by the action plugin of the same name.
