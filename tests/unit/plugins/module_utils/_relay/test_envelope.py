# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sender and recipient: what a refusal says of mail from another machine."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator import Emulator, Tls
from tests.unit.relays import (
    LOGIN,
    PASSWORD,
    RECIPIENT,
    SENDER,
    USER,
    message,
    probe,
    statuses,
    whole,
)


def anonymous(emulator: Emulator, replies: dict[str, str], **options: Any) -> dict[str, Any]:
    relay = emulator.relay(Tls.PLAIN_HTTP, replies=replies)
    return probe(emulator, relay, profile_relay_authentication="anonymous", **options)


def refusal(result: dict[str, Any], address: str, reply: str, status: str) -> str:
    """Return the message for a refused address."""
    if status == "failed":
        text = "{relay} refuses the %s: %s. Allow it on the relay, or change it."
    elif reply.startswith("4"):
        text = "{relay} does not take the %s from {here} now: %s. Repeat the probe later."
    else:
        text = (
            "{relay} refuses the %s from {here}: %s. It may take the same from Keyfactor Command: "
            "probe from a machine that may send."
        )
    return whole(result, text % (address, reply))


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        ("550 5.1.8 sender address rejected: domain not found", "failed"),
        ("550 5.7.60 client does not have permissions to send as this sender", "failed"),
        ("501 5.1.7 bad sender address syntax", "failed"),
        ("550 5.7.1 rejected", "failed"),
        ("530 5.7.57 client was not authenticated to send anonymous mail", "unknown"),
        ("554 5.7.1 <vm[192.0.2.1]>: Client host rejected: Access denied", "unknown"),
        ("550 5.7.1 service unavailable, 192.0.2.1 blocked using list.example.com", "unknown"),
        ("451 4.7.1 greylisted", "unknown"),
        ("421 4.3.2 too many connections", "unknown"),
    ],
)
def test_sender_that_is_refused(emulator: Emulator, reply: str, status: str) -> None:
    result = anonymous(emulator, {"MAIL": reply})
    assert statuses(result) == {"sender": status}
    assert message(result, "sender") == refusal(result, f"sender {SENDER}", reply, status)
    assert message(result, "recipient") == "Not made, because of the check sender."


@pytest.mark.parametrize(
    ("reply", "check", "status"),
    [
        ("550 5.1.1 user unknown", "recipient", "failed"),
        ("550 no such user", "recipient", "failed"),
        ("554 5.7.1 <admin@keyexample.com>: Relay access denied", "recipient", "unknown"),
        ("550 5.7.54 unable to relay recipient in non-accepted domain", "recipient", "unknown"),
        ("530 authentication required", "recipient", "unknown"),
        ("550 5.7.1 rejected", "recipient", "unknown"),
        ("450 4.2.0 greylisted", "recipient", "unknown"),
        ("450 4.1.8 sender address rejected: domain not found", "recipient", "unknown"),
        ("554 5.7.1 <pki@keyexample.com>: Sender address rejected: no", "sender", "failed"),
    ],
)
def test_recipient_that_is_refused(emulator: Emulator, reply: str, check: str, status: str) -> None:
    result = anonymous(emulator, {"RCPT": reply})
    assert statuses(result) == {check: status}
    address = f"sender {SENDER}" if check == "sender" else f"recipient {RECIPIENT}"
    assert message(result, check) == refusal(result, address, reply, status)
    if check == "sender":
        assert message(result, "recipient") == "Not made, because of the check sender."


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        ("554 5.7.1 relay access denied", "failed"),
        ("554 5.7.1 <vm[192.0.2.1]>: Client host rejected: Access denied", "unknown"),
        ("451 4.3.0 later", "unknown"),
    ],
)
def test_refusal_after_a_login(emulator: Emulator, reply: str, status: str) -> None:
    relay = emulator.relay(auth=("PLAIN",), users={USER: PASSWORD}, replies={"RCPT": reply})
    assert statuses(probe(emulator, relay, **LOGIN)) == {"recipient": status}


def test_nothing_to_check(emulator: Emulator) -> None:
    result = anonymous(emulator, {}, recipient=None)
    assert message(result, "recipient") == "No recipient was given."
    result = anonymous(emulator, {}, profile_sender_account=None)
    assert message(result, "sender") == "No sender was given."


def test_addresses_in_other_scripts(emulator: Emulator) -> None:
    relay = emulator.relay(Tls.PLAIN_HTTP)
    result = probe(emulator, relay, sender="p\u00fc@b\u00fccher.example")
    assert statuses(result) == {}
    assert "MAIL FROM:<p\u00fc@xn--bcher-kva.example> SMTPUTF8" in relay.commands


def test_relay_without_smtputf8(emulator: Emulator) -> None:
    relay = emulator.relay(Tls.PLAIN_HTTP, extensions=("8BITMIME",))
    result = probe(emulator, relay, sender="p\u00fc@keyexample.com")
    assert statuses(result) == {"sender": "failed"}
    text = "{relay} does not offer SMTPUTF8, which the %s p\u00fc@keyexample.com needs. Use an "
    text += "address of ASCII, or another relay."
    assert message(result, "sender") == whole(result, text % "sender")
    result = probe(emulator, relay, recipient="p\u00fc@keyexample.com")
    assert statuses(result) == {"recipient": "failed"}
    assert message(result, "recipient") == whole(result, text % "recipient")
    # The domain alone has a form in ASCII.
    assert statuses(probe(emulator, relay, sender="pki@b\u00fccher.example")) == {}


@pytest.mark.parametrize("address", ["pki", "a b@keyexample.com", "a@b> SIZE=1", "a@b\r\nDATA"])
def test_addresses_that_cannot_be_sent(emulator: Emulator, address: str) -> None:
    relay = emulator.relay(Tls.PLAIN_HTTP)
    result = probe(emulator, relay, sender=address)
    assert statuses(result) == {"sender": "failed"}
    assert not any(line.startswith("MAIL") for line in relay.commands)
    assert message(result, "sender").isprintable()
    assert statuses(probe(emulator, relay, recipient=address)) == {"recipient": "failed"}
