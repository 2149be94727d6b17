# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two hundred environments, of which one in twenty has a relay that is broken in its own way."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import (
    normalize_profile,
)
from ansible_collections.keyfactor.command.plugins.module_utils._relay.probe import run_probe
from tests.emulator import Emulator, Tls
from tests.unit.relays import PASSWORD, RECIPIENT, SENDER, USER
from tests.unit.support import evaluate_profile

NUMBER = 200
LOGIN: dict[str, Any] = {"auth": ("PLAIN",), "users": {USER: PASSWORD}}
# How a relay is broken, with the finding that must say so.
BROKEN: dict[str, tuple[dict[str, Any], str, str]] = {
    "expired": ({"tls": Tls.EXPIRED}, "certificate", "drift"),
    "wrong-name": ({"tls": Tls.WRONG_NAME}, "certificate", "drift"),
    "unknown-authority": ({"tls": Tls.UNKNOWN_CA}, "certificate", "drift"),
    "without-tls": ({"tls": Tls.PLAIN_HTTP}, "tls", "drift"),
    "injected": ({"injected": "250 injected"}, "tls", "drift"),
    "basic-is-off": ({"auth": ("XOAUTH2",)}, "authentication", "drift"),
    "password-changed": ({"users": {USER: "another"}}, "login", "drift"),
    "sender-refused": ({"replies": {"MAIL": "550 5.7.60 not as this sender"}}, "sender", "drift"),
    "dropping": ({"drop": "GREETING"}, "greeting", "unknown"),
    "gone": ({}, "connect", "unknown"),
}


@pytest.fixture
def ports(emulator: Emulator) -> dict[str, int]:
    """The ports of the relays: a good one for most environments, and the broken ones."""
    relays = {
        name: emulator.relay(**{**LOGIN, **options})
        for name, (options, _check, _status) in BROKEN.items()
    }
    found = {name: relay.port for name, relay in relays.items()}
    return {**found, "gone": emulator.closed_port(), "good": emulator.relay(**LOGIN).port}


def test_every_verdict_is_right(
    emulator: Emulator, ports: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    # One authority is read faster than all those of the system.
    monkeypatch.setenv("SSL_CERT_FILE", str(emulator.ca_cert))
    kinds = ["good"] * NUMBER
    for number, kind in enumerate(BROKEN):
        kinds[number * 19 + 7] = kind
    assert len(BROKEN) == NUMBER / 20

    def judge(number: int) -> dict[str, Any]:
        content = {
            "Host": "localhost",
            "Port": ports[kinds[number]],
            "UseSSL": True,
            "RelayAuthenticationType": 2,
            "RelayUsername": USER,
            "SenderAccount": SENDER,
        }
        profile = normalize_profile(content, 1).values
        options = {"recipient": RECIPIENT, "password": PASSWORD, "domain_checks": False}
        result = run_probe({"profile": profile, "certificate_days": 10, **options})
        expected = {"sender_account": SENDER}
        read = {"smtp": profile, "api_version": 1}
        name = f"environment-{number}"
        return evaluate_profile(name, profile, expected, read, None, result, delivery=["relay"])

    with ThreadPoolExecutor(8) as pool:
        entries = list(pool.map(judge, range(NUMBER)))
    for kind, entry in zip(kinds, entries, strict=True):
        bad = {f["setting"]: f["status"] for f in entry["findings"] if f["status"] != "match"}
        if kind == "good":
            assert (bad, entry["verdict"]) == ({}, "compliant"), entry
        else:
            _options, check, status = BROKEN[kind]
            assert bad == {f"delivery.{check}": status}, kind
            verdict = "drifted" if status == "drift" else "indeterminate"
            assert entry["verdict"] == verdict, kind
    verdicts = Counter(entry["verdict"] for entry in entries)
    assert verdicts == {"compliant": 190, "drifted": 8, "indeterminate": 2}
