# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules across settings: one by one, by name, and never without effect."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.plugin_utils.policy import parse

from .profiles import messages, profile, refusal, verdict

TLS = {
    "title": "tls-needs-submission",
    "description": "Encrypted mail goes to a submission port.",
    "if": {"properties": {"use_ssl": {"const": True}}},
    "then": {"properties": {"port": {"enum": [465, 587]}}},
}


def judged(found: dict[str, Any], policy: dict[str, Any]) -> dict[str, tuple[str, str]]:
    entry = verdict(found, policy=policy)
    assert entry["error"] is None
    return {each["setting"]: (each["status"], each["message"]) for each in entry["findings"]}


def test_a_rule_is_kept_or_broken() -> None:
    policy = {"allOf": [TLS]}
    kept = judged(profile(), policy)["policy.tls-needs-submission"]
    about = "policy rule tls-needs-submission: Encrypted mail goes to a submission port"
    assert kept == ("match", f"{about} is kept")
    assert (
        judged(profile(port=25, use_ssl=False), policy)["policy.tls-needs-submission"][0] == "match"
    )
    broken = judged(profile(port=25), policy)["policy.tls-needs-submission"]
    assert broken == ("drift", f"{about}: port is 25, must be one of 465, 587")


def test_a_finding_shows_the_rule_and_what_it_looks_at() -> None:
    (finding,) = verdict(profile(port=25), policy={"allOf": [TLS]})["findings"]
    assert finding["expected"] == TLS
    assert finding["actual"] == {"port": 25, "use_ssl": True}


@pytest.mark.parametrize(
    ("policy", "names"),
    [
        ({"properties": {"port": {"const": 587}}}, ["profile"]),
        ({"title": "all", "properties": {"port": {"const": 587}}}, ["all"]),
        ({"allOf": [TLS, {"required": ["host"]}]}, ["tls-needs-submission", "rule 2"]),
        ({"allOf": [TLS], "required": ["host"]}, ["tls-needs-submission", "profile"]),
        ({"$defs": {"tls": TLS}, "allOf": [{"$ref": "#/$defs/tls"}]}, ["tls-needs-submission"]),
        ({"$defs": {"a": {"required": ["id"]}}, "allOf": [{"$ref": "#/$defs/a"}]}, ["a"]),
        ({"allOf": [{"title": "two\nlines", "required": ["id"]}]}, ["two lines"]),
    ],
)
def test_the_names_of_rules(policy: dict[str, Any], names: list[str]) -> None:
    rules, problems = parse(policy)
    assert problems == []
    assert [rule.name for rule in rules] == names


@pytest.mark.parametrize(
    ("part", "settings"),
    [
        ({"properties": {"port": {"const": 1}, "host": {"const": "a"}}}, ("host", "port")),
        ({"required": ["port"]}, ("port",)),
        ({"not": {"anyOf": [{"properties": {"port": {"const": 1}}}]}}, ("port",)),
        ({"patternProperties": {"^sender_n": {"type": "string"}}}, ("sender_name",)),
    ],
)
def test_the_settings_that_a_rule_looks_at(part: dict[str, Any], settings: tuple[str, ...]) -> None:
    rules, problems = parse(part)
    assert problems == []
    assert rules[0].settings == settings


def test_a_rule_about_what_cannot_be_known() -> None:
    policy = {"properties": {"relay_username": {"type": "string", "pattern": "^svc"}}}
    hidden = profile(relay_username=None, relay_username_source="pam")
    status, message = judged(hidden, policy)["policy.profile"]
    assert status == "unknown"
    assert "relay_username cannot be known: it is kept in a privileged" in message
    assert judged(profile(), policy)["policy.profile"][0] == "match"


def test_null_meets_what_is_said_of_text_unless_the_type_is_asked_for() -> None:
    unset = profile(sender_account=None)
    pattern = {"pattern": "@example"}
    assert (
        judged(unset, {"properties": {"sender_account": pattern}})["policy.profile"][0] == "match"
    )
    typed = {"properties": {"sender_account": {"type": "string", **pattern}}}
    entry = verdict(unset, policy=typed)
    assert messages(entry, "drift") == [
        "policy rule profile: sender_account is unset, must match @example"
    ]


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ("text", "verify_smtp_policy must be a mapping"),
        ([1], "verify_smtp_policy must be a mapping"),
        ({"title": "x"}, "verify_smtp_policy has no rule"),
        ({"properties": {}}, "that anything meets"),
        (
            {"properties": {"prot": {"const": 1}}},
            "rule profile: prot is not a setting (did you mean",
        ),
        ({"required": ["prot"]}, "prot is not a setting"),
        ({"dependentRequired": {"host": ["port"]}}, "dependentRequired has no effect here"),
        ({"minProperties": 1}, "minProperties has no effect here"),
        ({"required": []}, "that anything meets"),
        ({"patternProperties": {"^prot$": {"const": 1}}}, "^prot$ is the name of no setting"),
        ({"properties": {"port": {"pattern": "1"}}}, "pattern does not apply to port"),
        ({"pattern": "1"}, "pattern does not apply to the profile"),
        ({"type": "array"}, "the profile is never of type array"),
        ({"allOf": [TLS, TLS]}, "rule tls-needs-submission is there twice"),
        ({"allOf": [{"title": "a", "then": {"required": ["id"]}}]}, "rule a: then has no effect"),
        ({"allOf": []}, "no valid JSON Schema, at allOf"),
        ({"properties": {"port": {"const": "smtp"}}}, "port must be a whole number"),
        ({"const": {"port": 1}}, "const does not apply to the profile"),
    ],
)
def test_a_policy_that_cannot_be_used(policy: object, words: str) -> None:
    assert words in refusal(policy=policy)


def test_what_is_required_must_be_set() -> None:
    """A profile has all settings, so JSON Schema itself would be content with null."""
    policy = {"required": ["host", "sender_account"]}
    assert verdict(profile(), policy=policy)["verdict"] == "compliant"
    for unset in (None, ""):
        entry = verdict(profile(sender_account=unset), policy=policy)
        assert messages(entry, "drift") == [
            "policy rule profile: sender_account is unset, must not be unset"
        ]
    assert verdict(profile(), policy={"not": {"required": ["scope"]}})["verdict"] == "compliant"
