# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Expectations as settings to apply: plain values, secrets, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._smtp.options import PROFILE_SPEC
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.desired_settings import (
    NOT_SETTABLE,
    SECRETS,
    DesiredSettings,
    parse_desired_settings,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.setting_types import (
    SETTINGS,
)

SECRET = "desired-secret-4711"
PAM = {"provider": 1, "parameters": {"SecretId": "a"}}


WAIVER = {"setting": "port", "reason": "a", "owner": "b", "expires": "2030-12-31"}


def parse(
    expected: Any, secrets: Any = None, policy: Any = None, waivers: Any = (), today: Any = ""
) -> tuple[dict[str, Any], str]:
    """Return the settings, and what prevents them."""
    settings, problems = parse_desired_settings(
        expected, secrets, policy or {}, list(waivers), today
    )
    return {**settings.profile}, "; ".join(problems)


def desired(*given: Any, **more: Any) -> dict[str, Any]:
    """Return the settings, after asserting that nothing prevents them."""
    settings, problems = parse(*given, **more)
    assert problems == ""
    return settings


def test_every_setting_and_every_secret_is_an_option_of_the_module() -> None:
    assert {*SETTINGS} - NOT_SETTABLE | {*SECRETS} == set(PROFILE_SPEC)


def test_plain_values() -> None:
    expected = {"host": "smtp.example.com", "port": "587", "use_ssl": "yes", "scope": None}
    assert desired(expected) == {
        "host": "smtp.example.com",
        "port": 587,
        "use_ssl": True,
        "scope": "",
    }
    assert desired({"port": [587]}) == {"port": 587}


def test_recorded_settings_that_cannot_be_set_are_ignored() -> None:
    recorded = {"id": 1, "sender_address": "a@b", "relay_username_source": "plain", "port": 25}
    assert desired(recorded) == {"port": 25}


def test_waived_settings_are_left_as_they_are() -> None:
    expected = {"port": [465, 587], "use_ssl": True}
    assert desired(expected, waivers=[WAIVER], today="2030-12-31") == {"use_ssl": True}
    expected["port"] = 587
    assert desired(expected, waivers=[WAIVER], today="2031-01-01") == expected
    misspelt = parse(expected, waivers=[{**WAIVER, "setting": "prot"}])
    assert "did you mean port" in misspelt[1]
    assert "verify_smtp_today must be" in parse(expected, today="soon")[1]


def test_waiver_of_a_rule_is_valid() -> None:
    policy = {"allOf": [{"title": "encrypted", "properties": {"port": {"const": 465}}}]}
    waivers = [{**WAIVER, "setting": "policy.encrypted"}]
    assert desired({"port": 25}, policy=policy, waivers=waivers) == {"port": 25}


def test_secrets() -> None:
    given = {"relay_password": SECRET, "client_secret": "", "relay_password_pam": None}
    assert desired({"port": 25}, given) == {"port": 25, "relay_password": SECRET}
    assert desired({"relay_username": None}, {"relay_username_pam": PAM}) == {
        "relay_username_pam": PAM
    }


def test_headers() -> None:
    values = {"request_headers": [{"name": "x-a", "value": SECRET}]}
    named = {"request_headers": ["X-A", "X-B"]}
    assert desired(named, values)["request_headers"] == [
        {"name": "X-A", "value": SECRET},
        {"name": "X-B", "value": None},
    ]
    assert desired({"request_headers": None})["request_headers"] == []
    assert desired({"request_headers": []})["request_headers"] == []
    waiver = {**WAIVER, "setting": "request_headers"}
    both = {**named, "port": 25}
    assert desired(both, values, waivers=[waiver], today="2030-12-31") == {"port": 25}


REFUSED: list[tuple[Any, Any, str]] = [
    ({"port": [465, 587]}, {}, "port allows any of 465, 587, so give the one to set"),
    ({"port": {"minimum": 465}}, {}, "port is a JSON Schema, so give the value to set"),
    ({"request_headers": [["a"], ["b"]]}, {}, "request_headers allows any of [a], [b]"),
    ({"host": None}, {}, "host cannot be unset"),
    ({"hots": "a"}, {}, "did you mean host"),
    ({f"relay_password:{SECRET}": None}, {}, "a name that is not shown"),
    ({"port": "many"}, {}, "port must be a whole number"),
    ({}, {}, "Ansible ignores group_vars/all.yml if there is a directory group_vars/all"),
    ("port=25", {}, "verify_smtp_expected must be a mapping"),
    ({"id": 1}, {}, "has no setting that can be set"),
    ({"port": 25}, SECRET, "verify_smtp_secrets must be a mapping"),
    ({"port": 25}, {"relay_pasword": SECRET}, "did you mean relay_password"),
    ({"port": 25}, {"xyz": SECRET}, "its options are relay_username_pam, relay_password"),
    ({"port": 25}, {f"relay_password:{SECRET}": None}, "name that is not shown"),
    ({"port": 25}, {5: SECRET}, "a blank may be missing after a colon"),
    ({"port": 25}, {"relay_password": 4711}, "verify_smtp_secrets.relay_password must be text"),
    ({"port": 25}, {"client_secret": True}, "client_secret must be text: put it in quotes"),
    ({"port": 25}, {"client_secret": 0}, "client_secret must be text: put it in quotes"),
    ({"port": 25}, {"relay_password": [SECRET]}, "relay_password must be text"),
    ({"port": 25}, {"request_headers": SECRET}, "must be a list of name and value"),
    ({"port": 25}, {"request_headers": [{"name": "X-A", "valeu": SECRET}]}, "of name and value"),
    ({"port": 25}, {"request_headers": [{"name": "a", "value": 4711}]}, "value as text: put it in"),
    ({"port": 25}, {"request_headers": [{"name": "a", "value": False}]}, "have each value as text"),
    ({"port": 25}, {"request_headers": [{"name": f"X-A: {SECRET}"}]}, "without colons and blanks"),
    (
        {"port": 25},
        {"request_headers": [{"name": "X-A", "value": SECRET}]},
        "so list their names in request_headers of verify_smtp_expected",
    ),
    (
        {"request_headers": [{"name": "X-A", "value": SECRET}]},
        {},
        "the values belong in verify_smtp_secrets.request_headers",
    ),
    ({"request_headers": f"X-A: {SECRET}"}, {}, "request_headers must be a list of names"),
    (
        {"request_headers": ["X-A"]},
        {"request_headers": [{"name": "X-B", "value": SECRET}]},
        "has X-B, which is not in request_headers",
    ),
]


@pytest.mark.parametrize(("expected", "secrets", "phrase"), REFUSED, ids=str)
def test_what_does_not_say_what_to_set(expected: Any, secrets: Any, phrase: str) -> None:
    _settings, problems = parse(expected, secrets)
    assert phrase in problems
    assert SECRET not in problems


def desired_settings(expected: Any, secrets: Any = None, waivers: Any = ()) -> DesiredSettings:
    """Return what to set."""
    return parse_desired_settings(expected, secrets, {}, list(waivers), "2030-12-31")[0]


def test_waived_settings_are_named_if_they_are_expected() -> None:
    assert desired_settings({"port": 25, "use_ssl": True}, waivers=[WAIVER]).waived == ("port",)
    assert desired_settings({"use_ssl": True}, waivers=[WAIVER]).waived == ()


@pytest.mark.parametrize(
    ("secrets", "has_secrets"),
    [
        ({}, False),
        ({"relay_password": SECRET}, True),
        ({"client_secret": SECRET}, True),
        ({"relay_password_pam": PAM, "relay_username_pam": PAM}, False),
        ({"request_headers": [{"name": "X-A"}]}, False),
        ({"request_headers": [{"name": "X-A", "value": SECRET}]}, True),
    ],
    ids=str,
)
def test_secrets_to_send(secrets: Any, has_secrets: bool) -> None:
    assert desired_settings({"request_headers": ["X-A"]}, secrets).has_secrets is has_secrets
    assert desired_settings({"port": 25}).has_secrets is False


@pytest.mark.parametrize(
    ("expected", "source", "problem"),
    [
        ("pam", "pam", ""),
        (
            "pam",
            "plain",
            "relay_username_source is plain, expected pam: give "
            "verify_smtp_secrets.relay_username_pam",
        ),
        (
            "plain",
            "pam",
            "relay_username_source is pam, expected plain: give "
            "verify_smtp_expected.relay_username",
        ),
        (["plain", "pam"], "pam", ""),
    ],
)
def test_source_of_the_username(expected: Any, source: str, problem: str) -> None:
    settings = desired_settings({"port": 25, "relay_username_source": expected})
    assert settings.username_problem({"relay_username_source": source}) == problem
    assert desired_settings({"port": 25}).username_problem({}) == ""
    waiver = {**WAIVER, "setting": "relay_username_source"}
    waived = desired_settings({"port": 25, "relay_username_source": "pam"}, waivers=[waiver])
    assert waived.username_problem({"relay_username_source": "plain"}) == ""
