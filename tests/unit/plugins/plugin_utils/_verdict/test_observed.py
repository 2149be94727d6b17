# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The profile of the reference environment as what is expected of the others."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import (
    SETTINGS,
    normalize_profile,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.reference import (
    Reference,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._verdict.observed import (
    ObservedProfile,
    compare_with_reference,
)
from tests.unit.support import evaluate_profile

CONTENT = {"Id": 1, "Host": "smtp.example.com", "Port": 587, "RelayAuthenticationType": 0}
PROFILE = normalize_profile(CONTENT, 2).values
IN_VERSION_2 = ["client_id", "token_endpoint", "scope", "audience", "request_headers"]


def read_of(profile: object, version: int = 2) -> dict[str, Any]:
    return {"smtp": profile, "api_version": version, "tls_verified": True}


def entry_of(
    own: dict[str, Any],
    live: ObservedProfile,
    expected: object = None,
    version: int = 2,
    **more: Any,
) -> dict[str, Any]:
    more = {"reference": "staging", **more}
    return evaluate_profile("production", own, expected or {}, read_of(own, version), live, **more)


def staging(version: int = 2, **changes: Any) -> ObservedProfile:
    profile = {**PROFILE, **changes}
    return ObservedProfile(profile, read_of(profile, version))


def test_same_profile_apart_from_the_id_is_compliant() -> None:
    entry = entry_of({**PROFILE, "id": 7, "host": "SMTP.example.com"}, staging())
    assert (entry["verdict"], entry["warnings"], entry["error"]) == ("compliant", [], None)
    assert [each["setting"] for each in entry["findings"]] == [k for k in SETTINGS if k != "id"]


@pytest.mark.parametrize("excluded", [["id", "port"], "id, port", "port,id", ("id", "port")])
def test_excluded_settings_may_differ(excluded: object) -> None:
    own = {**PROFILE, "port": 25, "id": 2, "sender_name": "A"}
    entry = entry_of(own, staging(), reference_exclude=excluded)
    (drift,) = (each for each in entry["findings"] if each["status"] == "drift")
    assert drift["message"] == "sender_name is A, expected unset"
    assert not {"id", "port"} & {each["setting"] for each in entry["findings"]}


def test_no_setting_is_excluded_if_the_list_is_empty() -> None:
    entry = entry_of({**PROFILE, "id": 2}, staging(), reference_exclude=[])
    assert (entry["verdict"], entry["findings"][0]["setting"]) == ("drifted", "id")


def test_expectation_of_a_setting_takes_precedence() -> None:
    entry = entry_of({**PROFILE, "port": 25}, staging(), {"port": 25})
    assert entry["verdict"] == "compliant"
    assert [each["setting"] for each in entry["findings"]].count("port") == 1
    assert entry_of(PROFILE, staging(), {"port": 25})["verdict"] == "drifted"


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
    entry = entry_of({**PROFILE, "scope": "a"}, staging(1))
    assert entry["verdict"] == "compliant"
    assert entry["warnings"] == [
        f"Not compared with the reference staging, which does not report: {', '.join(IN_VERSION_2)}."
    ]
    live = staging(relay_username_source="pam", relay_authentication="unknown")
    own = {**PROFILE, "relay_username_source": "pam"}
    assert "relay_authentication, relay_username." in entry_of(own, live)["warnings"][0]


def test_setting_that_the_environment_does_not_report_is_unknown() -> None:
    entry = entry_of(PROFILE, staging(), version=1)
    unknown = [each["setting"] for each in entry["findings"] if each["status"] == "unknown"]
    assert (entry["verdict"], unknown) == ("indeterminate", IN_VERSION_2)


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [
        ({"host": "********"}, "Ansible hides it"),
        ({"host": 5}, "wrong type"),
        ({"host": True}, "wrong type"),
    ],
)
def test_corrupted_value_of_the_reference_is_unknown(changes: dict[str, Any], phrase: str) -> None:
    """Also where this environment's value is corrupted in the same way."""
    for own in (PROFILE, {**PROFILE, **changes}):
        entry = entry_of(own, staging(**changes))
        (unknown,) = (each for each in entry["findings"] if each["status"] == "unknown")
        assert (entry["verdict"], unknown["setting"]) == ("indeterminate", "host")
        assert "cannot be compared with the reference staging: " in unknown["message"]
        assert phrase in unknown["message"]


def test_environment_is_indeterminate_if_nothing_can_be_compared() -> None:
    excluded = [key for key in SETTINGS if key not in IN_VERSION_2]
    entry = entry_of(PROFILE, staging(1), reference_exclude=excluded)
    assert (entry["verdict"], entry["findings"]) == ("indeterminate", [])
    assert "Nothing of the profile could be compared" in entry["error"]["message"]


def test_comparison_makes_one_expectation_of_each_setting() -> None:
    reference = Reference("staging", frozenset(["id"]))
    found = compare_with_reference(reference, staging(), ["port"])
    compared = {each.setting: each.values for each in found.expectations}
    assert compared == {name: (PROFILE[name],) for name in SETTINGS if name not in ("id", "port")}
    assert (found.findings, found.warnings) == ([], [])


def test_comparison_with_a_reference_that_was_not_read() -> None:
    found = compare_with_reference(Reference("stag\ning", frozenset()), ObservedProfile(), [])
    assert (found.expectations, found.warnings) == ([], [])
    (finding,) = found.findings
    assert finding["message"] == (
        "the reference stag ing was not read in this run before this environment. Include it in "
        "--limit, and with serial have it in the first batch"
    )
