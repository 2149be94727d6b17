# SPDX-FileCopyrightText: keyfactor.command contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: keyfactor_smtp_info
short_description: Read the SMTP profile of Keyfactor Command
version_added: 1.0.0
author: keyfactor.command contributors (@keyfactor-command)
description:
  - Reads the profile with which Keyfactor Command sends its mail (C(GET /SMTP)), and returns it
    normalised, as a result and as facts. Versions 1 and 2 of the API come out alike.
  - The account needs the permission C(/system_settings/read/). Up to Command 10 it is the
    permission to read the system settings.
  - Passwords, client secrets and the values of request headers are never returned.
extends_documentation_fragment:
  - keyfactor.command.connection
  - keyfactor.command.attributes
  - keyfactor.command.attributes.action_group
attributes:
  facts:
    description: Returns facts about the environment that was read.
    support: full
"""

EXAMPLES = r"""
- name: Read the SMTP profile
  keyfactor.command.keyfactor_smtp_info:
    host: command.example.com
    username: KEYEXAMPLE\svc-ansible
    password: "{{ vault_command_password }}"
    ca_cert: /etc/pki/example-ca.pem
  delegate_to: localhost

- name: Say where its mail goes
  ansible.builtin.debug:
    msg: "{{ ansible_facts.keyfactor_smtp.host }}:{{ ansible_facts.keyfactor_smtp.port }}"

- name: Read with a ready token, once for all tasks of the collection
  module_defaults:
    group/keyfactor.command.command:
      host: https://command.example.com:8443/Keyfactor/API
      access_token: "{{ vault_command_token }}"
  block:
    - name: Read the SMTP profile
      keyfactor.command.keyfactor_smtp_info:
      delegate_to: localhost
      register: read

    - name: Stop if its mail is not encrypted
      ansible.builtin.assert:
        that: read.smtp.use_ssl

- name: Read without options, as Keyfactor's own tools are configured
  keyfactor.command.keyfactor_smtp_info:
  delegate_to: localhost
  environment:
    KEYFACTOR_AUTH_CONFIG_FILE: /etc/keyfactor/command_config.json
    KEYFACTOR_AUTH_CONFIG_PROFILE: production
"""

RETURN = r"""
smtp:
  description: The SMTP profile. Every key is always there, null where the server sent none.
  returned: success
  type: dict
  contains: &profile
    id:
      description: The number of the profile, normally 1.
      type: int
      returned: success
      sample: 1
    host:
      description: The mail server.
      type: str
      returned: success
      sample: smtp.example.com
    port:
      description: The port of the mail server.
      type: int
      returned: success
      sample: 587
    use_ssl:
      description: Whether the connection to the mail server is encrypted.
      type: bool
      returned: success
      sample: true
    relay_authentication_type:
      description: How Command authenticates to the mail server, as the server's own number.
      type: int
      returned: success
      sample: 2
    relay_authentication:
      description:
        - The same as a word. V(unknown) stands for numbers without a published name.
        - One of V(anonymous), V(basic), V(oauth), V(unknown).
      type: str
      returned: success
      sample: basic
    relay_username:
      description: The user at the mail server. Null if there is none, or if it cannot be known.
      type: str
      returned: success
      sample: KEYEXAMPLE\svc-mail
    relay_username_source:
      description:
        - Whether the user is in the profile itself (V(plain)), in a privileged access
          management provider and so not readable (V(pam)), or not set (V(none)).
      type: str
      returned: success
      sample: plain
    sender_account:
      description: The address that sends.
      type: str
      returned: success
      sample: pki@example.com
    sender_name:
      description: The name that the mail shows as its sender.
      type: str
      returned: success
      sample: Example PKI
    sender_address:
      description: An older form of the sender's address, sent by Command 10 and 11 only.
      type: str
      returned: success
      sample: null
    client_id:
      description: The OAuth client at the mail server's identity provider (Command 25).
      type: str
      returned: success
      sample: null
    token_endpoint:
      description: Where Command gets OAuth tokens for the mail server (Command 25).
      type: str
      returned: success
      sample: null
    scope:
      description: The scope of those tokens (Command 25).
      type: str
      returned: success
      sample: null
    audience:
      description: The audience of those tokens (Command 25).
      type: str
      returned: success
      sample: null
    request_headers:
      description: The names of further headers of the token request (Command 25).
      type: list
      elements: str
      returned: success
      sample: null
ansible_facts:
  description: The facts of the environment.
  returned: success
  type: dict
  contains:
    keyfactor_smtp:
      description: The same as RV(smtp).
      returned: success
      type: dict
      contains: *profile
api_version:
  description:
    - The version of the API that the reply belongs to. It can be 1 although 2 was asked for, as
      some servers ignore the question.
  returned: success
  type: int
  sample: 2
product_version:
  description: The version of Keyfactor Command, null if the server does not tell.
  returned: success
  type: str
  sample: 25.1.0.0
url:
  description: The address that was read.
  returned: success
  type: str
  sample: https://command.example.com/KeyfactorAPI/SMTP
tls_verified:
  description: Whether the server proved its identity.
  returned: success
  type: bool
  sample: true
unknown_members:
  description: The names of members that the server sent and this version does not know.
  returned: success
  type: list
  elements: str
  sample: []
settings:
  description: For each option in use its value and its source. Of secrets it says only that they are set.
  returned: success
  type: dict
  sample:
    host:
      value: command.example.com
      source: environment variable KEYFACTOR_HOSTNAME
error:
  description: What failed, for playbooks to decide on. C(msg) says the same in words.
  returned: failure, but not when the arguments themselves are refused
  type: dict
  contains:
    kind:
      description:
        - The sort of failure.
        - One of V(configuration), V(resolve), V(connect), V(tls), V(timeout), V(token),
          V(authentication), V(permission), V(not_found), V(rate_limited), V(redirect),
          V(server), V(protocol), V(too_large).
      type: str
      returned: always
      sample: permission
    status:
      description: The HTTP status, null if none came.
      type: int
      returned: always
      sample: 403
    url:
      description: The address that was called, null if none was.
      type: str
      returned: always
      sample: https://command.example.com/KeyfactorAPI/SMTP
    detail:
      description: The server's or the system's own words, null if there were none.
      type: str
      returned: always
      sample: "0xA0110002: The user does not have the permission."
    attempts:
      description: How many times the call was tried, 0 if it was not.
      type: int
      returned: always
      sample: 1
"""

import os

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp import read_smtp_profile
from ansible_collections.keyfactor.command.plugins.module_utils._config.options import argument_spec
from ansible_collections.keyfactor.command.plugins.module_utils._config.settings import resolve
from ansible_collections.keyfactor.command.plugins.module_utils._errors import CommandError


def main() -> None:
    """Read the profile, and end as Ansible's modules do."""
    module = AnsibleModule(argument_spec=argument_spec(), supports_check_mode=True)
    try:
        settings = resolve(module.params, os.environ)
        for warning in settings.warnings:
            module.warn(warning)
        result = read_smtp_profile(settings)
    except CommandError as error:
        result = {"failed": True, **error.as_result()}
    # Not called while an exception is handled: up to 2.18 that would add a traceback.
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
