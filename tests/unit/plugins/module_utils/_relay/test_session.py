# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions with relays as they are: many lines, drops, stalls, refusals, and other protocols."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._relay import probe as module
from tests.emulator import Emulator, Tls
from tests.unit.relays import LOGIN, PASSWORD, message, probe, statuses


def plain(emulator: Emulator, **options: Any) -> tuple[Any, dict[str, Any]]:
    relay = emulator.relay(Tls.PLAIN_HTTP, **options)
    return relay, probe(emulator, relay, profile_relay_authentication="anonymous")


def test_session(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.socket, "gethostname", lambda: "bastion.example.com")
    relay, result = plain(emulator, extensions=("SIZE 1000", "8BITMIME"))
    assert statuses(result) == {}
    # The relay may not have read QUIT yet.
    assert relay.commands[:4] == [
        "EHLO bastion.example.com",
        "MAIL FROM:<pki@keyexample.com>",
        "RCPT TO:<admin@keyexample.com>",
        "RSET",
    ]
    assert result["relay"]["greeting"] == "220 relay.keyexample.com ESMTP no unsolicited mail"
    assert result["relay"]["extensions"] == ["8BITMIME", "SIZE"]
    assert result["seen_from"] == "bastion.example.com"


def test_session_over_ipv6(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.socket, "gethostname", lambda: "bastion")
    try:
        relay = emulator.relay(Tls.PLAIN_HTTP, address="::1")
    except OSError:
        pytest.skip("This machine has no IPv6.")
    result = probe(emulator, relay)
    assert result["relay"]["address"] == "::1"
    assert "[::1]:" in message(result, "greeting")
    assert relay.commands[0] == "EHLO [IPv6:::1]"


@pytest.mark.parametrize(
    ("options", "check", "phrases"),
    [
        ({"replies": {"GREETING": "554 5.7.1 go away"}}, "greeting", ("554 5.7.1 go away",)),
        ({"replies": {"GREETING": "421-busy\n421 later"}}, "greeting", ("421 busy later",)),
        ({"drop": "GREETING"}, "greeting", ("before a greeting", "takes mail from that machine")),
        ({"stall": "GREETING"}, "greeting", ("in time", "1 s in all", "465", "timeout")),
        ({"replies": {"EHLO": "550 who are you"}}, "greeting", ("550 who are you", "name")),
        ({"stall": "EHLO"}, "greeting", ("in time", "timeout")),
        ({"stall": "MAIL"}, "sender", ("in time", "timeout")),
        ({"stall": "RCPT"}, "recipient", ("in time", "timeout")),
    ],
)
def test_what_this_machine_cannot_tell(
    emulator: Emulator, options: dict[str, Any], check: str, phrases: tuple[str, ...]
) -> None:
    relay = emulator.relay(Tls.PLAIN_HTTP, **options)
    result = probe(emulator, relay, timeout="1s")
    assert statuses(result) == {check: "unknown"}
    for phrase in phrases:
        assert phrase in message(result, check)


@pytest.mark.parametrize(
    ("options", "check", "phrases"),
    [
        ({"drop": "EHLO"}, "greeting", ("middle of the session", "log")),
        ({"drop": "MAIL"}, "sender", ("middle of the session", "log")),
        ({"replies": {"GREETING": "SSH-2.0-OpenSSH"}}, "greeting", ("not speak SMTP", "SSH-2.0")),
        ({"replies": {"GREETING": "220-a\n250 b"}}, "greeting", ("not speak SMTP", "250 b")),
        ({"replies": {"GREETING": "220-a\n" * 20000}}, "greeting", ("not speak SMTP",)),
        ({"replies": {"GREETING": "x" * 100000}}, "greeting", ("not speak SMTP",)),
        ({"replies": {"MAIL": "hello"}}, "sender", ("not speak SMTP", "hello")),
    ],
)
def test_what_is_wrong_with_the_relay(
    emulator: Emulator, options: dict[str, Any], check: str, phrases: tuple[str, ...]
) -> None:
    result = plain(emulator, **options)[1]
    assert statuses(result) == {check: "failed"}
    for phrase in phrases:
        assert phrase in message(result, check)
    assert len(message(result, check)) < 500


def test_relay_without_extensions(emulator: Emulator) -> None:
    relay, result = plain(emulator, replies={"EHLO": "502 what"})
    assert statuses(result) == {}
    assert relay.commands[1].startswith("HELO ")
    assert result["relay"]["extensions"] == []


def test_older_spelling_of_the_offer(emulator: Emulator) -> None:
    result = plain(emulator, extensions=("AUTH=login", "AUTH LOGIN plain"))[1]
    assert result["relay"]["authentication_methods"] == ["LOGIN", "PLAIN"]


def test_text_of_the_relay_is_quoted(emulator: Emulator) -> None:
    relay = emulator.relay(
        users={},
        auth=("PLAIN",),
        replies={"GREETING": f"220 \x1b[2J\u202e {PASSWORD} " + "x" * 500},
    )
    result = probe(emulator, relay, **LOGIN)
    greeting = result["relay"]["greeting"]
    assert greeting.startswith("220 [2J ********")
    assert len(greeting) == 200


def test_data_injected_before_tls(emulator: Emulator) -> None:
    result = probe(emulator, emulator.relay(injected="250-injected.example.com"))
    assert statuses(result) == {"tls": "failed"}
    assert "injected" in message(result, "tls")


def test_connection_is_closed(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[socket.socket] = []
    connect = module.connect

    def remember(*arguments: Any) -> Any:
        result = connect(*arguments)
        opened.append(result[0])
        return result

    monkeypatch.setattr(module, "connect", remember)
    probe(emulator, emulator.relay(Tls.EXPIRED, replies={"MAIL": "550 no"}))
    plain(emulator, drop="EHLO")
    assert [connection.fileno() for connection in opened] == [-1] * 3
