# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A recorded profile, read back by Ansible, is what was recorded, whatever the server sent."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import (
    SETTINGS,
    normalize_profile,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._ansible.values import (
    make_unsafe,
    to_builtins,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.baseline import (
    render_baseline,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._verdict.observed import (
    ObservedProfile,
)
from tests.unit.support import evaluate_profile

READ = {
    "url": "https://command.example.com/KeyfactorAPI/SMTP",
    "product_version": "25.1.0.0",
    "api_version": 2,
    "tls_verified": True,
}
PROFILE = normalize_profile(
    {
        "Id": 3,
        "Host": "smtp.example.com",
        "Port": 587,
        "UseSSL": True,
        "RelayAuthenticationType": 2,
        "RelayUsername": {"SecretValue": "KEYEXAMPLE\\svc-smtp"},
        "SenderName": "Example PKI",
        "RequestHeaders": [{"Name": "X-A", "Value": "unique-secret"}, {"Name": "X-B"}],
    },
    2,
).values

HOSTILE = [
    "{{ lookup('pipe', 'id') }}", "{% raw %}", "{# a #}", "{", "}}", "yes", "no", "on", "null",
    "~", "true", "False", "1", "0x1F", "1e3", "1_000", "0o17", ".nan", ".inf", "2026-01-31",
    "2026-01-31T00:00:00Z", "12:30:45", "=", "<<", "---", "...", "- a", "a: b", "a #b", "# a",
    "!unsafe a", "!vault a", "&a", "*a", "'", '"', "\\", "\\u202e", "\u202eleft", "\x1b[2J", "\0",
    "two\nlines", "\n", " a ", "\t", "\x85", "\u2028", "\ufeff", "\U0001f4e7", "@a", "%a", "`a",
    "|", ">", "?", "[a]", "{a: b}", "a" * 2000, "\r\n", "Größe", "", " ", "$ANSIBLE_VAULT;1.1",
]  # fmt: skip
TEXT = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(HOSTILE)
CONTENTS = st.fixed_dictionaries(
    {"Id": st.integers()},
    optional={
        "Host": TEXT,
        "Port": st.none() | st.integers(),
        "UseSSL": st.none() | st.booleans(),
        "RelayAuthenticationType": st.integers(-1, 4),
        "RelayUsername": st.none()
        | st.fixed_dictionaries({"SecretValue": TEXT})
        | st.just({"Provider": 1}),
        **dict.fromkeys(("SenderAccount", "SenderName", "TokenEndpoint", "Scope"), TEXT),
        "RequestHeaders": st.lists(st.fixed_dictionaries({"Name": TEXT}), max_size=3),
    },
)


def loaded(text: str) -> Any:
    """Return a file's content as Ansible's own loader has it, in its own types."""
    return DataLoader().load(text)["verify_smtp_expected"]


def record(profile: Any, module_result: Any) -> str:
    """Render a baseline as the role does."""
    profile = to_builtins(profile)
    unavailable = ObservedProfile(profile, module_result).unavailable_settings()
    return render_baseline(profile, unavailable, module_result)


def test_what_it_looks_like() -> None:
    assert record(PROFILE, READ) == (
        "---\n"
        "# Recorded from https://command.example.com/KeyfactorAPI/SMTP, Command 25.1.0.0\n"
        "# Secrets and references to PAM are not recorded: they belong in verify_smtp_secrets\n"
        "verify_smtp_expected:\n"
        "  host: smtp.example.com\n"
        "  port: 587\n"
        "  use_ssl: true\n"
        "  relay_authentication_type: 2\n"
        "  relay_authentication: basic\n"
        "  relay_username: KEYEXAMPLE\\svc-smtp\n"
        "  relay_username_source: plain\n"
        "  sender_account: null\n"
        "  sender_name: Example PKI\n"
        "  sender_address: null\n"
        "  client_id: null\n"
        "  token_endpoint: null\n"
        "  scope: null\n"
        "  audience: null\n"
        "  request_headers:\n"
        "    - X-A\n"
        "    - X-B\n"
    )


@given(CONTENTS, st.sampled_from([1, 2]))
def test_recorded_and_judged_is_compliant(content: dict[str, Any], version: int) -> None:
    profile = normalize_profile(content, 2).values
    read = {**READ, "smtp": profile, "api_version": version}
    text = record(make_unsafe(profile), make_unsafe(read))
    assert text == record(dict(reversed(profile.items())), read)
    assert [line for line in text.split("\n") if not line.isprintable()] == []
    entry = evaluate_profile("production", profile, loaded(text), read)
    assert (entry["verdict"], entry["error"]) == ("compliant", None), text
    reported = [each["setting"] for each in entry["findings"]]
    unreported = [key for key in SETTINGS if key not in reported]
    assert {f"# {key} is not recorded" in text for key in unreported if key != "id"} <= {True}


@given(TEXT, TEXT)
@example("yes", "null")
def test_another_value_is_drift(recorded: str, live: str) -> None:
    """What was recorded is compared, letter by letter."""
    profile = {**PROFILE, "sender_name": recorded}
    text = record(profile, READ)
    found = {**PROFILE, "sender_name": live}
    entry = evaluate_profile("production", found, loaded(text), {**READ, "smtp": found})
    assert entry["verdict"] == ("compliant" if recorded == live else "drifted")


@pytest.mark.parametrize("text", ["{{ 1 + 1 }}", "a {% if %}", "{# a #}"])
def test_braces_are_no_template(text: str) -> None:
    profile = {**PROFILE, "sender_name": text, "request_headers": ["A", text]}
    written = record(profile, READ)
    assert f'sender_name: !unsafe "{text}"' in written
    assert f'- !unsafe "{text}"' in written


def test_anonymous_profile_has_no_secrets() -> None:
    text = record({**PROFILE, "relay_authentication": "anonymous"}, READ)
    assert "verify_smtp_secrets" not in text


def test_what_is_not_recorded_says_why() -> None:
    profile = {
        **PROFILE,
        "relay_username": None,
        "relay_username_source": "pam",
        "host": "a********b",
    }
    text = record(profile, {**READ, "api_version": 1})
    assert "# host is not recorded: Ansible hides it" in text
    remedy = "give verify_smtp_secrets.relay_username_pam to restore it"
    assert "# relay_username is not recorded: it is kept in a privileged" in text
    assert f"management provider, so {remedy}\n" in text
    assert "# scope is not recorded: version 1 of the API does not report it" in text
    assert not {"host", "relay_username", "scope", "id"} & set(loaded(text))


@pytest.mark.parametrize("hostile", ["a\nverify_smtp_fail: false", "\u202e", "\x1b[2J\r", "\u2028"])
def test_the_comment_keeps_to_its_line(hostile: str) -> None:
    text = record(PROFILE, {**READ, "url": hostile, "product_version": hostile})
    assert text.split("\n")[3] == "verify_smtp_expected:"
    assert [line for line in text.split("\n") if not line.isprintable()] == []


def test_no_secret_is_recorded() -> None:
    assert "unique-secret" not in record(PROFILE, READ)
