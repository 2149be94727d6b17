# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a probe, and those that cannot be used."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from ansible_collections.keyfactor.command.plugins.module_utils._relay.options import (
    ARGUMENT_SPEC,
    parse_options,
)
from ansible_collections.keyfactor.command.plugins.modules import smtp_relay_info
from tests.unit.support import failure

PROFILE = {
    "host": "smtp.example.com",
    "port": 587,
    "use_ssl": True,
    "relay_authentication": "basic",
    "relay_username": "svc-mail",
    "sender_account": "pki@example.com",
}


DAYS = "The value of certificate_days cannot be used: it must be a number of days from 0 to 3650."


def test_options_are_documented() -> None:
    options = yaml.safe_load(smtp_relay_info.DOCUMENTATION)["options"]
    keys = ("type", "default")
    documented = {
        name: {key: option[key] for key in keys if key in option}
        for name, option in options.items()
    }
    assert documented == {
        name: {key: spec[key] for key in keys if key in spec}
        for name, spec in ARGUMENT_SPEC.items()
    }


def test_a_profile() -> None:
    options = parse_options({"profile": PROFILE, "password": "secret-4711", "username": ""})
    assert (options.label, options.tls, options.sender) == (
        "smtp.example.com:587",
        "starttls",
        "pki@example.com",
    )
    assert (options.relay_authentication, options.username) == ("basic", "svc-mail")
    assert options.timeout == 30
    assert "secret-4711" not in repr(options)
    assert options.secrets == ("secret-4711", "\0svc-mail\0secret-4711")


def test_options_by_themselves() -> None:
    options = parse_options({"host": "2001:db8::1", "timeout": "1m"})
    assert (options.label, options.tls, options.timeout) == ("[2001:db8::1]:25", "none", 60)
    assert (options.relay_authentication, options.secrets) == ("unknown", ())
    options = parse_options({"host": "a", "username": "u", "password": "p"})
    assert options.relay_authentication == "basic"


@pytest.mark.parametrize(
    ("port", "use_ssl", "tls"),
    [(465, True, "implicit"), (465, False, "none"), (25, True, "starttls"), (465, None, "none")],
)
def test_how_tls_begins(port: int, use_ssl: bool | None, tls: str) -> None:
    assert parse_options({"profile": {**PROFILE, "port": port, "use_ssl": use_ssl}}).tls == tls


def test_a_password_that_is_not_used_needs_no_user() -> None:
    profile = {**PROFILE, "relay_authentication": "anonymous", "relay_username": None}
    options = parse_options({"profile": profile, "password": "secret-4711"})
    assert (options.relay_authentication, options.username) == ("anonymous", None)
    error = failure(
        lambda: parse_options(
            {"profile": {**PROFILE, "relay_username": None}, "password": "secret-4711"}
        )
    )
    assert "option username is missing" in error.message


def test_settings_that_are_not_set() -> None:
    options = parse_options({"profile": {"host": None, "sender_address": "old@example.com"}})
    assert (options.host, options.port, options.use_ssl) == (None, 25, False)
    assert options.sender == "old@example.com"


@pytest.mark.parametrize(
    ("params", "phrases"),
    [
        ({}, ("no relay to probe", "profile", "host")),
        ({"profile": PROFILE, "host": "a"}, ("profile and host exclude each other",)),
        ({"profile": PROFILE, "use_ssl": False}, ("profile and use_ssl exclude",)),
        ({"profile": {"Host": "a"}}, ("profile is not an SMTP profile", "smtp")),
        ({"profile": {**PROFILE, "port": "********"}}, ("The value of port",)),
        ({"profile": {**PROFILE, "use_ssl": "maybe"}}, ("The value of use_ssl",)),
        ({"profile": {**PROFILE, "host": 5}}, ("The value of host",)),
        ({"host": "a", "port": 70000}, ("The value of port", "65535")),
        ({"host": "a", "username": "u"}, ("option password is missing",)),
        ({"host": "a", "password": "secret-4711"}, ("option username is missing",)),
        ({"host": "a", "recipient": 5}, ("The value of recipient",)),
        ({"host": "a", "sender": 5}, ("The value of sender",)),
        ({"host": "a", "username": 5, "password": "secret-4711"}, ("The value of username",)),
        ({"host": "a", "username": "u", "password": 5}, ("The value of password",)),
        ({"host": "a", "ca_cert": 5}, ("The value of ca_cert",)),
        ({"host": "a", "timeout": "soon"}, ("The value of timeout",)),
        *(({"host": "a", "certificate_days": days}, (DAYS,)) for days in (-1, 3651, "soon")),
        ({"host": "a", "dns_server": "dns.example.com"}, ("dns_server", "IP address")),
    ],
)
def test_refusals(params: dict[str, Any], phrases: tuple[str, ...]) -> None:
    given = {"certificate_days": 30, **params}
    error = failure(lambda: parse_options(given), *phrases)
    assert error.kind == "configuration"
    assert "secret-4711" not in error.message
