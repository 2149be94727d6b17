# SPDX-FileCopyrightText: keyfactor.command contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: keyfactor_smtp
short_description: Set the SMTP profile of Keyfactor Command
version_added: 1.0.0
author: keyfactor.command contributors (@keyfactor-command)
description:
  - Reads the SMTP profile of Keyfactor Command, and changes the settings in O(profile) that differ
    (C(PUT /SMTP)). Settings that are not in O(profile) stay as they are, including those that this
    collection does not know. Reads the profile again afterwards, and fails if the server has other
    settings.
  - Requires the permissions C(/system_settings/read/) and C(/system_settings/modify/).
  - Command replaces the whole profile, and never returns passwords and client secrets. A change that
    would lose one is refused before anything is sent, and the message names the option to set.
  - The same applies to secrets that Command would send to another server than before. If
    O(profile.host), O(profile.port) or O(profile.use_ssl) changes, and for OAuth
    O(profile.token_endpoint), give references to PAM and values of request headers again. It also
    applies to all that the server shows as a mask.
  - A change is sent again only if it certainly did not reach the server. If the response is lost, the
    profile is read again, and the result says what the server has now.
extends_documentation_fragment:
  - keyfactor.command.connection
  - keyfactor.command.smtp_profile
  - keyfactor.command.attributes.write
  - keyfactor.command.attributes.action_group
attributes:
  facts:
    description: Returns an C(ansible_facts) dictionary that updates the facts of the host.
    support: full
options:
  profile:
    required: true
  update_secrets:
    description:
      - V(on_change) sends the secrets in O(profile) only if another setting differs. As Command never
        returns secrets, a new secret alone cannot be detected.
      - V(always) sends them in any case, and the task is always changed. Only then does a secret
        replace a reference to PAM that the server has.
    type: str
    choices: [on_change, always]
    default: on_change
  test_recipient:
    description: An e-mail address. Before a change, Command sends a test mail with the new settings to
      this address (C(POST /SMTP/Test)). The change is made only if Command could send it.
    type: str
notes:
  - Command does not lock the profile. If somebody else changes it between reading and writing, the
    later change wins. If the profile is not as written afterwards, the task fails.
  - If O(profile.relay_authentication) is V(anonymous), Command loses the password that it may still
    store, as it is not used. A warning names all that a change clears.
seealso:
  - module: keyfactor.command.keyfactor_smtp_info
"""

EXAMPLES = r"""
- name: Use another mail server
  keyfactor.command.keyfactor_smtp:
    host: command.example.com
    username: KEYEXAMPLE\svc-ansible
    password: "{{ vault_command_password }}"
    ca_cert: /etc/pki/example-ca.pem
    profile:
      host: smtp.example.com
      port: 587
      use_ssl: true
      relay_authentication: basic
      relay_username: KEYEXAMPLE\svc-mail
      relay_password: "{{ vault_relay_password }}"
    test_recipient: pki@example.com
  delegate_to: localhost

- name: Set the name of the sender (the relay's password is needed, as Command replaces the profile)
  keyfactor.command.keyfactor_smtp:
    host: command.example.com
    access_token: "{{ vault_command_token }}"
    profile:
      sender_name: Example PKI
      relay_password: "{{ vault_relay_password }}"
  delegate_to: localhost

- name: Replace the password of the mail server
  keyfactor.command.keyfactor_smtp:
    host: command.example.com
    access_token: "{{ vault_command_token }}"
    profile:
      relay_password: "{{ vault_relay_password }}"
    update_secrets: always
  delegate_to: localhost

- name: Take the password from a PAM provider
  keyfactor.command.keyfactor_smtp:
    host: command.example.com
    access_token: "{{ vault_command_token }}"
    profile:
      relay_password_pam:
        provider: 1
        parameters:
          SecretId: smtp-relay
  delegate_to: localhost
"""

RETURN = r"""
changed_settings:
  description: The names of the settings that were changed, or would be in check mode. Secrets are named
    if they are sent although no difference can be seen.
  returned: success, and if it fails after the change was sent
  type: list
  elements: str
  sample: [port, use_ssl]
written:
  description: Whether the change was made. Null if this is not known, because the response was lost.
    The server may then still make it, even if RV(smtp) is unchanged. Always false in check mode.
  returned: success, and if it fails after the change was sent
  type: bool
  sample: true
diff:
  description: The profile before and after the change in YAML, without secrets.
  returned: success
  type: dict
  contains:
    before: {description: The profile before., type: str}
    after: {description: The profile after., type: str}
    before_header: {description: The URL of the profile., type: str}
    after_header: {description: The URL of the profile., type: str}
smtp:
  description: The SMTP profile after the change, in check mode as it would be. It always contains all
    keys. A key is null if the server sent no value.
  returned: success, and on failure if it was read after the change was sent
  type: dict
  sample: {id: 1, host: smtp.example.com, port: 587, use_ssl: true, relay_authentication_type: 2,
    relay_authentication: basic, relay_username: 'KEYEXAMPLE\svc-mail', relay_username_source: plain,
    sender_account: pki@example.com, sender_name: Example PKI}
  contains: &profile
    id: {description: The number of the profile (usually 1)., type: int}
    host: {description: The mail server., type: str}
    port: {description: The port of the mail server., type: int}
    use_ssl: {description: Whether the connection to the mail server is encrypted., type: bool}
    relay_authentication_type:
      description: Command's number for how it authenticates to the mail server.
      type: int
    relay_authentication:
      description: The number's name, V(anonymous), V(basic), V(oauth), or V(unknown) without one.
      type: str
    relay_username:
      description: The user name for the mail server. Null if not set or unknown.
      type: str
    relay_username_source:
      description: Where the user name is stored. V(plain) is the profile, V(pam) a privileged access
        management provider, so that the name is unknown, and V(none) means that it is not set.
      type: str
    sender_account: {description: The e-mail address of the sender., type: str}
    sender_name: {description: The display name of the sender., type: str}
    sender_address: {description: The sender's address (only Command 10 and 11)., type: str}
    client_id: {description: The OAuth client ID for the mail server (Command 25)., type: str}
    token_endpoint: {description: The token endpoint for the mail server (Command 25)., type: str}
    scope: {description: The scope of the tokens (Command 25)., type: str}
    audience: {description: The audience of the tokens (Command 25)., type: str}
    request_headers:
      description: The names of additional headers of the token request (Command 25).
      type: list
      elements: str
ansible_facts:
  description: The facts of the environment.
  returned: success
  type: dict
  contains:
    keyfactor_smtp:
      description: The SMTP profile that the server has. In check mode it differs from RV(smtp), as
        nothing was changed.
      type: dict
      contains: *profile
api_version:
  description: The version of the API of the response. Some servers return 1 despite O(api_version=2).
  returned: success
  type: int
  sample: 2
product_version:
  description: The version of Keyfactor Command, as the server sends it. Null if it does not.
  returned: success
  type: str
  sample: 25.4.1+dc0db2c8
correlation_id:
  description: What the server calls the request in its log. Keyfactor's support asks for it.
    Null if the server does not send it.
  returned: success
  type: str
  sample: 0f8fad5b-d9cb-469f-a165-70867728950e
url:
  description: The URL of the call.
  returned: success
  type: str
  sample: https://command.example.com/KeyfactorAPI/SMTP
tls_verified:
  description: Whether the server's certificate was verified.
  returned: success
  type: bool
  sample: true
unknown_members:
  description: The names of members in the response that this version of the collection does not know.
  returned: success
  type: list
  elements: str
  sample: []
settings:
  description: The value and the source of each option in use. The values of secrets are not returned.
  returned: success
  type: dict
  sample: {host: {value: command.example.com, source: environment variable KEYFACTOR_HOSTNAME}}
error:
  description: The failure in a form for use in conditions. C(msg) describes it for people.
  returned: failure, except if Ansible rejects the arguments
  type: dict
  sample: {kind: permission, status: 403, url: 'https://command.example.com/KeyfactorAPI/SMTP',
    detail: '0xA0110002: The user does not have the permission.', attempts: 1,
    correlation_id: 0f8fad5b-d9cb-469f-a165-70867728950e}
  contains:
    kind:
      description: One of V(configuration), V(resolve), V(connect), V(tls), V(timeout), V(token),
        V(authentication), V(permission), V(not_found), V(rate_limited), V(redirect), V(server),
        V(protocol), V(too_large), V(rejected), V(conflict), or V(delivery).
      type: str
    status: {description: The HTTP status. Null if there was no response., type: int}
    url: {description: The URL of the call. Null if there was no call., type: str}
    detail: {description: The message of the server or of the system. Null if none., type: str}
    attempts: {description: The number of attempts. 0 if there was no call., type: int}
    correlation_id:
      description: What the server calls the request in its log, also at the end of C(msg).
        Null if there was no response of Command, or none with an ID.
      type: str
"""

import os
from functools import partial

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.keyfactor.command.plugins.module_utils._api.call import (
    exit_module,
    run_call,
)
from ansible_collections.keyfactor.command.plugins.module_utils._config.options import argument_spec
from ansible_collections.keyfactor.command.plugins.module_utils._smtp.options import update_spec
from ansible_collections.keyfactor.command.plugins.module_utils._smtp.update import (
    update_smtp_profile,
)


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={**argument_spec(), **update_spec()}, supports_check_mode=True
    )
    update = partial(
        update_smtp_profile, arguments=module.params, check_mode=bool(module.check_mode)
    )
    result = run_call(update, module.params, os.environ)
    exit_module(module, result)


if __name__ == "__main__":
    main()
