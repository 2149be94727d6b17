# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook apply_smtp: every environment ends right or untouched, and it says which."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.emulator import Fault, Hidden, SmtpProfile
from tests.integration.support.ansible import APPLY, PLAYBOOK
from tests.integration.support.cases import PASSWORD, USER, connection

if TYPE_CHECKING:
    from tests.emulator import Command, Emulator
    from tests.integration.support.ansible import Ansible, Outcome

EXPECTED = {
    "host": "smtp.example.com",
    "port": 587,
    "use_ssl": True,
    "sender_name": "{{ '{{ 7 }}' }}",
}
# Ansible must not evaluate it, wherever it goes.
NAME = "{{ 7 }}"
BEFORE = SmtpProfile(port=25, use_ssl=False, client_secret=None, request_headers={})
RELEASES = ("10.3", "24.4", "25.1", "25.4")
SLOW = {"timeout": "1s"}
# Ten kinds of environments, each with what happens to its request, and how its line begins.
KINDS: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "good": ({}, {}, "was changed: port, use_ssl, sender_name"),
    "cut": ({"faults": [Fault.cut_off().on("PUT")]}, {}, "was changed: "),
    "slow-reply": (
        {"faults": [Fault.drip("headers", interval=60).on("PUT")]},
        SLOW,
        "was changed: ",
    ),
    "dropped-reply": ({"faults": [Fault.drop_reply().on("PUT")]}, {}, "was changed: "),
    "busy": (
        {"faults": [Fault.status(503, retry_after="0", times=1).on("PUT")]},
        {"retries": 1},
        "was changed: ",
    ),
    "dropped": ({"faults": [Fault.drop().on("PUT")]}, {}, "is unchanged so far: "),
    "broken": ({"faults": [Fault.status(500).on("PUT")]}, {}, "is unchanged: "),
    "proxy": ({"faults": [Fault.html().on("PUT")]}, {}, "is unchanged: "),
    "slow": ({"faults": [Fault.delay(60).on("PUT")]}, SLOW, "is unchanged so far: "),
    "reader": ({"writers": []}, {}, "is unchanged: "),
}


class Site:
    """Fifty environments, with a different secret in each of them."""

    def __init__(self, emulator: Emulator) -> None:
        self.kinds = {f"{kind}-{number}": kind for number in range(5) for kind in KINDS}
        self.servers: dict[str, Command] = {}
        self.hosts: dict[str, Any] = {}
        for index, (name, kind) in enumerate(self.kinds.items()):
            options, extra, _line = KINDS[kind]
            self.servers[name] = emulator.command(
                release=RELEASES[index % len(RELEASES)],
                users={USER: PASSWORD},
                profile=replace(BEFORE, relay_password=f"old-password-{index}-4711"),
                hidden=Hidden.NULL,
                **options,
            )
            self.hosts[name] = {
                "verify_smtp_connection": {**connection(emulator, self.servers[name]), **extra},
                "verify_smtp_secrets": {"relay_password": self.secret(name)},
            }

    def secret(self, name: str) -> str:
        return f"new-password-{list(self.kinds).index(name)}-4711"

    def wanted(self, name: str) -> SmtpProfile:
        """Return what an environment should have."""
        server = self.servers[name]
        address = BEFORE.sender_address if server.options.release == "10.3" else None
        return replace(
            server.options.profile,
            **{**EXPECTED, "sender_name": NAME},
            relay_password=self.secret(name),
            sender_address=address,
        )

    @property
    def inventory(self) -> dict[str, Any]:
        return {"all": {"hosts": self.hosts, "vars": {"verify_smtp_expected": EXPECTED}}}


def lines(outcome: Outcome) -> dict[str, str]:
    """Return what the playbook says of each environment."""
    results = [
        record["result"] for record in outcome.results if record["task"] == "Show the outcomes"
    ]
    assert results, outcome.output
    texts: dict[str, str] = {}
    name = ""
    for row in results[-1]["table"][1:-2]:
        # Long outcomes continue on lines of their own.
        name = row.partition(" ")[0] or name
        texts[name] = " ".join([*texts.get(name, "").split(), *row.removeprefix(name).split()])
    return texts


def test_fifty_environments_with_faults(ansible: Ansible, emulator: Emulator) -> None:
    site = Site(emulator)
    reviewed = ansible.run(APPLY, site.inventory, "--check", "--diff", "--limit", "*-0")
    assert reviewed.status == 0, reviewed.output
    assert {*lines(reviewed).values()} == {"would be changed: port, use_ssl, sender_name"}
    assert "-port: 25" in reviewed.output
    assert "+port: 587" in reviewed.output
    assert '+relay_password: "(secret)"' in reviewed.output
    assert all(server.store.profile == server.options.profile for server in site.servers.values())

    applied = ansible.run(APPLY, site.inventory, "--forks", "10", "-vvvv")
    assert applied.status == 2, applied.output
    said = lines(applied)
    assert said.keys() == site.servers.keys()
    for name, server in site.servers.items():
        line = KINDS[site.kinds[name]][2]
        assert said[name].startswith(line), f"{name} {said[name]}"
        has_changed = server.store.profile != server.options.profile
        if line.startswith("was changed"):
            assert server.store.profile == site.wanted(name), name
        else:
            assert not has_changed, name
        puts = [request.status for request in server.requests if request.method == "PUT"]
        assert len(puts) == (2 if site.kinds[name] == "busy" else 1), name

    for server in site.servers.values():
        server.faults = []
    del site.hosts["slow-0"]["verify_smtp_secrets"]
    limit = ["--limit", "all:!reader-*"]
    again = ansible.run(APPLY, site.inventory, "--forks", "10", *limit)
    said = lines(again)
    assert "verify_smtp_secrets.relay_password" in said.pop("slow-0")
    for name in said:
        assert site.servers[name].store.profile == site.wanted(name), name
        kind = site.kinds[name]
        line = "is as expected" if KINDS[kind][2].startswith("was") else "was changed: port"
        assert said[name].startswith(line), f"{name} {said[name]}"

    verified = ansible.run(PLAYBOOK, site.inventory, "--forks", "10", "--limit", "good-*:cut-*")
    assert verified.status == 0, verified.output
    output = reviewed.output + applied.output + again.output + str(applied.results)
    assert "password-" not in output


def test_expectations_that_cannot_be_applied(ansible: Ansible, emulator: Emulator) -> None:
    servers = {name: emulator.command(users={USER: PASSWORD}) for name in ("a", "b", "c")}
    expected: dict[str, Any] = {
        "a": {"port": [465, 587]},
        "b": {"port": {"minimum": 1}},
        "c": {"port": 587},
    }
    secrets = {"relay_pasword": "misspelt-secret-4711"}
    hosts = {
        name: {
            "verify_smtp_connection": connection(emulator, server),
            "verify_smtp_expected": expected[name],
            "verify_smtp_secrets": secrets if name == "c" else {},
        }
        for name, server in servers.items()
    }
    hosts["d"] = {**hosts["c"], "verify_smtp_secrets": {"relay_password": "{{ missing }}"}}
    hosts["e"] = {**hosts["c"], "verify_smtp_update_secrets": "sometimes"}
    header = {"name": "X-Relay-Key", "value": "misspelt-secret-4711"}
    hosts["f"] = {**hosts["c"], "verify_smtp_expected": {"request_headers": [header]}}
    # A blank is missing.
    slip = {"password:misspelt-secret-4711": None}
    hosts["g"] = {**hosts["c"], "verify_smtp_secrets": {}}
    hosts["g"]["verify_smtp_connection"] = {**hosts["c"]["verify_smtp_connection"], **slip}
    hosts["h"] = {**hosts["c"], "verify_smtp_secrets": {f"relay_{next(iter(slip))}": None}}
    hosts["i"] = {**hosts["c"], "verify_smtp_expected": {}}
    inventory = {"all": {"hosts": hosts}}
    report = ansible.directory / "report"
    verified = ansible.run(PLAYBOOK, inventory, "-vvvv", "-e", f"verify_smtp_report_dir={report}")
    output = verified.output + "".join(path.read_text() for path in report.iterdir())
    assert len([*report.iterdir()]) == 4
    assert "the values belong in verify_smtp_secrets.request_headers" in output
    for server in servers.values():
        server.clear()

    outcome = ansible.run(APPLY, inventory, "-vvvv")
    assert outcome.status == 2
    output += outcome.output + str(outcome.results)
    assert "misspelt-secret-4711" not in output
    said = lines(outcome)
    assert "the values belong in verify_smtp_secrets.request_headers" in said["f"]
    assert "The task has an option whose name is not shown" in said["g"]
    assert "verify_smtp_secrets has a name that is not shown" in said["h"]
    assert "Ansible ignores group_vars/all.yml" in said["i"]
    assert said.keys() == hosts.keys()
    assert all(line.startswith("is unchanged: ") for line in said.values())
    assert "'missing' is undefined" in said["d"]
    assert "value of verify_smtp_update_secrets must be one of" in said["e"]
    assert "port allows any of 465, 587" in outcome.failure_message("a")
    assert "port is a JSON Schema" in outcome.failure_message("b")
    assert "did you mean relay_password" in outcome.failure_message("c")
    assert [len(server.requests) for server in servers.values()] == [0, 0, 0]


def test_empty_inventory_is_refused(ansible: Ansible) -> None:
    outcome = ansible.run(APPLY, {"all": {"hosts": {}}})
    assert outcome.status == 2
    assert "so there is nothing to change. Specify an inventory" in outcome.failure_message(
        "localhost"
    )


@pytest.mark.parametrize("error", [None, "550 5.7.1 relaying denied"])
def test_mail_before_the_change_and_secrets_alone(
    ansible: Ansible, emulator: Emulator, error: str | None
) -> None:
    server = emulator.command(
        users={USER: PASSWORD},
        profile=BEFORE,
        release="25.4",
        hidden=Hidden.NULL,
        delivery_error=error,
    )
    variables = {
        "verify_smtp_connection": connection(emulator, server),
        "verify_smtp_expected": {"port": 25},
        "verify_smtp_secrets": {"relay_password": "new-password-4711"},
        "verify_smtp_update_secrets": "always",
        "verify_smtp_test_recipient": "pki@example.com",
    }
    outcome = ansible.run(APPLY, {"all": {"hosts": {"production": variables}}})
    line = lines(outcome)["production"]
    if error:
        assert line.startswith("is unchanged: ")
        assert error in line
        assert server.store.profile == BEFORE
    else:
        assert line == "was changed: relay_password, after a test mail to pki@example.com"
        assert server.store.profile.relay_password == "new-password-4711"
        assert [mail.recipient for mail in server.mails] == ["pki@example.com"]


def test_environments_without_secrets_and_a_name_that_was_in_pam(
    ansible: Ansible, emulator: Emulator
) -> None:
    reference = {"provider": 1, "parameters": {"SecretId": "relay"}}
    profiles = {
        "anonymous": replace(
            BEFORE, relay_authentication_type=0, relay_username=None, relay_password=None
        ),
        "pam": replace(BEFORE, relay_password=None, relay_password_pam=reference),
        "plain": BEFORE,
    }
    hosts: dict[str, Any] = {}
    for name, profile in profiles.items():
        server = emulator.command(release="25.4", users={USER: PASSWORD}, profile=profile)
        hosts[name] = {
            "verify_smtp_connection": connection(emulator, server),
            "verify_smtp_expected": {"sender_name": "PKI"},
            "verify_smtp_update_secrets": "always",
        }
    # As recorded when the name was in PAM.
    hosts["plain"]["verify_smtp_expected"]["relay_username_source"] = "pam"
    hosts["plain"]["verify_smtp_secrets"] = {"relay_password": "new-password-4711"}
    outcome = ansible.run(APPLY, {"all": {"hosts": hosts}}, "--check")
    assert outcome.status == 2
    said = lines(outcome)
    assert said["anonymous"] == said["pam"] == "would be changed: sender_name"
    assert said["plain"] == (
        "would be changed: sender_name, relay_password, but relay_username_source is plain, "
        "expected pam: give verify_smtp_secrets.relay_username_pam"
    )
