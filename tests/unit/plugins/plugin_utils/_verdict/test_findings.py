# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings on settings, on rules of the policy, and on the reference environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import (
    SETTINGS,
    normalize_profile,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.expectations import (
    AllowedValues,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.reference import (
    Reference,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._verdict.findings import (
    compare_with_reference,
    make_finding,
    rule_finding,
    setting_finding,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._verdict.observed import (
    ObservedProfile,
)
from tests.unit.support import evaluate_profile

CONTENT = {"Id": 1, "Host": "smtp.example.com", "Port": 587, "RelayAuthenticationType": 0}
PROFILE = normalize_profile(CONTENT, 2).values
IN_VERSION_2 = ["client_id", "token_endpoint", "scope", "audience", "request_headers"]
RULE: dict[str, Any] = {"properties": {"port": {"const": 587}}}


class PortRule:
    """A rule of the policy that looks at two settings."""

    setting = "policy.submission"
    label = "policy rule submission"
    settings = ("port", "scope")
    expected = RULE

    def mismatch(self, profile: Mapping[str, Any]) -> str | None:
        port = profile["port"]
        return None if port == 587 else f"{self.label}: port is {port}, must be 587"


def read_of(profile: object, version: int = 2) -> dict[str, Any]:
    return {"smtp": profile, "api_version": version, "tls_verified": True}


def observed(version: int = 2, **changes: Any) -> ObservedProfile:
    profile = {**PROFILE, **changes}
    return ObservedProfile(profile, read_of(profile, version))


def finding_on_rule(version: int = 2, **changes: Any) -> dict[str, Any]:
    rule: Any = PortRule()
    return rule_finding(rule, observed(version, **changes))


def test_shape_of_a_finding() -> None:
    assert make_finding("port", "drift", 25, 587, "port is 587, expected 25") == {
        "setting": "port",
        "status": "drift",
        "expected": 25,
        "actual": 587,
        "message": "port is 587, expected 25",
        "waiver": None,
    }


@pytest.mark.parametrize(
    ("values", "status", "message"),
    [
        ((587,), "match", "port is 587"),
        ((25, 587), "match", "port is 587"),
        ((25,), "drift", "port is 587, expected 25"),
        ((25, 465), "drift", "port is 587, expected one of 25, 465"),
    ],
)
def test_finding_on_a_setting(values: tuple[int, ...], status: str, message: str) -> None:
    expected: Any = list(values) if len(values) > 1 else values[0]
    found = setting_finding(AllowedValues("port", values), observed())
    assert found == make_finding("port", status, expected, 587, message)


@pytest.mark.parametrize(
    ("setting", "changes", "version", "reason"),
    [
        ("port", {"port": "587"}, 2, "the facts hold it with a wrong type"),
        ("scope", {}, 1, "version 1 of the API does not report it"),
    ],
)
def test_finding_on_a_setting_that_cannot_be_known(
    setting: str, changes: dict[str, Any], version: int, reason: str
) -> None:
    profile = observed(version, **changes)
    found = setting_finding(AllowedValues(setting, (None,)), profile)
    message = f"{setting} cannot be known: {reason}"
    assert found == make_finding(setting, "unknown", None, profile.profile[setting], message)


@pytest.mark.parametrize(
    ("port", "status", "message"),
    [
        (587, "match", "policy rule submission is kept"),
        (25, "drift", "policy rule submission: port is 25, must be 587"),
    ],
)
def test_finding_on_a_rule(port: int, status: str, message: str) -> None:
    found = finding_on_rule(port=port)
    actual = {"port": port, "scope": None}
    assert found == make_finding("policy.submission", status, RULE, actual, message)


@pytest.mark.parametrize("port", [587, 25])
def test_finding_on_a_rule_with_a_setting_that_cannot_be_known(port: int) -> None:
    found = finding_on_rule(version=1, port=port)
    message = (
        "policy rule submission: scope cannot be known: version 1 of the API does not report it"
    )
    actual = {"port": port, "scope": None}
    assert found == make_finding("policy.submission", "unknown", RULE, actual, message)


def entry_of(
    own: dict[str, Any],
    live: ObservedProfile,
    expected: object = None,
    version: int = 2,
    **more: Any,
) -> dict[str, Any]:
    more = {"reference": "staging", **more}
    return evaluate_profile("production", own, expected or {}, read_of(own, version), live, **more)


def test_same_profile_apart_from_the_id_is_compliant() -> None:
    entry = entry_of({**PROFILE, "id": 7, "host": "SMTP.example.com"}, observed())
    assert (entry["verdict"], entry["warnings"], entry["error"]) == ("compliant", [], None)
    assert [each["setting"] for each in entry["findings"]] == [k for k in SETTINGS if k != "id"]


@pytest.mark.parametrize("excluded", [["id", "port"], "id, port", "port,id", ("id", "port")])
def test_excluded_settings_may_differ(excluded: object) -> None:
    own = {**PROFILE, "port": 25, "id": 2, "sender_name": "A"}
    entry = entry_of(own, observed(), reference_exclude=excluded)
    (drift,) = (each for each in entry["findings"] if each["status"] == "drift")
    assert drift["message"] == "sender_name is A, expected unset"
    assert not {"id", "port"} & {each["setting"] for each in entry["findings"]}


def test_no_setting_is_excluded_if_the_list_is_empty() -> None:
    entry = entry_of({**PROFILE, "id": 2}, observed(), reference_exclude=[])
    assert (entry["verdict"], entry["findings"][0]["setting"]) == ("drifted", "id")


def test_expectation_of_a_setting_takes_precedence() -> None:
    entry = entry_of({**PROFILE, "port": 25}, observed(), {"port": 25})
    assert entry["verdict"] == "compliant"
    assert [each["setting"] for each in entry["findings"]].count("port") == 1
    assert entry_of(PROFILE, observed(), {"port": 25})["verdict"] == "drifted"


def test_reference_itself_is_compared_with_the_other_expectations() -> None:
    entry = evaluate_profile(
        "staging", PROFILE, {"port": 25}, read_of(PROFILE), reference="staging"
    )
    assert entry["verdict"] == "drifted"
    assert entry["warnings"] == ["It is the reference: only the others are compared with it."]
    alone = evaluate_profile("staging", PROFILE, {}, read_of(PROFILE), reference="staging")
    assert alone["verdict"] == "compliant"
    failed = evaluate_profile(
        "staging", None, {}, {"failed": True, "msg": "Down."}, reference="staging"
    )
    assert (failed["verdict"], failed["error"]["message"]) == ("indeterminate", "Down.")


@pytest.mark.parametrize(
    ("live", "phrase"),
    [
        (ObservedProfile(None, None), "the reference staging was not read in this run"),
        (ObservedProfile(PROFILE, None), "was not read in this run before this environment"),
        (
            ObservedProfile(PROFILE, {"failed": True, "msg": "It is\ndown."}),
            "indeterminate: It is down",
        ),
        (
            ObservedProfile(PROFILE, {"failed": True}),
            "indeterminate: The module returned no profile",
        ),
        (
            ObservedProfile(PROFILE, {"skipped": True}),
            "indeterminate: The module returned no profile",
        ),
        (ObservedProfile(None, read_of(PROFILE)), "indeterminate"),
        (ObservedProfile("facts", read_of(PROFILE)), "indeterminate"),
    ],
)
@pytest.mark.parametrize("expected", [{}, {"port": 587}])
def test_reference_that_was_not_read_is_an_unknown_finding(
    live: ObservedProfile, phrase: str, expected: object
) -> None:
    entry = entry_of(PROFILE, live, expected)
    assert entry["verdict"] == "indeterminate"
    finding = entry["findings"][-1]
    assert (finding["setting"], finding["status"]) == ("reference", "unknown")
    assert phrase in finding["message"]
    assert entry_of(PROFILE, live, {"port": 25})["verdict"] == "drifted"


def test_finding_on_the_reference_cannot_be_waived() -> None:
    waiver = {"setting": "reference", "reason": "a", "owner": "b", "expires": "2026-12-31"}
    entry = entry_of(PROFILE, ObservedProfile(None, None), waivers=[waiver], today="2026-11-01")
    assert (entry["verdict"], entry["error"]["kind"]) == ("indeterminate", "configuration")


def test_setting_that_the_reference_does_not_report_is_a_warning() -> None:
    entry = entry_of({**PROFILE, "scope": "a"}, observed(1))
    assert entry["verdict"] == "compliant"
    assert entry["warnings"] == [
        f"Not compared with the reference staging, which does not report: {', '.join(IN_VERSION_2)}."
    ]
    live = observed(relay_username_source="pam", relay_authentication="unknown")
    own = {**PROFILE, "relay_username_source": "pam"}
    assert "relay_authentication, relay_username." in entry_of(own, live)["warnings"][0]


def test_setting_that_the_environment_does_not_report_is_unknown() -> None:
    entry = entry_of(PROFILE, observed(), version=1)
    unknown = [each["setting"] for each in entry["findings"] if each["status"] == "unknown"]
    assert (entry["verdict"], unknown) == ("indeterminate", IN_VERSION_2)


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [
        ({"host": "********"}, "Ansible hides it, because it contains the text of a secret option"),
        ({"host": 5}, "the facts hold it with a wrong type"),
        ({"host": True}, "the facts hold it with a wrong type"),
    ],
)
def test_corrupted_value_of_the_reference_is_unknown(changes: dict[str, Any], phrase: str) -> None:
    """Also where this environment's value is corrupted in the same way."""
    for own in (PROFILE, {**PROFILE, **changes}):
        entry = entry_of(own, observed(**changes))
        (unknown,) = (each for each in entry["findings"] if each["status"] == "unknown")
        assert (entry["verdict"], unknown["setting"]) == ("indeterminate", "host")
        assert unknown["message"] == f"host cannot be compared with the reference staging: {phrase}"


def test_environment_is_indeterminate_if_nothing_can_be_compared() -> None:
    excluded = [key for key in SETTINGS if key not in IN_VERSION_2]
    entry = entry_of(PROFILE, observed(1), reference_exclude=excluded)
    assert (entry["verdict"], entry["findings"]) == ("indeterminate", [])
    assert entry["error"]["message"] == (
        "Nothing of the profile could be compared, so nothing is known of it."
    )


def test_comparison_makes_one_expectation_of_each_setting() -> None:
    reference = Reference("staging", frozenset(["id"]))
    expectations, findings, warnings = compare_with_reference(reference, observed(), ["port"])
    compared = {each.setting: each.values for each in expectations}
    assert compared == {name: (PROFILE[name],) for name in SETTINGS if name not in ("id", "port")}
    assert (findings, warnings) == ([], [])


def test_comparison_with_a_reference_that_was_not_read() -> None:
    reference = Reference("stag\ning", frozenset())
    expectations, findings, warnings = compare_with_reference(reference, ObservedProfile(), [])
    assert (expectations, warnings) == ([], [])
    message = (
        "the reference stag ing was not read in this run before this environment. Include it in "
        "--limit, and with serial have it in the first batch"
    )
    assert findings == [make_finding("reference", "unknown", None, None, message)]
