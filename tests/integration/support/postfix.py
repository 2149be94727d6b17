# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A real Postfix on free ports of the loopback interface, with a service for each kind of relay.

It runs in a temporary directory and neither reads nor writes the configuration of the system. It
needs root, as Postfix does. Mail that it accepts is discarded.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from tests.emulator.authority import LOOPBACK, SERVER, Authority

USER, PASSWORD = "svc-mail", "postfix-password-4711-search-me"
SENDER, RECIPIENT = "pki@keyexample.com", "admin@keyexample.com"
PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
PACKAGES = {"postfix": "postfix", "dovecot": "dovecot-core"}

MAIN_CF = """
compatibility_level = 3.6
queue_directory = {directory}/queue
data_directory = {directory}/data
maillog_file = {directory}/log/mail.log
maillog_file_prefixes = {directory}
multi_instance_enable = no
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = relay.keyexample.com
mydestination = keyexample.com
mynetworks = 192.0.2.0/24
alias_maps =
alias_database =
local_recipient_maps =
local_transport = discard:
default_transport = discard:
smtputf8_enable = yes
smtpd_peername_lookup = no
smtpd_tls_security_level = may
smtpd_tls_cert_file = {directory}/valid.pem
smtpd_tls_key_file = {directory}/valid.key
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {directory}/dovecot/auth
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
"""
# Dovecot only answers Postfix whether a login is right.
DOVECOT_CONF = """
base_dir = {directory}/dovecot
state_dir = {directory}/dovecot
log_path = {directory}/log/dovecot.log
protocols =
ssl = no
auth_mechanisms = plain login
passdb {{
  driver = static
  args = user={user} password={password}
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home=/nonexistent
}}
service auth {{
  unix_listener {directory}/dovecot/auth {{
    mode = 0666
  }}
}}
"""
# The programs of Postfix that a relay consists of.
MASTER_CF = """
postlog   unix-dgram n - n - 1 postlogd
pickup    unix  n - n 60 1 pickup
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
anvil     unix  - - n - 1 anvil
discard   unix  - - n - - discard
"""
# The options of each service, by its name.
SERVICES = {
    "good": "",
    "expired": "-o smtpd_tls_cert_file={directory}/expired.pem "
    "-o smtpd_tls_key_file={directory}/expired.key",
    "without-tls": "-o smtpd_tls_security_level=none",
    "without-login": "-o smtpd_sasl_auth_enable=no",
    "refuses-sender": "-o smtpd_sender_restrictions=reject",
    "refuses-machine": "-o smtpd_client_restrictions=reject",
    "refuses-machine-at-once": "-o smtpd_client_restrictions=reject -o smtpd_delay_reject=no",
    "busy": "-o smtpd_client_restrictions=defer",
    "implicit": "-o smtpd_tls_wrappermode=yes",
}


def missing() -> list[str]:
    """Return what Postfix needs and is not there."""
    requirements = [
        f"{program} ({package})"
        for program, package in PACKAGES.items()
        if not shutil.which(program, path=PATH)
    ]
    if os.geteuid() != 0:
        requirements.append("root")
    return requirements


class Postfix:
    """A Postfix whose services listen on C(ports)."""

    def __init__(self) -> None:
        # Its programs run as another user, and must be able to enter this directory.
        self.directory = Path(tempfile.mkdtemp(prefix="keyfactor-postfix-"))
        self.directory.chmod(0o755)
        for name in ("etc", "queue", "data", "log", "dovecot"):
            (self.directory / name).mkdir(mode=0o755)
        shutil.chown(self.directory / "data", "postfix")
        authority = Authority("Postfix CA")
        self.ca_cert = authority.write_certificate(self.directory / "ca.pem")
        for name in ("valid", "expired"):
            pair = authority.issue("localhost", SERVER, LOOPBACK, expired=name == "expired")
            pair.write(self.directory / name)
        sockets = {name: socket.create_server(("127.0.0.1", 0)) for name in SERVICES}
        self.ports = {name: int(each.getsockname()[1]) for name, each in sockets.items()}
        for each in sockets.values():
            each.close()
        self._write("dovecot.conf", DOVECOT_CONF)
        self._run("dovecot", "-c", str(self.directory / "dovecot.conf"))
        self._write("etc/main.cf", MAIN_CF)
        services = (
            f"127.0.0.1:{port} inet n - n - - smtpd {SERVICES[name]}\n"
            for name, port in self.ports.items()
        )
        self._write("etc/master.cf", MASTER_CF + "".join(services))
        self._run("postfix", "-c", str(self.directory / "etc"), "start")

    def stop(self) -> None:
        """Stop it and remove its files."""
        for command in (
            ("postfix", "-c", str(self.directory / "etc"), "stop"),
            ("dovecot", "-c", str(self.directory / "dovecot.conf"), "stop"),
        ):
            with suppress(AssertionError):
                self._run(*command)
        shutil.rmtree(self.directory, ignore_errors=True)

    def log(self) -> str:
        """Return what it has logged."""
        return (self.directory / "log/mail.log").read_text()

    def _write(self, name: str, text: str) -> None:
        values = {"directory": self.directory, "user": USER, "password": PASSWORD}
        (self.directory / name).write_text(text.format(**values))

    def _run(self, program: str, *arguments: str) -> None:
        output = self.directory / "output.log"
        with output.open("w") as file:
            # Not a pipe, which daemons would keep open.
            process = subprocess.run(
                [program, *arguments],
                env={"PATH": PATH, "HOME": str(self.directory)},
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                check=False,
            )
        assert process.returncode == 0, f"{program} failed: {output.read_text()}"
