# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The probe as a whole: its result, its order, and its deadline."""

from __future__ import annotations

import time

from ansible_collections.keyfactor.command.plugins.module_utils._relay.probe import run_probe
from tests.emulator import Emulator, Tls
from tests.unit.relays import LOGIN, PASSWORD, USER, message, probe, statuses


def test_all_checks_pass(emulator: Emulator) -> None:
    relay = emulator.relay(auth=("PLAIN",), users={USER: PASSWORD})
    result = probe(emulator, relay, **LOGIN)
    assert (result["ok"], result["changed"], statuses(result)) == (True, False, {})
    assert set(result) == {"changed", "ok", "relay", "checks", "seen_from"}
    assert result["relay"]["host"] == "localhost"
    assert result["relay"]["port"] == relay.port
    assert result["relay"]["address"] == "127.0.0.1"
    # The commands after STARTTLS ask again for what may have been forged before.
    assert [line.split(" ")[0] for line in relay.commands][:7] == [
        *("EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL", "RCPT", "RSET")
    ]


def test_deadline_is_for_all_steps_together(emulator: Emulator) -> None:
    relay = emulator.relay(Tls.EXPIRED, stall="MAIL")
    start = time.monotonic()
    result = probe(emulator, relay, timeout="1s")
    assert time.monotonic() - start < 5
    assert statuses(result) == {"certificate": "failed", "sender": "unknown"}


def test_relay_that_is_gone(emulator: Emulator) -> None:
    result = probe(emulator, None, host="localhost", port=emulator.closed_port())
    assert statuses(result) == {"connect": "unknown"}
    assert result["relay"] == {
        "host": "localhost",
        "port": result["relay"]["port"],
        "address": None,
        "greeting": None,
        "tls": "none",
        "tls_version": None,
        "certificate": None,
        "extensions": [],
        "authentication_methods": [],
    }
    assert message(result, "greeting") == "Not made, because of the check connect."


def test_refused_certificate_stays_failed_if_the_second_session_fails(emulator: Emulator) -> None:
    relay = emulator.relay(Tls.EXPIRED)
    original = relay.options

    class OnlyOnce(dict[str, str]):
        """Greets once, and is busy then."""

        def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
            if key != "GREETING":
                return default
            greeted.append(key)
            return default if len(greeted) == 1 else "421 4.3.2 too many connections"

    greeted: list[str] = []
    object.__setattr__(original, "replies", OnlyOnce())
    result = probe(emulator, relay)
    assert statuses(result) == {"greeting": "unknown", "certificate": "failed"}
    assert "has expired" in message(result, "certificate")


def test_profile_without_a_host(emulator: Emulator) -> None:
    result = probe(emulator, None, profile_host=None, profile_use_ssl=True)
    assert statuses(result) == {"resolve": "failed"}
    assert "no host" in message(result, "resolve")


def test_options_that_cannot_be_used() -> None:
    result = run_probe({"host": "a", "password": PASSWORD})
    assert (result["failed"], result["error"]["kind"]) == (True, "configuration")
    assert PASSWORD not in str(result)
