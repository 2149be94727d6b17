# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The schemas for editors: they are up to date, and accept what the collection accepts."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import SETTINGS
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.expectations import (
    parse_expectations,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.policy import (
    parse_policy,
)
from tests.unit.schemas import META_SCHEMA
from tests.unit.strategies import JSON
from tools import schemas

POLICY = Draft202012Validator(META_SCHEMA, format_checker=FormatChecker())
FILE = Draft202012Validator(schemas.expectations(META_SCHEMA), format_checker=FormatChecker())


def test_the_published_schemas_are_up_to_date() -> None:
    assert schemas.main(check=True) == 0


def test_a_schema_that_is_out_of_date(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "docs").mkdir()
    source = tmp_path / schemas.SOURCE
    source.parent.mkdir(parents=True)
    shutil.copy(schemas.ROOT / schemas.SOURCE, source)
    assert schemas.main(check=True, root=tmp_path) == 1
    assert not list((tmp_path / "docs").iterdir()), "a check writes nothing"
    assert schemas.main(check=False, root=tmp_path) == 0
    assert schemas.main(check=True, root=tmp_path) == 0
    capsys.readouterr()
    source.write_text(source.read_text().replace('"uuid"', '"time"'))
    assert schemas.main(check=True, root=tmp_path) == 1
    assert capsys.readouterr().out.splitlines() == [
        "docs/policy.schema.json is out of date. Run: python -m tools.schemas",
        "docs/expectations.schema.json is out of date. Run: python -m tools.schemas",
    ]


def test_the_published_schemas_are_schemas() -> None:
    for validator in (POLICY, FILE):
        Draft202012Validator.check_schema(validator.schema)


@pytest.mark.parametrize(
    ("setting", "value", "is_right"),
    [
        *((setting, None, True) for setting in SETTINGS),
        *((setting, {"enum": [None], "type": "pattern"}, False) for setting in SETTINGS),
        *((setting, {}, False) for setting in SETTINGS),
        *((setting, {"minimun": 1}, False) for setting in SETTINGS),
        ("port", 25, True),
        ("port", "25", True),
        ("port", True, False),
        ("port", "smtp", False),
        ("port", [25, 587, None], True),
        ("port", [], False),
        ("port", {"minimum": 25}, True),
        ("port", {"const": "25"}, False),
        ("use_ssl", True, True),
        ("use_ssl", "yes", True),
        ("use_ssl", "maybe", False),
        ("use_ssl", [True, None], True),
        ("host", "smtp.example.com", True),
        ("host", 5, False),
        ("host", ["a", "b"], True),
        ("host", ["a", 5], False),
        ("host", {"pattern": "^Smtp"}, False),
        ("sender_name", {"pattern": "^Example"}, True),
        ("sender_name", {"pattern": "["}, False),
        ("relay_authentication", "basic", True),
        ("relay_authentication", ["basic", "oauth"], True),
        ("relay_authentication", "ntlm", False),
        ("relay_username_source", "vault", False),
        ("request_headers", [], True),
        ("request_headers", ["X-A"], True),
        ("request_headers", [["X-A"], None], True),
        ("request_headers", "X-A", False),
        ("request_headers", ["X-A", 5], False),
        ("request_headers", ["X-A", ["X-B"]], False),
        ("request_headers", [None], False),
        ("request_headers", {"contains": {"const": "X-A"}}, True),
        ("prot", 25, False),
    ],
)
def test_what_may_be_expected(setting: str, value: object, is_right: bool) -> None:
    _found, problems = parse_expectations({setting: value})
    assert (problems == []) is is_right
    assert FILE.is_valid({"verify_smtp_expected": {setting: value}}) is is_right


@given(st.sampled_from(SETTINGS), JSON | st.lists(JSON, max_size=3))
def test_an_editor_underlines_what_is_refused(setting: str, value: Any) -> None:
    # It may be a template, which editors cannot look into.
    assume("{" not in str(value) or isinstance(value, dict))
    assume(parse_expectations({setting: value})[1])
    assert not FILE.is_valid({"verify_smtp_expected": {setting: value}})


@pytest.mark.parametrize(
    "policy",
    [
        {"required": ["host"]},
        {"allOf": [{"title": "a", "properties": {"port": {"const": 25}}}]},
        {"requierd": ["host"]},
        {"allOf": []},
        {"allOf": [True]},
        {"title": "a"},
        {"$ref": "#/$defs/a"},
    ],
)
def test_a_policy_in_a_file_of_its_own(policy: dict[str, Any]) -> None:
    is_right = parse_policy(policy)[1] == []
    assert POLICY.is_valid(policy) is is_right
    assert FILE.is_valid({"verify_smtp_policy": policy}) is is_right


WAIVER = {"setting": "port", "reason": "a", "owner": "b", "expires": "2026-12-31"}


@pytest.mark.parametrize(
    ("variables", "is_right"),
    [
        (None, True),
        ({}, True),
        ({"another_variable": 5}, True),
        ({"verify_smtp_expected": {}}, True),
        ({"verify_smtp_expected": "{{ from_elsewhere }}"}, True),
        ({"verify_smtp_expected": {"port": "{{ port }}", "host": ["{{ host }}"]}}, True),
        ({"verify_smtp_expected": ["port"]}, False),
        ({"verify_smtp_policy": {}}, True),
        ({"verify_smtp_policy": "{{ lookup('file', 'policy.json') | from_json }}"}, True),
        ({"verify_smtp_policy": "strict"}, False),
        ({"verify_smtp_waivers": []}, True),
        ({"verify_smtp_waivers": [WAIVER]}, True),
        ({"verify_smtp_waivers": [{**WAIVER, "expires": "soon"}]}, False),
        ({"verify_smtp_waivers": [{**WAIVER, "onwer": "b"}]}, False),
        ({"verify_smtp_waivers": [{"setting": "port"}]}, False),
        ({"verify_smtp_reference": "staging"}, True),
        ({"verify_smtp_reference_exclude": []}, True),
        ({"verify_smtp_reference_exclude": ["id", "host"]}, True),
        ({"verify_smtp_reference_exclude": "id,host"}, True),
        ({"verify_smtp_reference_exclude": ["hots"]}, False),
        ({"verify_smtp_environments": ["production"]}, True),
        ({"verify_smtp_environments": "production,staging"}, True),
        ({"verify_smtp_environments": [5]}, False),
    ],
)
def test_a_file_of_variables(variables: object, is_right: bool) -> None:
    assert FILE.is_valid(variables) is is_right
