# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The settings of the SMTP profile, for modules that set it or send mail with it."""

    DOCUMENTATION = r"""
options:
  profile:
    description: Settings of the SMTP profile. Settings that are left out are those of the server. Empty
      text unsets a setting, except for O(profile.host), O(profile.sender_account) and secrets.
    type: dict
    suboptions:
      host:
        description: The mail server, as a name or an address without a port.
        type: str
      port:
        description: The TCP port of the mail server, from 1 to 65535.
        type: int
      use_ssl:
        description: Whether the connection to the mail server is encrypted.
        type: bool
      relay_authentication:
        description: How Command authenticates to the mail server. For V(oauth), Command's number is
          not published, so O(profile.relay_authentication_type) is needed as well unless the server
          already uses it.
        type: str
        choices: [anonymous, basic, oauth]
      relay_authentication_type:
        description: Command's number for how it authenticates to the mail server. 0 is anonymous, 2
          is basic.
        type: int
      relay_username:
        description: The user name for the mail server.
        type: str
      relay_username_pam:
        description: Where a PAM provider has the user name, instead of O(profile.relay_username).
          Requires version 2 of the API.
        type: dict
        suboptions: &pam
          provider:
            description: The number of the PAM provider in Command.
            type: int
            required: true
          parameters:
            description: Where the provider has the secret, as V(SecretId). The names depend on the
              type of the provider.
            type: dict
            required: true
      relay_password:
        description: The password for the mail server. Command does not return it.
        type: str
      relay_password_pam:
        description: Where a PAM provider has the password, instead of O(profile.relay_password).
          Requires version 2 of the API.
        type: dict
        suboptions: *pam
      sender_account:
        description: The e-mail address of the sender.
        type: str
      sender_name:
        description: The display name of the sender.
        type: str
      client_id:
        description: The OAuth client ID for the mail server (Command 25.4).
        type: str
      client_secret:
        description: The secret of O(profile.client_id). Command does not return it.
        type: str
      client_secret_pam:
        description: Where a PAM provider has the secret, instead of O(profile.client_secret).
        type: dict
        suboptions: *pam
      token_endpoint:
        description: The URL of the token endpoint for the mail server (Command 25.4).
        type: str
      scope:
        description: The scope of the tokens (Command 25.4).
        type: str
      audience:
        description: The audience of the tokens (Command 25.4).
        type: str
      request_headers:
        description: All additional headers of the token request (Command 25.4). An empty list removes
          them.
        type: list
        elements: dict
        suboptions:
          name:
            description: The name of the header.
            type: str
            required: true
          value:
            description: The value of the header. Defaults to the value that the server has, if it
              returns it.
            type: str
"""
