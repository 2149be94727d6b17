# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments of the role: evaluated when they are used, and validated as Ansible does."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleError

from ansible_collections.keyfactor.command.plugins.plugin_utils._ansible.role_arguments import (
    RoleArguments,
)

ROLE = Path(__file__).parents[5] / "roles/verify_smtp"
DEFAULTS = yaml.safe_load((ROLE / "defaults/main.yml").read_text())
SPECS = yaml.safe_load((ROLE / "meta/argument_specs.yml").read_text())["argument_specs"]
UNDEFINED = "{{ undefined }}"
PROFILE = {"host": "smtp.example.com"}


def arguments(**own: Any) -> RoleArguments:
    """Return the arguments, with 587 as the only template that has a value."""

    def template(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: template(item) for name, item in value.items()}
        if value == UNDEFINED:
            raise AnsibleError("'undefined' is undefined")
        return 587 if value == "{{ the_port }}" else value

    names = {"inventory_hostname": "production", "groups": {"all": ["production", "staging"]}}
    return RoleArguments({**DEFAULTS, **names, **own}, template)


def test_expected_state() -> None:
    expected = {"port": "{{ the_port }}"}
    given = arguments(verify_smtp_expected=expected, verify_smtp_today="2030-12-31")
    state = given.expected_state()
    assert (state.expected, state.today) == ({"port": 587}, "2030-12-31")
    assert state.reference_exclude == ["id"]
    assert state.environments == ["production", "staging"]
    assert given.environment == "production"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("verify_smtp_expected", ["port"]),
        ("verify_smtp_waivers", [{"setting": "port"}]),
        ("verify_smtp_fail", "perhaps"),
        ("verify_smtp_report_formats", ["pdf"]),
        ("verify_smtp_delivery", ["pigeon"]),
        ("verify_smtp_environments", {"production": True}),
    ],
)
def test_invalid_arguments(name: str, value: object) -> None:
    with pytest.raises(AnsibleError, match=name.replace("_waivers", ".*waivers")):
        arguments(**{name: value}).expected_state()


def test_undefined_variables_are_errors_when_they_are_used() -> None:
    own = {"verify_smtp_connection": {"password": UNDEFINED}, "verify_smtp_relay": UNDEFINED}
    own["verify_smtp_secrets"] = {"relay_password": UNDEFINED}
    given = arguments(**own, verify_smtp_delegate_to=UNDEFINED)
    assert given.expected_state().expected == {}
    of_profile = (given.relay_options, given.mail_options)
    for options in (given.connection, *(partial(each, PROFILE) for each in of_profile)):
        with pytest.raises(AnsibleError, match="'undefined' is undefined"):
            options()
    with pytest.raises(AnsibleError, match="'undefined' is undefined"):
        arguments(verify_smtp_expected={"port": UNDEFINED}).expected_state()


def test_connection() -> None:
    assert arguments().connection() == {}
    given = {"host": "command.example.com", "port": "{{ the_port }}"}
    assert arguments(verify_smtp_connection=given).connection() == {**given, "port": 587}
    # As Ansible understands it for every option that is a mapping.
    text = arguments(verify_smtp_connection="host=a.example.com port=443").connection()
    assert text == {"host": "a.example.com", "port": "443"}
    with pytest.raises(AnsibleError, match="argument 'verify_smtp_connection' is of type"):
        arguments(verify_smtp_connection=["host"]).connection()


def test_options_of_the_probe() -> None:
    own = {"verify_smtp_test_recipient": "a@example.com"}
    given = arguments(**own, verify_smtp_relay={"timeout": "5s", "ca_cert": "{{ the_port }}"})
    assert given.relay_options(PROFILE) == {
        "profile": PROFILE,
        "recipient": "a@example.com",
        "certificate_days": 30,
        "timeout": "5s",
        "ca_cert": 587,
    }
    with pytest.raises(AnsibleError, match="argument 'verify_smtp_relay' is of type"):
        arguments(verify_smtp_relay=None).relay_options(PROFILE)
    with pytest.raises(AnsibleError, match="verify_smtp_relay_certificate_days"):
        arguments(verify_smtp_relay_certificate_days="soon").relay_options(PROFILE)


def test_options_of_the_mail() -> None:
    secrets = {"relay_password": "role-secret-4711", "client_secret": "role-secret-4712"}
    given = arguments(
        verify_smtp_connection={"host": "command.example.com", "port": "{{ the_port }}"},
        verify_smtp_test_recipient="pki-team@example.com",
        verify_smtp_secrets=secrets,
    )
    assert given.mail_options({**PROFILE, "relay_authentication": "basic"}) == {
        "host": "command.example.com",
        "port": 587,
        "recipient": "pki-team@example.com",
        "profile": {"relay_password": "role-secret-4711"},
    }
    with pytest.raises(AnsibleError, match="relay_pasword, which is no secret"):
        arguments(verify_smtp_secrets={"relay_pasword": "a"}).mail_options(PROFILE)


def test_options_of_a_change() -> None:
    secrets = {"relay_password": "role-secret-4711"}
    given = arguments(
        verify_smtp_connection={"host": "command.example.com"},
        verify_smtp_expected={"port": "{{ the_port }}"},
        verify_smtp_secrets=secrets,
        verify_smtp_update_secrets="always",
        verify_smtp_test_recipient="pki@example.com",
    )
    options, settings = given.change()
    assert settings.profile == options["profile"]
    assert options == {
        "host": "command.example.com",
        "profile": {"port": 587, **secrets},
        "update_secrets": "always",
        "test_recipient": "pki@example.com",
    }


def test_environment_without_secrets_has_none_to_update() -> None:
    secrets = {"relay_password_pam": {"provider": 1, "parameters": {"SecretId": "a"}}}
    for own in ({}, secrets):
        given = arguments(
            verify_smtp_expected={"port": 587},
            verify_smtp_secrets=own,
            verify_smtp_update_secrets="always",
        )
        assert given.change()[0]["update_secrets"] == "on_change"


@pytest.mark.parametrize(
    ("own", "phrase"),
    [
        ({"verify_smtp_expected": {"port": [25, 587]}}, "^Nothing was changed: port allows any of"),
        ({"verify_smtp_update_secrets": "sometimes"}, "verify_smtp_update_secrets"),
        ({"verify_smtp_secrets": {"relay_password": UNDEFINED}}, "'undefined' is undefined"),
        ({"verify_smtp_waivers": [{}]}, "waivers"),
        ({"verify_smtp_connection": ["host"]}, "verify_smtp_connection"),
    ],
)
def test_change_that_cannot_be_made(own: dict[str, Any], phrase: str) -> None:
    with pytest.raises(AnsibleError, match=phrase):
        arguments(**{"verify_smtp_expected": {"port": 587}, **own}).change()


def test_each_argument_has_a_default() -> None:
    """Otherwise it would be missing among the variables."""
    for spec in SPECS.values():
        assert set(spec["options"]) <= set(DEFAULTS)
