# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The settings that a request will have: what is refused, what is needed, and what differs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._smtp.merge import Merged, merge
from ansible_collections.keyfactor.command.plugins.module_utils._smtp.secret import (
    Header,
    PamReference,
    PlainValue,
)
from ansible_collections.keyfactor.command.plugins.module_utils._smtp.stored_profile import (
    StoredProfile,
)
from tests.unit.smtp import (
    ANONYMOUS,
    HEADER_VALUE,
    OAUTH,
    PAM,
    PLAIN,
    RELAY_PASSWORD,
    RELAY_SECRET,
    SECRETS,
    desired,
    stored,
)
from tests.unit.support import check_error, refusal

IN_PAM = replace(PLAIN, relay_password=None, relay_password_pam=PAM)
BOTH_IN_PAM = replace(IN_PAM, relay_username_in_pam=True)
OAUTH_IN_PAM = replace(OAUTH, client_secret=None, client_secret_pam=PAM, request_headers={})
OTHER = PamReference(7, {"SecretId": "other-place"})


def merged(profile: StoredProfile, **given: Any) -> Merged:
    return merge(profile, desired(**given))


def incomplete(profile: StoredProfile, *phrases: str, **given: Any) -> None:
    """Assert that a change needs something that was not given, and that it is named."""
    result = merged(profile, **given)
    assert result.changes
    error = refusal(result.require_complete, "Nothing was sent", *phrases)
    check_error(error, secrets=SECRETS)


@pytest.mark.parametrize("release", ["11.0", "24.4", "25.1", "25.4"])
def test_password_would_be_lost(release: str) -> None:
    hint = "give profile.relay_password or profile.relay_password_pam"
    incomplete(stored(release=release), "never returns relay_password", hint, port=25)
    complete = merged(stored(release=release), port=25, relay_password=RELAY_PASSWORD)
    complete.require_complete()
    assert complete.secrets["relay_password"] == PlainValue(RELAY_PASSWORD)
    assert (complete.changes, complete.given_secrets) == (("port",), ("relay_password",))


def test_client_secret_would_be_lost() -> None:
    profile = stored(replace(OAUTH, request_headers={}))
    incomplete(profile, "never returns client_secret", "profile.client_secret", scope="other")
    merged(profile, scope="other", client_secret=RELAY_SECRET).require_complete()


def test_anonymous_relay_needs_no_secret() -> None:
    result = merged(stored(ANONYMOUS), port=25)
    result.require_complete()
    assert result.secrets == {}


def test_password_is_not_needed_any_more() -> None:
    result = merged(stored(PLAIN), relay_authentication="anonymous")
    result.require_complete()
    assert result.changes == ("relay_authentication_type",)
    assert result.cleared == ("relay_password",)


def test_unpublished_way_with_a_name_needs_the_password() -> None:
    incomplete(stored(replace(PLAIN, relay_authentication_type=1)), "relay_password", port=25)
    merged(stored(replace(ANONYMOUS, relay_authentication_type=1)), port=25).require_complete()


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"host": "other.example.com"}, "host"),
        ({"port": 25}, "port"),
        ({"use_ssl": False}, "use_ssl"),
    ],
)
def test_reference_to_pam_is_not_passed_to_another_server(
    change: dict[str, Any], name: str
) -> None:
    phrases = ("PAM reference of relay_password", "another server", f"as {name} changes")
    incomplete(stored(IN_PAM), *phrases, **change)
    incomplete(stored(BOTH_IN_PAM), "reference of relay_username", *phrases, **change)
    given = {"relay_password_pam": PAM, "relay_username": "svc"}
    merged(stored(BOTH_IN_PAM), **change, **given).require_complete()


def test_reference_to_pam_is_kept_with_the_same_server() -> None:
    result = merged(stored(BOTH_IN_PAM), sender_name="Other", host="SMTP.example.com")
    result.require_complete()
    assert result.secrets["relay_password"] == OTHER
    assert result.changes == ("sender_name",)
    assert result.settings["host"] == "smtp.example.com"


def test_client_secret_in_pam_is_bound_to_the_token_endpoint() -> None:
    other = "https://other.example.com/token"
    incomplete(stored(OAUTH_IN_PAM), "as token_endpoint changes", token_endpoint=other)
    both = {"host": "other.example.com", "port": 25}
    incomplete(stored(BOTH_IN_PAM), "another server, as host and port changes", **both)
    merged(stored(OAUTH_IN_PAM), scope="other").require_complete()


@pytest.mark.parametrize(
    "change", [{"host": "other.example.com"}, {"token_endpoint": "https://other.example.com/t"}]
)
def test_header_is_not_passed_to_another_server(change: dict[str, Any]) -> None:
    profile = stored(replace(OAUTH, client_secret_pam=PAM), hidden=None)
    incomplete(
        profile,
        "the header X-Relay-Key would go to another server",
        **change,
        client_secret_pam=PAM,
    )
    headers = [{"name": "X-Relay-Key", "value": HEADER_VALUE}]
    merged(profile, **change, client_secret_pam=PAM, request_headers=headers).require_complete()


def test_header_that_is_not_returned_must_be_given() -> None:
    profile = stored(replace(OAUTH, client_secret_pam=PAM))
    incomplete(profile, "X-Relay-Key has no value", "profile.request_headers", scope="other")
    headers = [{"name": "X-Relay-Key", "value": HEADER_VALUE}]
    result = merged(profile, scope="other", request_headers=headers)
    result.require_complete()
    assert (result.changes, result.given_secrets) == (("scope",), ("request_headers",))
    merged(profile, scope="other", request_headers=[]).require_complete()


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


def test_name_in_pam_would_be_overwritten_in_version_1() -> None:
    profile = stored(replace(PLAIN, relay_username_in_pam=True), "24.4")
    given = {"port": 25, "relay_password": RELAY_PASSWORD}
    incomplete(profile, "the user name is in PAM", "api_version 2", **given)
    merged(profile, **given, relay_username="svc").require_complete()


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
