# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Artifacts and reports of jobs: verdicts, missing environments, and report formats."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.support.environments import (
    add_down_environment,
    make_inventory,
    start_servers,
)
from tests.integration.support.runner import Job, Runner

if TYPE_CHECKING:
    from pathlib import Path

    from tests.emulator import Emulator
    from tests.integration.support.ansible import Ansible

VERDICTS = {"production": "compliant", "staging": "drifted", "recovery": "indeterminate"}
ARTIFACTS = {f"verify_smtp_verdict_{name}": verdict for name, verdict in VERDICTS.items()}
Launch = Callable[..., Job]


@pytest.fixture(scope="module")
def inventory(emulator: Emulator) -> dict[str, Any]:
    """One compliant environment, one drifted, and one that is down."""
    return add_down_environment(
        make_inventory(emulator, start_servers(emulator, "production", "staging")), emulator
    )


@pytest.fixture
def launch(ansible: Ansible, inventory: dict[str, Any]) -> Launch:
    runner = Runner(ansible)

    def launch(*names: str, limited: dict[str, Any] | None = None, **answers: Any) -> Job:
        if names:
            answers["verify_smtp_environments"] = list(names)
        return runner.launch(limited or inventory, environ={}, answers=answers)

    return launch


def test_publishes_verdicts_of_failed_job(launch: Launch) -> None:
    job = launch(*VERDICTS)
    assert job.status == "failed"
    assert job.artifacts == ARTIFACTS


def test_artifacts_of_slices_can_be_merged(launch: Launch, inventory: dict[str, Any]) -> None:
    """AWX merges the artifacts of workflow nodes. No slice must overwrite those of another."""
    merged: dict[str, Any] = {}
    for name, host in inventory["all"]["hosts"].items():
        limited = {"all": {**inventory["all"], "hosts": {name: host}}}
        merged |= launch(limited=limited).artifacts
    assert merged == ARTIFACTS


def test_missing_environment_is_indeterminate(launch: Launch) -> None:
    job = launch("production", "recovrey")
    assert job.status == "failed"
    assert job.artifacts == {
        "verify_smtp_verdict_production": "compliant",
        "verify_smtp_verdict_recovrey": "indeterminate",
    }
    assert "2 environments: 1 compliant, 0 drifted, 1 indeterminate" in job.table()


def test_missing_environment_does_not_fail_with_verify_smtp_fail_no(launch: Launch) -> None:
    job = launch("production", "recovrey", verify_smtp_fail="no")
    assert job.status == "successful"
    assert job.artifacts["verify_smtp_verdict_recovrey"] == "indeterminate"


def test_accepts_names_as_text(launch: Launch) -> None:
    """As in the answer to a text question of a survey."""
    job = launch(verify_smtp_environments="production, recovrey", verify_smtp_fail="no")
    assert set(job.artifacts) == {"verify_smtp_verdict_production", "verify_smtp_verdict_recovrey"}


@pytest.mark.parametrize("formats", [["json", "junit"], "json,junit"], ids=["list", "text"])
def test_writes_reports_in_selected_formats(launch: Launch, tmp_path: Path, formats: Any) -> None:
    directory = tmp_path / "reports"
    launch(*VERDICTS, verify_smtp_report_dir=str(directory), verify_smtp_report_formats=formats)
    assert {path.name for path in directory.iterdir()} == {"report.json", "report.xml"}
    report = json.loads((directory / "report.json").read_text())
    assert {entry["name"]: entry["verdict"] for entry in report["environments"]} == VERDICTS
