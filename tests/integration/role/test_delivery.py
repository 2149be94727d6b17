# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Delivery in the role: a real Postfix with its faults, and other relays, in place and shipped."""

from __future__ import annotations

import base64
import json
import socket
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.emulator import Hidden, SmtpProfile, Tls
from tests.integration.support import cases
from tests.integration.support.ansible import MODES, PLAYBOOK
from tests.integration.support.environments import make_inventory, start_servers_with
from tests.integration.support.optional import skip_or_fail
from tests.integration.support.postfix import (
    PASSWORD,
    RECIPIENT,
    SENDER,
    USER,
    Postfix,
    missing,
)
from tests.support.dns_server import DnsServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.emulator import Emulator
    from tests.integration.support.ansible import Ansible, Outcome

# Bad checks of each environment: of Postfix, by the name of its service, and of other relays.
WITH_POSTFIX = {
    "good": {},
    "expired": {"certificate": "drift"},
    "without-login": {"authentication": "drift"},
    "refuses-sender": {"sender": "drift"},
    "refuses-machine": {"recipient": "unknown"},
    "refuses-machine-at-once": {"greeting": "unknown"},
    "busy": {"recipient": "unknown"},
}
WITHOUT_POSTFIX = {
    "anonymous": {},
    "wrong-name": {"certificate": "drift"},
    "unknown-authority": {"certificate": "drift"},
    "without-tls": {"tls": "drift"},
    "injected": {"tls": "drift"},
    "gone": {"connect": "unknown"},
    "dropping": {"greeting": "unknown"},
    "web-server": {"greeting": "drift"},
    "unknown-recipient": {"recipient": "drift"},
    "echo": {"login": "drift"},
}
ZONE = {
    "keyexample.com": {"MX": ["10 mx.keyexample.com."], "TXT": ['"v=spf1 mx -all"']},
    "_dmarc.keyexample.com": {"TXT": ['"v=DMARC1; p=reject"']},
}
ANONYMOUS, BASIC = 0, 2


@pytest.fixture(scope="module")
def dns() -> Iterator[DnsServer]:
    server = DnsServer(ZONE)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def postfix() -> Iterator[Postfix]:
    if requirements := missing():
        skip_or_fail("Tests with a real mail relay require: " + ", ".join(requirements))
    postfix = Postfix()
    yield postfix
    postfix.stop()


def profile(port: int, way: int = ANONYMOUS) -> SmtpProfile:
    user = USER if way == BASIC else None
    return SmtpProfile(
        host="localhost",
        port=port,
        use_ssl=True,
        relay_authentication_type=way,
        relay_username=user,
        sender_account=SENDER,
        sender_address=SENDER,
    )


def other_profiles(emulator: Emulator) -> dict[str, SmtpProfile]:
    """Start the relays that Postfix cannot be, and return the profiles that name them."""
    unknown = {"RCPT": "550 5.1.1 no such mailbox"}
    relays = {
        "anonymous": emulator.relay(),
        "wrong-name": emulator.relay(Tls.WRONG_NAME),
        "unknown-authority": emulator.relay(Tls.UNKNOWN_CA),
        "without-tls": emulator.relay(Tls.PLAIN_HTTP),
        "injected": emulator.relay(injected="250 injected"),
        "dropping": emulator.relay(drop="GREETING"),
        "web-server": emulator.relay(replies={"GREETING": "HTTP/1.1 400 Bad Request\n{{ 7 * 7 }}"}),
        "unknown-recipient": emulator.relay(replies=unknown),
    }
    echo = emulator.relay(auth=("LOGIN", "PLAIN"))
    return {
        **{name: profile(relay.port) for name, relay in relays.items()},
        "echo": profile(echo.port, BASIC),
        "gone": profile(emulator.closed_port()),
    }


def run_both(
    ansible: Ansible, inventory: dict[str, Any], dns: DnsServer, ca_cert: Path, shipped: str = "all"
) -> dict[str, tuple[Outcome, dict[str, Any]]]:
    """Run the role in each mode, and return the outcomes with the reports.

    :param shipped: the pattern of the environments in the mode that takes long.
    """
    variables = {
        "verify_smtp_expected": {"sender_account": SENDER},
        "verify_smtp_delivery": ["relay"],
        "verify_smtp_test_recipient": RECIPIENT,
        "verify_smtp_relay_certificate_days": 10,
        "verify_smtp_relay": {
            "ca_cert": str(ca_cert),
            "dns_server": dns.address,
            "password": PASSWORD,
            "timeout": "20s",
        },
    }
    inventory["all"]["vars"] = variables
    runs = {}
    for mode, extra in MODES.items():
        directory = ansible.directory / mode.replace(" ", "-")
        limit = "all" if mode == "in place" else shipped
        options = (
            "-vvvv",
            "--limit",
            limit,
            "-e",
            extra,
            "-e",
            f"verify_smtp_report_dir={directory}",
        )
        outcome = ansible.run(PLAYBOOK, inventory, *options)
        runs[mode] = outcome, json.loads((directory / "report.json").read_text())
    return runs


def check(
    runs: dict[str, tuple[Outcome, dict[str, Any]]], expected: dict[str, dict[str, str]]
) -> None:
    """Assert that both runs found what is wrong with each relay, and showed no secret."""
    for outcome, report in runs.values():
        found = {
            entry["name"]: {
                finding["setting"].removeprefix("delivery."): finding["status"]
                for finding in entry["findings"]
                if finding["status"] != "match"
            }
            for entry in report["environments"]
        }
        assert found == {name: expected[name] for name in found}
        for entry in report["environments"]:
            statuses = set(found[entry["name"]].values())
            verdict = "indeterminate" if "unknown" in statuses else "compliant"
            assert entry["verdict"] == ("drifted" if "drift" in statuses else verdict)
            assert entry["delivery"]["relay"]["seen_from"] == socket.gethostname()
            assert {"delivery.spf", "delivery.dmarc"} <= {f["setting"] for f in entry["findings"]}
        assert outcome.status == 2
        for secret in (PASSWORD, f"\0{USER}\0{PASSWORD}"):
            for form in (secret, base64.b64encode(secret.encode()).decode().rstrip("=")):
                assert form not in outcome.output
                assert form not in json.dumps(report)
    in_place, shipped = (
        {entry["name"]: (entry["findings"], entry["delivery"]) for entry in report["environments"]}
        for _outcome, report in runs.values()
    )
    assert set(in_place) == set(expected)
    assert shipped
    assert {name: in_place[name] for name in shipped} == shipped
    payload = "AnsiballZ_smtp_relay_info"
    assert [payload in outcome.output for outcome, _report in runs.values()] == [False, True]


def test_relays(ansible: Ansible, emulator: Emulator, dns: DnsServer) -> None:
    servers = start_servers_with(emulator, other_profiles(emulator))
    inventory = make_inventory(emulator, servers)
    runs = run_both(ansible, inventory, dns, emulator.ca_cert, "anonymous,echo,gone,wrong-name")
    check(runs, WITHOUT_POSTFIX)
    outcome, report = runs["in place"]
    table = " ".join(" ".join(outcome.table()).split())
    assert "gone indeterminate localhost:" in table
    assert f"cannot be reached from {socket.gethostname()}" in table
    assert "it sent 'HTTP/1.1 400 Bad Request'" in outcome.failure_message("web-server")
    page = (ansible.directory / "in-place/report.html").read_text()
    assert "Relay probed from" in page
    assert "delivery.certificate" in (ansible.directory / "in-place/report.xml").read_text()
    assert report["schema_version"] == "1.1"


def test_postfix(ansible: Ansible, emulator: Emulator, dns: DnsServer, postfix: Postfix) -> None:
    profiles = {name: profile(postfix.ports[name]) for name in WITH_POSTFIX}
    for name in ("good", "without-login"):
        profiles[name] = profile(postfix.ports[name], BASIC)
    servers = start_servers_with(emulator, profiles)
    earlier = len(postfix.log())
    runs = run_both(ansible, make_inventory(emulator, servers), dns, postfix.ca_cert)
    check(runs, WITH_POSTFIX)
    log = postfix.log()[earlier:]
    assert log.count(f"sasl_method=PLAIN, sasl_username={USER}") == len(runs)
    # No mail was ever begun.
    assert " data=" not in log
    good = runs["shipped"][1]["environments"][0]["delivery"]["relay"]["relay"]
    assert (good["greeting"], good["tls_version"]) == (
        "220 relay.keyexample.com ESMTP Postfix",
        "TLSv1.3",
    )


def test_mail_through_postfix(ansible: Ansible, emulator: Emulator, postfix: Postfix) -> None:
    """The emulated Command logs in and sends the mail that it was asked for."""
    servers = {
        name: emulator.command(
            release="25.4",
            users={cases.USER: cases.PASSWORD},
            profile=replace(
                profile(postfix.ports[name], way), client_secret=None, request_headers={}
            ),
            hidden=Hidden.NULL,
            delivers=True,
        )
        for name, way in (("good", BASIC), ("refuses-sender", ANONYMOUS))
    }
    inventory = make_inventory(emulator, servers, with_expected=False)
    inventory["all"]["vars"] = {
        "verify_smtp_expected": {"sender_account": SENDER},
        "verify_smtp_delivery": ["mail"],
        "verify_smtp_test_recipient": RECIPIENT,
        "verify_smtp_secrets": {"relay_password": PASSWORD},
    }
    earlier = len(postfix.log())
    for mode in MODES.values():
        outcome = ansible.run(PLAYBOOK, inventory, "-vvvv", "-e", mode)
        assert "2 environments: 1 compliant, 1 drifted, 0 indeterminate" in outcome.table()
        message = outcome.failure_message("refuses-sender")
        assert "Sender address rejected: Access denied" in message
        assert PASSWORD not in outcome.output
    log = postfix.log()[earlier:]
    assert log.count(f"sasl_method=PLAIN, sasl_username={USER}") == len(MODES)
    # Postfix logs it before it accepts a mail.
    assert log.count(": message-id=<") == len(MODES)


def test_saved_profile_waiver_and_options_that_cannot_be_used(
    ansible: Ansible, emulator: Emulator
) -> None:
    relay = emulator.relay(Tls.EXPIRED)
    saved = {
        "host": "localhost",
        "port": relay.port,
        "use_ssl": True,
        "relay_authentication": "anonymous",
        "sender_account": SENDER,
    }
    waiver = {
        "setting": "delivery.certificate",
        "reason": "It is renewed on Monday",
        "owner": "Mail team",
        "expires": "2099-12-31",
    }
    common = {
        "verify_smtp_saved_profile": saved,
        "verify_smtp_delivery": ["relay"],
        "verify_smtp_relay": {"ca_cert": str(emulator.ca_cert), "domain_checks": False},
    }
    hosts = {
        "expired": {},
        "waived": {"verify_smtp_waivers": [waiver]},
        "wrong-option": {"verify_smtp_relay": {"ca_cert": "/nowhere/ca.pem"}},
        "misspelled-option": {"verify_smtp_relay": {"ca_crt": str(emulator.ca_cert)}},
        "host-of-its-own": {"verify_smtp_relay": {"host": "relay.example.com"}},
    }
    outcome = ansible.run(PLAYBOOK, {"all": {"hosts": hosts, "vars": common}})
    assert "expired is drifted: The certificate of localhost" in outcome.failure_message("expired")
    table = " ".join(" ".join(outcome.table()).split())
    assert "waived compliant The certificate of localhost" in table
    for name, phrase in {
        "wrong-option": "The file /nowhere/ca.pem of ca_cert cannot be read",
        "misspelled-option": "ca_crt",
        "host-of-its-own": "profile and host exclude each other",
    }.items():
        message = outcome.failure_message(name)
        assert message.startswith(f"{name} is indeterminate: The relay was not probed: ")
        assert phrase in message
    assert "5 environments: 1 compliant, 1 drifted, 3 indeterminate" in table
