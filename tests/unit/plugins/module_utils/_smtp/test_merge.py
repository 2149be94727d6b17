# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The settings that a request will have: what is refused, what is needed, and what differs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._smtp.secret import (
    Header,
    PamReference,
    PlainValue,
)
from tests.unit.smtp import (
    HEADER_VALUE,
    IN_PAM,
    OAUTH,
    PAM,
    PLAIN,
    RELAY_PASSWORD,
    incomplete,
    merged,
    stored,
)

OTHER = PamReference(7, {"SecretId": "other-place"})


def test_headers_are_compared_where_the_server_returns_them() -> None:
    profile = stored(replace(OAUTH, client_secret_pam=PAM), hidden=None)
    same = [{"name": "x-relay-key", "value": "emulated-header-value"}]
    assert merged(profile, request_headers=same).changes == ()
    assert merged(profile, request_headers=[{"name": "X-Relay-Key"}]).changes == ()
    other = [{"name": "X-Relay-Key", "value": HEADER_VALUE}]
    assert merged(profile, request_headers=other).changes == ("request_headers",)
    assert merged(profile, request_headers=[]).changes == ("request_headers",)
    added = merged(profile, request_headers=[*same, {"name": "X-B", "value": "b"}])
    assert [header.name for header in added.headers] == ["x-relay-key", "X-B"]
    incomplete(profile, "the header X-B has no value", request_headers=[*same, {"name": "X-B"}])


@pytest.mark.parametrize("name", ["relay_username", "relay_password"])
def test_secret_goes_into_pam_and_back(name: str) -> None:
    into = merged(
        stored(PLAIN),
        **{f"{name}_pam": PAM},
        **({"relay_password": "x"} if name != "relay_password" else {}),
    )
    into.require_complete()
    assert (into.changes, into.secrets[name]) == ((name,), OTHER)
    back = merged(
        stored(replace(IN_PAM, relay_username_pam=PAM, relay_username_in_pam=True)),
        **{name: "plain"},
    )
    back.require_complete()
    assert (back.changes, back.secrets[name]) == ((name,), PlainValue("plain"))
    assert merged(stored(IN_PAM), relay_password_pam=PAM).changes == ()


def test_oauth_keeps_its_number() -> None:
    given = {"relay_authentication": "oauth", "sender_name": "Other"}
    assert merged(stored(OAUTH), **given).settings["relay_authentication_type"] == 3


@pytest.mark.parametrize(
    ("given", "changes"),
    [
        ({"port": 587, "use_ssl": True, "sender_name": "Keyfactor Command"}, ()),
        ({"use_ssl": False, "port": 25}, ("port", "use_ssl")),
        ({"sender_name": ""}, ("sender_name",)),
        ({"relay_username": "svc"}, ("relay_username",)),
        ({"relay_password": RELAY_PASSWORD}, ()),
    ],
)
def test_differences(given: dict[str, Any], changes: tuple[str, ...]) -> None:
    assert merged(stored(PLAIN), **given).changes == changes


def test_no_name_and_an_empty_one_are_the_same() -> None:
    assert merged(stored(replace(PLAIN, sender_name=None)), sender_name="").changes == ()
    assert merged(stored(replace(PLAIN, sender_name="")), sender_name="").changes == ()


def test_header_without_a_value_that_is_known() -> None:
    profile = stored(OAUTH, hidden=None)
    result = merged(profile, request_headers=[{"name": "X-RELAY-KEY"}])
    assert result.headers == (Header("X-Relay-Key", "emulated-header-value"),)
