# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The policy: rules for the whole profile, each with a name, words and the settings it looks at."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import (
    normalize_profile,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected import schema
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.policy import (
    Rule,
    parse_policy,
)
from tests.unit.support import evaluate_profile

CONTENT = {"Id": 1, "Host": "SMTP.example.com", "Port": 25, "UseSSL": True, "Scope": "a"}
DIALECT = "https://json-schema.org/draft/2020-12/schema"
PROFILE = normalize_profile(CONTENT, 2).values
TLS = {
    "title": "tls-needs-submission",
    "description": "Encrypted mail goes\nto a submission port.",
    "if": {"properties": {"use_ssl": {"const": True}}},
    "then": {"properties": {"port": {"enum": [465, 587]}}},
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
        ({"allOf": [{**TLS, "title": ""}]}, ["rule 1"]),
        ({"allOf": [{"required": ["host"]}, {"title": "a\n\tb", **TLS}]}, ["rule 1", TLS["title"]]),
        ({"allOf": [{"required": ["host"], "title": " a\n\tb\u202e"}]}, ["a b\\u202e"]),
        ({"allOf": [TLS], "required": ["host"], "title": "all"}, [TLS["title"], "all"]),
        ({"allOf": [TLS], "type": "object", "title": "all"}, [TLS["title"]]),
        ({"allOf": [TLS], "$schema": DIALECT, "description": "a"}, [TLS["title"]]),
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
        ({"if": {"required": ["scope"]}, "else": {"required": ["host"]}}, ("host", "scope")),
        ({"anyOf": [{"not": {"required": ["id"]}}, {"required": ["port"]}]}, ("id", "port")),
        # Names of settings that are values are none.
        ({"properties": {"scope": {"enum": ["port", "host"]}}}, ("scope",)),
    ],
)
def test_the_settings_that_a_rule_looks_at(policy: Any, settings: tuple[str, ...]) -> None:
    (rule,) = rules(policy)
    assert rule.settings == settings


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
            {"dependentRequired": {"request_headers": ["audience"]}},
            {"request_headers": []},
            {"request_headers": ["A"]},
        ),
        ({"not": {"required": ["scope"]}}, {"scope": ""}, {}),
        (
            {
                "not": {
                    "allOf": [{"properties": {"port": {"const": 587}}}],
                    "required": ["audience"],
                }
            },
            {"port": 587},
            {"port": 587, "audience": "a"},
        ),
        ({"properties": {"host": {"const": "smtp.EXAMPLE.com"}}}, {}, {"host": "b"}),
        ({"properties": {"sender_name": {"type": "string"}}}, {"sender_name": "a"}, {}),
        (
            {"properties": {"request_headers": {"contains": {"const": "X-A"}}}},
            {"request_headers": ["x-a"]},
            {"request_headers": None},
        ),
    ],
)
def test_what_keeps_a_rule(
    policy: dict[str, Any], good: dict[str, Any], bad: dict[str, Any]
) -> None:
    changes = {"relay_username": "A"}
    assert mismatch(policy, **changes, **good) is None
    assert mismatch(policy, **changes, **bad)


@pytest.mark.parametrize("empty", [None, {}, "", []])
def test_no_policy(empty: object) -> None:
    assert parse_policy(empty) == ([], [])


@pytest.mark.parametrize(
    ("policy", "phrase"),
    [
        ("a", "verify_smtp_policy must be a mapping, a JSON Schema of the whole profile; "),
        ([TLS], "verify_smtp_policy must be a mapping, a JSON Schema of the whole profile; "),
        ({"title": "a"}, "verify_smtp_policy: it has no effect: anything meets it"),
        ({"type": "object"}, "verify_smtp_policy: it has no effect: anything meets it"),
        ({"$defs": {"a": TLS}}, "$defs has no effect here (what fits: type, properties, required,"),
        ({"$ref": "#/$defs/a"}, "rule profile: $ref does not apply to the profile (what fits: "),
        ({"allOf": [TLS], "$defs": {"a": TLS}}, "rule profile: $defs has no effect here"),
        ({"allOf": [TLS, {"$ref": "#/allOf/0"}]}, "rule 'rule 2': $ref does not apply to"),
        ({"allOf": [TLS, TLS]}, "rule tls-needs-submission is there twice"),
        ({"allOf": []}, "verify_smtp_policy: allOf is empty"),
        ({"allOf": TLS}, "verify_smtp_policy: allOf must be a list, and is {title: "),
        ({"allOf": [True]}, "rule 'rule 1': it must be a mapping of keywords, and is true"),
        ({"allOf": [{"title": "a"}]}, "rule a: it has no effect: anything meets it"),
        ({"allOf": [TLS], "$schema": "http://json-schema.org/draft-07/schema#"}, "$schema must be"),
        ({"allOf": [TLS], "title": 5}, "verify_smtp_policy: title must be text, and is 5"),
        ({"not": {"type": "array"}}, "not.type must be object, and is array"),
        ({"type": "array", "allOf": [TLS]}, "verify_smtp_policy: type must be object"),
        ({"not": {"const": {"port": 25}}}, "not.const does not apply to the profile (what fits:"),
        ({"propertyNames": {"pattern": "a"}}, "propertyNames does not apply to the profile"),
        ({"minProperties": 1}, "minProperties does not apply to the profile"),
        ({"pattern": "a"}, "pattern does not apply to the profile"),
        ({"properties": {}}, "properties is empty"),
        ({"required": []}, "required is empty"),
        ({"required": "host"}, "required must be a list, and is host"),
        ({"dependentRequired": {}}, "dependentRequired is empty"),
        ({"dependentRequired": {"scope": []}}, "dependentRequired.scope is empty"),
        ({"properties": {"prot": {"const": 1}}}, "properties.prot is not a setting (did you mean"),
        ({"required": ["host", "Port"]}, "required.1 must be a setting, and is Port (did you mean"),
        ({"dependentRequired": {"prot": ["host"]}}, "dependentRequired.prot is not a setting (did"),
        ({"dependentRequired": {"host": ["prot"]}}, "dependentRequired.host.0 must be a setting"),
        ({"dependentSchemas": {"scope": TLS}}, "dependentSchemas does not apply to the profile"),
        ({"patternProperties": {"^port": {"const": 1}}}, "patternProperties does not apply to the"),
        ({"additionalProperties": False}, "additionalProperties does not apply to the profile"),
        (
            {"anyOf": [{"properties": {"host": {"not": {"minimum": 1}}}}]},
            "anyOf.0.properties.host.not.minimum does not apply to host (what fits: type, const,",
        ),
        (
            {"properties": {"request_headers": {"items": {"minimum": 1}}}},
            "properties.request_headers.items.minimum does not apply to a name",
        ),
        ({"properties": {"port": {"const": "25"}}}, "properties.port.const must be a whole number"),
        ({"properties": {"port": {"minimum": "1"}}}, "minimum must be a number without quotes"),
        ({"properties": {"port": {}}}, "properties.port has no effect: anything meets it"),
        ({"properties": {"port": True}}, "properties.port must be a mapping of keywords"),
        ({"if": {"required": ["host"]}}, "if has no effect without then or else"),
    ],
)
def test_what_cannot_be_used(policy: object, phrase: str) -> None:
    _rules, problems = parse_policy(policy)
    assert problems
    assert all(each.startswith("verify_smtp_policy") and each.isprintable() for each in problems)
    assert phrase in "; ".join([*problems, ""])


@pytest.mark.parametrize("setting", ["relay_username", "scope", "host"])
def test_a_rule_about_a_value_that_cannot_be_known(setting: str) -> None:
    found = {**PROFILE, "relay_username_source": "pam", "host": "********"}
    read = {"smtp": found, "api_version": 1}
    policy = {"properties": {setting: {"type": "string"}, "port": {"const": 587}}}
    entry = evaluate_profile("production", found, {}, read, policy=policy)
    assert entry["verdict"] == "indeterminate"
    assert f"policy rule profile: {setting} cannot be known" in entry["findings"][0]["message"]


def test_a_missing_library_is_named_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "Draft202012Validator", None)
    _rules, problems = parse_policy({"allOf": [TLS, {"required": ["host"]}]})
    (problem,) = problems
    assert problem.startswith("verify_smtp_policy: a JSON Schema needs the Python library")


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
