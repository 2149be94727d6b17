# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to changing profiles: from drift to compliant, and back, with a real vault."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.emulator import Hidden, SmtpProfile
from tests.integration.support.ansible import COLLECTIONS, ROOT
from tests.integration.support.command import run_command
from tests.integration.support.pages import Page, final_table
from tests.integration.support.shell import Shell

if TYPE_CHECKING:
    from tests.emulator import Command, Emulator
    from tests.integration.support.ansible import Ansible

PAGE = Page(ROOT / "docs" / "changing.md")
PASSWORD, RELAY_PASSWORD = "changing-password-4711", "changing-relay-password-4711"
STAGING = SmtpProfile(
    relay_password=RELAY_PASSWORD, client_secret=None, sender_address=None, request_headers={}
)
PRODUCTION = replace(STAGING, port=25, use_ssl=False)
LINES = {
    "is unchanged",
    "is unchanged so far",
    "may have been changed",
    "was changed, and is not as expected",
    "has no outcome",
}


class Site:
    """The inventory of the page with emulated servers, and its vault."""

    def __init__(self, ansible: Ansible, emulator: Emulator) -> None:
        self.shell = Shell(ansible)
        inventory = PAGE.files["environments.yml"].replace(
            "/etc/pki/example-ca.pem", str(emulator.ca_cert)
        )
        self.servers: dict[str, Command] = {}
        for name, profile, address in (
            ("staging", STAGING, "command.staging.example.com"),
            ("production", PRODUCTION, "command.example.com"),
        ):
            users = {"KEYEXAMPLE\\svc-ansible": PASSWORD}
            server = emulator.command(
                release="25.4", users=users, profile=profile, hidden=Hidden.NULL
            )
            assert inventory.count(address) == 1
            inventory = inventory.replace(address, server.url)
            self.servers[name] = server
        ansible.write("environments.yml", inventory)
        vault = PAGE.files["vault.yml"].replace('"..."', RELAY_PASSWORD)
        path = ansible.write("group_vars/all/vault.yml", vault)
        (encrypt,) = re.findall(r"`(ansible-vault encrypt \S+)`", PAGE.text)
        self.environ = {
            "ANSIBLE_VAULT_PASSWORD_FILE": str(
                ansible.write("vault-password", "of-the-vault-4711")
            ),
            "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
            "COMMAND_PASSWORD": PASSWORD,
        }
        run_command(encrypt.split(), ansible.directory, ansible.environ(**self.environ))
        assert path.read_text().startswith("$ANSIBLE_VAULT")

    def run(self, script: str, status: int = 0) -> str:
        """Return the output of a script of the page."""
        process: subprocess.CompletedProcess[str] = self.shell.run(script, **self.environ)
        assert process.returncode == status, process.stdout
        assert RELAY_PASSWORD not in process.stdout
        assert PASSWORD not in process.stdout
        return process.stdout

    def state(self, name: str) -> SmtpProfile:
        return self.servers[name].store.profile


@pytest.fixture
def site(ansible: Ansible, emulator: Emulator) -> Site:
    return Site(ansible, emulator)


def test_from_drift_to_compliant_and_back(site: Site) -> None:
    output = site.run(PAGE.files["before.sh"])
    assert "port is 25, expected 587" in output
    assert (site.shell.directory / "before/host_vars/production/verify_smtp.yml").is_file()

    output = site.run(PAGE.files["review.sh"])
    (difference,) = (text for language, text in PAGE.blocks if language == "diff")
    assert all(excerpt in output for excerpt in difference.split("...\n"))
    assert site.state("production") == PRODUCTION

    apply = PAGE.files["apply.sh"].splitlines()
    output = site.run("\n".join(apply[:-1]))
    assert final_table(output) == PAGE.only("text").splitlines()
    assert site.state("production") == replace(PRODUCTION, port=587, use_ssl=True)
    assert site.state("staging") == STAGING
    assert "2 environments: 2 compliant" in site.run(apply[-1])

    table = final_table(site.run(PAGE.files["back.sh"]))
    assert table[1] == "production   was changed: port, use_ssl"
    assert site.state("production") == PRODUCTION


def test_module_in_a_play(site: Site) -> None:
    site.shell.ansible.write("sender.yml", PAGE.files["sender.yml"])
    site.run("ansible-playbook sender.yml -i environments.yml")
    assert site.state("staging") == replace(STAGING, sender_name="Example PKI")


def test_options_of_the_page(site: Site) -> None:
    options = re.findall(r"`(-e verify_smtp_\S+)`", PAGE.text)
    assert len(options) == 2
    apply = "ansible-playbook keyfactor.command.apply_smtp -i environments.yml"
    output = site.run(f"{apply} {' '.join(options)} --limit staging")
    assert final_table(output)[1] == (
        "staging      was changed: relay_password, after a test mail to pki@example.com"
    )
    (mail,) = site.servers["staging"].mails
    assert mail.recipient == "pki@example.com"


def test_meanings_of_lines() -> None:
    assert set(re.findall(r"^\| `(.+?)` \|", PAGE.text, re.M)) == LINES
