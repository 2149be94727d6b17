# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter smtp_drift: its documentation, and the verdict that it returns."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.keyfactor.command.plugins.filter import smtp_drift
from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import (
    normalize_profile,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.expected_state import (
    ExpectedStateInput,
)
from tests.unit.support import PASSWORD, VaultedText, evaluate_profile

PROFILE = normalize_profile({"Host": "smtp.example.com", "Port": 587}, 2).values
FILTERS = smtp_drift.FilterModule().filters()
PAGES = {name: Path(smtp_drift.__file__).with_name(f"{name}.yml") for name in FILTERS}


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_is_documented_as_it_is(name: str) -> None:
    documented = yaml.safe_load(PAGES[name].read_text())["DOCUMENTATION"]
    options = documented["options"]
    signature = list(inspect.signature(FILTERS[name]).parameters.values())
    assert next(iter(options)) == "_input"
    own = {each.name: each for each in signature[1:] if each.kind is not each.VAR_KEYWORD}
    if len(own) + 1 < len(signature):
        of_parse = list(inspect.signature(ExpectedStateInput).parameters.values())[1:]
        own |= {each.name: each for each in of_parse}
    assert set(options) - {"_input"} == set(own)
    for each in own.values():
        option = options[each.name]
        has_default = each.default is not each.empty
        assert option.get("required", False) is not has_default, each.name
        if has_default:
            default = list(each.default) if isinstance(each.default, tuple) else each.default
            assert (option.get("default") or None) == (default or None), each.name
    positional = documented.get("positional", "").replace(" ", "").split(",")
    assert positional == [""] or positional == list(own)[: len(positional)]


def test_filter_returns_the_verdict_of_the_role() -> None:
    result = {"smtp": PROFILE, "api_version": 2, "tls_verified": True}
    for expected in ({"port": 587}, {"port": 25}, {"prot": 25}):
        entry = smtp_drift.smtp_drift(PROFILE, expected, "production", result)
        assert entry == evaluate_profile("production", PROFILE, expected, result)


def test_name_and_result_of_the_module_are_optional() -> None:
    entry = smtp_drift.smtp_drift(PROFILE, {"port": 587})
    assert (entry["name"], entry["verdict"]) == ("environment", "compliant")


def test_further_options_are_those_of_the_expected_state() -> None:
    waiver = {"setting": "port", "reason": "a", "owner": "b", "expires": "2026-12-31"}
    more: dict[str, Any] = {"waivers": [waiver], "today": "2026-12-31"}
    entry = smtp_drift.smtp_drift(PROFILE, {"port": 25}, **more)
    assert [each["status"] for each in entry["findings"]] == ["waived"]


@pytest.mark.parametrize(("port", "verdict"), [(587, "compliant"), (25, "drifted")])
def test_profile_is_compared_with_that_of_the_reference(port: int, verdict: str) -> None:
    result = {"smtp": PROFILE, "api_version": 2, "tls_verified": True}
    entry = smtp_drift.smtp_drift(
        PROFILE,
        {},
        "production",
        result,
        reference="staging",
        reference_profile={**PROFILE, "port": port},
        reference_module_result=result,
    )
    assert entry["verdict"] == verdict


def test_types_of_ansible_are_converted() -> None:
    entry = smtp_drift.smtp_drift({**PROFILE, "host": VaultedText()}, {"host": VaultedText()})
    assert (entry["verdict"], entry["profile"]["host"]) == ("compliant", PASSWORD)


def test_verdict_is_not_a_template(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp_drift, "make_unsafe", lambda entry: ("unsafe", entry["verdict"]))
    assert smtp_drift.smtp_drift(PROFILE, {"port": 587}) == ("unsafe", "compliant")
