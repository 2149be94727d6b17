# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lookup of the role: one value for each term."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleError

from ansible_collections.keyfactor.command.plugins.lookup import _verify_smtp as verify_smtp
from ansible_collections.keyfactor.command.plugins.plugin_utils._ansible.role_variables import (
    RoleVariables,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._report.report import (
    build_report,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._verdict.verdict import (
    indeterminate_entry,
)

ENTRY = indeterminate_entry("production", "It is down.")
VARIABLES = {
    "verify_smtp_environments": "{{ the_environments }}",
    "verify_smtp_report": build_report([ENTRY], ["production"]),
    "verify_smtp_fail": True,
    "inventory_hostname": "production",
    "ansible_play_hosts_all": ["production"],
}


def lookup() -> Any:
    """Return the lookup with a templar that fills in one template."""
    values = {"{{ the_environments }}": ["production", "recovery"]}
    templar = SimpleNamespace(template=lambda value: values.get(value, value))
    return verify_smtp.LookupModule(loader=None, templar=templar)


def test_each_term_has_a_value_in_order() -> None:
    found = lookup().run(["failure", "missing", "verdicts"], VARIABLES)
    assert found == [
        "production is indeterminate: It is down.",
        ["recovery"],
        {"verify_smtp_verdict_production": "indeterminate"},
    ]
    assert lookup().run(["failure"], VARIABLES) == found[:1]


def test_no_term_has_no_value() -> None:
    assert lookup().run([]) == []


@pytest.mark.parametrize("term", verify_smtp.TERMS)
def test_term_is_the_name_of_a_method(term: str) -> None:
    assert callable(getattr(RoleVariables, term))


def test_term_is_answered_by_its_method(monkeypatch: pytest.MonkeyPatch) -> None:
    for term in verify_smtp.TERMS:
        monkeypatch.setattr(RoleVariables, term, lambda _role, term=term: f"value of {term}")
    expected = [f"value of {term}" for term in verify_smtp.TERMS]
    assert lookup().run(list(verify_smtp.TERMS), VARIABLES) == expected


def test_unknown_term_is_refused() -> None:
    with pytest.raises(AnsibleError) as caught:
        lookup().run(["failure", "verdict"], VARIABLES)
    terms = "compared, failure, report, verdicts, missing, baseline, recorded, "
    terms += "recorded_outcomes, applied_outcomes"
    assert f"_verify_smtp has no 'verdict', only {terms}." in str(caught.value)


def test_documented_terms_are_those_of_the_code() -> None:
    terms = yaml.safe_load(verify_smtp.DOCUMENTATION)["options"]["_terms"]
    assert terms["choices"] == list(verify_smtp.TERMS)
    for term in verify_smtp.TERMS:
        assert f"V({term})" in str(terms["description"])


def test_lookup_is_documented_as_internal() -> None:
    documentation = yaml.safe_load(verify_smtp.DOCUMENTATION)
    assert documentation["name"] == "_verify_smtp"
    assert documentation["short_description"].startswith("[INTERNAL]")
