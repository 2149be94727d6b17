# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the relay offers against what the profile needs, and the login."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._relay import authentication
from tests.emulator import Emulator, Tls
from tests.unit.relays import BASIC, LOGIN, PASSWORD, USER, message, probe, statuses, whole

USERS = {USER: PASSWORD}
NEEDS_BASIC = "basic authentication needs LOGIN or PLAIN"
NEEDS_OAUTH = "oauth authentication needs XOAUTH2 or OAUTHBEARER"
ENABLE = "Enable it on the relay, or change how the profile authenticates."


def profile(way: str, **settings: Any) -> dict[str, Any]:
    """Return the options of a profile that authenticates in this way."""
    return {f"profile_{key}": value for key, value in {**BASIC, **settings}.items()} | {
        "profile_relay_authentication": way
    }


@pytest.mark.parametrize(
    ("way", "offer", "status", "text"),
    [
        ("basic", ("PLAIN",), None, f"{{relay}} offers PLAIN over TLS, and {NEEDS_BASIC}."),
        (
            "basic",
            ("CRAM-MD5", "LOGIN"),
            None,
            f"{{relay}} offers CRAM-MD5, LOGIN over TLS, and {NEEDS_BASIC}.",
        ),
        ("basic", (), "failed", f"{{relay}} offers no login over TLS, and {NEEDS_BASIC}. {ENABLE}"),
        (
            "basic",
            ("XOAUTH2",),
            "failed",
            f"{{relay}} offers XOAUTH2 over TLS, and {NEEDS_BASIC}. {ENABLE}",
        ),
        (
            "oauth",
            ("LOGIN", "XOAUTH2"),
            None,
            f"{{relay}} offers LOGIN, XOAUTH2 over TLS, and {NEEDS_OAUTH}.",
        ),
        (
            "oauth",
            ("OAUTHBEARER",),
            None,
            f"{{relay}} offers OAUTHBEARER over TLS, and {NEEDS_OAUTH}.",
        ),
        (
            "oauth",
            ("LOGIN",),
            "failed",
            f"{{relay}} offers LOGIN over TLS, and {NEEDS_OAUTH}. {ENABLE}",
        ),
        (
            "anonymous",
            (),
            None,
            "The profile does not authenticate. {relay} offers no login over TLS.",
        ),
        (
            "unknown",
            ("PLAIN",),
            None,
            "It is not known how to authenticate. {relay} offers PLAIN over TLS.",
        ),
    ],
)
def test_offer(
    emulator: Emulator, way: str, offer: tuple[str, ...], status: str | None, text: str
) -> None:
    result = probe(emulator, emulator.relay(auth=offer), **profile(way))
    assert statuses(result).get("authentication") == status
    assert message(result, "authentication") == whole(result, text)
    assert result["relay"]["authentication_methods"] == list(offer)


def test_login_that_is_offered_only_over_tls(emulator: Emulator) -> None:
    relay = emulator.relay(auth=("PLAIN",))
    assert statuses(probe(emulator, relay, **profile("basic"))) == {}
    result = probe(emulator, relay, **profile("basic", use_ssl=False))
    assert statuses(result) == {"authentication": "failed"}
    assert message(result, "authentication") == whole(
        result,
        f"{{relay}} offers no login without TLS, and {NEEDS_BASIC}. Many relays offer a login only "
        f"over TLS: set use_ssl of the profile to true.",
    )


def test_password_over_plain_text_is_a_warning_and_never_sent(emulator: Emulator) -> None:
    relay = emulator.relay(plain_auth=("PLAIN", "LOGIN"), users=USERS)
    result = probe(emulator, relay, password=PASSWORD, **profile("basic", use_ssl=False))
    assert statuses(result) == {"authentication": "warning"}
    assert message(result, "authentication") == whole(
        result,
        "{relay} offers PLAIN, LOGIN without TLS: the password travels in plain text. Set use_ssl "
        "of the profile to true.",
    )
    assert message(result, "login") == (
        "A password is never sent without TLS, and use_ssl is false."
    )
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
    start = f"{{relay}} refuses the login of {USER}: 535 5.7.8 no such user or password: AUTH "
    assert message(result, "login").startswith(whole(result, start))
    assert message(result, "login").endswith(
        "*. Check username and password, and whether the relay still allows Basic authentication."
    )
    for name in ("sender", "recipient"):
        assert message(result, name) == (
            "Not made, as the profile authenticates, and there was no login."
        )


def test_login_that_is_refused_for_now(emulator: Emulator) -> None:
    relay = emulator.relay(auth=("PLAIN",), replies={"AUTH": "454 4.7.0 later"})
    result = probe(emulator, relay, **LOGIN)
    assert statuses(result) == {"login": "unknown"}
    assert message(result, "login") == whole(
        result,
        f"{{relay}} cannot judge the login of {USER} from {{here}} now: 454 4.7.0 later. Repeat the "
        f"probe later.",
    )


def test_options_take_precedence_over_the_user_of_the_profile(emulator: Emulator) -> None:
    relay = emulator.relay(auth=("PLAIN",), users=USERS)
    result = probe(emulator, relay, **profile("basic", relay_username="other"), **LOGIN)
    assert statuses(result) == {}


@pytest.mark.parametrize(
    ("way", "tls", "offer", "text"),
    [
        ("anonymous", Tls.VALID, ("PLAIN",), "The profile does not authenticate."),
        (
            "oauth",
            Tls.VALID,
            ("XOAUTH2", "PLAIN"),
            "Only a login with user name and password can be tried.",
        ),
        (
            "basic",
            Tls.EXPIRED,
            ("PLAIN",),
            "A password is never sent to a relay whose certificate is not accepted.",
        ),
        ("basic", Tls.VALID, ("XOAUTH2",), "The relay does not offer the login."),
    ],
)
def test_no_login(
    emulator: Emulator, way: str, tls: Tls, offer: tuple[str, ...], text: str
) -> None:
    relay = emulator.relay(tls, auth=offer, users=USERS)
    result = probe(emulator, relay, password=PASSWORD, **profile(way))
    assert message(result, "login") == text
    assert not any("AUTH" in line for line in relay.commands)


def test_no_login_without_a_password(emulator: Emulator) -> None:
    result = probe(emulator, emulator.relay(auth=("PLAIN",)), **profile("basic"))
    assert message(result, "login") == "No password was given to try the login."
