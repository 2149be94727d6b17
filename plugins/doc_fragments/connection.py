# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options that connect to Keyfactor Command."""

    DOCUMENTATION = r"""
options:
  host:
    description:
      - Where Keyfactor Command is, as V(name), V(name:port), or URL with port and path.
      - Environment variable E(KEYFACTOR_HOSTNAME), then E(KEYFACTOR_ADDR). Profile key C(host).
    type: str
    aliases: [hostname, url]
  port:
    description:
      - The TCP port, V(443) where nothing says otherwise.
      - Environment variable E(KEYFACTOR_PORT). Profile key C(port).
    type: int
  api_path:
    description:
      - The path of the API, V(KeyfactorAPI) where nothing says otherwise. Slashes around it do
        not matter. Some installations have V(Keyfactor/API).
      - Environment variable E(KEYFACTOR_API_PATH). Profile key C(api_path).
    type: str
  auth_type:
    description:
      - How to authenticate. V(auto), the default, takes the one kind whose options are complete.
      - V(basic) needs O(username) and O(password).
      - V(oauth) needs O(client_id), O(client_secret) and O(token_url).
      - V(token) needs O(access_token).
      - V(kerberos) needs O(kerberos_keytab) with O(username), or O(kerberos_ccache), or
        O(username), O(password) and O(kerberos_realm). Given alone it means the default credential
        cache, E(KRB5CCNAME).
      - V(certificate) needs O(client_cert) and sends nothing else.
      - Environment variable E(KEYFACTOR_AUTH_TYPE). Profile key C(auth_type).
    type: str
    choices: [auto, basic, oauth, token, kerberos, certificate]
  username:
    description:
      - The user, as V(user), V(DOMAIN\\user) or V(user@domain). For Kerberos it is V(user) or
        V(user@REALM).
      - Credentials are taken as a complete set from one place. A user from the task and a
        password from the environment are never put together.
      - Environment variable E(KEYFACTOR_USERNAME), then E(KEYFACTOR_USER); for Kerberos it is
        E(KEYFACTOR_AUTH_KRB_USERNAME) alone. Profile key C(username).
    type: str
  password:
    description:
      - The password of O(username).
      - Environment variable E(KEYFACTOR_PASSWORD); for Kerberos it is
        E(KEYFACTOR_AUTH_KRB_PASSWORD) alone. Profile key C(password).
    type: str
  domain:
    description:
      - The Active Directory domain of O(username), where the name does not carry it.
      - Environment variable E(KEYFACTOR_DOMAIN). Profile key C(domain).
    type: str
  client_id:
    description:
      - The OAuth client that gets a token by the client-credentials grant. Its secret is sent in
        the header first, and in the form where the provider refuses that.
      - Environment variable E(KEYFACTOR_AUTH_CLIENT_ID). Profile key C(client_id).
    type: str
  client_secret:
    description:
      - The secret of O(client_id).
      - Environment variable E(KEYFACTOR_AUTH_CLIENT_SECRET). Profile key C(client_secret).
    type: str
  token_url:
    description:
      - The token endpoint of the identity provider.
      - Environment variable E(KEYFACTOR_AUTH_TOKEN_URL). Profile key C(token_url).
    type: str
  scopes:
    description:
      - The scopes to ask for. None are asked for where nothing names any.
      - Environment variable E(KEYFACTOR_AUTH_SCOPES), with commas between them.
        Profile key C(scopes).
    type: list
    elements: str
  audience:
    description:
      - The audience to ask for, for providers that want one.
      - Environment variable E(KEYFACTOR_AUTH_AUDIENCE). Profile key C(audience).
    type: str
  access_token:
    description:
      - A ready access token, sent as a bearer token.
      - Environment variable E(KEYFACTOR_AUTH_ACCESS_TOKEN). Profile key C(access_token).
    type: str
  kerberos_realm:
    description:
      - The Kerberos realm of O(username), where the name does not carry it. That of Active
        Directory is its domain in upper case, such as V(KEYEXAMPLE.COM).
      - Environment variable E(KEYFACTOR_AUTH_KRB_REALM). Profile key C(kerberos_realm).
    type: str
  kerberos_keytab:
    description:
      - File with the keys of O(username), in place of a password.
      - Environment variable E(KEYFACTOR_AUTH_KRB_KEYTAB). Profile key C(kerberos_keytab).
    type: path
  kerberos_ccache:
    description:
      - Credential cache with a ticket, as a file's path or V(TYPE:name). It is only read.
      - Environment variable E(KEYFACTOR_AUTH_KRB_CCACHE). Profile key C(kerberos_ccache).
    type: str
  kerberos_config:
    description:
      - The C(krb5.conf) to read in place of the system's own.
      - Environment variable E(KEYFACTOR_AUTH_KRB_CONFIG). Profile key C(kerberos_config).
    type: path
  kerberos_spn:
    description:
      - The service principal name of the web server, as V(HTTP/host), V(HTTP/host@REALM) or
        V(HTTP@host). Where nothing names one it is V(HTTP@host) with the name from O(host).
      - Environment variable E(KEYFACTOR_AUTH_KRB_SPN). Profile key C(kerberos_spn).
    type: str
  client_cert:
    description:
      - File with the client certificate in PEM form, and its chain. It may also hold the key.
      - Used alone, or beside another way to authenticate.
      - Environment variable E(KEYFACTOR_CLIENT_CERT). Profile key C(client_cert).
    type: path
  client_key:
    description:
      - File with the unencrypted private key of O(client_cert) in PEM form.
      - Environment variable E(KEYFACTOR_CLIENT_KEY). Profile key C(client_key).
    type: path
  validate_certs:
    description:
      - Whether the server must prove its identity, V(true) where nothing says otherwise.
      - Environment variables E(KEYFACTOR_SKIP_VERIFY), then E(KEYFACTOR_IGNORE_SSL), and profile
        key C(skip_tls_verify), all with the opposite meaning.
    type: bool
  ca_cert:
    description:
      - Certificate authorities of the server, as a file's path or as PEM text.
      - They are trusted beside those of the system. E(REQUESTS_CA_BUNDLE) and E(CURL_CA_BUNDLE)
        count only where this option is not set.
      - Environment variable E(KEYFACTOR_CA_CERT), then E(CERTIFICATE_STORE_PATH).
        Profile key C(ca_cert_path).
    type: str
  auth_ca_cert:
    description:
      - The same as O(ca_cert), for the identity provider at O(token_url).
      - Environment variable E(KEYFACTOR_AUTH_CA_CERT). Profile key C(auth_ca_cert).
    type: str
  allow_http:
    description:
      - Whether credentials may travel over plain HTTP. They may not where nothing says otherwise.
      - Environment variable E(KEYFACTOR_ALLOW_HTTP). Profile key C(allow_http).
    type: bool
  timeout:
    description:
      - How long each attempt may take as a whole, from looking up the name to the last byte, as
        V(60), V(60s), V(2m) or V(500ms). V(60) seconds where nothing says otherwise.
      - Environment variable E(KEYFACTOR_CLIENT_TIMEOUT). Profile key C(timeout).
    type: str
  retries:
    description:
      - How many times to try again after connection errors, timeouts and the statuses 429, 502,
        503 and 504, V(3) where nothing says otherwise.
      - The pauses grow from half a second and vary by chance. C(Retry-After) is honoured up to
        O(timeout); a server that asks for more is not tried again.
      - Environment variable E(KEYFACTOR_CLIENT_RETRIES). Profile key C(retries).
    type: int
  use_proxy:
    description:
      - Whether the proxies of the environment are used (E(HTTPS_PROXY), E(NO_PROXY) and their
        kin), V(true) where nothing says otherwise.
      - Environment variable E(KEYFACTOR_USE_PROXY). Profile key C(use_proxy).
    type: bool
  api_version:
    description:
      - Which version of the API to ask. V(auto), the default, asks for version 2 and falls back
        to version 1 where the server does not have it.
      - Environment variable E(KEYFACTOR_API_VERSION). Profile key C(api_version).
    type: str
    choices: [auto, '1', '2']
  config_file:
    description:
      - The config file of Keyfactor's own tools, in JSON or YAML. The file
        C(~/.keyfactor/command_config.json) is read where nothing names one and it exists.
      - Environment variable E(KEYFACTOR_AUTH_CONFIG_FILE).
    type: path
  config_profile:
    description:
      - The profile in O(config_file), V(default) where nothing names one.
      - Environment variable E(KEYFACTOR_AUTH_CONFIG_PROFILE).
    type: str
requirements:
  - requests
  - PyYAML, for a O(config_file) in YAML
  - requests-gssapi, for Kerberos
notes:
  - Each option is taken from the task, else from its environment variable, else from the profile
    file, else it has its default. An empty value means unset. The returned RV(settings) says
    for each option where it came from.
"""
