# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Probes of mail relays on loopback."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.keyfactor.command.plugins.module_utils._relay.checks import NAMES
from ansible_collections.keyfactor.command.plugins.module_utils._relay.probe import run_probe
from tests.emulator import Emulator
from tests.emulator.mail_relay import MailRelay
from tests.unit.support import holds_secret

SENDER, RECIPIENT = "pki@keyexample.com", "admin@keyexample.com"
USER, PASSWORD = "svc-mail", "relay-password-4711-search-me"
LOGIN = {"username": USER, "password": PASSWORD}
BASIC = {"relay_authentication": "basic", "relay_username": USER}


def probe(emulator: Emulator, relay: MailRelay | None, **options: Any) -> dict[str, Any]:
    """Return the result of a probe, after asserting what holds for every result.

    The relay is given by a profile if an option begins with C(profile_).
    """
    profile = {
        name.removeprefix("profile_"): options.pop(name)
        for name in list(options)
        if name.startswith("profile_")
    }
    settings: dict[str, Any] = {"use_ssl": relay is not None and relay.options.context is not None}
    if relay:
        settings.update(host=relay.host, port=relay.port)
    if profile:
        settings = {"profile": {"sender_account": SENDER, **settings, **profile}}
    else:
        settings.setdefault("sender", SENDER)
    common = {
        "recipient": RECIPIENT,
        "ca_cert": str(emulator.ca_cert),
        "certificate_days": 10,
        "domain_checks": False,
        "timeout": "10s",
    }
    result = run_probe({**common, **settings, **options})
    assert holds_secret(result, PASSWORD) == []
    if relay:
        assert not {"DATA", "BDAT"} & {line.split(" ")[0].upper() for line in relay.commands}
    if "checks" in result:
        assert [check["name"] for check in result["checks"]] == list(NAMES)
        bad = [check for check in result["checks"] if check["status"] in ("failed", "unknown")]
        assert result["ok"] is not bool(bad)
        assert all(check["message"].endswith(".") for check in result["checks"])
        assert all(result["seen_from"] in c["message"] for c in bad if c["status"] == "unknown")
    return result


def statuses(result: Mapping[str, Any]) -> dict[str, str]:
    """Return the checks that did not pass and were not skipped, by name."""
    return {
        check["name"]: check["status"]
        for check in result["checks"]
        if check["status"] not in ("passed", "skipped")
    }


def message(result: Mapping[str, Any], name: str) -> str:
    """Return the message of a check."""
    (found,) = (check["message"] for check in result["checks"] if check["name"] == name)
    return str(found)


def whole(result: Mapping[str, Any], text: str) -> str:
    """Return a message with the names of the relay and of this machine in their places."""
    relay = f"{result['relay']['host']}:{result['relay']['port']}"
    return text.format(relay=relay, here=result["seen_from"])


Probing = Callable[..., dict[str, Any]]
