# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role takes from Ansible's variables, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import (
    normalize_profile,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._ansible.role_variables import (
    RoleVariables,
)

DEFAULTS = yaml.safe_load(
    (Path(__file__).parents[5] / "roles/verify_smtp/defaults/main.yml").read_text()
)
PROFILE = normalize_profile({"Host": "smtp.example.com", "Port": 587}, 2).values
NAMES = ["production", "staging", "recovery"]


class HostVars:
    """Ansible's variables of all hosts, which go through no template here."""

    def __init__(self, variables: Mapping[str, Any]) -> None:
        self._variables = variables

    def raw_get(self, name: str) -> Any:
        return self._variables[name]


def read_of(profile: dict[str, Any]) -> dict[str, Any]:
    return {
        "ansible_facts": {"keyfactor_smtp": profile},
        "__verify_smtp_read": {"smtp": profile, "api_version": 2, "tls_verified": True},
    }


def role(hostvars: Mapping[str, Any] | None = None, **own: Any) -> RoleVariables:
    variables = {
        **DEFAULTS,
        **read_of(PROFILE),
        "inventory_hostname": "production",
        "groups": {"all": NAMES},
        "ansible_play_hosts_all": NAMES,
        "ansible_play_hosts": NAMES,
        "ansible_play_batch": NAMES,
        "hostvars": HostVars(hostvars or {}),
        **own,
    }
    return RoleVariables(variables, filled)


def filled(value: Any) -> Any:
    """Fill in the only template there is."""
    if isinstance(value, dict):
        return {name: filled(each) for name, each in value.items()}
    return 587 if value == "{{ the_port }}" else value


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({"verify_smtp_expected": {"port": 587}}, True),
        ({"verify_smtp_expected": {"port": "{{ the_port }}"}}, True),
        ({"verify_smtp_reference": "staging"}, True),
        ({"verify_smtp_policy": {"required": ["host"]}}, True),
        ({}, False),
        ({"verify_smtp_expected": {"prot": 587}}, False),
        ({"verify_smtp_expected": {"port": 587}, "verify_smtp_waivers": [{}]}, False),
        ({"verify_smtp_expected": {"port": 587}, "verify_smtp_today": "soon"}, False),
        ({"verify_smtp_expected": {"port": 587}, "verify_smtp_waiver_warning_days": -1}, False),
        ({"verify_smtp_reference": "stagging"}, False),
        ({"verify_smtp_reference": "staging", "verify_smtp_reference_exclude": ["prot"]}, False),
        ({"verify_smtp_expected": {"port": 587}, "verify_smtp_saved_profile": PROFILE}, False),
    ],
)
def test_a_call_is_made_where_it_is_of_use(own: dict[str, Any], expected: bool) -> None:
    assert role(**own).needs_read() is expected


DELIVERY = {"verify_smtp_expected": {"port": 587}, "verify_smtp_delivery": ["relay"]}


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (DELIVERY, True),
        ({**DELIVERY, "verify_smtp_delivery": []}, False),
        ({**DELIVERY, "verify_smtp_delivery": ["pigeon"]}, False),
        ({**DELIVERY, "verify_smtp_expected": {"prot": 25}}, False),
        ({**DELIVERY, "__verify_smtp_read": None}, False),
        ({**DELIVERY, "__verify_smtp_read": {"failed": True, "msg": "It is down."}}, False),
        (
            {**DELIVERY, "__verify_smtp_read": None, "verify_smtp_saved_profile": PROFILE},
            True,
        ),
    ],
)
def test_a_probe_is_made_of_a_relay_that_is_known(own: dict[str, Any], expected: bool) -> None:
    assert role(**own).needs_probe() is expected


def test_options_of_the_probe() -> None:
    own = {**DELIVERY, "verify_smtp_test_recipient": "a@example.com"}
    own["verify_smtp_relay"] = {"timeout": "5s", "ca_cert": "{{ the_port }}"}
    assert role(**own).relay_options() == {
        "profile": PROFILE,
        "recipient": "a@example.com",
        "certificate_days": 30,
        "timeout": "5s",
        "ca_cert": 587,
    }
    saved = {**PROFILE, "host": "saved.example.com"}
    assert role(**own, verify_smtp_saved_profile=saved).relay_options()["profile"] == saved


def test_the_probe_is_judged() -> None:
    failed = {"failed": True, "msg": "The value of timeout cannot be used."}
    entry = role(**DELIVERY, __verify_smtp_relay=failed).result()
    assert entry["verdict"] == "indeterminate"
    assert entry["findings"][-1]["setting"] == "delivery.relay"


MAIL = {
    "verify_smtp_delivery": ["mail"],
    "verify_smtp_test_recipient": "pki-team@example.com",
    "verify_smtp_secrets": {"relay_password": "role-secret-4711"},
}


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (MAIL, True),
        ({**MAIL, "verify_smtp_delivery": ["relay"]}, False),
        ({**MAIL, "verify_smtp_test_recipient": ""}, False),
        ({**MAIL, "verify_smtp_secrets": {"relay_pasword": "role-secret-4711"}}, False),
        ({**MAIL, "verify_smtp_saved_profile": PROFILE}, False),
        ({**MAIL, "__verify_smtp_read": None}, False),
        ({**MAIL, "__verify_smtp_read": {"failed": True, "msg": "It is down."}}, False),
    ],
)
def test_a_mail_is_sent_once_the_profile_is_read(own: dict[str, Any], expected: bool) -> None:
    assert role(**own).needs_mail() is expected


def test_options_of_the_mail() -> None:
    live = read_of({**PROFILE, "relay_authentication": "basic"})
    connection = {"host": "command.example.com", "port": "{{ the_port }}"}
    assert role(**{**MAIL, **live}, verify_smtp_connection=connection).mail_options() == {
        "host": "command.example.com",
        "port": 587,
        "recipient": "pki-team@example.com",
        "profile": {"relay_password": "role-secret-4711"},
    }


def test_secrets_are_decrypted_only_for_a_mail() -> None:
    asked: list[object] = []
    variables = role(verify_smtp_expected={"port": 587}, verify_smtp_secrets="encrypted")
    variables._template = lambda value: asked.append(value) or value  # type: ignore[func-returns-value]
    assert variables.needs_read()
    assert asked
    assert "encrypted" not in asked


def test_the_mail_is_judged() -> None:
    sent = {"sent": True, "test_api_version": 2, "msg": "It was sent."}
    entry = role(**MAIL, __verify_smtp_mail=sent).result()
    assert (entry["verdict"], entry["findings"][-1]["setting"]) == ("compliant", "delivery.mail")
    assert entry["delivery"]["mail"]["recipient"] == "pki-team@example.com"
    assert "role-secret-4711" not in str(entry)
    basic = read_of({**PROFILE, "relay_authentication": "basic"})
    entry = role(**{**MAIL, **basic}, __verify_smtp_mail=sent).result()
    message = "It was sent (with relay_password of verify_smtp_secrets)"
    assert entry["findings"][-1]["message"] == message


def test_misspelled_secrets_are_not_sent() -> None:
    misspelled = {**MAIL, "verify_smtp_secrets": {"relay_pasword": "role-secret-4711"}}
    entry = role(**misspelled).result()
    assert entry["verdict"] == "indeterminate"
    message = "No test mail was sent: verify_smtp_secrets has relay_pasword, which is no secret"
    assert message in entry["findings"][-1]["message"]
    assert "role-secret-4711" not in str(entry)
    unread = {"failed": True, "msg": "It is down."}
    assert role(**misspelled, __verify_smtp_read=unread).result()["findings"] == []
    assert role(**MAIL).result()["findings"][-1]["message"] == "No test mail was sent in this run"


def test_the_live_profile_is_judged() -> None:
    entry = role(verify_smtp_expected={"port": "{{ the_port }}", "host": "a.example.com"}).result()
    assert (entry["name"], entry["verdict"], entry["api_version"]) == ("production", "drifted", 2)
    assert [each["status"] for each in entry["findings"]] == ["match", "drift"]


def test_what_was_read_is_no_template() -> None:
    found = read_of({**PROFILE, "host": "{{ the_port }}"})
    entry = role(**found, verify_smtp_expected={"port": 587}).result()
    assert entry["profile"]["host"] == "{{ the_port }}"


def test_a_failed_call_leaves_the_profile_of_an_earlier_one_alone() -> None:
    failed = {"__verify_smtp_read": {"failed": True, "msg": "It is down."}}
    entry = role(**failed, verify_smtp_expected={"port": 587}).result()
    assert (entry["verdict"], entry["error"]["message"]) == ("indeterminate", "It is down.")


def test_a_profile_that_is_left_over_does_not_count() -> None:
    entry = role(__verify_smtp_read=None, verify_smtp_expected={"port": 587}).result()
    assert (entry["verdict"], entry["profile"]) == ("indeterminate", None)
    assert entry["error"]["message"].startswith("Its profile was not read in this run.")


def test_a_saved_profile_counts_in_place_of_the_live_one() -> None:
    own = {
        "verify_smtp_expected": {"port": 25},
        "verify_smtp_saved_profile": {**PROFILE, "port": 25},
    }
    entry = role(**own).result()
    assert entry["verdict"] == "compliant"
    assert entry["warnings"] == ["A saved profile was verified. Nothing was read from a server."]


@pytest.mark.parametrize(("port", "verdict"), [(587, "compliant"), (25, "drifted")])
def test_the_reference_is_what_was_read_of_it(port: int, verdict: str) -> None:
    others = {"staging": read_of({**PROFILE, "port": port})}
    assert role(others, verify_smtp_reference="staging").result()["verdict"] == verdict


def test_a_reference_that_was_not_read() -> None:
    entry = role({"staging": {}}, verify_smtp_reference="staging").result()
    assert "was not read in this run" in entry["findings"][0]["message"]
    entry = role(verify_smtp_reference="stagging").result()
    assert "is not in the inventory (did you mean staging)" in entry["error"]["message"]


def test_the_report_is_on_all_whose_turn_it_was() -> None:
    mine = role(verify_smtp_expected={"port": 587}).result()
    others = {"production": {"verify_smtp_result": mine}, "staging": {}, "recovery": {}}
    own = {
        "ansible_play_batch": ["production", "staging"],
        "verify_smtp_environments": "dr, staging",
    }
    assert role(**own).missing() == ["dr"]
    report = role(others, **own).report()
    verdicts = {each["name"]: each["verdict"] for each in report["environments"]}
    assert verdicts == {
        "production": "compliant",
        "staging": "indeterminate",
        "dr": "indeterminate",
    }


def test_failure_and_verdicts_of_an_entry() -> None:
    entry = role(verify_smtp_expected={"port": 25}).result()
    others = {"production": {"verify_smtp_result": entry}, "staging": {}, "recovery": {}}
    report = role(others).report()
    evaluated = {"verify_smtp_result": entry, "verify_smtp_report": report}
    assert role(**evaluated).failure() == "production is drifted: port is 587, expected 25."
    assert role(**evaluated).verdicts()["verify_smtp_verdict_production"] == "drifted"
    assert report["summary"]["indeterminate"] == 2


def test_baseline_is_the_profile_that_was_read() -> None:
    read = {"smtp": PROFILE, "api_version": 1, "url": "https://command.example.com/"}
    text = role(__verify_smtp_read=read).baseline()
    assert text.startswith("---\n# Recorded from https://command.example.com/\n")
    assert "# scope is not recorded: version 1 of the API does not report it\n" in text
    expected = yaml.safe_load(text)["verify_smtp_expected"]
    assert (expected["port"], "scope" in expected) == (587, False)


def test_settings_to_apply() -> None:
    secrets = {"relay_password": "role-secret-4711"}
    variables = role(verify_smtp_expected={"port": 587}, verify_smtp_secrets=secrets)
    assert variables.desired() == {"port": 587, **secrets}
    assert variables.desired_problems() == ""
    result = {"changed_settings": ["port"], "changed": True, "written": True}
    applied = role(verify_smtp_expected={"port": 587}, __verify_smtp_applied=result).applied()
    assert applied == {"ok": True, "line": "was changed: port", "message": ""}


def test_settings_that_cannot_be_applied() -> None:
    message = role(verify_smtp_expected={"port": [25, 587]}).desired_problems()
    assert message.startswith("Nothing was changed: port allows any of 25, 587")
    assert role(verify_smtp_expected={"port": [25, 587]}).applied()["message"] == message


def test_waived_settings_are_not_applied() -> None:
    waiver = {"setting": "port", "reason": "a", "owner": "b", "expires": "2030-12-31"}
    expected = {"port": 587, "use_ssl": True}

    def variables(**own: Any) -> RoleVariables:
        return role(verify_smtp_expected=expected, **own)

    waived = {"verify_smtp_waivers": [waiver], "verify_smtp_today": "2030-12-31"}
    assert variables(**waived).desired() == {"use_ssl": True}
    expired = {**waived, "verify_smtp_today": "2031-01-01"}
    assert variables(**expired).desired() == expected
    misspelt = variables(verify_smtp_waivers=[{**waiver, "setting": "prot"}])
    assert "did you mean port" in misspelt.desired_problems()
    assert "verify_smtp_today must be" in variables(verify_smtp_today="soon").desired_problems()
    policy = {"allOf": [{"title": "encrypted", "properties": {"port": {"const": 465}}}]}
    rule = [{**waiver, "setting": "encrypted"}]
    assert variables(verify_smtp_policy=policy, verify_smtp_waivers=rule).desired() == expected
