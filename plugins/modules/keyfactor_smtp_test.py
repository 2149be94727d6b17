# SPDX-FileCopyrightText: keyfactor.command contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: keyfactor_smtp_test
short_description: Send a test mail from Keyfactor Command
version_added: 1.0.0
author: keyfactor.command contributors (@keyfactor-command)
description:
  - Has Keyfactor Command send one real mail (C(POST /SMTP/Test)), with its SMTP profile or with other
    settings on top of it. The profile is not changed.
  - Requires the permissions C(/system_settings/read/) and C(/system_settings/modify/).
  - Command sends the mail with the settings of the request, and never returns passwords and client
    secrets. If the mail server needs one that is not in a PAM provider, set it in O(profile).
    Otherwise the test is refused before the mail is sent.
  - A test whose response was lost is not repeated, as the mail may have been sent.
extends_documentation_fragment:
  - keyfactor.command.connection
  - keyfactor.command.smtp_profile
  - keyfactor.command.attributes.write
  - keyfactor.command.attributes.action_group
attributes:
  check_mode:
    description: Can run in C(check_mode). Checks the options and reads the profile, but sends no mail.
    support: full
  diff_mode:
    description: Returns what has changed, or would change, when in diff mode.
    support: none
    details: The module changes no settings.
  facts:
    description: Returns an C(ansible_facts) dictionary that updates the facts of the host.
    support: full
options:
  recipient:
    description: The e-mail address to send the mail to.
    type: str
    required: true
seealso:
  - module: keyfactor.command.keyfactor_smtp
"""

EXAMPLES = r"""
- name: Send a test mail with the stored profile (its password is needed, as Command never returns it)
  keyfactor.command.keyfactor_smtp_test:
    host: command.example.com
    username: KEYEXAMPLE\svc-ansible
    password: "{{ vault_command_password }}"
    ca_cert: /etc/pki/example-ca.pem
    recipient: pki@example.com
    profile:
      relay_password: "{{ vault_relay_password }}"
  delegate_to: localhost

- name: Try another mail server
  keyfactor.command.keyfactor_smtp_test:
    host: command.example.com
    access_token: "{{ vault_command_token }}"
    recipient: pki@example.com
    profile:
      host: relay.example.com
      port: 25
      use_ssl: false
      relay_authentication: anonymous
  delegate_to: localhost
"""

RETURN = r"""
msg:
  description: What was done.
  returned: always
  type: str
  sample: https://command.example.com/KeyfactorAPI/SMTP sent a test mail to pki@example.com.
sent:
  description: Whether Command sent the mail. False in check mode.
  returned: success
  type: bool
  sample: true
test_api_version:
  description: The version of the API that sent the mail. It can differ from RV(api_version), as the
    test has versions of its own. Null in check mode.
  returned: success
  type: int
  sample: 2
smtp:
  description: The SMTP profile that Command stores. It always contains all keys. A key is null if the server sent no value.
  returned: success
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
      description: The same as RV(smtp).
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
        V(protocol), V(too_large), or V(delivery).
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
from ansible_collections.keyfactor.command.plugins.module_utils._smtp.delivery import (
    deliver_test_mail,
)
from ansible_collections.keyfactor.command.plugins.module_utils._smtp.options import test_spec


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={**argument_spec(), **test_spec()}, supports_check_mode=True
    )
    send = partial(deliver_test_mail, arguments=module.params, check_mode=bool(module.check_mode))
    exit_module(module, run_call(send, module.params, os.environ))


if __name__ == "__main__":
    main()
