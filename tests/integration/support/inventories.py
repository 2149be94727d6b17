# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Emulated environments behind a config file, and inventory sources that read it."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

from tests.emulator import SmtpProfile

if TYPE_CHECKING:
    from pathlib import Path

    from tests.emulator import Command, Emulator
    from tests.integration.support.ansible import Ansible

PLUGIN = "keyfactor.command.environments"
USER = "svc-ansible@keyexample.com"
SECRETS = {
    "password": "inventory-password-4711-search-me",
    "client_secret": "inventory-client-secret-4712-search-me",
    "access_token": "inventory-access-token-4713-search-me",
    # Part of a URL that is refused for it.
    "url": "inventory-url-secret-4714-search-me",
    # Where no text may stand.
    "number": "inventory-misplaced-4715-search-me",
}
EXPECTED = {"host": "smtp.example.com", "port": 587, "use_ssl": True}


class Profiles:
    """A config file with an environment for each way to authenticate, and some that are broken."""

    def __init__(self, emulator: Emulator, directory: Path) -> None:
        self.path = directory / "command_config.json"
        provider = emulator.identity(clients={"ansible": SECRETS["client_secret"]})
        ca_cert = str(emulator.ca_cert)
        self.servers: dict[str, Command] = {
            "production": emulator.command(release="25.1", users={USER: SECRETS["password"]}),
            "staging": emulator.command(
                release="25.1",
                identity=provider,
                api_path="Keyfactor/API",
                profile=SmtpProfile(port=25),
            ),
            "development": emulator.command(release="11.5", tokens={SECRETS["access_token"]}),
        }
        basic = {"username": USER, "password": SECRETS["password"], "ca_cert_path": ca_cert}
        oauth = {
            "client_id": "ansible",
            "client_secret": SECRETS["client_secret"],
            "token_url": provider.token_url,
        }
        self.profiles: dict[str, Any] = {
            "production": {
                "host": "localhost",
                "port": self.servers["production"].port,
                "auth_type": "basic",
                **basic,
            },
            "staging": {
                "host": f"{self.servers['staging'].url}/Keyfactor/API",
                **oauth,
                "ca_cert_path": ca_cert,
                "auth_ca_cert": ca_cert,
            },
            "development": {
                "host": self.servers["development"].url,
                "access_token": SECRETS["access_token"],
                "skip_tls_verify": True,
            },
        }
        self.write()

    def write(self, **more: Any) -> None:
        """Write the file, with more profiles than there are."""
        self.path.write_text(json.dumps({"servers": {**self.profiles, **more}}))
        self.path.chmod(0o600)

    def calls(self) -> dict[str, int]:
        """Return how many calls each server has had."""
        return {name: len(server.requests) for name, server in self.servers.items()}


def source(ansible: Ansible, name: str = "environments.command.yml", **options: Any) -> Path:
    """Write an inventory source beside the config file."""
    given = {"plugin": PLUGIN, "config_file": "command_config.json", **options}
    return ansible.write(name, {key: value for key, value in given.items() if value is not None})


def show(
    ansible: Ansible, path: Path | str, *options: str, **environment: str
) -> tuple[int, str, str]:
    """Run ansible-inventory; return its exit status, its output and its complaints."""
    done = subprocess.run(
        ["ansible-inventory", "-i", str(path), *(options or ("--list",))],
        cwd=ansible.directory,
        env=ansible.environment(**environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    # Up to 2.18 Ansible breaks its warnings into lines.
    return done.returncode, done.stdout, " ".join(done.stderr.split())


def listed(ansible: Ansible, path: Path, **environment: str) -> dict[str, Any]:
    """Return the inventory as ansible-inventory lists it."""
    status, output, complaints = show(ansible, path, "--list", **environment)
    assert status == 0, complaints
    return decoded(output)


def decoded(output: str) -> dict[str, Any]:
    """Read an inventory's JSON, which marks text that is no template."""
    inventory: dict[str, Any] = json.loads(
        output, object_hook=lambda each: each.get("__ansible_unsafe", each)
    )
    return inventory
