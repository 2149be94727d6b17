# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever the profile and the change: the server has what it should, or what it had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from ansible_collections.keyfactor.command.plugins.module_utils._errors import CommandError
from ansible_collections.keyfactor.command.plugins.module_utils._smtp.update import (
    update_smtp_profile,
)
from tests.emulator import Command, Emulator, Fault, Hidden, SmtpProfile
from tests.unit.smtp import SECRETS
from tests.unit.support import TOKEN, Connect, check_error, holds_secret

RELEASES = ("10.3", "24.4", "25.1", "25.4")
FAULTS = (
    Fault.none(),
    Fault.none(),
    Fault.drop(),
    Fault.drop_reply(),
    Fault.cut_off(),
    Fault.status(500),
    Fault.status(400),
    Fault.html(),
)
REFERENCES = st.sampled_from([None, None, {"provider": 2, "parameters": {"SecretId": "a"}}])
NAMES = st.sampled_from(["svc-mail", "KEYEXAMPLE\\svc", "é"])
TEXTS = st.sampled_from([None, "", "Example PKI", "a: {b}"])
HEADERS = st.sampled_from([{}, {}, {"X-A": "stored-header-value-1"}])


@st.composite
def profiles(draw: st.DrawFn) -> SmtpProfile:
    """Draw a profile that an administrator may have configured."""
    number = draw(st.sampled_from([0, 2, 2, 3, 1]))
    oauth, basic = number == 3, number in (1, 2)
    username_pam = draw(REFERENCES) if basic else None
    return SmtpProfile(
        host=draw(st.sampled_from(["smtp.example.com", "relay.example.com"])),
        port=draw(st.sampled_from([25, 465, 587])),
        use_ssl=draw(st.booleans()),
        relay_authentication_type=number,
        relay_username=None if username_pam or not basic else draw(NAMES),
        relay_username_pam=username_pam,
        relay_username_in_pam=bool(username_pam),
        relay_password="stored-password" if basic else None,
        relay_password_pam=draw(REFERENCES) if basic else None,
        sender_account="pki@example.com",
        sender_name=draw(TEXTS),
        sender_address="pki@example.com",
        client_id="relay-client" if oauth else None,
        client_secret="stored-client-secret" if oauth else None,
        client_secret_pam=draw(REFERENCES) if oauth else None,
        token_endpoint="https://id.example.com/token" if oauth else None,
        scope=draw(TEXTS) if oauth else None,
        request_headers=draw(HEADERS) if oauth else {},
        unknown_members=draw(st.sampled_from([{}, {"Retry": 3}])),
    )


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "host": st.sampled_from(["smtp.example.com", "SMTP.example.com", "new.example.com"]),
    "port": st.sampled_from([25, 587, 2525]),
    "use_ssl": st.booleans(),
    "relay_authentication": st.sampled_from(["anonymous", "basic", "oauth"]),
    "relay_authentication_type": st.sampled_from([0, 1, 2, 3]),
    "relay_username": st.sampled_from(["svc-mail", "new-name"]),
    "relay_username_pam": REFERENCES,
    "relay_password": st.just(SECRETS[0]),
    "relay_password_pam": REFERENCES,
    "sender_account": st.sampled_from(["pki@example.com", "new@example.com"]),
    "sender_name": TEXTS,
    "client_id": st.sampled_from(["relay-client", "new-client"]),
    "client_secret": st.just(SECRETS[1]),
    "client_secret_pam": REFERENCES,
    "token_endpoint": st.sampled_from(["https://id.example.com/token", "https://b.example.com"]),
    "scope": TEXTS,
    "request_headers": st.sampled_from(
        [[], [{"name": "x-a"}], [{"name": "X-A", "value": SECRETS[2]}]]
    ),
}
COMMON = ("host", "port", "use_ssl", "sender_account", "sender_name")
OF_RELAY = ("relay_username", "relay_password", "relay_password_pam", "relay_username_pam")
OF_OAUTH = ("client_id", "client_secret", "client_secret_pam", "scope", "request_headers")
# What makes sense with each number, besides what makes none.
FITTING = {
    0: COMMON,
    1: (*COMMON, *OF_RELAY),
    2: (*COMMON, *OF_RELAY),
    3: (*COMMON, *OF_OAUTH, "token_endpoint"),
}
NEEDED = {1: "relay_password", 2: "relay_password", 3: "client_secret"}


@st.composite
def cases(draw: st.DrawFn, release: str) -> tuple[SmtpProfile, dict[str, Any]]:
    """Draw a profile of a release and a change of it, which usually makes sense."""
    before = draw(profiles())
    # The API of 25.1 does not show settings of OAuth, but the server may have them.
    if release < "25.1":
        before = replace(
            before, client_id=None, client_secret=None, token_endpoint=None, scope=None
        )
        before = replace(before, client_secret_pam=None, request_headers={})
        before = replace(before, relay_password_pam=None)
    number = before.relay_authentication_type
    change: dict[str, Any] = {}
    if draw(st.integers(0, 4)) == 0:
        number = draw(st.sampled_from([0, 2]))
        change["relay_authentication"] = {0: "anonymous", 2: "basic"}[number]
        change |= {"relay_username": "svc-mail"} if number else {}
    names = st.lists(st.sampled_from(FITTING[number]), max_size=4, unique=True)
    if draw(st.integers(0, 9)) == 0:
        names = st.lists(st.sampled_from([*VALUES]), min_size=1, max_size=6, unique=True)
    change.update({name: draw(VALUES[name]) for name in draw(names)})
    if number in NEEDED and draw(st.integers(0, 4)):
        change[NEEDED[number]] = draw(VALUES[NEEDED[number]])
    for name in ("relay_username", "relay_password", "client_secret"):
        if name in change:
            change.pop(f"{name}_pam", None)
    return before, change


def wanted(before: SmtpProfile, change: Mapping[str, Any], release: str) -> SmtpProfile:
    """Return what the server should have, worked out without the collection."""
    after = replace(before, sender_address=before.sender_address if release == "10.3" else None)
    for name, value in change.items():
        if name == "relay_authentication":
            numbers = {"anonymous": 0, "basic": 2, "oauth": before.relay_authentication_type}
            number = change.get("relay_authentication_type", numbers[value])
            after = replace(after, relay_authentication_type=number)
        elif name.endswith("_pam"):
            if value is not None:
                field = name[: -len("_pam")]
                after = replace(after, **{field: None, name: value})
        elif name == "request_headers":
            stored = {key.lower(): (key, text) for key, text in before.request_headers.items()}
            headers = {}
            for header in value:
                key, text = stored.get(header["name"].lower(), (header["name"], None))
                named = header["name"] if "value" in header else key
                headers[named] = header.get("value", text)
            after = replace(after, request_headers=headers)
        elif name in ("relay_username", "relay_password", "client_secret"):
            after = replace(after, **{name: value or None, f"{name}_pam": None})
        elif value is not None and name != "host":
            after = replace(after, **{name: value})
        elif name == "host" and value.lower() != (before.host or "").lower():
            after = replace(after, host=value)
    return after


def comparable(profile: SmtpProfile, release: str) -> dict[str, Any]:
    """Return a profile without what makes no difference."""
    values = dict(vars(profile))
    if profile.relay_authentication_type in (0, 2):
        values["request_headers"] = None
        if release == "25.1":
            values["client_id"] = values["token_endpoint"] = values["scope"] = None
    del values["relay_username_in_pam"]
    for name in ("relay_username", "relay_password", "client_secret"):
        if values[f"{name}_pam"]:
            values[name] = None
    # These have no use, and the change may clear them.
    if profile.relay_authentication_type == 0:
        values["relay_username_pam"] = None
    if profile.relay_authentication_type == 0 or values["client_id"]:
        values["relay_password"] = values["relay_password_pam"] = None
    if profile.relay_authentication_type in (0, 2) or not (
        profile.client_id or profile.token_endpoint
    ):
        values["client_secret"] = values["client_secret_pam"] = None
    return {name: None if value == "" else value for name, value in values.items()}


@pytest.mark.parametrize("release", RELEASES)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.data(),
    fault=st.sampled_from(FAULTS),
    always=st.sampled_from([False, False, True]),
    hidden=st.sampled_from([None, *Hidden]),
)
def test_server_has_what_it_should_or_what_it_had(
    servers: dict[tuple[str, Hidden | None], Command],
    connect: Connect,
    release: str,
    data: st.DataObject,
    fault: Fault,
    always: bool,
    hidden: Hidden | None,
) -> None:
    before, change = data.draw(cases(release))
    command = servers[release, hidden]
    command.store.profile = before
    command.store.writes.clear()
    command.clear()
    command.faults = [fault.on("PUT")]
    arguments = {"profile": change, "update_secrets": "always" if always else "on_change"}
    try:
        result = update_smtp_profile(connect(command), arguments, check_mode=False)
    except CommandError as error:
        check_error(error, secrets=(*SECRETS, TOKEN), count_sentences=False)
        event(f"refused: {error.kind}")
        assert command.store.profile == before
        return
    assert holds_secret(result, *SECRETS, TOKEN) == []
    puts = [request for request in command.requests if request.method == "PUT"]
    assert len(puts) <= 1
    now = comparable(command.store.profile, release)
    after = comparable(wanted(before, change, release), release)
    if result["changed"] and not result.get("failed"):
        event("changed")
        assert now == after
    elif result.get("failed"):
        event(f"failed: {result['error']['kind']}")
        assert (now == after) if command.store.writes else (command.store.profile == before)
        assert result["written"] is not True
    else:
        event("unchanged")
        assert puts == []
        assert command.store.profile == before


@pytest.fixture(scope="module")
def servers(emulator: Emulator) -> dict[tuple[str, Hidden | None], Command]:
    return {
        (release, hidden): emulator.command(release=release, hidden=hidden, tokens=[TOKEN])
        for release in RELEASES
        for hidden in (None, *Hidden)
    }
