# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The diff: YAML on both sides, without secrets."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import yaml

from ansible_collections.keyfactor.command.plugins.module_utils._smtp.difference import (
    describe_differences,
    render_diff,
)
from ansible_collections.keyfactor.command.plugins.module_utils._smtp.plan import plan_change
from tests.emulator import SmtpProfile
from tests.unit.smtp import (
    ANONYMOUS,
    HEADER_VALUE,
    OAUTH,
    PAM,
    PLAIN,
    RELAY_PASSWORD,
    SECRETS,
    URL,
    desired,
    stored,
)


def diff(
    profile: SmtpProfile = PLAIN, update_secrets: str = "on_change", **given: Any
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return both sides of the diff of a change."""
    plan = plan_change(stored(profile), desired(**given), update_secrets)
    text = render_diff(URL, plan.stored.values, plan.after, plan.stored, plan.merged)
    assert not any(secret in str(text) for secret in SECRETS)
    assert text["before_header"] == text["after_header"] == URL
    return yaml.safe_load(text["before"]), yaml.safe_load(text["after"])


def test_settings_and_secrets() -> None:
    before, after = diff(port=25, relay_password=RELAY_PASSWORD)
    assert before == stored().values
    assert after == {**before, "port": 25, "relay_password": "(secret)"}


def test_text_is_readable() -> None:
    plan = plan_change(stored(ANONYMOUS), desired(sender_name="Größe\u202e"), "on_change")
    text = render_diff(URL, plan.stored.values, plan.after, plan.stored, plan.merged)
    assert 'sender_name: "Größe\\u202e"\n' in text["after"]


def test_nothing_to_do() -> None:
    text = render_diff(URL, stored().values, stored().values, stored(), None)
    assert text["before"] == text["after"]


def test_references_to_pam() -> None:
    before, after = diff(relay_password_pam=PAM)
    assert "relay_password_pam" not in before
    assert after["relay_password_pam"] == "(provider 7)"
    in_pam = replace(PLAIN, relay_password_pam=PAM)
    moved = {"provider": 7, "parameters": {"SecretId": "new-place"}}
    before, after = diff(in_pam, relay_password_pam=moved)
    assert (before["relay_password_pam"], after["relay_password_pam"]) == (
        "(provider 7)",
        "(provider 7, changed)",
    )
    before, after = diff(in_pam, update_secrets="always", relay_password=RELAY_PASSWORD)
    assert "relay_password_pam" not in after
    assert after["relay_password"] == "(secret)"


def test_headers() -> None:
    headers = [{"name": "X-Relay-Key", "value": HEADER_VALUE}]
    before, after = diff(
        replace(OAUTH, client_secret_pam=PAM), scope="other", request_headers=headers
    )
    assert before["request_headers"] == ["X-Relay-Key"]
    assert after["request_headers"] == ["X-Relay-Key: (secret)"]


def test_control_characters_are_escaped() -> None:
    before, _after = diff(replace(PLAIN, sender_name="a\u202e: {b"), port=25, relay_password="x")
    assert before["sender_name"] == "a\u202e: {b"
    plan = plan_change(
        stored(replace(PLAIN, sender_name="a\u202e")), desired(port=587), "on_change"
    )
    text = render_diff(URL, plan.stored.values, plan.after, plan.stored, plan.merged)
    assert all(line.isprintable() for line in text["before"].splitlines())


def test_differences_in_words() -> None:
    wanted = stored().values
    assert describe_differences(wanted, {**wanted, "host": "SMTP.EXAMPLE.COM", "id": 3}) == []
    assert describe_differences(wanted, {**wanted, "request_headers": None}) == []
    assert describe_differences(wanted, {**wanted, "port": 25, "use_ssl": None}) == [
        "port is 25 instead of 587",
        "use_ssl is null instead of true",
    ]
