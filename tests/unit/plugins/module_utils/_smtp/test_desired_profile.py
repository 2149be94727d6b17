# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The settings that a user gives: what they mean, and which of them no server could take."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.keyfactor.command.plugins.module_utils._errors import CommandError
from ansible_collections.keyfactor.command.plugins.module_utils._smtp.desired_profile import (
    check_recipient,
    parse_desired_profile,
)
from ansible_collections.keyfactor.command.plugins.module_utils._smtp.secret import (
    Header,
    PamReference,
    PlainValue,
)
from tests.unit.smtp import HEADER_VALUE, PAM, RELAY_PASSWORD, SECRETS
from tests.unit.support import check_error, refusal

VALID: dict[str, Any] = {
    "host": "smtp.example.com",
    "port": 587,
    "use_ssl": False,
    "relay_authentication": "basic",
    "relay_authentication_type": 2,
    "relay_username": "KEYEXAMPLE\\svc-mail",
    "sender_account": "pki@example.com",
    "sender_name": "Example PKI",
    "token_endpoint": "https://id.example.com/token",
    "scope": "mail.send",
}


def test_settings_are_kept_as_given() -> None:
    assert parse_desired_profile(VALID).settings == VALID


def test_what_is_not_given_is_in_no_field() -> None:
    names = (*VALID, "relay_password", "relay_password_pam", "client_secret", "request_headers")
    parsed = parse_desired_profile(dict.fromkeys(names))
    assert (parsed.settings, parsed.secrets, parsed.headers) == ({}, {}, None)


def test_empty_text_unsets_a_setting_and_is_no_secret() -> None:
    parsed = parse_desired_profile({"sender_name": "", "relay_username": "", "relay_password": " "})
    assert parsed.settings == {"sender_name": None, "relay_username": None}
    assert parsed.secrets == {}


def test_secrets() -> None:
    headers = [{"name": "X-A", "value": HEADER_VALUE}, {"name": "X-B", "value": None}]
    parsed = parse_desired_profile(
        {"relay_password": RELAY_PASSWORD, "client_secret_pam": PAM, "request_headers": headers}
    )
    assert parsed.secrets == {
        "relay_password": PlainValue(RELAY_PASSWORD),
        "client_secret": PamReference(7, {"SecretId": "other-place"}),
    }
    assert parsed.headers == (Header("X-A", HEADER_VALUE), Header("X-B", None))
    assert parsed.settings == {}
    assert parsed.secret_values == (RELAY_PASSWORD, HEADER_VALUE)


def test_no_headers_are_not_the_same_as_none_given() -> None:
    assert parse_desired_profile({"request_headers": []}).headers == ()


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"port": 0}, "profile.port must be a whole number from 1 to 65535"),
    ({"port": 65536}, "profile.port must be a whole number from 1 to 65535."),
    ({"host": ""}, "profile.host is empty"),
    (
        {"host": "https://smtp.example.com"},
        "profile.host must be the name or the address of the mail server, without a URL around it.",
    ),
    ({"host": "a b"}, "profile.host must be"),
    (
        {"host": "smtp.example.com:587"},
        "profile.host must be a name without a port, which belongs in profile.port.",
    ),
    ({"host": "[2001:db8::1]"}, "profile.host must be a name without a port"),
    (
        {"sender_account": "pki"},
        "profile.sender_account must be one e-mail address, like pki@example.com.",
    ),
    ({"sender_account": "@example.com"}, "profile.sender_account must be"),
    ({"sender_account": "a@example.com,b@example.com"}, "profile.sender_account must be"),
    ({"sender_account": ""}, "profile.sender_account is empty"),
    ({"sender_name": "a\r\nBcc: b@example.com"}, "profile.sender_name has a line break"),
    ({"relay_username": "a\x00b"}, "profile.relay_username has a line break"),
    ({"relay_authentication_type": -1}, "profile.relay_authentication_type must be"),
    (
        {"token_endpoint": "id.example.com"},
        "profile.token_endpoint must be an https:// URL without a user.",
    ),
    ({"token_endpoint": f"https://a:{RELAY_PASSWORD}@id.example.com"}, "without a user"),
    ({"token_endpoint": "https://[id"}, "profile.token_endpoint must be an https:// URL"),
    ({"relay_password": "a\x00" + RELAY_PASSWORD}, "profile.relay_password must be valid"),
    ({"relay_password": "********"}, "profile.relay_password is a mask of a secret"),
    ({"client_secret": "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"}, "client_secret is a mask"),
    ({"relay_password": "a\n"}, "profile.relay_password ends with a line break"),
    ({"relay_username": "****"}, "profile.relay_username is a mask"),
    ({"client_id": "****"}, "profile.client_id is a mask"),
    ({"relay_username": "UnsupportedPAMSecret"}, "for a secret in PAM, not a value"),
    ({"request_headers": [{"name": "X", "value": "****"}]}, "a mask in place of the value of X"),
    ({"relay_password": "a", "relay_password_pam": PAM}, "exclude each other"),
    ({"relay_username": "a", "relay_username_pam": PAM}, "profile.relay_username_pam exclude"),
    (
        {"client_secret_pam": {"provider": 0, "parameters": {"a": "b"}}},
        "profile.client_secret_pam needs the number of a provider, from 1.",
    ),
    (
        {"client_secret_pam": {"provider": 1, "parameters": {}}},
        "profile.client_secret_pam needs parameters, which say where the provider has the secret.",
    ),
    (
        {"client_secret_pam": {"provider": 1, "parameters": {"a": ["b"]}}},
        "profile.client_secret_pam needs text as value of each of its parameters.",
    ),
    ({"relay_authentication": "anonymous", "relay_authentication_type": 2}, "2 is basic"),
    ({"relay_authentication": "oauth", "relay_authentication_type": 0}, "0 is anonymous"),
    ({"relay_authentication": "basic", "relay_authentication_type": 3}, "neither anonymous"),
    (
        {"request_headers": [{"name": "X A", "value": HEADER_VALUE}]},
        "profile.request_headers must have names of HTTP headers, without colons and blanks.",
    ),
    (
        {"request_headers": [{"name": "X-A", "value": f"a\n{HEADER_VALUE}"}]},
        "profile.request_headers has a line break in the value of X-A.",
    ),
    (
        {"request_headers": [{"name": "X-A"}, {"name": "x-a"}]},
        "profile.request_headers has a header twice.",
    ),
]


@pytest.mark.parametrize(("profile", "phrase"), REFUSED, ids=str)
def test_what_can_never_be_right_is_refused(profile: dict[str, Any], phrase: str) -> None:
    error = refusal(lambda: parse_desired_profile(profile), phrase)
    check_error(error, secrets=SECRETS)


def test_all_problems_are_named() -> None:
    refusal(
        lambda: parse_desired_profile({"port": 0, "host": "a b"}), "profile.port", "profile.host"
    )


def test_oauth_with_its_number() -> None:
    given = {"relay_authentication": "oauth", "relay_authentication_type": 4}
    assert parse_desired_profile(given).settings == given


def test_recipient() -> None:
    assert check_recipient("recipient", "pki@example.com") == "pki@example.com"
    refusal(lambda: check_recipient("test_recipient", "pki"), "value of test_recipient must be")


@given(st.dictionaries(st.sampled_from(["host", "sender_account", "token_endpoint"]), st.text()))
def test_any_text_is_a_setting_or_refused(profile: dict[str, Any]) -> None:
    try:
        parsed = parse_desired_profile(profile)
    except CommandError as error:
        check_error(error, count_sentences=False)
    else:
        assert "\n" not in str(parsed.settings.values())
