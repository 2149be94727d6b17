# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to delivery: its commands, its table, and its lists of variables and checks."""

from __future__ import annotations

import re
import socket
from typing import TYPE_CHECKING, Any

import yaml

from ansible_collections.keyfactor.command.plugins.module_utils._relay.checks import (
    NAMES,
    STATUSES,
)
from ansible_collections.keyfactor.command.plugins.module_utils._relay.options import ARGUMENT_SPEC
from tests.emulator import SmtpProfile, Tls
from tests.integration.support.ansible import INSTALLED, PLAYBOOK, ROOT
from tests.integration.support.cases import PASSWORD as COMMAND_PASSWORD
from tests.integration.support.cases import USER
from tests.integration.support.environments import make_inventory, start_servers_with
from tests.integration.support.pages import Page

if TYPE_CHECKING:
    from tests.emulator import Emulator
    from tests.integration.support.ansible import Ansible

PAGE = Page(ROOT / "docs" / "delivery.md")
# A domain that is an address needs no DNS.
SENDER = "pki@[127.0.0.1]"
CA_CERT = "/etc/pki/example-ca.pem"
PASSWORD = "relay-password-4711-search-me"


def words(lines: list[str]) -> list[str]:
    """Return a table as one line per environment, with the values of the page."""
    text = re.sub(r"localhost:\d+", "smtp.example.com:587", "\n".join(lines))
    text = text.replace(f"from {socket.gethostname()} ", "from automation ")
    text = text.replace("127.0.0.1: ", "192.0.2.25: ")
    text = re.sub(r"20\d\d-\d\d-\d\d \d\d:\d\d UTC", "2026-11-27 12:00 UTC", " ".join(text.split()))
    return re.split(r" (?=(?:production|staging|recovery|3 environments)\b)", text)


def test_command_and_table(ansible: Ansible, emulator: Emulator) -> None:
    ports = {
        "production": emulator.relay().port,
        "staging": emulator.relay(Tls.EXPIRED).port,
        "recovery": emulator.closed_port(),
    }
    profiles = {
        name: SmtpProfile(
            host="localhost", port=port, relay_authentication_type=0, sender_account=SENDER
        )
        for name, port in ports.items()
    }
    inventory = make_inventory(emulator, start_servers_with(emulator, profiles))
    inventory["all"]["vars"] = {"verify_smtp_expected": {"sender_account": SENDER}}
    text = PAGE.files["delivery.yml"]
    assert CA_CERT in text
    ansible.write("delivery.yml", text.replace(CA_CERT, str(emulator.ca_cert)))
    (command,) = PAGE.commands("probe.sh")
    prefix = f"ansible-playbook {PLAYBOOK} -i environments.yml "
    assert command.startswith(prefix)
    options = command.removeprefix(prefix).split()
    # The certificates of the emulator are valid for two weeks.
    outcome = ansible.run(
        PLAYBOOK, inventory, *options, "-e", "verify_smtp_relay_certificate_days=5"
    )
    assert words(outcome.table()) == words(PAGE.only("text").splitlines())


def test_login_and_waiver(ansible: Ansible, emulator: Emulator) -> None:
    relays = {
        "production": emulator.relay(auth=("PLAIN",), users={"svc-mail": PASSWORD}),
        "staging": emulator.relay(Tls.EXPIRED, auth=("PLAIN",)),
    }
    profile = {"host": "localhost", "use_ssl": True, "relay_authentication": "basic"}
    profile |= {"sender_account": SENDER, "relay_username": "svc-mail"}
    hosts: dict[str, Any] = {
        name: {"verify_smtp_saved_profile": {**profile, "port": relay.port}}
        for name, relay in relays.items()
    }
    hosts["staging"] |= PAGE.load("waivers.yml")
    expires = hosts["staging"]["verify_smtp_waivers"][0]["expires"]
    options = {**PAGE.load("login.yml")["verify_smtp_relay"], "ca_cert": str(emulator.ca_cert)}
    variables = {
        "vault_relay_password": PASSWORD,
        "verify_smtp_relay": options,
        "verify_smtp_delivery": ["relay"],
        "verify_smtp_today": expires,
    }
    outcome = ansible.run(PLAYBOOK, {"all": {"hosts": hosts, "vars": variables}}, "-vvvv")
    assert outcome.status == 0, outcome.output
    assert PASSWORD not in outcome.output
    assert any(line.startswith("AUTH PLAIN") for line in relays["production"].commands)
    assert not any(line.startswith("AUTH") for line in relays["staging"].commands)


def test_mail(ansible: Ansible, emulator: Emulator) -> None:
    relay = emulator.relay(auth=("PLAIN",), users={"svc-mail": PASSWORD})
    profile = SmtpProfile(
        host="localhost",
        port=relay.port,
        relay_username="svc-mail",
        sender_account="pki@example.com",
    )
    command = emulator.command(profile=profile, users={USER: COMMAND_PASSWORD}, delivers=True)
    inventory = make_inventory(emulator, {"production": command}, with_expected=False)
    inventory["all"]["vars"] = {
        **PAGE.load("mail.yml"),
        "vault_relay_password": PASSWORD,
        "verify_smtp_relay": {"ca_cert": str(emulator.ca_cert), "domain_checks": False},
    }
    outcome = ansible.run(PLAYBOOK, inventory)
    assert outcome.status == 0, outcome.output
    assert [mail["To"] for mail in relay.mails] == ["pki-team@example.com"]
    (without_mail,) = re.findall(r"^`-e '(.*verify_smtp_delivery.*)'`\.$", PAGE.text, re.M)
    assert ansible.run(PLAYBOOK, inventory, "-e", without_mail).status == 0
    assert len(relay.mails) == 1


def test_module_in_a_play(ansible: Ansible, emulator: Emulator) -> None:
    relay = emulator.relay()
    play = PAGE.files["probe.yml"]
    for old, new in {
        "host: smtp.example.com": "host: localhost",
        "port: 587": f"port: {relay.port}",
        "sender: pki@example.com": f"sender: {SENDER}\n        ca_cert: {emulator.ca_cert}",
    }.items():
        assert play.count(old) == 1
        play = play.replace(old, new)
    outcome = ansible.run(play, {})
    assert outcome.status == 0, outcome.output
    assert "RCPT TO:<pki-team@example.com>" in relay.commands
    outcome = ansible.run(play.replace(str(relay.port), str(emulator.closed_port())), {})
    assert outcome.status == 2


def test_lists() -> None:
    sections = dict(re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", PAGE.text, re.S | re.M))
    rows = re.findall(r"^\| `(\w+)` \|", sections["What is checked"], re.M)
    assert rows == list(NAMES)
    hints = sections["If a check fails"]
    assert [name for name in NAMES if f"`{name}`" not in hints] == []
    statuses = PAGE.text.partition("## Variables")[0]
    assert re.findall(r"^\| `(\w+)` \|", statuses, re.M) == [
        *("passed", "warning", "failed", "unknown", "skipped")
    ]
    assert len(STATUSES) == 5
    variables = sections["Variables"]
    defaults = yaml.safe_load((INSTALLED / "roles/verify_smtp/defaults/main.yml").read_text())
    names = re.findall(r"^\| `(\w+)` \| `?([^`|]*?)`? \|", variables, re.M)
    assert len(names) == 5
    assert [yaml.safe_load(value) or None for _name, value in names] == [
        defaults[name] or None for name, _value in names
    ]
    (options,) = re.findall(r"`smtp_relay_info`: (.*?) \|", variables)
    assert set(re.findall(r"`(\w+)`", options)) < set(ARGUMENT_SPEC)
