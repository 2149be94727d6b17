# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions with relays as they are: many lines, drops, stalls, refusals, and other protocols."""

from __future__ import annotations

import socket
import ssl
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._http.deadline import Deadline
from ansible_collections.keyfactor.command.plugins.module_utils._relay import probe as module
from ansible_collections.keyfactor.command.plugins.module_utils._relay.checks import StepError
from ansible_collections.keyfactor.command.plugins.module_utils._relay.session import (
    Reply,
    Session,
)
from tests.emulator import Emulator, Tls
from tests.unit.relays import LOGIN, PASSWORD, message, probe, statuses, whole


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


def test_all_addresses_are_named(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve = module.resolve
    monkeypatch.setattr(module, "resolve", lambda *given: resolve(*given) * 2)
    result = plain(emulator)[1]
    assert message(result, "resolve") == "The name localhost has the address 127.0.0.1, 127.0.0.1."


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


REFUSED = (
    "{relay} refuses {here}: %s. A relay may refuse one machine and take mail from another: allow "
    "that machine, or probe from another one."
)
LATE = (
    "{relay} did not answer {here} in time: the probe may take 1 s in all. Check the relay and the "
    "way to it, or raise timeout."
)


@pytest.mark.parametrize(
    ("options", "check", "text"),
    [
        ({"replies": {"GREETING": "554 5.7.1 no"}}, "greeting", REFUSED % "554 5.7.1 no"),
        ({"replies": {"GREETING": "421-busy\n421 later"}}, "greeting", REFUSED % "421 busy later"),
        (
            {"drop": "GREETING"},
            "greeting",
            "{relay} closed the connection from {here} before a greeting. Check that the relay "
            "runs, and whether it takes mail from that machine.",
        ),
        (
            {"stall": "GREETING"},
            "greeting",
            f"{LATE} A port for TLS from the first byte, such as 465, does not greet without it.",
        ),
        (
            {"replies": {"EHLO": "550 who are you"}},
            "greeting",
            "{relay} refuses {here} by the name [127.0.0.1]: 550 who are you. Check the relay's "
            "rules for names and addresses of machines.",
        ),
        ({"stall": "EHLO"}, "greeting", LATE),
        ({"stall": "MAIL"}, "sender", LATE),
        ({"stall": "RCPT"}, "recipient", LATE),
    ],
)
def test_what_this_machine_cannot_tell(
    emulator: Emulator,
    monkeypatch: pytest.MonkeyPatch,
    options: dict[str, Any],
    check: str,
    text: str,
) -> None:
    monkeypatch.setattr(module.socket, "gethostname", lambda: "bastion")
    relay = emulator.relay(Tls.PLAIN_HTTP, **options)
    result = probe(emulator, relay, timeout="1s")
    assert statuses(result) == {check: "unknown"}
    assert message(result, check) == whole(result, text)


CLOSED = "{relay} closed the connection in the middle of the session. Look at the relay's log."
NOT_SMTP = "{relay} does not speak SMTP: it sent '%s'. Check host and port."


@pytest.mark.parametrize(
    ("options", "check", "text"),
    [
        ({"drop": "EHLO"}, "greeting", CLOSED),
        ({"drop": "MAIL"}, "sender", CLOSED),
        ({"replies": {"GREETING": "SSH-2.0-OpenSSH"}}, "greeting", NOT_SMTP % "SSH-2.0-OpenSSH"),
        ({"replies": {"GREETING": "220-a\n250 b"}}, "greeting", NOT_SMTP % "250 b"),
        ({"replies": {"GREETING": "220-a\n" * 20000}}, "greeting", NOT_SMTP % "220-a"),
        ({"replies": {"GREETING": "x" * 100000}}, "greeting", NOT_SMTP % ("x" * 197 + "...")),
        ({"replies": {"MAIL": "hello"}}, "sender", NOT_SMTP % "hello"),
    ],
)
def test_what_is_wrong_with_the_relay(
    emulator: Emulator, options: dict[str, Any], check: str, text: str
) -> None:
    result = plain(emulator, **options)[1]
    assert statuses(result) == {check: "failed"}
    assert message(result, check) == whole(result, text)


def test_handshake_that_ends_before_or_after_a_greeting() -> None:
    """Only before it, the relay may have refused this machine."""
    context = ssl.create_default_context()
    for greeting in (b"", b"220 a\r\n250 b\r\n"):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            session = Session(ours, "a:25", "b.example.com", Deadline(10), ())
            theirs.sendall(greeting)
            theirs.shutdown(socket.SHUT_WR)
            if greeting:
                session.greet()
                with pytest.raises(ssl.SSLEOFError):
                    session.start_tls(context, "a")
            else:
                with pytest.raises(StepError, match=r"^a:25 closed .* before a greeting"):
                    session.start_tls(context, "a")


@pytest.mark.parametrize(
    ("line", "code"),
    [("5.7.1 no", "5.7.1"), ("5.7.100", "5.7.100"), ("no", ""), ("5.7.1no", ""), ("1.2.3 no", "")],
)
def test_enhanced_code(line: str, code: str) -> None:
    assert Reply(550, ["5.1.1 earlier", line], "").enhanced_code == code


def test_end_of_a_session() -> None:
    """Real relays log it. The relay of these tests may not have read it when they look."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        session = Session(ours, "a:25", "here", Deadline(10), ())
        session.quit()
        assert theirs.recv(100) == b"QUIT\r\n"


def test_reason_of_a_broken_connection() -> None:
    session = Session(socket.socket(), "a:25", "here", Deadline(10), ())
    broken = session._closed(ConnectionResetError(104, "Connection reset by peer"))
    assert (
        "closed the connection from here before a greeting (Connection reset by peer). Check"
        in (broken.message)
    )
    assert "before a greeting (OSError). Check" in session._closed(OSError()).message


def test_lines_of_a_relay_without_extensions_are_no_extensions(emulator: Emulator) -> None:
    replies = {"EHLO": "502 what", "HELO": "250-relay\r\n250 SIZE 100"}
    assert plain(emulator, replies=replies)[1]["relay"]["extensions"] == []


def test_relay_without_extensions(emulator: Emulator) -> None:
    relay, result = plain(emulator, replies={"EHLO": "502 what"})
    assert statuses(result) == {}
    assert relay.commands[1].startswith("HELO ")
    assert result["relay"]["extensions"] == []


def test_older_spelling_of_the_offer(emulator: Emulator) -> None:
    result = plain(emulator, extensions=("AUTH=login cram-md5", "AUTH LOGIN plain"))[1]
    assert result["relay"]["authentication_methods"] == ["LOGIN", "CRAM-MD5", "PLAIN"]
    assert result["relay"]["extensions"] == ["AUTH"]


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
    assert message(result, "tls") == whole(
        result,
        "{relay} sent more than its reply to STARTTLS, before TLS began: "
        "'250-injected.example.com'. Something on the way may have injected it.",
    )


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
