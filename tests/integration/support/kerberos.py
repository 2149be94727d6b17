# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A KDC, and an Apache that authenticates with Kerberos in front of emulated Commands.

Both run in a temporary directory, on free ports of the loopback interface. They neither read nor
write the Kerberos and Apache configuration of the system.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.integration.support.kerberos_files import APACHE_CONF, KDC_CONF, KRB5_CONF, LOCATION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.emulator import Command

REALM = "KEYEXAMPLE.COM"
USER = "svc-ansible"
PRINCIPAL = f"{USER}@{REALM}"
PASSWORD = "kerberos-password-4711-search-me"
TOKEN = "kerberos-upstream-token-4711-search-me"
# An existing service, but not that of the web server.
OTHER_SPN = "HTTP/other.example.com"
PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
MODULES = Path("/usr/lib/apache2/modules")
PACKAGES = {
    "krb5kdc": "krb5-kdc",
    "kdb5_util": "krb5-kdc",
    "kadmin.local": "krb5-admin-server",
    "kinit": "krb5-user",
    "apache2": "apache2-bin",
}

APACHE_MODULES = (
    "mpm_event",
    "authn_core",
    "authz_core",
    "authz_user",
    "auth_gssapi",
    "headers",
    "proxy",
    "proxy_http",
)


def missing() -> list[str]:
    """Return the programs and libraries that are not installed."""
    requirements = [
        f"{program} ({package})"
        for program, package in PACKAGES.items()
        if not shutil.which(program, path=PATH)
    ]
    if not (MODULES / "mod_auth_gssapi.so").is_file():
        requirements.append("mod_auth_gssapi.so (libapache2-mod-auth-gssapi)")
    if importlib.util.find_spec("requests_gssapi") is None:
        requirements.append("requests-gssapi (tests/requirements-kerberos.in)")
    return requirements


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class Site:
    """A realm with one user, and a web server with one location per Command."""

    def __init__(self, commands: Mapping[str, Command]) -> None:
        # Apache workers run as another user, and must be able to read this directory.
        self.directory = Path(tempfile.mkdtemp(prefix="keyfactor-kerberos-"))
        self.directory.chmod(0o755)
        (self.directory / "tmp").mkdir()
        (self.directory / "tmp").chmod(0o1777)
        self.kdc_port, self.port = free_port(), free_port()
        self.config = self.write_config(self.kdc_port)
        self.url = f"http://localhost:{self.port}"
        self.keytab = self.directory / "user.keytab"
        self.old_keytab = self.directory / "old.keytab"
        self._start_kdc()
        self._start_apache(commands)

    def write_config(self, kdc_port: int) -> Path:
        """Write a krb5.conf with the KDC of the realm at this port."""
        path = self.directory / f"krb5-{kdc_port}.conf"
        path.write_text(KRB5_CONF.format(realm=REALM, port=kdc_port))
        return path

    def new_cache(self, name: str) -> Path:
        """Create a credential cache with a ticket of the user."""
        cache = self.directory / name
        self._run("kinit", "-c", f"FILE:{cache}", "-k", "-t", str(self.keytab), PRINCIPAL)
        return cache

    def new_expired_cache(self, name: str) -> Path:
        """Create a credential cache whose ticket expired, with all times one day earlier."""
        cache = self.new_cache(name)
        content = bytearray(cache.read_bytes())
        for offset in range(len(content) - 16):
            # The fields authtime, starttime, endtime, and renew_till of a credential.
            times = struct.unpack_from(">4I", content, offset)
            if times[0] == times[1] and 0 < times[2] - times[1] <= 3600 and times[3] == 0:
                struct.pack_into(">3I", content, offset, *(time - 86400 for time in times[:3]))
        cache.write_bytes(content)
        return cache

    def stop(self) -> None:
        """Stop both servers and remove their files."""
        for name in ("apache.pid", "kdc.pid"):
            with suppress(OSError, ValueError):
                os.kill(int((self.directory / name).read_text()), signal.SIGTERM)
        shutil.rmtree(self.directory, ignore_errors=True)

    def _start_kdc(self) -> None:
        values = {"directory": self.directory, "realm": REALM, "port": self.kdc_port}
        (self.directory / "kdc.conf").write_text(KDC_CONF.format(**values))
        self._run("kdb5_util", "create", "-s", "-r", REALM, "-P", "kerberos-master-4711")
        for query in (
            f'addprinc -pw "kerberos-old-password-4711" {PRINCIPAL}',
            # One keytab with the keys of the old password, and one with those of the new password.
            f"ktadd -norandkey -k {self.old_keytab} {PRINCIPAL}",
            f'cpw -pw "{PASSWORD}" {PRINCIPAL}',
            f"ktadd -norandkey -k {self.keytab} {PRINCIPAL}",
            f"addprinc -randkey HTTP/localhost@{REALM}",
            f"ktadd -k {self.directory}/http.keytab HTTP/localhost@{REALM}",
            f"addprinc -randkey {OTHER_SPN}@{REALM}",
        ):
            self._run("kadmin.local", "-q", query)
        (self.directory / "http.keytab").chmod(0o644)
        # It daemonizes when it is ready to accept connections.
        self._run("krb5kdc", "-P", str(self.directory / "kdc.pid"))

    def _start_apache(self, commands: Mapping[str, Command]) -> None:
        modules = [f"LoadModule {m}_module {MODULES}/mod_{m}.so" for m in APACHE_MODULES]
        text = APACHE_CONF.format(
            directory=self.directory,
            port=self.port,
            user="User www-data\nGroup www-data" if os.geteuid() == 0 else "",
            modules="\n".join(modules),
        )
        for name, command in commands.items():
            text += LOCATION.format(
                name=name, directory=self.directory, token=TOKEN, port=command.port
            )
        (self.directory / "apache.conf").write_text(text)
        # It daemonizes when it is ready to accept connections.
        self._run("apache2", "-f", str(self.directory / "apache.conf"), "-k", "start")

    def _run(self, program: str, *arguments: str) -> None:
        environ = {
            "PATH": PATH,
            "HOME": str(self.directory),
            "TMPDIR": str(self.directory / "tmp"),
            "KRB5_CONFIG": str(self.config),
            "KRB5_KDC_PROFILE": str(self.directory / "kdc.conf"),
            "KRB5RCACHEDIR": str(self.directory / "tmp"),
        }
        output = self.directory / "output.log"
        with output.open("w") as file:
            # Not a pipe, which daemons would keep open.
            process = subprocess.run(
                [program, *arguments], env=environ, stdout=file, stderr=file, check=False
            )
        assert process.returncode == 0, f"{program} failed: {output.read_text()}"


def connection(site: Site, name: str = "KeyfactorAPI", **options: Any) -> dict[str, Any]:
    """Return the module options to connect to one of the Commands of the site."""
    return {
        "host": f"{site.url}/{name}",
        "allow_http": True,
        "timeout": "20s",
        "retries": 0,
        "kerberos_config": str(site.config),
        **options,
    }
