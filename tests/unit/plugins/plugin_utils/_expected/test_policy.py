# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The policy: rules for the whole profile, each with a name, words and the settings it looks at."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import (
    SETTINGS,
    normalize_profile,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.policy import (
    Rule,
    parse_policy,
)
from tests.unit.support import evaluate_profile

CONTENT = {"Id": 1, "Host": "SMTP.example.com", "Port": 25, "UseSSL": True, "Scope": "a"}
PROFILE = normalize_profile(CONTENT, 2).values
TLS = {
    "title": "tls-needs-submission",
    "description": "Encrypted mail goes\nto a submission port.",
    "if": {"properties": {"use_ssl": {"const": "yes"}}},
    "then": {"properties": {"port": {"enum": ["465", 587]}}},
}


def rules(policy: object) -> list[Rule]:
    found, problems = parse_policy(policy)
    assert problems == []
    return found


def mismatch(policy: object, **changes: Any) -> str | None:
    (rule,) = rules(policy)
    return rule.mismatch({**PROFILE, **changes})


def test_a_rule_in_words() -> None:
    assert mismatch({"allOf": [TLS]}) == (
        "policy rule tls-needs-submission: Encrypted mail goes to a submission port: "
        "port is 25, must be one of 465, 587"
    )
    assert mismatch({"allOf": [TLS]}, port=465) is None
    assert mismatch({"allOf": [TLS]}, use_ssl=False) is None


def test_a_rule_that_looks_at_several_settings_shows_them_all() -> None:
    policy = {
        "title": "a b",
        "not": {"properties": {"port": {"const": 25}, "use_ssl": {"const": True}}},
    }
    assert mismatch(policy) == (
        "policy rule 'a b': port is 25, use_ssl is true, "
        "must not have port be 25 and have use_ssl be true"
    )


def test_the_finding_on_a_rule() -> None:
    read = {"smtp": PROFILE, "api_version": 2}
    entry = evaluate_profile("production", PROFILE, {}, read, policy={"allOf": [TLS]})
    (finding,) = entry["findings"]
    assert (entry["verdict"], finding["status"]) == ("drifted", "drift")
    assert finding["setting"] == "policy.tls-needs-submission"
    assert finding["expected"] == TLS
    assert finding["actual"] == {"port": 25, "use_ssl": True}
    kept = evaluate_profile(
        "production", {**PROFILE, "port": 587}, {}, read, policy={"allOf": [TLS]}
    )
    assert (kept["verdict"], kept["findings"][0]["status"]) == ("compliant", "match")


@pytest.mark.parametrize(
    ("policy", "names"),
    [
        (TLS, ["tls-needs-submission"]),
        ({"properties": {"port": {"const": 1}}}, ["profile"]),
        ({"$defs": {"a": TLS}, "$ref": "#/$defs/a"}, ["profile"]),
        ({"$defs": {"a": {**TLS, "title": ""}}, "allOf": [{"$ref": "#/$defs/a"}]}, ["a"]),
        ({"$defs": {"a": TLS}, "allOf": [{"$ref": "#/$defs/a"}]}, ["tls-needs-submission"]),
        ({"allOf": [{"required": ["host"]}, {"title": "a\n\tb", **TLS}]}, ["rule 1", TLS["title"]]),
        ({"allOf": [{"required": ["host"], "title": " a\n\tb\u202e"}]}, ["a b\\u202e"]),
        ({"allOf": [TLS], "required": ["host"], "title": "all"}, [TLS["title"], "all"]),
        ({"allOf": [TLS], "type": "object", "title": "all", "$id": "a"}, [TLS["title"]]),
    ],
)
def test_the_names_of_rules(policy: object, names: list[str]) -> None:
    assert [rule.name for rule in rules(policy)] == names


@pytest.mark.parametrize(
    ("policy", "settings"),
    [
        (TLS, ("port", "use_ssl")),
        ({"required": ["scope", "host"]}, ("host", "scope")),
        ({"dependentRequired": {"scope": ["audience"]}}, ("scope", "audience")),
        ({"dependentSchemas": {"scope": {"required": ["host"]}}}, ("host", "scope")),
        ({"patternProperties": {"^sender_n": {"const": "a"}}}, ("sender_name",)),
        ({"anyOf": [{"not": {"required": ["id"]}}, {"required": ["port"]}]}, ("id", "port")),
        (
            {"properties": {"id": {"const": 1}}, "additionalProperties": {"type": "null"}},
            tuple(key for key in SETTINGS if key != "request_headers"),
        ),
    ],
)
def test_the_settings_that_a_rule_looks_at(policy: Any, settings: tuple[str, ...]) -> None:
    if "additionalProperties" in policy:
        policy = {**policy, "patternProperties": {"^request_headers$": {"minItems": 1}}}
        settings = SETTINGS
    (rule,) = rules(policy)
    assert rule.settings == settings
    assert set(rule.actual(PROFILE)) == set(settings)


@pytest.mark.parametrize(
    ("policy", "good", "bad"),
    [
        ({"required": ["scope"]}, {}, {"scope": None}),
        ({"required": ["scope"]}, {}, {"scope": ""}),
        ({"required": ["request_headers"]}, {"request_headers": ["A"]}, {"request_headers": []}),
        ({"required": ["use_ssl"]}, {"use_ssl": False}, {"use_ssl": None}),
        ({"dependentRequired": {"scope": ["audience"]}}, {"scope": None}, {}),
        ({"dependentRequired": {"scope": ["audience"]}}, {"audience": "a"}, {}),
        (
            {"dependentSchemas": {"scope": {"properties": {"port": {"const": 587}}}}},
            {"scope": None},
            {},
        ),
        ({"patternProperties": {"_name$": {"const": "A"}}}, {"sender_name": "A"}, {}),
        ({"properties": {"host": {"const": "smtp.EXAMPLE.com"}}}, {}, {"host": "b"}),
        ({"properties": {"sender_name": {"type": "string"}}}, {"sender_name": "a"}, {}),
        (
            {"properties": {"request_headers": {"contains": {"const": "X-A"}}}},
            {"request_headers": ["x-a"]},
            {"request_headers": None},
        ),
    ],
)
def test_what_keeps_a_rule(policy: object, good: dict[str, Any], bad: dict[str, Any]) -> None:
    changes = {"relay_username": "A"}
    assert mismatch(policy, **changes, **good) is None
    assert mismatch(policy, **changes, **bad)


@pytest.mark.parametrize("empty", [None, {}, "", []])
def test_no_policy(empty: object) -> None:
    assert parse_policy(empty) == ([], [])


@pytest.mark.parametrize(
    ("policy", "phrase"),
    [
        ("a", "must be a mapping"),
        ([TLS], "must be a mapping"),
        ({"title": "a"}, "has no rule"),
        ({"type": "object"}, "has no rule"),
        ({"$defs": {"a": TLS}}, "has no rule"),
        ({"allOf": [TLS], "$defs": {"forgotten": TLS}}, "$defs has forgotten, to which no $ref"),
        ({"allOf": [TLS, TLS]}, "rule tls-needs-submission is there twice"),
        ({"allOf": [True]}, "rule 'rule 1': it has a part that anything meets: true"),
        ({"allOf": [{"title": "a"}]}, "rule a: it has a part that anything meets"),
        ({"not": {"type": "array"}}, "the profile is never of type array"),
        ({"type": "array", "allOf": [TLS]}, "the profile is never of type array"),
        ({"not": {"const": {"port": 25}}}, "const does not apply to the profile"),
        ({"propertyNames": {"pattern": "a"}}, "propertyNames has no effect here"),
        ({"minProperties": 1}, "minProperties has no effect here"),
        ({"pattern": "a"}, "pattern does not apply to the profile"),
        ({"properties": {}}, "properties is empty"),
        ({"required": []}, "required is empty"),
        ({"properties": {"prot": {"const": 1}}}, "did you mean port"),
        ({"required": ["Port"]}, "did you mean port"),
        ({"dependentRequired": {"prot": ["host"]}}, "did you mean port"),
        ({"dependentSchemas": {"prot": TLS}}, "did you mean port"),
        ({"patternProperties": {"[": {"const": 1}}}, "["),
        ({"additionalProperties": {"const": 1}, "patternProperties": {"[": {}}}, "["),
        ({"patternProperties": {"a{99999999999999999999}": {"const": 1}}}, "no regular expression"),
        ({"patternProperties": {"^x": {"const": 1}}}, "^x is the name of no setting"),
        ({"patternProperties": {"^port": {"pattern": "1"}}}, "pattern does not apply to port"),
        (
            {"patternProperties": {".": {"const": None}}, "additionalProperties": {"const": 1}},
            "no setting is left",
        ),
        ({"additionalProperties": False}, "nothing meets"),
        ({"properties": {"port": {"const": "smtp"}}}, "port must be a whole number"),
        ({"properties": {"port": {"minimum": "1"}}}, "no valid JSON Schema"),
        ({"if": {"required": ["host"]}}, "if has no effect without then or else"),
    ],
)
def test_what_cannot_be_used(policy: object, phrase: str) -> None:
    _rules, problems = parse_policy(policy)
    assert problems
    assert all(each.startswith("verify_smtp_policy") and each.isprintable() for each in problems)
    assert phrase in "; ".join(problems)


@pytest.mark.parametrize("setting", ["relay_username", "scope", "host"])
def test_a_rule_about_a_value_that_cannot_be_known(setting: str) -> None:
    found = {**PROFILE, "relay_username_source": "pam", "host": "********"}
    read = {"smtp": found, "api_version": 1}
    policy = {"properties": {setting: {"type": "string"}, "port": {"const": 587}}}
    entry = evaluate_profile("production", found, {}, read, policy=policy)
    assert entry["verdict"] == "indeterminate"
    assert f"policy rule profile: {setting} cannot be known" in entry["findings"][0]["message"]


def test_what_is_said_of_other_settings_is_not_said_of_those_named() -> None:
    everything = {key: PROFILE[key] or "a" for key in SETTINGS}
    everything |= {"relay_authentication_type": 0, "request_headers": ["A"], "id": None}
    policy = {"properties": {"id": {"const": None}}, "additionalProperties": {"not": {"const": ""}}}
    assert "port must be a whole number" in "; ".join(parse_policy(policy)[1])
    policy["additionalProperties"] = {"not": {"const": None}}
    assert mismatch(policy, **everything) is None
    assert "scope is unset, must not be unset" in str(
        mismatch(policy, **{**everything, "scope": None})
    )


@pytest.mark.parametrize(
    ("policy", "kept"),
    [
        ({"properties": {"sender_account": {"pattern": "@"}}}, False),
        ({"properties": {"sender_account": {"not": {"const": "a"}}}}, False),
        ({"properties": {"sender_account": {"type": ["string", "null"], "pattern": "@"}}}, True),
        ({"properties": {"sender_account": {"enum": ["a", None]}}}, True),
        ({"not": {"properties": {"sender_account": {"pattern": "@"}}}}, True),
        (
            {
                "if": {"properties": {"sender_account": {"pattern": "@"}}},
                "then": {"required": ["audience"]},
            },
            True,
        ),
    ],
)
def test_what_is_unset_meets_a_schema_only_if_that_says_so(policy: object, kept: bool) -> None:
    for unset in (None, ""):
        assert (mismatch(policy, sender_account=unset) is None) is kept
