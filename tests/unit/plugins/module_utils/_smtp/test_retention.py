# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which secrets of the stored profile a request keeps, and which must be given again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._smtp.secret import (
    PamReference,
    PlainValue,
)
from ansible_collections.keyfactor.command.plugins.module_utils._smtp.stored_profile import (
    StoredProfile,
)
from tests.unit.smtp import (
    ANONYMOUS,
    HEADER_VALUE,
    IN_PAM,
    OAUTH,
    PAM,
    PLAIN,
    RELAY_PASSWORD,
    RELAY_SECRET,
    fetched,
    incomplete,
    merged,
    stored,
)

BOTH_IN_PAM = replace(IN_PAM, relay_username_in_pam=True)
OAUTH_IN_PAM = replace(OAUTH, client_secret=None, client_secret_pam=PAM, request_headers={})
OTHER = PamReference(7, {"SecretId": "other-place"})


@pytest.mark.parametrize("release", ["11.0", "24.4", "25.1", "25.4"])
def test_password_would_be_lost(release: str) -> None:
    hint = "give profile.relay_password"
    # Version 1 of the API knows no PAM.
    hint += " or profile.relay_password_pam." if release > "25" else "."
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
    without = replace(ANONYMOUS, relay_authentication_type=1)
    merged(stored(without), port=25).require_complete()
    # A password may be there without a name, as nobody knows what the number means.
    hidden = stored(replace(without, relay_password="a"))
    incomplete(hidden, "or an empty profile.relay_username if there is no login.", port=25)
    result = merged(hidden, port=25, relay_username="")
    result.require_complete()
    assert result.cleared == ("relay_password",)


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


def test_name_in_pam_would_be_overwritten_in_version_1() -> None:
    profile = stored(replace(PLAIN, relay_username_in_pam=True), "24.4")
    given = {"port": 25, "relay_password": RELAY_PASSWORD}
    incomplete(profile, "the user name is in PAM", "api_version 2", **given)
    merged(profile, **given, relay_username="svc").require_complete()


@pytest.mark.parametrize(
    ("release", "cleared"),
    [("24.4", ("relay_username",)), ("25.4", ("relay_username", "relay_password"))],
)
def test_reference_that_is_not_used_any_more_is_cleared(
    release: str, cleared: tuple[str, ...]
) -> None:
    """Anonymous relays have no user name, so it must not be asked for."""
    result = merged(
        stored(BOTH_IN_PAM, release), relay_authentication="anonymous", host="other.example.com"
    )
    result.require_complete()
    assert result.secrets == {}
    assert result.cleared == cleared


def test_client_id_in_pam_that_basic_authentication_does_not_use() -> None:
    members = {"Provider": 1, "Parameters": {"SecretId": "a"}}
    profile = StoredProfile(
        fetched({"Host": "a", "Port": 25, "SenderAccount": "a@b.c", "ClientId": members})
    )
    given = {"relay_username": "svc", "relay_password": RELAY_PASSWORD}
    result = merged(profile, relay_authentication="basic", port=587, **given)
    result.require_complete()
    assert result.cleared == ("client_id",)


@pytest.mark.parametrize(
    "parameters",
    [{"SecretId": "place", "Key": "********"}, {"Key": None}, {}, None, [{"Name": "a"}], "text"],
    ids=str,
)
def test_hidden_parameter_of_a_reference_is_not_sent_back(parameters: Any) -> None:
    reference = {"provider": 7, "parameters": parameters}
    profile = stored(replace(IN_PAM, relay_password_pam=reference))
    incomplete(
        profile,
        "does not show all parameters of the PAM reference of relay_password",
        "give profile.relay_password or profile.relay_password_pam",
        sender_name="Other",
    )
    merged(profile, sender_name="Other", relay_password_pam=PAM).require_complete()
    # Nothing is cleared without a change.
    unused = stored(replace(IN_PAM, relay_password_pam=reference, relay_authentication_type=0))
    assert merged(unused, port=587).changes == ()


@pytest.mark.parametrize(
    ("profile", "name", "given"),
    [
        (replace(PLAIN, relay_username="****"), "relay_username", {"relay_password": "x"}),
        (replace(OAUTH_IN_PAM, client_id="****"), "client_id", {}),
    ],
)
def test_mask_of_a_name_is_not_sent_back(profile: Any, name: str, given: dict[str, Any]) -> None:
    remedy = f"give profile.{name}" + ("" if name == "client_id" else f" or profile.{name}_pam")
    phrases = (f"shows a mask in place of {name}, so {remedy}.",)
    incomplete(stored(profile), *phrases, sender_name="Other", **given)
    complete = merged(stored(profile), sender_name="Other", **given, **{name: "svc"})
    complete.require_complete()
    assert complete.secrets[name] == PlainValue("svc")


def test_headers_that_are_not_used_need_no_value() -> None:
    given = {"relay_authentication": "anonymous", "client_id": "", "token_endpoint": ""}
    result = merged(stored(OAUTH), **given, scope="", audience="")
    result.require_complete()
    assert result.headers == ()
    assert {"client_secret", "request_headers"} <= {*result.cleared}


def test_password_in_pam_of_an_unpublished_way_is_not_cleared() -> None:
    profile = stored(replace(IN_PAM, relay_authentication_type=1, relay_username=None))
    incomplete(profile, "PAM reference of relay_password", port=25)
