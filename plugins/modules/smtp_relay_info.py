# SPDX-FileCopyrightText: keyfactor.command contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: smtp_relay_info
short_description: Probe a mail relay as Keyfactor Command would use it
version_added: 1.0.0
author: keyfactor.command contributors (@keyfactor-command)
description:
  - Connects to a mail relay from the machine that runs the task, and checks every step that Keyfactor
    Command takes to send mail, up to the mail itself. No mail is sent.
  - Looks at the name, the connection, the greeting, TLS and the certificate, the offered
    authentication, the login if there is a password, the sender and the recipient, and at the DNS
    records of the sender's domain.
  - A check that fails is a result. The task fails only if the options cannot be used. Use RV(ok) in
    conditions.
  - Needs no access to Keyfactor Command.
notes:
  - The result is what this machine sees. A relay may take mail from the machine of Keyfactor Command
    and not from this one, and the other way around. What this machine cannot tell is V(unknown), not
    V(failed). Delegate the task to a machine in the same network as Keyfactor Command.
  - A password is sent only over TLS, and only to a relay whose certificate is accepted.
  - No proxy is used.
extends_documentation_fragment:
  - keyfactor.command.attributes
options:
  profile:
    description:
      - The SMTP profile to probe, as M(keyfactor.command.keyfactor_smtp_info) returns it in
        RV(keyfactor.command.keyfactor_smtp_info#module:smtp).
      - Exclusive with O(host), O(port), O(use_ssl) and O(sender).
    type: dict
  host:
    description: The name or the IP address of the relay. Required without O(profile).
    type: str
  port:
    description: The port of the relay. Defaults to V(25).
    type: int
  use_ssl:
    description:
      - Whether to use TLS. On port 465 it begins with the connection, on all others with STARTTLS.
      - Defaults to V(false).
    type: bool
  sender:
    description: The e-mail address of the sender. Without it, the sender is not checked.
    type: str
  recipient:
    description:
      - The e-mail address of a recipient, such as an administrator's. It gets no mail.
      - Without it, the recipient is not checked. Some relays judge the sender only together with a
        recipient.
    type: str
  username:
    description:
      - The user name for the login. Defaults to the C(relay_username) of O(profile).
      - Requires O(password).
    type: str
  password:
    description:
      - The password for the login. Without it, no login is tried, and sender and recipient are not
        checked if the profile authenticates.
      - It is not used if the C(relay_authentication) of O(profile) is not V(basic).
    type: str
  ca_cert:
    description:
      - A CA certificate to trust in addition to those of the system, as the path of a file or a
        directory, or as PEM text.
    type: str
  validate_certs:
    description: Whether to verify the relay's certificate. If V(false), this is a warning.
    type: bool
    default: true
  certificate_days:
    description: The number of days before the relay's certificate expires in which it is a warning.
    type: int
    default: 30
  domain_checks:
    description:
      - Whether to check the DNS records of the sender's domain.
      - Requires the Python library C(dnspython) on the machine that runs the task. Without it, these
        checks are skipped.
    type: bool
    default: true
  dns_server:
    description:
      - The DNS server to ask for records of the sender's domain, such as V(192.0.2.53) or
        V(192.0.2.53:5353). Defaults to those of the machine.
      - Receivers outside see the public records. If the domain has others inside, name a public DNS
        server.
    type: str
  timeout:
    description: The time for the whole probe, in seconds, or with a unit such as V(30s) or V(1m).
    type: str
    default: "30"
"""

EXAMPLES = r"""
- name: Read the SMTP profile
  keyfactor.command.keyfactor_smtp_info:
    host: command.example.com
    username: KEYEXAMPLE\svc-ansible
    password: "{{ vault_command_password }}"
  register: command
  delegate_to: localhost

- name: Probe its relay from a machine in the same network
  keyfactor.command.smtp_relay_info:
    profile: "{{ command.smtp }}"
    recipient: pki-team@example.com
    ca_cert: /etc/pki/example-ca.pem
  delegate_to: bastion.example.com
  register: probe
  failed_when: not probe.ok

- name: Show what is wrong or not known
  ansible.builtin.debug:
    msg: "{{ probe.checks | selectattr('status', 'in', ['failed', 'unknown']) }}"

- name: Try the login at a relay
  keyfactor.command.smtp_relay_info:
    host: smtp.example.com
    port: 587
    use_ssl: true
    sender: pki@example.com
    username: svc-mail
    password: "{{ vault_relay_password }}"
  delegate_to: localhost
"""

RETURN = r"""
ok:
  description: Whether no check is V(failed) or V(unknown).
  returned: success
  type: bool
  sample: true
checks:
  description:
    - All checks, always in this order. A check that was not made is V(skipped).
    - V(resolve) is whether the relay's name has an address.
    - V(connect) is whether the relay takes a connection.
    - V(greeting) is whether it speaks SMTP with this machine.
    - V(tls) is whether it offers TLS, and the handshake succeeds.
    - V(certificate) is whether its certificate is valid, for its name, from a trusted authority, and
      not about to expire.
    - V(authentication) is whether it offers what the profile needs to authenticate. For C(basic) that
      is LOGIN or PLAIN, for C(oauth) XOAUTH2 or OAUTHBEARER.
    - V(login) is whether it accepts user name and password.
    - V(sender) is whether it accepts the sender.
    - V(recipient) is whether it accepts the recipient.
    - V(sender_domain) is whether the sender's domain can receive mail.
    - V(spf) is whether it has exactly one SPF record.
    - V(dmarc) is whether it, or a domain above it, has a DMARC record.
  returned: success
  type: list
  elements: dict
  sample: [{name: certificate, status: failed, message: 'The certificate of smtp.example.com:587 expired
    on 2026-11-01 12:00 UTC. Renew it on the relay.'}]
  contains:
    name: {description: The name of the check., type: str}
    status:
      description:
        - V(passed), or V(warning) if mail gets out now and may not later.
        - V(failed) if Keyfactor Command cannot send mail in this way.
        - V(unknown) if this machine cannot tell, for example because it does not reach the relay.
        - V(skipped) if the check was not made. The message says why.
      type: str
    message: {description: The result in words., type: str}
relay:
  description: What was learned of the relay. Values that are not known are null.
  returned: success
  type: dict
  sample: {host: smtp.example.com, port: 587, address: 192.0.2.25, tls: starttls, tls_version: TLSv1.3,
    greeting: 220 smtp.example.com ESMTP Postfix, extensions: [8BITMIME, AUTH, PIPELINING, SMTPUTF8],
    authentication_methods: [PLAIN, LOGIN], certificate: {names: [smtp.example.com],
    subject: smtp.example.com, issuer: Example CA, not_before: '2026-01-01T00:00:00+00:00',
    not_after: '2027-01-01T00:00:00+00:00', days_left: 120}}
  contains:
    host: {description: The name of the relay., type: str}
    port: {description: The port of the relay., type: int}
    address: {description: The IP address that took the connection., type: str}
    greeting: {description: The greeting., type: str}
    tls:
      description: How TLS begins, V(starttls), V(implicit) with the connection, or V(none).
      type: str
    tls_version: {description: The version of TLS., type: str}
    certificate:
      description: What the relay's certificate says, also if it is not accepted.
      type: dict
      contains:
        names: {description: Its host names and IP addresses., type: list, elements: str}
        subject: {description: The common name of its subject., type: str}
        issuer: {description: The common name of its issuer., type: str}
        not_before: {description: When it became valid., type: str}
        not_after: {description: When it expires., type: str}
        days_left: {description: The whole days until it expires. Negative if it has., type: int}
    extensions:
      description: The names of the SMTP extensions that it offers, with TLS if it is used.
      type: list
      elements: str
    authentication_methods:
      description: The mechanisms of authentication that it offers, with TLS if it is used.
      type: list
      elements: str
seen_from:
  description: The name of the machine that made the probe.
  returned: success
  type: str
  sample: bastion.example.com
error:
  description: The failure in a form for use in conditions. C(msg) describes it for people.
  returned: failure, except if Ansible rejects the arguments
  type: dict
  sample: {kind: configuration, status: null, url: null, detail: null, attempts: 0}
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.keyfactor.command.plugins.module_utils._relay.options import ARGUMENT_SPEC
from ansible_collections.keyfactor.command.plugins.module_utils._relay.probe import run_probe


def main() -> None:
    """Run the module."""
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    result = run_probe(module.params)
    # Not called while an exception is handled: up to 2.18 that would add a traceback.
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
