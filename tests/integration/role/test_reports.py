# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role's reports and statistics: formats, places, and when they come about."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.keyfactor.command.plugins.plugin_utils._report.writer import FORMATS
from tests.integration.support.ansible import PLAYBOOK
from tests.integration.support.environments import (
    add_down_environment,
    make_inventory,
    start_servers,
)
from tests.support.report_schema import validate_report

if TYPE_CHECKING:
    from pathlib import Path

    from tests.emulator import Emulator
    from tests.integration.support.ansible import Ansible

WRITE = "Write the report"


@pytest.fixture
def inventory(emulator: Emulator) -> dict[str, Any]:
    servers = start_servers(emulator, "production", "staging", "hostile")
    return add_down_environment(make_inventory(emulator, servers), emulator)


def test_all_formats_and_statistics(
    ansible: Ansible, inventory: dict[str, Any], tmp_path: Path
) -> None:
    outcome = ansible.run(
        PLAYBOOK,
        inventory,
        "-e",
        f"verify_smtp_report_dir={tmp_path / 'out'}",
        ANSIBLE_SHOW_CUSTOM_STATS="true",
    )
    files = [str(tmp_path / "out" / name) for name, _render in FORMATS.values()]
    assert outcome.result("production", WRITE)["files"] == files
    validate_report(json.loads((tmp_path / "out" / "report.json").read_text()))
    assert [f"The report is in {tmp_path / 'out'}:"] == [
        line for line in outcome.table() if "The report" in line
    ]
    # In the order that the environments failed in, the statistics were there before.
    stats = outcome.result("production", "Publish the verdicts")["ansible_stats"]["data"]
    assert stats == {
        "verify_smtp_verdict_production": "compliant",
        "verify_smtp_verdict_staging": "drifted",
        "verify_smtp_verdict_hostile": "drifted",
        "verify_smtp_verdict_recovery": "indeterminate",
    }
    tasks = [(each["task"], each["status"]) for each in outcome.results]
    first_failure = next(i for i, (_task, status) in enumerate(tasks) if status == "failed")
    assert tasks.index(("Publish the verdicts", "ok")) < tasks.index((WRITE, "ok")) < first_failure


def test_formats_from_a_survey(ansible: Ansible, inventory: dict[str, Any], tmp_path: Path) -> None:
    options = f"verify_smtp_report_dir={tmp_path}/out verify_smtp_report_formats=junit,markdown"
    ansible.run(PLAYBOOK, inventory, "-e", options)
    assert {each.name for each in (tmp_path / "out").iterdir()} == {"report.xml", "report.md"}


def test_a_format_that_does_not_exist_fails_before_any_call(
    ansible: Ansible, emulator: Emulator
) -> None:
    servers = start_servers(emulator, "production")
    inventory = make_inventory(emulator, servers)
    outcome = ansible.run(
        PLAYBOOK, inventory, "-e", '{"verify_smtp_report_formats": ["json", "pdf"]}'
    )
    assert outcome.status == 2
    assert "pdf" in outcome.failure_message("production")
    assert servers["production"].connections == 0


def test_a_place_that_cannot_be_written(
    ansible: Ansible, inventory: dict[str, Any], tmp_path: Path
) -> None:
    """The verdicts are shown all the same, and the run fails."""
    place = tmp_path / "file"
    place.write_text("x")
    outcome = ansible.run(
        PLAYBOOK, inventory, "-e", f"verify_smtp_report_dir={place} verify_smtp_fail=false"
    )
    assert outcome.status != 0
    message = outcome.failure_message("production")
    assert f"The report cannot be written to {place}" in message
    assert "verify_smtp_report_dir" in message
    assert "4 environments: 1 compliant, 2 drifted, 1 indeterminate" in outcome.output


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"formats": []}, "No report was written, as formats is empty"),
        ({"directory": ""}, "No report was written, as directory is empty"),
        ({"report": {"a": 1}}, "environments"),
    ],
)
def test_a_task_that_would_leave_no_report_fails(
    ansible: Ansible, tmp_path: Path, options: dict[str, Any], words: str
) -> None:
    report = {"environments": [], "summary": {}}
    report |= dict.fromkeys(("schema_version", "generated_at", "collection_version"), "1")
    arguments = {"report": report, "directory": str(tmp_path / "out"), **options}
    task = {"name": WRITE, "keyfactor.command.smtp_report": arguments}
    play = [{"hosts": "localhost", "gather_facts": False, "tasks": [task]}]
    outcome = ansible.run(play, {"all": {"hosts": {"localhost": {}}}})
    assert words in outcome.failure_message("localhost")
    assert list(ansible.directory.rglob("report.*")) == []
