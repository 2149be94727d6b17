# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The JSON objects that are sent: everything that was read, the changes, and the secrets."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._smtp.body import (
    build_body,
    build_test_body,
)
from ansible_collections.keyfactor.command.plugins.module_utils._smtp.merge import merge
from tests.emulator import SmtpProfile
from tests.unit.smtp import OAUTH, PAM, PLAIN, RELAY_PASSWORD, RELAY_SECRET, desired, stored
from tests.unit.support import refusal

COMMON = {
    "Host": "smtp.example.com",
    "Port": 25,
    "UseSSL": True,
    "RelayAuthenticationType": 2,
    "SenderAccount": "keyfactor@keyexample.com",
    "SenderName": "Keyfactor Command",
}
VERSION_1 = {"RelayUsername": "KEYEXAMPLE\\svc-smtp", "RelayPassword": RELAY_PASSWORD}
VERSION_2 = {
    name: {"SecretValue": value, "Provider": None, "Parameters": None}
    for name, value in VERSION_1.items()
}
NO_OAUTH = {
    **dict.fromkeys(("ClientId", "ClientSecret", "TokenEndpoint", "Scope", "Audience")),
    "RequestHeaders": [],
}


def body(release: str, profile: SmtpProfile = PLAIN, **given: Any) -> dict[str, Any]:
    server = stored(profile, release)
    return build_body(server, merge(server, desired(**given)))


@pytest.mark.parametrize(
    ("release", "more"),
    [
        ("11.0", {**VERSION_1, "Id": 1, "SenderAddress": "keyfactor@keyexample.com"}),
        ("24.4", {**VERSION_1, "Id": 1}),
        ("25.1", VERSION_2),
        ("25.4", {**VERSION_2, **NO_OAUTH}),
    ],
)
def test_members_of_each_release(release: str, more: dict[str, Any]) -> None:
    assert body(release, port=25, relay_password=RELAY_PASSWORD) == {**COMMON, **more}


def test_unknown_members_are_sent_as_they_are() -> None:
    unknown = {"retryCount": 3, "Other": {"deep": [None]}}
    sent = body("25.4", replace(PLAIN, unknown_members=unknown), port=25)
    assert {name: sent[name] for name in unknown} == unknown


def test_oauth_and_pam() -> None:
    profile = replace(OAUTH, client_secret_pam=PAM)
    sent = body("25.4", profile, scope="", request_headers=[{"name": "X-B", "value": "b"}])
    reference = {"SecretValue": None, "Provider": 7, "Parameters": {"SecretId": "other-place"}}
    assert (sent["ClientSecret"], sent["RelayPassword"]) == (reference, None)
    assert sent["ClientId"]["SecretValue"] == "relay-client"
    assert (sent["TokenEndpoint"], sent["Scope"]) == ("https://id.example.com/token", None)
    assert sent["RequestHeaders"] == [{"Name": "X-B", "Value": "b"}]


def test_test_mail_in_the_version_of_the_profile() -> None:
    server = stored(PLAIN, "25.4")
    merged = merge(server, desired(relay_password=RELAY_PASSWORD))
    sent = build_test_body(server, merged, "a@example.com", 2)
    assert sent == {**build_body(server, merged), "TestRecipient": "a@example.com"}


def test_test_mail_in_version_1_where_the_profile_has_version_2() -> None:
    server = stored(replace(PLAIN, unknown_members={"Retry": 3}), "25.1")
    merged = merge(server, desired(port=25, relay_password=RELAY_PASSWORD))
    sent = build_test_body(server, merged, "a@example.com", 1)
    assert sent == {**COMMON, **VERSION_1, "TestRecipient": "a@example.com"}
    merged = merge(server, desired(relay_password_pam=PAM))
    refusal(
        lambda: build_test_body(server, merged, "a@example.com", 1),
        "No test mail was sent: this server's version 1 of the test knows no PAM, which has "
        "relay_password. Do without the test mail, or give the values themselves in profile.",
    )


def test_secret_of_the_token_endpoint_is_sent() -> None:
    sent = body("25.4", replace(OAUTH, request_headers={}), client_secret=RELAY_SECRET)
    assert sent["ClientSecret"]["SecretValue"] == RELAY_SECRET
