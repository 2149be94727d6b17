# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options that connect to Keyfactor Command."""

    DOCUMENTATION = r"""
options:
  host:
    description: Address of Keyfactor Command, as V(name), V(name:port), or a URL with port and
      path. Environment variable E(KEYFACTOR_HOSTNAME), then E(KEYFACTOR_ADDR).
    type: str
    aliases: [hostname, url]
  port:
    description: TCP port of the server. Defaults to V(443). Environment variable E(KEYFACTOR_PORT).
    type: int
  api_path:
    description: Path of the API; some installations use V(Keyfactor/API). Slashes around it are
      ignored. Defaults to V(KeyfactorAPI). Environment variable E(KEYFACTOR_API_PATH).
    type: str
  auth_type:
    description:
      - How to authenticate. V(auto) uses the type whose options are complete.
      - V(basic) needs O(username) and O(password), V(token) needs O(access_token), and V(oauth)
        needs O(client_id), O(token_url), and one of O(client_secret), O(client_assertion) and
        O(client_assertion_file).
      - V(kerberos) needs O(kerberos_keytab) with O(username), or O(kerberos_ccache), or
        O(username), O(password) and O(kerberos_realm). Without any of these it uses the default
        credential cache, E(KRB5CCNAME).
      - V(certificate) needs O(client_cert) and sends no other credentials.
      - Defaults to V(auto). Environment variable E(KEYFACTOR_AUTH_TYPE).
    type: str
    choices: [auto, basic, oauth, token, kerberos, certificate]
  username:
    description: User name, as V(user), V(DOMAIN\\user) or V(user@domain). For Kerberos use V(user)
      or V(user@REALM). All credentials are taken from the same source, never combined from several.
      Environment variable E(KEYFACTOR_USERNAME), then E(KEYFACTOR_USER); for Kerberos only
      E(KEYFACTOR_AUTH_KRB_USERNAME).
    type: str
  password:
    description: Password of O(username). Environment variable E(KEYFACTOR_PASSWORD); for Kerberos
      only E(KEYFACTOR_AUTH_KRB_PASSWORD).
    type: str
  domain:
    description: Active Directory domain of O(username), if the user name does not contain it.
      Environment variable E(KEYFACTOR_DOMAIN).
    type: str
  client_id:
    description: OAuth client ID for the client credentials grant. The secret is sent in the header,
      or in the form if that is refused. Environment variable E(KEYFACTOR_AUTH_CLIENT_ID).
    type: str
  client_secret:
    description: Secret of O(client_id). Environment variable E(KEYFACTOR_AUTH_CLIENT_SECRET).
    type: str
  client_assertion:
    description: Signed token (JWT) of O(client_id), used instead of O(client_secret), for example
      from a CI system. It is sent as a client assertion, according to RFC 7523. Environment
      variable E(KEYFACTOR_AUTH_CLIENT_ASSERTION).
    type: str
  client_assertion_file:
    description: Path of a file with the text of O(client_assertion), on the machine that makes the
      call. It is read for each request of an access token, so its issuer can renew it. Environment
      variable E(KEYFACTOR_AUTH_CLIENT_ASSERTION_FILE).
    type: path
  token_url:
    description: URL of the identity provider's token endpoint. Environment variable
      E(KEYFACTOR_AUTH_TOKEN_URL).
    type: str
  scopes:
    description: OAuth scopes to request, none by default. In the environment, separate them by
      commas. Environment variable E(KEYFACTOR_AUTH_SCOPES).
    type: list
    elements: str
  audience:
    description: OAuth audience to request, for identity providers that need one. Environment
      variable E(KEYFACTOR_AUTH_AUDIENCE).
    type: str
  access_token:
    description: Access token to send as bearer token, if you already have one. Environment variable
      E(KEYFACTOR_AUTH_ACCESS_TOKEN).
    type: str
  kerberos_realm:
    description: Kerberos realm of O(username), unless that contains it. For Active Directory, the
      domain in upper case, as V(KEYEXAMPLE.COM). Environment variable E(KEYFACTOR_AUTH_KRB_REALM).
    type: str
  kerberos_keytab:
    description: Path of a keytab with the keys of O(username), used instead of a password.
      Environment variable E(KEYFACTOR_AUTH_KRB_KEYTAB).
    type: path
  kerberos_ccache:
    description: Kerberos credential cache with a ticket, as a path or V(TYPE:name). It is only
      read. Environment variable E(KEYFACTOR_AUTH_KRB_CCACHE).
    type: str
  kerberos_config:
    description: Path of a C(krb5.conf) to use instead of the system's. Environment variable
      E(KEYFACTOR_AUTH_KRB_CONFIG).
    type: path
  kerberos_spn:
    description: Service principal name of the web server, as V(HTTP/host), V(HTTP/host@REALM) or
      V(HTTP@host). The last, with the name from O(host), is the default. Environment variable
      E(KEYFACTOR_AUTH_KRB_SPN).
    type: str
  client_cert:
    description: Path of the client certificate in PEM format, with its chain. It may also contain
      the key. Use it alone, or in addition to another type of authentication. Environment variable
      E(KEYFACTOR_CLIENT_CERT).
    type: path
  client_key:
    description: Path of the unencrypted private key of O(client_cert) in PEM format. Environment
      variable E(KEYFACTOR_CLIENT_KEY).
    type: path
  validate_certs:
    description: Whether to verify the certificate of the server. Defaults to V(true). Environment
      variable E(KEYFACTOR_SKIP_VERIFY), then E(KEYFACTOR_IGNORE_SSL). Config file key
      C(skip_tls_verify). In the environment and in the config file the meaning is the opposite.
    type: bool
  ca_cert:
    description: CA certificates to trust in addition to the system's, as a path or PEM text.
      E(REQUESTS_CA_BUNDLE) and E(CURL_CA_BUNDLE) are used only if this option is not set.
      Environment variable E(KEYFACTOR_CA_CERT), then E(CERTIFICATE_STORE_PATH). Config file key
      C(ca_cert_path), then C(ca_cert).
    type: str
  auth_ca_cert:
    description: Takes the place of O(ca_cert) for the identity provider at O(token_url).
      Environment variable E(KEYFACTOR_AUTH_CA_CERT).
    type: str
  allow_http:
    description: Whether to allow sending credentials over plain HTTP. Defaults to V(false).
      Environment variable E(KEYFACTOR_ALLOW_HTTP).
    type: bool
  timeout:
    description: Time limit for each attempt as a whole, such as V(60), V(60s), V(2m) or V(500ms).
      It begins with the name lookup and ends with the last byte. A number without a unit is in
      seconds. Defaults to V(60). Environment variable E(KEYFACTOR_CLIENT_TIMEOUT). Config file key
      C(client_timeout), then C(timeout).
    type: str
  retries:
    description: Number of further attempts after connection errors, timeouts and the statuses 429,
      502, 503 and 504. The pauses start at half a second, grow, and vary randomly. C(Retry-After)
      is honored up to O(timeout); a longer one prevents further attempts. Defaults to V(3).
      Environment variable E(KEYFACTOR_CLIENT_RETRIES).
    type: int
  use_proxy:
    description: Whether to use the proxies of E(HTTPS_PROXY), E(NO_PROXY) and similar variables.
      Defaults to V(true). Environment variable E(KEYFACTOR_USE_PROXY).
    type: bool
  api_version:
    description: Version of the API to use. V(auto) tries version 2, then 1 if the server does not
      support it. Defaults to V(auto). Environment variable E(KEYFACTOR_API_VERSION).
    type: str
    choices: [auto, '1', '2']
  config_file:
    description: Path of the config file of Keyfactor's own tools, in JSON or YAML. If the default
      file does not exist, the same name with C(.yaml) is used, then with C(.yml). All of them may
      be missing. Defaults to V(~/.keyfactor/command_config.json). Environment variable
      E(KEYFACTOR_AUTH_CONFIG_FILE).
    type: path
  config_profile:
    description: Name of the profile to use from O(config_file). Defaults to V(default). Environment
      variable E(KEYFACTOR_AUTH_CONFIG_PROFILE).
    type: str
requirements:
  - requests >= 2.25.1
  - PyYAML, for a O(config_file) in YAML
  - requests-gssapi, for Kerberos
notes:
  - Each option is taken from the first of these that sets it, which are the task, its environment
    variable, the config file, and its default. Empty values count as unset. The returned
    RV(settings) names the source of each option.
  - The keys in the config file are the names of the options, unless a description names others. Case
    and underscores do not matter.
"""
