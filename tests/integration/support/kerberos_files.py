# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Configuration files of the KDC, its clients, and the web server."""

from __future__ import annotations

KRB5_CONF = """
[libdefaults]
 default_realm = {realm}
 dns_lookup_kdc = false
 dns_lookup_realm = false
 dns_canonicalize_hostname = false
 rdns = false
 udp_preference_limit = 1
[realms]
 {realm} = {{
  kdc = 127.0.0.1:{port}
 }}
[domain_realm]
 localhost = {realm}
 .example.com = {realm}
"""
KDC_CONF = """
[kdcdefaults]
 kdc_listen = 127.0.0.1:{port}
 kdc_tcp_listen = 127.0.0.1:{port}
[realms]
 {realm} = {{
  database_name = {directory}/principal
  key_stash_file = {directory}/stash
  acl_file = {directory}/acl
  max_life = 1h
  supported_enctypes = aes256-cts-hmac-sha1-96:normal
 }}
[logging]
 kdc = FILE:{directory}/kdc.log
 default = FILE:{directory}/krb5.log
"""
APACHE_CONF = """
ServerRoot {directory}
ServerName localhost
PidFile {directory}/apache.pid
Listen 127.0.0.1:{port}
{user}
DefaultRuntimeDir {directory}
Mutex file:{directory} default
ErrorLog {directory}/apache.log
{modules}
"""
LOCATION = """
<Location /{name}/>
 AuthType GSSAPI
 AuthName "Keyfactor Command"
 GssapiCredStore keytab:{directory}/http.keytab
 GssapiAllowedMech krb5
 Require valid-user
 RequestHeader set X-Remote-User expr=%{{REMOTE_USER}}
 RequestHeader set Authorization "Bearer {token}"
 ProxyPass http://127.0.0.1:{port}/KeyfactorAPI/
</Location>
"""
