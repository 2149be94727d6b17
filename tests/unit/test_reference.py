# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another environment's live profile as what is expected."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils.profile import KEYS
from ansible_collections.keyfactor.command.plugins.plugin_utils.reference import Live

from .profiles import messages, profile, read, refusal, verdict


def compared(found: dict[str, Any], live: Live, expected: object = None, **more: Any) -> Any:
    return verdict(found, expected, live_reference=live, reference="staging", **more)


def live(found: dict[str, Any], **more: Any) -> Live:
    return Live(found, read(found, **more))


def test_all_settings_but_the_excepted_ones() -> None:
    entry = compared(profile(id=2, port=25, host="other.example.com"), live(profile()))
    assert messages(entry, "drift") == [
        "host is other.example.com, expected SMTP.example.com",
        "port is 25, expected 587",
    ]
    assert [each["setting"] for each in entry["findings"]] == [k for k in KEYS if k != "id"]
    for excepted in (["host", "port", "id"], "host, port,id"):
        assert (
            compared(
                profile(id=2, port=25, host="other.example.com"),
                live(profile()),
                reference_except=excepted,
            )["verdict"]
            == "compliant"
        )
    assert compared(profile(id=2), live(profile()), reference_except=[])["verdict"] == "drifted"


def test_what_is_expected_counts_more() -> None:
    entry = compared(profile(port=25), live(profile()), {"port": 25})
    assert (entry["verdict"], entry["findings"][0]["expected"]) == ("compliant", 25)


@pytest.mark.parametrize(
    ("unusable", "words"),
    [
        (Live(None, None), "was not read in this run before this environment. Include it in"),
        (Live(profile(), None), "was not read in this run"),
        (Live(None, {"failed": True, "msg": "It is down."}), "is indeterminate: It is down"),
        (Live(profile(), {"skipped": True}), "is indeterminate: The module returned no profile"),
        (Live("text", {"smtp": "text"}), "is indeterminate"),
    ],
)
def test_a_reference_that_cannot_be_used(unusable: Live, words: str) -> None:
    entry = compared(profile(), unusable)
    (finding,) = entry["findings"]
    assert (entry["verdict"], finding["setting"]) == ("indeterminate", "reference")
    assert finding["message"].startswith("the reference staging ")
    assert words in finding["message"]
    # What is known to be wrong is not hidden by it.
    assert compared(profile(), unusable, {"port": 25})["verdict"] == "drifted"
    assert compared(profile(), unusable, {"port": 587})["verdict"] == "indeterminate"


def test_what_the_reference_does_not_tell_is_not_compared() -> None:
    hidden = profile(relay_username=None, relay_username_source="pam")
    entry = compared(hidden, live(hidden, api_version=1))
    assert entry["verdict"] == "compliant"
    assert entry["warnings"] == [
        "Not compared with the reference staging, which does not tell: relay_username, client_id, "
        "token_endpoint, scope, audience, request_headers."
    ]


def test_a_masked_value_of_the_reference_cannot_be_known() -> None:
    entry = compared(profile(), live(profile(port="********")))
    assert messages(entry, "unknown") == [
        "port cannot be compared with the reference staging: Ansible hides it, because it contains "
        "the text of a secret option"
    ]
    assert entry["verdict"] == "indeterminate"


def test_the_reference_itself() -> None:
    entry = verdict(profile(), reference="production", environments=["production"])
    assert entry["verdict"] == "compliant"
    assert entry["warnings"] == ["It is the reference: only the others are compared with it."]
    assert verdict(profile(), {"port": 25}, reference="production")["verdict"] == "drifted"


def test_nothing_left_to_compare_is_no_success() -> None:
    hidden = profile(relay_authentication="unknown", relay_authentication_type=3)
    rest = [key for key in KEYS if key != "relay_authentication"]
    entry = compared(hidden, live(hidden), reference_except=rest)
    assert (entry["verdict"], entry["findings"]) == ("indeterminate", [])
    assert "Nothing of the profile could be compared" in entry["error"]["message"]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"reference": "stagin", "environments": ["staging"]}, "did you mean staging"),
        ({"reference": "qqq", "environments": ["staging"]}, "qqq is not in the inventory"),
        ({"reference": ["staging"]}, "must be an environment's name"),
        ({"reference": "a", "reference_except": ["prot"]}, "did you mean port"),
        ({"reference": "a", "reference_except": {"port": 1}}, "must be a list of settings"),
        ({"reference": "a", "reference_except": list(KEYS)}, "leaves no setting to compare"),
    ],
)
def test_what_is_refused(more: dict[str, Any], words: str) -> None:
    message = refusal(**more)
    assert "verify_smtp_reference" in message
    assert words in message
