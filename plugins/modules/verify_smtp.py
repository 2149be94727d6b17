# SPDX-FileCopyrightText: keyfactor.command contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: verify_smtp
short_description: "[INTERNAL] Verify one environment for the role verify_smtp"
version_added: 1.0.0
author: keyfactor.command contributors (@keyfactor-command)
description:
  - Internal to the role P(keyfactor.command.verify_smtp#role). It may change with any release.
  - Reads the SMTP profile with M(keyfactor.command.keyfactor_smtp_info), verifies delivery with
    M(keyfactor.command.smtp_relay_info) and M(keyfactor.command.keyfactor_smtp_test) if the role is
    to, and compares the profile with the expected state. Its input is the variables of the role.
  - All of this is one task, as Ansible starts a process for each task of each host.
extends_documentation_fragment:
  - keyfactor.command.attributes
options:
  result:
    description: Publish this entry of the report as the fact C(verify_smtp_result), and do nothing
      else. For environments that are compared with a reference.
    type: dict
"""

EXAMPLES = r"""
- name: Verify the environment
  keyfactor.command.verify_smtp:
  delegate_to: "{{ verify_smtp_delegate_to }}"
"""

RETURN = r"""
verdict:
  description: The verdict, or null if the profile is still to be compared with a reference.
  returned: if O(result) is omitted
  type: str
  sample: compliant
"""

# The work is done by the action plugin of the same name.
