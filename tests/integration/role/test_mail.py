# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test mails of the role: an emulated Command that really sends them, in place and shipped."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.emulator import Fault, Hidden, SmtpProfile
from tests.integration.support.ansible import MODES, PLAYBOOK
from tests.integration.support.cases import PASSWORD, USER
from tests.integration.support.environments import make_inventory

if TYPE_CHECKING:
    from tests.emulator import Command, Emulator
    from tests.emulator.mail_relay import MailRelay
    from tests.integration.support.ansible import Ansible, Outcome

SENDER, RECIPIENT = "pki@keyexample.com", "pki-team@example.com"
RELAY_USER, RELAY_PASSWORD, WRONG = "svc-mail", "relay-password-2c8e71", "wrong-password-90d3aa"
ANONYMOUS, BASIC = 0, 2
REJECTED = "554 5.7.1 message rejected as {{ 7 * 7 }}"
WAIVER = {
    "setting": "delivery.mail",
    "reason": "The filter is changed on Monday",
    "owner": "Mail team",
    "expires": "2099-12-31",
}
SAVED = {"host": "localhost", "port": 25, "sender_account": SENDER}
LOGIN = {"auth": ("PLAIN",), "users": {RELAY_USER: RELAY_PASSWORD}}

# How each environment differs from one that sends mail: the relay, Command, and variables.
CASES: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "anonymous": ({}, {}, {}),
    "oldest": ({}, {"release": "10.3"}, {}),
    "basic": (LOGIN, {}, {"verify_smtp_secrets": {"relay_password": RELAY_PASSWORD}}),
    "secret-needed": (LOGIN, {}, {"verify_smtp_secrets": {}}),
    "misspelled": (LOGIN, {}, {"verify_smtp_secrets": {"relay_pasword": RELAY_PASSWORD}}),
    "wrong-secret": (LOGIN, {}, {"verify_smtp_secrets": {"relay_password": WRONG}}),
    "rejected": ({"replies": {"DATA": REJECTED}}, {}, {}),
    "waived": ({"replies": {"DATA": REJECTED}}, {}, {"verify_smtp_waivers": [WAIVER]}),
    "not-permitted": ({}, {"writers": set()}, {}),
    "lost": ({}, {"faults": [Fault.drop_reply().on("POST")]}, {}),
    "unreadable": ({}, {"readers": set()}, {}),
    "saved": ({}, {}, {"verify_smtp_saved_profile": SAVED}),
    "nobody": ({}, {}, {"verify_smtp_test_recipient": ""}),
}
# The finding on each mail, None for an error, with a part of its message.
FINDINGS: dict[str, tuple[str | None, str]] = {
    "anonymous": ("match", f"/KeyfactorAPI/SMTP sent a test mail to {RECIPIENT}"),
    "oldest": ("match", f"/KeyfactorAPI/SMTP sent a test mail to {RECIPIENT}"),
    "basic": ("match", f"mail to {RECIPIENT} (with relay_password of verify_smtp_secrets)"),
    "secret-needed": (
        "unknown",
        "No test mail was sent: Command never returns relay_password, so give "
        "verify_smtp_secrets.relay_password or verify_smtp_secrets.relay_password_pam",
    ),
    "misspelled": ("unknown", "No test mail was sent: verify_smtp_secrets has relay_pasword"),
    "wrong-secret": ("drift", "there from Command (with relay_password of verify_smtp_secrets)"),
    "rejected": ("drift", "554, b'5.7.1 message rejected as {{ 7 * 7 }}'"),
    "waived": ("waived", "The filter is changed on Monday"),
    "not-permitted": ("unknown", "/system_settings/modify/"),
    "lost": ("unknown", "It is not known whether the test mail was sent: "),
    "unreadable": (None, "/system_settings/read/"),
    "saved": (None, "leave out mail, or verify_smtp_saved_profile"),
    "nobody": (None, "verify_smtp_test_recipient must be the e-mail address that gets it"),
}
RECEIVED = {"anonymous", "oldest", "basic", "lost"}
# In the mode that takes long.
SHIPPED = "anonymous,basic,secret-needed,wrong-secret,rejected"


class Site:
    """Environments with their relays, and the inventory for them."""

    def __init__(self, emulator: Emulator) -> None:
        self.servers: dict[str, Command] = {}
        self.relays: dict[str, MailRelay] = {}
        for name, (relay_options, options, _variables) in CASES.items():
            relay = emulator.relay(**relay_options)
            profile = SmtpProfile(
                host="localhost",
                port=relay.port,
                use_ssl=True,
                relay_authentication_type=BASIC if relay_options == LOGIN else ANONYMOUS,
                relay_username=RELAY_USER if relay_options == LOGIN else None,
                sender_account=SENDER,
                client_secret=None,
                request_headers={},
            )
            given = {"release": "25.4", "hidden": Hidden.NULL, "delivers": True, **options}
            self.relays[name] = relay
            self.servers[name] = emulator.command(users={USER: PASSWORD}, profile=profile, **given)
        self.inventory = make_inventory(emulator, self.servers, with_expected=False)
        hosts = self.inventory["all"]["hosts"]
        for name, (_relay, _options, variables) in CASES.items():
            hosts[name].update(variables)
        self.inventory["all"]["vars"] = {
            "verify_smtp_expected": {"sender_account": SENDER},
            "verify_smtp_delivery": ["relay", "mail"],
            "verify_smtp_test_recipient": RECIPIENT,
            # Of no use to an anonymous relay.
            "verify_smtp_secrets": {"relay_password": RELAY_PASSWORD},
            "verify_smtp_relay": {"ca_cert": str(emulator.ca_cert), "domain_checks": False},
            "verify_smtp_relay_certificate_days": 0,
        }

    def run(self, ansible: Ansible, limit: str, *options: str) -> tuple[Outcome, dict[str, Any]]:
        """Run the role, and return the outcome with the entries of the report by name."""
        for name in CASES:
            self.servers[name].clear()
            self.relays[name].clear()
        directory = ansible.directory / "report"
        options = ("-vvvv", "--limit", limit, "-e", f"verify_smtp_report_dir={directory}", *options)
        outcome = ansible.run(PLAYBOOK, self.inventory, *options)
        report = json.loads((directory / "report.json").read_text())
        return outcome, {entry["name"]: entry for entry in report["environments"]}

    def tests(self, name: str) -> int:
        """Return how many test mails a Command was asked to send."""
        return [request.method for request in self.servers[name].requests].count("POST")


@pytest.fixture(scope="module")
def site(emulator: Emulator) -> Site:
    return Site(emulator)


def check_secrets(outcome: Outcome, entries: dict[str, Any]) -> None:
    for secret in (PASSWORD, RELAY_PASSWORD, WRONG):
        for text in (secret, f"\0{RELAY_USER}\0{secret}"):
            for form in (text, base64.b64encode(text.encode()).decode().rstrip("=")):
                assert form not in outcome.output
                assert form not in json.dumps(entries)


def mail_finding(entry: dict[str, Any]) -> tuple[str | None, str]:
    """Return the status and the message of the finding on the mail, or the error."""
    if entry["error"]:
        return None, entry["error"]["message"]
    (found,) = [each for each in entry["findings"] if each["setting"] == "delivery.mail"]
    return found["status"], found["message"]


@pytest.mark.parametrize(("mode", "extra"), MODES.items(), ids=MODES)
def test_mails(ansible: Ansible, site: Site, mode: str, extra: str) -> None:
    outcome, entries = site.run(ansible, SHIPPED if mode == "shipped" else "all", "-e", extra)
    assert ("AnsiballZ_keyfactor_smtp_test" in outcome.output) is (mode == "shipped")
    assert set(entries) == set(SHIPPED.split(",") if mode == "shipped" else CASES)
    for name, entry in entries.items():
        status, message = mail_finding(entry)
        assert (name, status) == (name, FINDINGS[name][0]), message
        assert FINDINGS[name][1] in message
        others = [f for f in entry["findings"] if f["setting"] != "delivery.mail"]
        # The probe finds nothing wrong with these relays.
        assert {f["status"] for f in others} == ({"match"} if status else set())
        verdicts = {"match": "compliant", "waived": "compliant", "drift": "drifted"}
        assert entry["verdict"] == verdicts.get(status or "", "indeterminate")
        if status in ("drift", "unknown") or status is None:
            assert FINDINGS[name][1] in outcome.failure_message(name)
        mails = [(mail["From"], mail["To"]) for mail in site.relays[name].mails]
        assert mails == ([(SENDER, RECIPIENT)] if name in RECEIVED else [])
        asked = status in ("match", "drift", "waived") or name in ("not-permitted", "lost")
        assert site.tests(name) == asked
    assert site.servers["saved"].requests == site.servers["nobody"].requests == []
    check_secrets(outcome, entries)
    assert entries["basic"]["delivery"]["mail"] == {
        "recipient": RECIPIENT,
        "sent": True,
        "api_version": 2,
    }
    page = (ansible.directory / "report/report.html").read_text()
    assert f"<dt>Test mail</dt><dd>sent to {RECIPIENT}</dd>" in page
    assert 'name="delivery.mail"' in (ansible.directory / "report/report.xml").read_text()
    assert "5.7.1 message rejected" in (ansible.directory / "report/report.md").read_text()


def test_check_mode_sends_nothing_and_says_so(ansible: Ansible, site: Site) -> None:
    outcome, entries = site.run(ansible, "anonymous,basic,secret-needed", "--check")
    for name in ("anonymous", "basic"):
        assert entries[name]["verdict"] == "indeterminate"
        message = f"No test mail was sent to {RECIPIENT}, as this is check mode"
        assert mail_finding(entries[name]) == ("unknown", message)
    assert mail_finding(entries["secret-needed"]) == FINDINGS["secret-needed"]
    assert [site.tests(name) for name in CASES] == [0] * len(CASES)
    check_secrets(outcome, entries)
