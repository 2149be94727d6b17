# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the relay offers against what the profile needs, and the login."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._relay import authentication
from tests.emulator import Emulator, Tls
from tests.unit.relays import BASIC, LOGIN, PASSWORD, USER, message, probe, statuses

USERS = {USER: PASSWORD}


def profile(way: str, **settings: Any) -> dict[str, Any]:
    """Return the options of a profile that authenticates in this way."""
    return {f"profile_{key}": value for key, value in {**BASIC, **settings}.items()} | {
        "profile_relay_authentication": way
    }


@pytest.mark.parametrize(
    ("way", "offer", "status", "phrase"),
    [
        ("basic", ("PLAIN",), None, "offers PLAIN over TLS"),
        ("basic", ("CRAM-MD5", "LOGIN"), None, "offers CRAM-MD5, LOGIN over TLS"),
        ("basic", (), "failed", "offers no login over TLS, and basic"),
        ("basic", ("XOAUTH2",), "failed", "needs LOGIN or PLAIN. Enable it"),
        ("oauth", ("LOGIN", "XOAUTH2"), None, "needs XOAUTH2 or OAUTHBEARER"),
        ("oauth", ("OAUTHBEARER",), None, "offers OAUTHBEARER"),
        ("oauth", ("LOGIN",), "failed", "oauth authentication needs XOAUTH2"),
        ("anonymous", (), None, "does not authenticate"),
        ("unknown", ("PLAIN",), None, "not known how to authenticate"),
    ],
)
def test_offer(
    emulator: Emulator, way: str, offer: tuple[str, ...], status: str | None, phrase: str
) -> None:
    result = probe(emulator, emulator.relay(auth=offer), **profile(way))
    assert statuses(result).get("authentication") == status
    assert phrase in message(result, "authentication")
    assert result["relay"]["authentication_methods"] == list(offer)


def test_login_that_is_offered_only_over_tls(emulator: Emulator) -> None:
    relay = emulator.relay(auth=("PLAIN",))
    assert statuses(probe(emulator, relay, **profile("basic"))) == {}
    result = probe(emulator, relay, **profile("basic", use_ssl=False))
    assert statuses(result) == {"authentication": "failed"}
    assert "set use_ssl of the profile to true" in message(result, "authentication")


def test_password_over_plain_text_is_a_warning_and_never_sent(emulator: Emulator) -> None:
    relay = emulator.relay(plain_auth=("PLAIN", "LOGIN"), users=USERS)
    result = probe(emulator, relay, password=PASSWORD, **profile("basic", use_ssl=False))
    assert statuses(result) == {"authentication": "warning"}
    assert "plain text" in message(result, "authentication")
    assert "never sent without TLS" in message(result, "login")
    assert not any("AUTH" in line for line in relay.commands)


def test_basic_is_leaving(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authentication, "BASIC_IS_LEAVING", ("localhost",))
    relay = emulator.relay(auth=("LOGIN", "XOAUTH2"))
    result = probe(emulator, relay, **profile("basic", host="LocalHost"))
    assert statuses(result) == {"authentication": "warning"}
    assert "December 2026" in message(result, "authentication")
    assert statuses(probe(emulator, relay, **profile("oauth"))) == {}


@pytest.mark.parametrize("offer", [("PLAIN", "LOGIN"), ("LOGIN",)])
@pytest.mark.parametrize("user", [USER, "KEYEXAMPLE\\s\u00fcd"])
def test_login(emulator: Emulator, offer: tuple[str, ...], user: str) -> None:
    relay = emulator.relay(auth=offer, users={user: PASSWORD})
    result = probe(emulator, relay, password=PASSWORD, **profile("basic", relay_username=user))
    assert statuses(result) == {}
    assert f"accepts the login of {user}" in message(result, "login")
    assert "accepts the sender" in message(result, "sender")
    assert any(line.startswith(f"AUTH {offer[0]}") for line in relay.commands)


@pytest.mark.parametrize("offer", [("PLAIN",), ("LOGIN",)])
def test_login_that_is_refused(emulator: Emulator, offer: tuple[str, ...]) -> None:
    """The relay of this test repeats all that it was told, as some do."""
    relay = emulator.relay(auth=offer, users={})
    result = probe(emulator, relay, **LOGIN)
    assert statuses(result) == {"login": "failed"}
    assert "535 5.7.8 no such user" in message(result, "login")
    assert "username and password" in message(result, "login")
    assert "no login" in message(result, "sender")


def test_login_that_is_refused_for_now(emulator: Emulator) -> None:
    relay = emulator.relay(auth=("PLAIN",), replies={"AUTH": "454 4.7.0 later"})
    result = probe(emulator, relay, **LOGIN)
    assert statuses(result) == {"login": "unknown"}


def test_options_take_precedence_over_the_user_of_the_profile(emulator: Emulator) -> None:
    relay = emulator.relay(auth=("PLAIN",), users=USERS)
    result = probe(emulator, relay, **profile("basic", relay_username="other"), **LOGIN)
    assert statuses(result) == {}


@pytest.mark.parametrize(
    ("way", "tls", "offer", "phrase"),
    [
        ("anonymous", Tls.VALID, ("PLAIN",), "does not authenticate"),
        ("oauth", Tls.VALID, ("XOAUTH2", "PLAIN"), "user name and password"),
        ("basic", Tls.EXPIRED, ("PLAIN",), "certificate is not accepted"),
        ("basic", Tls.VALID, ("XOAUTH2",), "does not offer the login"),
    ],
)
def test_no_login(
    emulator: Emulator, way: str, tls: Tls, offer: tuple[str, ...], phrase: str
) -> None:
    relay = emulator.relay(tls, auth=offer, users=USERS)
    result = probe(emulator, relay, password=PASSWORD, **profile(way))
    assert phrase in message(result, "login")
    assert not any("AUTH" in line for line in relay.commands)


def test_no_login_without_a_password(emulator: Emulator) -> None:
    result = probe(emulator, emulator.relay(auth=("PLAIN",)), **profile("basic"))
    assert "No password" in message(result, "login")
