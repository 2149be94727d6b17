# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One environment's live profile as what is expected of the others."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import (
    SETTINGS,
    normalize_profile,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.reference import (
    parse_reference,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._verdict.observed import (
    ObservedProfile,
)
from tests.unit.support import evaluate_profile

CONTENT = {"Id": 1, "Host": "smtp.example.com", "Port": 587, "RelayAuthenticationType": 0}
PROFILE = normalize_profile(CONTENT, 2).values
IN_VERSION_2 = ["client_id", "token_endpoint", "scope", "audience", "request_headers"]


def read_of(profile: object, version: int = 2) -> dict[str, Any]:
    return {"smtp": profile, "api_version": version, "tls_verified": True}


def judged(
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


def test_the_same_profile_apart_from_the_id() -> None:
    entry = judged({**PROFILE, "id": 7, "host": "SMTP.example.com"}, staging())
    assert (entry["verdict"], entry["warnings"], entry["error"]) == ("compliant", [], None)
    assert [each["setting"] for each in entry["findings"]] == [k for k in SETTINGS if k != "id"]


@pytest.mark.parametrize("excepted", [["id", "port"], "id, port", "port,id", ("id", "port")])
def test_settings_that_may_differ(excepted: object) -> None:
    own = {**PROFILE, "port": 25, "id": 2, "sender_name": "A"}
    entry = judged(own, staging(), reference_exclude=excepted)
    (drift,) = (each for each in entry["findings"] if each["status"] == "drift")
    assert drift["message"] == "sender_name is A, expected unset"
    assert not {"id", "port"} & {each["setting"] for each in entry["findings"]}


def test_nothing_is_excepted_if_told_so() -> None:
    entry = judged({**PROFILE, "id": 2}, staging(), reference_exclude=[])
    assert (entry["verdict"], entry["findings"][0]["setting"]) == ("drifted", "id")


def test_what_is_expected_of_a_setting_counts_more() -> None:
    entry = judged({**PROFILE, "port": 25}, staging(), {"port": 25})
    assert entry["verdict"] == "compliant"
    assert [each["setting"] for each in entry["findings"]].count("port") == 1
    assert judged(PROFILE, staging(), {"port": 25})["verdict"] == "drifted"


def test_the_reference_itself_is_compared_with_what_else_is_expected() -> None:
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
def test_a_reference_that_was_not_read(
    live: ObservedProfile, phrase: str, expected: object
) -> None:
    entry = judged(PROFILE, live, expected)
    assert entry["verdict"] == "indeterminate"
    finding = entry["findings"][-1]
    assert (finding["setting"], finding["status"]) == ("reference", "unknown")
    assert phrase in finding["message"]
    assert judged(PROFILE, live, {"port": 25})["verdict"] == "drifted"


def test_a_waiver_of_the_reference_does_not_exist() -> None:
    waiver = {"setting": "reference", "reason": "a", "owner": "b", "expires": "2026-12-31"}
    entry = judged(PROFILE, ObservedProfile(None, None), waivers=[waiver], today="2026-11-01")
    assert (entry["verdict"], entry["error"]["kind"]) == ("indeterminate", "configuration")


def test_what_the_reference_does_not_tell_is_a_warning() -> None:
    entry = judged({**PROFILE, "scope": "a"}, staging(1))
    assert entry["verdict"] == "compliant"
    assert entry["warnings"] == [
        f"Not compared with the reference staging, which does not report: {', '.join(IN_VERSION_2)}."
    ]
    live = staging(relay_username_source="pam", relay_authentication="unknown")
    own = {**PROFILE, "relay_username_source": "pam"}
    assert "relay_authentication, relay_username." in judged(own, live)["warnings"][0]


def test_what_the_environment_itself_does_not_tell_is_unknown() -> None:
    entry = judged(PROFILE, staging(), version=1)
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
def test_damaged_values_of_the_reference_are_unknown(changes: dict[str, Any], phrase: str) -> None:
    """Also where this environment's value is damaged in the same way."""
    for own in (PROFILE, {**PROFILE, **changes}):
        entry = judged(own, staging(**changes))
        (unknown,) = (each for each in entry["findings"] if each["status"] == "unknown")
        assert (entry["verdict"], unknown["setting"]) == ("indeterminate", "host")
        assert "cannot be compared with the reference staging: " in unknown["message"]
        assert phrase in unknown["message"]


def test_where_nothing_is_left_to_compare() -> None:
    excepted = [key for key in SETTINGS if key not in IN_VERSION_2]
    entry = judged(PROFILE, staging(1), reference_exclude=excepted)
    assert (entry["verdict"], entry["findings"]) == ("indeterminate", [])
    assert "Nothing of the profile could be compared" in entry["error"]["message"]


@pytest.mark.parametrize(
    ("name", "excepted", "phrases"),
    [
        ("stagin", ["id"], ["stagin is not in the inventory (did you mean staging)"]),
        ("qqq", ["id"], ["verify_smtp_reference: qqq is not in the inventory"]),
        (["staging"], ["id"], ["must be an environment's name, and is [staging]"]),
        (5, ["id"], ["must be an environment's name, and is 5"]),
        ("staging", ["prot"], ["verify_smtp_reference_exclude: prot is not", "mean port"]),
        ("staging", {"id": 1}, ["verify_smtp_reference_exclude must be a list of settings"]),
        ("staging", None, ["verify_smtp_reference_exclude must be a list of settings"]),
        ("staging", list(SETTINGS), ["leaves no setting to compare"]),
        ("qqq", ["prot"], ["qqq is not in the inventory", "prot is not a setting"]),
        ("qqq", 5, ["qqq is not in the inventory", "must be a list"]),
    ],
)
def test_what_cannot_be_used(name: object, excepted: object, phrases: list[str]) -> None:
    _reference, problems = parse_reference(name, excepted, ["staging", "production"])
    assert len(problems) == len({*problems})
    for phrase in phrases:
        assert phrase in "; ".join(problems)


@pytest.mark.parametrize("name", ["", None, [], {}])
def test_no_reference(name: object) -> None:
    assert parse_reference(name, ["prot"], []) == (None, [])
