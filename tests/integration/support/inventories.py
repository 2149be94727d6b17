# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""A config file with emulated environments, and inventory sources that read it."""

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
    # In a URL, which is therefore rejected.
    "url": "inventory-url-secret-4714-search-me",
    # In fields that must not be text.
    "number": "inventory-misplaced-4715-search-me",
    # In a block for one tool, which is ignored.
    "block": "inventory-block-4716-search-me",
}
EXPECTED = {"host": "smtp.example.com", "port": 587, "use_ssl": True}


class ConfigFile:
    """A config file with one config profile for each authentication method."""

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
        # Case and underscores of keys do not matter.
        oauth = {
            "ClientID": "ansible",
            "CLIENT_SECRET": SECRETS["client_secret"],
            "tokenUrl": provider.token_url,
        }
        # A block for one tool has a host and credentials of its own, which must not be used.
        acme = {
            "host": "acme.example.com",
            "port": 1,
            "access_token": SECRETS["block"],
            "skip_tls_verify": True,
        }
        self.profiles: dict[str, Any] = {
            "production": {
                "host": "localhost",
                "port": self.servers["production"].port,
                "auth_type": "basic",
                **basic,
                "auth_provider": {},
                "acme": acme,
            },
            "staging": {
                "host": f"{self.servers['staging'].url}/Keyfactor/API",
                **oauth,
                "kfutil": acme,
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

    def write(self, **profiles: Any) -> None:
        """Write the file, with additional config profiles."""
        self.path.write_text(json.dumps({"servers": {**self.profiles, **profiles}}))
        self.path.chmod(0o600)

    def request_counts(self) -> dict[str, int]:
        """Return the number of requests that each server received."""
        return {name: len(server.requests) for name, server in self.servers.items()}


def write_source(ansible: Ansible, name: str = "environments.command.yml", **options: Any) -> Path:
    """Write an inventory source next to the config file. None removes a default option."""
    content = {"plugin": PLUGIN, "config_file": "command_config.json", **options}
    return ansible.write(name, {key: value for key, value in content.items() if value is not None})


def ansible_inventory(
    ansible: Ansible, path: Path | str, *options: str, **environ: str
) -> tuple[int, str, str]:
    """Run ansible-inventory, and return its exit status, stdout, and stderr."""
    process = subprocess.run(
        ["ansible-inventory", "-i", str(path), *(options or ("--list",))],
        cwd=ansible.directory,
        env=ansible.environ(**environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in process.stdout + process.stderr, process.stderr
    # Up to 2.18 Ansible wraps its warnings.
    return process.returncode, process.stdout, " ".join(process.stderr.split())


def list_inventory(ansible: Ansible, path: Path, **environ: str) -> dict[str, Any]:
    """Return the output of ansible-inventory --list as data."""
    status, output, stderr = ansible_inventory(ansible, path, "--list", **environ)
    assert status == 0, stderr
    return parse_inventory(output)


def parse_inventory(output: str) -> dict[str, Any]:
    """Parse the JSON of an inventory, in which strings may be marked as unsafe."""
    inventory: dict[str, Any] = json.loads(
        output, object_hook=lambda mapping: mapping.get("__ansible_unsafe", mapping)
    )
    return inventory
