# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What users may expect of a setting, and the words for what they may not."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import SETTINGS
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.expectations import (
    Expectation,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.expected_state import (
    ExpectedStateError,
)
from tests.unit.support import expected_state

NUMBERS = ("id", "port", "relay_authentication_type")
TEXTS = (
    "host",
    "relay_username",
    "sender_account",
    "sender_name",
    "sender_address",
    "client_id",
    "token_endpoint",
    "scope",
    "audience",
)


def only(expected: object) -> Expectation:
    (expectation,) = expected_state(expected).expectations
    return expectation


def met(setting: str, expected: object, actual: object) -> bool:
    return only({setting: expected}).mismatch(actual) is None


@pytest.mark.parametrize(
    ("setting", "expected", "actual", "is_met"),
    [
        *((name, 25, 25, True) for name in NUMBERS),
        *((name, "25", 25, True) for name in NUMBERS),
        *((name, 25, 26, False) for name in NUMBERS),
        *((name, 25, None, False) for name in NUMBERS),
        *((name, "a", "a", True) for name in TEXTS),
        *((name, "a", "b", False) for name in TEXTS),
        *((name, "a", "A", name == "host") for name in TEXTS),
        *((name, "a", None, False) for name in TEXTS),
        *((name, None, None, True) for name in SETTINGS),
        *((name, None, "", True) for name in TEXTS),
        *((name, "", None, True) for name in TEXTS),
        *((name, None, "a", False) for name in TEXTS),
        ("port", None, 0, False),
        ("id", 0, None, False),
        ("use_ssl", True, True, True),
        ("use_ssl", "yes", True, True),
        ("use_ssl", "False", False, True),
        ("use_ssl", True, False, False),
        ("use_ssl", False, None, False),
        ("use_ssl", None, False, False),
        ("relay_authentication", "basic", "basic", True),
        ("relay_authentication", "basic", "anonymous", False),
        ("relay_username_source", "pam", "pam", True),
        ("port", [25, 587], 587, True),
        ("port", ["25", 587], 25, True),
        ("port", [25, 587], 465, False),
        ("sender_name", ["a", None], None, True),
        ("sender_name", ["a", None], "", True),
        ("sender_name", ["a", None], "b", False),
        ("host", ["A.example.com", "b.example.com"], "a.EXAMPLE.com", True),
        ("request_headers", ["X-A", "X-B"], ["x-b", "X-A"], True),
        ("request_headers", ["X-A"], ["X-A", "X-B"], False),
        ("request_headers", ["X-A", "X-A"], ["X-A"], False),
        ("request_headers", [["X-A"], ["X-B", "X-C"]], ["x-c", "x-b"], True),
        ("request_headers", [["X-A"], ["X-B"]], ["X-C"], False),
        ("request_headers", [["X-A"], None], None, True),
        ("request_headers", [], [], True),
        ("request_headers", [], None, True),
        ("request_headers", None, [], True),
        ("request_headers", None, ["X-A"], False),
    ],
)
def test_whether_a_value_is_as_expected(
    setting: str, expected: object, actual: object, is_met: bool
) -> None:
    assert met(setting, expected, actual) is is_met


@pytest.mark.parametrize(
    ("expected", "phrases"),
    [
        ({"port": "smtp"}, ["port must be a whole number, and is smtp"]),
        ({"port": True}, ["port must be a whole number, and is true"]),
        ({"port": 25.0}, ["port must be a whole number"]),
        ({"id": [1, "one"]}, ["id must be a whole number, and is one"]),
        ({"use_ssl": "maybe"}, ["use_ssl must be true or false, and is maybe"]),
        ({"use_ssl": 1}, ["use_ssl must be true or false, and is 1"]),
        ({"host": 5}, ["host must be text, and is 5", "quotes"]),
        ({"sender_name": False}, ["sender_name must be text, and is false"]),
        ({"host": ["a", 5]}, ["host must be text, and is 5"]),
        ({"host": [["a"]]}, ["host must be text"]),
        ({"host": []}, ["host is an empty list"]),
        ({"relay_authentication": "ntlm"}, ["one of anonymous, basic, oauth, not ntlm"]),
        ({"relay_authentication": "unknown"}, ["one of anonymous, basic, oauth"]),
        ({"relay_username_source": "vault"}, ["one of plain, pam, none"]),
        ({"request_headers": "X-A"}, ["request_headers must be a list of names"]),
        ({"request_headers": ["X-A", 5]}, ["request_headers must be a list of names"]),
        ({"request_headers": [["X-A"], "X-B"]}, ["request_headers must be a list of names"]),
        ({"prot": 25}, ["prot is not a setting", "did you mean port"]),
        ({"Port": 25}, ["did you mean port"]),
        ({"useSSL": True}, ["did you mean use_ssl"]),
        ({"sendername": "a"}, ["did you mean sender_name"]),
        ({"relay-username": "a"}, ["did you mean relay_username"]),
        ({"qqqq": 1}, ["qqqq is not a setting", "the settings are id, host, port"]),
        ({5: 1}, ["is not a setting"]),
        ({"prot": 25, "host": 5, "use_ssl": "x"}, ["prot", "host must", "use_ssl must"]),
    ],
)
def test_what_cannot_be_expected(expected: Any, phrases: list[str]) -> None:
    with pytest.raises(ExpectedStateError) as caught:
        expected_state(expected)
    message = str(caught.value)
    assert message.startswith("verify_smtp_expected")
    for phrase in phrases:
        assert phrase in message


@pytest.mark.parametrize("expected", [{}, None, "", [], False, 0])
def test_expecting_nothing_is_an_error(expected: object) -> None:
    with pytest.raises(ExpectedStateError, match="There is nothing to verify"):
        expected_state(expected)


@pytest.mark.parametrize("expected", ["host", ["host"], 5, True])
def test_expectations_are_a_mapping(expected: object) -> None:
    with pytest.raises(ExpectedStateError, match="must be a mapping"):
        expected_state(expected)


@pytest.mark.parametrize(
    ("expected", "shown", "words"),
    [
        (25, 25, "25"),
        ("25", 25, "25"),
        ([25], 25, "25"),
        ([25, 587], [25, 587], "one of 25, 587"),
        (None, None, "unset"),
        ([None, 25], [None, 25], "one of unset, 25"),
    ],
)
def test_how_an_expectation_is_shown(expected: object, shown: object, words: str) -> None:
    expectation = only({"port": expected})
    assert expectation.expected == shown
    assert expectation.mismatch(1) == f"port is 1, expected {words}"
