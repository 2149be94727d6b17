# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role takes from Ansible's variables, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.keyfactor.command.plugins.module_utils._api.smtp_profile import (
    normalize_profile,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._ansible.role_variables import (
    RoleVariables,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._expected.expected_state import (
    ExpectedStateInput,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._verdict.observed import (
    ObservedProfile,
)
from ansible_collections.keyfactor.command.plugins.plugin_utils._verdict.verdict import evaluate

DEFAULTS = yaml.safe_load(
    (Path(__file__).parents[5] / "roles/verify_smtp/defaults/main.yml").read_text()
)
PROFILE = normalize_profile({"Host": "smtp.example.com", "Port": 587}, 2).values
NAMES = ["production", "staging", "recovery"]


class HostVars:
    """Ansible's variables of all hosts, which go through no template here."""

    def __init__(self, variables: Mapping[str, Any]) -> None:
        self._variables = variables

    def raw_get(self, name: str) -> Any:
        return self._variables[name]


def read_of(profile: dict[str, Any]) -> dict[str, Any]:
    return {
        "ansible_facts": {"keyfactor_smtp": profile},
        "__verify_smtp_read": {"smtp": profile, "api_version": 2, "tls_verified": True},
    }


def role(hostvars: Mapping[str, Any] | None = None, **own: Any) -> RoleVariables:
    variables = {
        **DEFAULTS,
        **read_of(PROFILE),
        "inventory_hostname": "production",
        "groups": {"all": NAMES},
        "ansible_play_hosts_all": NAMES,
        "ansible_play_hosts": NAMES,
        "ansible_play_batch": NAMES,
        "hostvars": HostVars(hostvars or {}),
        **own,
    }
    return RoleVariables(variables, filled)


def filled(value: Any) -> Any:
    """Fill in the only template there is."""
    if isinstance(value, dict):
        return {name: filled(each) for name, each in value.items()}
    return 587 if value == "{{ the_port }}" else value


def verified(port: int, name: str = "production", **members: Any) -> dict[str, Any]:
    """Return the result of a verification that expected this port."""
    entry = evaluate(name, ExpectedStateInput({"port": port}), ObservedProfile(PROFILE))
    facts = {"keyfactor_smtp": PROFILE, "verify_smtp_result": entry}
    return {"verdict": entry["verdict"], "ansible_facts": facts, **members}


def test_report_has_the_environments_of_the_batches_so_far() -> None:
    others = {"production": {"__verify_smtp": verified(587)}, "staging": {}, "recovery": {}}
    own = {
        "ansible_play_batch": ["production", "staging"],
        "verify_smtp_environments": "dr, staging",
    }
    assert role(**own).missing() == ["dr"]
    report = role(others, **own).report()
    verdicts = {each["name"]: each["verdict"] for each in report["environments"]}
    assert verdicts == {
        "production": "compliant",
        "staging": "indeterminate",
        "dr": "indeterminate",
    }


def test_facts_of_an_earlier_run_are_ignored() -> None:
    """As with --start-at-task, or with a fact cache."""
    facts = {"ansible_facts": verified(587)["ansible_facts"], "verify_smtp_result": {}}
    report = role({"production": facts, "staging": {}, "recovery": {}}).report()
    assert report["summary"]["indeterminate"] == 3


@pytest.mark.parametrize(
    ("result", "own", "failure"),
    [
        (verified(587), {}, ""),
        (verified(25), {}, "production is drifted: port is 587, expected 25."),
        (verified(25), {"verify_smtp_fail": "no"}, ""),
        (
            verified(25, invalid=True),
            {"verify_smtp_fail": False},
            "production is drifted: port is 587, expected 25.",
        ),
        (
            verified(25, invalid=True),
            {"verify_smtp_fail": "perhaps"},
            "production is drifted: port is 587, expected 25.",
        ),
    ],
)
def test_failure(result: dict[str, Any], own: dict[str, Any], failure: str) -> None:
    others = {"production": {"__verify_smtp": result}, "staging": {}, "recovery": {}}
    report = role(others).report()
    own = {**own, "verify_smtp_report": report, "__verify_smtp": result}
    assert role(**own).failure() == failure


def test_verdicts_by_variable() -> None:
    others = {"production": {"__verify_smtp": verified(25)}, "staging": {}, "recovery": {}}
    report = role(others).report()
    assert report["summary"]["indeterminate"] == 2
    verdicts = role(verify_smtp_report=report).verdicts()
    assert verdicts["verify_smtp_verdict_production"] == "drifted"


def test_comparison_with_a_reference_comes_after_all_reads() -> None:
    """The result that is set for it takes precedence over that of an earlier comparison."""
    expected = {"expected": {"expected": {}, "reference": "staging"}, "probe": None, "mail": None}
    pending = {
        "verdict": None,
        "pending": expected,
        "read": {"api_version": 2},
        "ansible_facts": {"keyfactor_smtp": {**PROFILE, "port": 25}},
    }
    others: dict[str, dict[str, Any]] = {
        "production": {"__verify_smtp": pending},
        "staging": {"__verify_smtp": verified(587, "staging", read={"api_version": 2})},
        "recovery": {},
    }
    (entry,) = role(others).compared()
    assert (entry["name"], entry["verdict"]) == ("production", "drifted")
    others["production"]["ansible_facts"] = {"verify_smtp_result": entry}
    assert role(others).report()["environments"][0] == entry
    assert role(others).report()["summary"]["drifted"] == 1


def test_baseline_is_the_profile_that_was_read() -> None:
    read = {"smtp": PROFILE, "api_version": 1, "url": "https://command.example.com/"}
    text = role(__verify_smtp_read=read).baseline()
    assert text.startswith("---\n# Recorded from https://command.example.com/\n")
    assert "# scope is not recorded: version 1 of the API does not report it\n" in text
    expected = yaml.safe_load(text)["verify_smtp_expected"]
    assert (expected["port"], "scope" in expected) == (587, False)


def test_outcomes_of_the_batches_so_far() -> None:
    changed = {"status": "changed", "line": "was changed: port", "message": ""}
    others = {
        "production": {"__verify_smtp_applied": {"outcome": changed}},
        "staging": {"__verify_smtp_applied": {"failed": True, "msg": "'a' is undefined"}},
        "recovery": {},
    }
    own = {"ansible_play_batch": NAMES[:2]}
    first, second = role(others, **own).applied_outcomes()
    assert first == {**changed, "name": "production"}
    assert (second["name"], second["line"]) == ("staging", "has no outcome: 'a' is undefined")
    assert len(role(others).applied_outcomes()) == 3


def test_records(tmp_path: Path) -> None:
    path = tmp_path / "verify_smtp.yml"
    registered = {
        "__verify_smtp_directory": {"path": str(tmp_path), "changed": False},
        "__verify_smtp_recorded": {"changed": False},
        "ansible_check_mode": False,
    }
    variables = role(**registered)
    path.write_text(variables.baseline())
    assert variables.recorded()["line"] == f"is the same in {path}"
    common = {"inventory_hostname": "staging", "ansible_check_mode": False}
    failed = {**common, "__verify_smtp_read": {"msg": "It is down."}}
    others = {"production": variables._variables, "staging": failed, "recovery": common}
    lines = [each["line"] for each in role(others).recorded_outcomes()]
    assert lines == [
        f"is the same in {path}",
        "could not be read: It is down.",
        "could not be read: Ansible returned no result for it, see the output above.",
    ]
