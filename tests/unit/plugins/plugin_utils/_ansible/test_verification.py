# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The verification of one environment: which modules run, and what follows from their results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from ansible.errors import AnsibleError

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import (
    normalize_profile,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._ansible.verification import (
    MAIL,
    PROBE,
    READ,
    compare_with_reference,
    verify_environment,
)
from tests.unit.plugins.plugin_utils._ansible.test_role_arguments import UNDEFINED, arguments

PROFILE = normalize_profile({"Host": "smtp.example.com", "Port": 587}, 2).values
DOWN = {"failed": True, "msg": "It is down.", "error": {"kind": "connect", "url": "https://a/"}}
NAMES = ["production", "staging"]
PORT = {"verify_smtp_expected": {"port": 587}}
DELIVERY = {**PORT, "verify_smtp_delivery": ["relay"]}


def read_of(profile: dict[str, Any]) -> dict[str, Any]:
    facts = {"ansible_facts": {"keyfactor_smtp": profile}}
    return {"changed": False, "smtp": profile, **facts, "api_version": 2, "tls_verified": True}


class Modules:
    """Returns these results in order, and keeps what was run."""

    def __init__(self, *results: dict[str, Any]) -> None:
        self.results = list(results)
        self.calls: list[tuple[str, Mapping[str, Any]]] = []

    def __call__(self, name: str, options: Mapping[str, Any]) -> dict[str, Any]:
        self.calls.append((name, options))
        return self.results.pop(0)

    @property
    def names(self) -> list[str]:
        return [name for name, _options in self.calls]


def verify(modules: Modules, **own: Any) -> dict[str, Any]:
    return verify_environment(arguments(**own), modules)


def entry_of(result: Mapping[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = result["ansible_facts"]["verify_smtp_result"]
    assert result["verdict"] == entry["verdict"]
    return entry


@pytest.mark.parametrize(("port", "verdict"), [(587, "compliant"), (25, "drifted")])
def test_live_profile_is_compared(port: int, verdict: str) -> None:
    modules = Modules(read_of(PROFILE))
    connection = {"host": "command.example.com"}
    result = verify(modules, verify_smtp_connection=connection, verify_smtp_expected={"port": port})
    entry = entry_of(result)
    assert (entry["name"], entry["verdict"], entry["api_version"]) == ("production", verdict, 2)
    assert result["ansible_facts"]["keyfactor_smtp"] == PROFILE
    assert result["read"] == {"changed": False, "api_version": 2, "tls_verified": True}
    assert modules.calls == [(READ, connection)]


@pytest.mark.parametrize(
    "own",
    [
        {},
        {"verify_smtp_expected": {"prot": 587}},
        {**PORT, "verify_smtp_waivers": [{}]},
        {**PORT, "verify_smtp_today": "soon"},
        {**PORT, "verify_smtp_waiver_warning_days": -1},
        {**PORT, "verify_smtp_fail": "perhaps"},
        {**DELIVERY, "verify_smtp_delivery": ["pigeon"]},
        {"verify_smtp_expected": {"port": UNDEFINED}},
        {"verify_smtp_reference": "stagging"},
        {"verify_smtp_reference": "staging", "verify_smtp_reference_exclude": ["prot"]},
    ],
)
def test_invalid_variables_make_no_call(own: dict[str, Any]) -> None:
    modules = Modules()
    result = verify(modules, **own)
    entry = entry_of(result)
    assert (entry["verdict"], entry["error"]["kind"]) == ("indeterminate", "configuration")
    assert (result["invalid"], modules.calls) == (True, [])


def test_failed_read_is_indeterminate() -> None:
    result = verify(Modules(DOWN), **DELIVERY)
    entry = entry_of(result)
    assert (entry["verdict"], entry["error"]["message"]) == ("indeterminate", "It is down.")
    assert entry["url"] == "https://a/"
    assert "keyfactor_smtp" not in result["ansible_facts"]
    assert "invalid" not in result


def test_options_that_cannot_be_evaluated_are_a_failed_read() -> None:
    modules = Modules()
    result = verify(modules, **PORT, verify_smtp_connection={"password": UNDEFINED})
    assert entry_of(result)["error"]["message"] == "'undefined' is undefined"
    assert modules.calls == []

    def fail(name: str, options: Mapping[str, Any]) -> dict[str, Any]:
        raise AnsibleError("It cannot be shipped.")

    entry = entry_of(verify_environment(arguments(**PORT), fail))
    assert entry["error"]["message"] == "It cannot be shipped."


def test_saved_profile_takes_the_place_of_the_live_one() -> None:
    modules = Modules()
    own = {"verify_smtp_expected": {"port": 25}, "verify_smtp_connection": UNDEFINED}
    result = verify(modules, **own, verify_smtp_saved_profile={**PROFILE, "port": 25})
    entry = entry_of(result)
    assert entry["verdict"] == "compliant"
    assert entry["warnings"] == ["A saved profile was verified. Nothing was read from a server."]
    assert modules.calls == []
    assert "keyfactor_smtp" not in result["ansible_facts"]


def test_relay_is_probed() -> None:
    failed = {"failed": True, "msg": "The value of timeout cannot be used."}
    modules = Modules(read_of(PROFILE), failed)
    entry = entry_of(verify(modules, **DELIVERY))
    assert modules.names == [READ, PROBE]
    assert modules.calls[1][1]["profile"] == PROFILE
    assert entry["verdict"] == "indeterminate"
    assert entry["findings"][-1]["setting"] == "delivery.relay"


def test_relay_of_a_saved_profile_is_probed() -> None:
    saved = {**PROFILE, "host": "saved.example.com"}
    modules = Modules({"failed": True, "msg": "No."})
    verify(modules, **DELIVERY, verify_smtp_saved_profile=saved)
    assert [(name, options["profile"]) for name, options in modules.calls] == [(PROBE, saved)]


SECRET = "role-secret-4711"
BY_MAIL = {
    **PORT,
    "verify_smtp_delivery": ["mail"],
    "verify_smtp_test_recipient": "pki-team@example.com",
    "verify_smtp_secrets": {"relay_password": SECRET},
}
BASIC = {**PROFILE, "relay_authentication": "basic"}
SENT = {"changed": True, "sent": True, "test_api_version": 2, "msg": "It was sent."}


def test_mail_is_sent() -> None:
    modules = Modules(read_of(BASIC), SENT)
    connection = {"host": "command.example.com"}
    result = verify(modules, **BY_MAIL, verify_smtp_connection=connection)
    options = {
        **connection,
        "recipient": "pki-team@example.com",
        "profile": {"relay_password": SECRET},
    }
    assert modules.calls[1] == (MAIL, options)
    entry = entry_of(result)
    assert (entry["verdict"], result["changed"]) == ("compliant", True)
    message = "It was sent (with relay_password of verify_smtp_secrets)"
    assert entry["findings"][-1]["message"] == message
    assert entry["delivery"]["mail"]["recipient"] == "pki-team@example.com"
    assert SECRET not in str(result)


@pytest.mark.parametrize(
    ("own", "read"),
    [
        ({"verify_smtp_test_recipient": ""}, None),
        ({"verify_smtp_saved_profile": PROFILE}, None),
        ({"verify_smtp_delivery": []}, read_of(BASIC)),
        ({}, DOWN),
        ({"verify_smtp_secrets": {"relay_pasword": SECRET}}, read_of(BASIC)),
    ],
)
def test_mail_is_not_sent(own: dict[str, Any], read: dict[str, Any] | None) -> None:
    modules = Modules(*[read] if read else [])
    result = verify(modules, **{**BY_MAIL, **own})
    assert MAIL not in modules.names
    assert modules.results == []
    assert result["changed"] is False
    assert SECRET not in str(result)


def test_misspelled_secrets_are_no_known_difference() -> None:
    misspelled = {**BY_MAIL, "verify_smtp_secrets": {"relay_pasword": SECRET}}
    entry = entry_of(verify(Modules(read_of(BASIC)), **misspelled))
    assert entry["verdict"] == "indeterminate"
    message = "No test mail was sent: verify_smtp_secrets has relay_pasword, which is no secret"
    assert message in entry["findings"][-1]["message"]


def test_members_for_ansible_are_those_of_the_task() -> None:
    members = {"invocation": {"module_args": {}}, "warnings": ["Old."], "_ansible_new_secrets": []}
    result = verify(Modules({**read_of(PROFILE), **members}), **PORT)
    assert {name: result[name] for name in members} == members
    assert set(result["read"]) == {"changed", "api_version", "tls_verified"}


REFERENCE = {"verify_smtp_reference": "staging"}


def compared(result: Mapping[str, Any], reference: Mapping[str, Any]) -> dict[str, Any]:
    found = {"staging": reference}
    return compare_with_reference("production", result, lambda name: found[name], NAMES)


@pytest.mark.parametrize(("port", "verdict"), [(587, "compliant"), (25, "drifted")])
def test_comparison_with_a_reference(port: int, verdict: str) -> None:
    result = verify(Modules(read_of(PROFILE)), **REFERENCE)
    assert (result["verdict"], "verify_smtp_result" in result["ansible_facts"]) == (None, False)
    assert result["ansible_facts"]["keyfactor_smtp"] == PROFILE
    reference = verify(Modules(read_of({**PROFILE, "port": port})), **PORT)
    assert compared(result, reference)["verdict"] == verdict


def test_delivery_with_a_reference() -> None:
    # ansible-core 2.22 hides secrets only where it shows them.
    options = {"invocation": {"module_args": {"profile": {"relay_password": SECRET}}}}
    modules = Modules(read_of(BASIC), {**SENT, **options})
    result = verify(modules, **{**BY_MAIL, **REFERENCE})
    assert SECRET not in str(result)
    entry = compared(result, verify(Modules(read_of(BASIC)), **PORT))
    assert (entry["verdict"], entry["delivery"]["mail"]["sent"]) == ("compliant", True)


def test_saved_profile_is_compared_with_a_reference() -> None:
    saved = {**PROFILE, "port": 25}
    result = verify(Modules(), **REFERENCE, verify_smtp_saved_profile=saved)
    entry = compared(result, verify(Modules(read_of(PROFILE)), **PORT))
    assert (entry["verdict"], entry["profile"]["port"]) == ("drifted", 25)


def test_failed_read_with_a_reference() -> None:
    entry = compared(verify(Modules(DOWN), **REFERENCE), {})
    assert entry["error"]["message"] == "It is down."


@pytest.mark.parametrize(
    ("reference", "phrase"),
    [
        ({}, "was not read in this run"),
        (verify(Modules(DOWN), **PORT), "is indeterminate: It is down"),
        (verify(Modules()), "was not read in this run"),
    ],
)
def test_reference_that_was_not_read(reference: dict[str, Any], phrase: str) -> None:
    entry = compared(verify(Modules(read_of(PROFILE)), **REFERENCE), reference)
    assert entry["verdict"] == "indeterminate"
    assert phrase in entry["findings"][0]["message"]


def test_reference_itself_is_only_compared_with_expectations() -> None:
    result = verify(Modules(read_of(PROFILE)), verify_smtp_reference="production")
    entry = entry_of(result)
    assert entry["verdict"] == "compliant"
    assert entry["warnings"][0].startswith("It is the reference")
