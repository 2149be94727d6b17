# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The probe of a relay in place and shipped: same results, same refusals, and no secret."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.emulator import Tls
from tests.integration.support.parity import ENVIRON, play, run_both
from tests.integration.support.ssh import SshServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.emulator import Emulator
    from tests.integration.support.ansible import Ansible

MODULE = "keyfactor.command.smtp_relay_info"
PAYLOAD = "AnsiballZ_smtp_relay_info"
USER, PASSWORD = "svc-mail", "relay-password-4711-search-me"
# Ansible quotes the lines of a playbook, so the password is in the inventory.
LOGIN = {"username": USER, "password": "{{ relay_password }}"}


def task(name: str, options: dict[str, Any], **keywords: Any) -> dict[str, Any]:
    return {"name": name, MODULE: options, "ignore_errors": True, **keywords}


def assert_no_secret(text: str) -> None:
    for secret in (PASSWORD, f"\0{USER}\0{PASSWORD}"):
        for form in (secret, base64.b64encode(secret.encode()).decode().rstrip("=")):
            assert form not in text


def test_results_are_equal(ansible: Ansible, emulator: Emulator) -> None:
    good = emulator.relay(auth=("PLAIN",), users={USER: PASSWORD})
    echo = emulator.relay(auth=("LOGIN",), replies={"GREETING": "220 {{ 7 * 7 }} \x1b[2J \u202e"})
    expired = emulator.relay(Tls.EXPIRED, replies={"RCPT": "550 5.1.1 <{{ 7 * 7 }}>"})
    common = {
        "host": "localhost",
        "use_ssl": True,
        "sender": "p\u00fc@keyexample.com",
        "recipient": "admin@keyexample.com",
        "ca_cert": emulator.ca_cert.read_text(),
        "certificate_days": 5,
        "domain_checks": False,
        "timeout": "20s",
    }
    profile = {"host": "localhost", "port": good.port, "use_ssl": True, "sender_account": "a@b.c"}
    unverified = {**common, "ca_cert": "", "port": good.port}
    tasks = [
        task("good", {**common, **LOGIN, "port": good.port}),
        task("echo", {**common, **LOGIN, "port": echo.port}),
        task("expired", {**common, "port": str(expired.port)}),
        task("gone", {**common, "port": emulator.closed_port()}),
        task("check", {**common, "port": good.port}, check_mode=True),
        task("profile", {"profile": profile, "domain_checks": False}),
        task("trust", unverified, environment={"SSL_CERT_FILE": str(emulator.ca_cert)}),
        task("nothing", {**LOGIN}),
        task("misspelled", {**common, "port": good.port, "pasword": "{{ relay_password }}"}),
        task("no-number", {**common, **LOGIN, "port": "smtp"}),
        task("no-file", {**common, **LOGIN, "port": good.port, "ca_cert": "/nowhere/ca.pem"}),
    ]
    variables = {"ansible_connection": "local", "relay_password": PASSWORD}
    inventory = {"all": {"hosts": {"local": variables}}}
    pair = run_both(ansible, [play("all", tasks)], inventory, {}, "-vvvv")
    results = {each["name"]: pair.result(each["name"]) for each in tasks}
    for mode, outcome in pair.outcomes.items():
        assert (PAYLOAD in outcome.output) is (mode == "shipped")
        assert_no_secret(outcome.output)
    assert_no_secret(json.dumps(results))
    bad = {
        name: [each["name"] for each in result["checks"] if each["status"] in ("failed", "unknown")]
        for name, result in results.items()
        if "checks" in result
    }
    assert bad == {
        "good": [],
        "echo": ["login"],
        "expired": ["certificate", "recipient"],
        "gone": ["connect"],
        "check": [],
        "profile": ["certificate"],
        "trust": [],
    }
    assert results["echo"]["relay"]["greeting"] == "220 {{ 7 * 7 }} [2J"
    assert results["good"]["invocation"]["module_args"]["ca_cert"] == "PEM text"
    kinds = {name: result["error"]["kind"] for name, result in results.items() if "error" in result}
    assert kinds == {"nothing": "configuration", "no-file": "configuration"}
    assert "Unsupported parameters" in results["misspelled"]["msg"]


@pytest.fixture
def ssh(tmp_path: Path) -> Iterator[SshServer]:
    directory = tmp_path / "ssh"
    directory.mkdir()
    server = SshServer(directory)
    yield server
    server.stop()


def test_bastion_probes(ansible: Ansible, emulator: Emulator, ssh: SshServer) -> None:
    relay = emulator.relay()
    options = {"host": "localhost", "port": relay.port, "use_ssl": True, "domain_checks": False}
    probe = task("probe", {**options, "ca_cert": str(emulator.ca_cert)}, delegate_to="bastion")
    hosts = {"production": {"ansible_connection": "local"}, "bastion": ssh.variables}
    outcome = ansible.run(
        [play("production", [probe])], {"all": {"hosts": hosts}}, "-vvv", **ENVIRON
    )
    result = outcome.result("production", "probe")
    assert (result["ok"], PAYLOAD in outcome.output) == (True, True)
    assert relay.commands[0].startswith("EHLO ")
