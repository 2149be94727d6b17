# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""What jobs leave for AWX beside their output: verdicts as artifacts, reports, what was missing."""

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
    """A compliant environment, a drifted one, and one that is down."""
    return add_down_environment(
        make_inventory(emulator, start_servers(emulator, "production", "staging")), emulator
    )


@pytest.fixture
def launch(ansible: Ansible, inventory: dict[str, Any]) -> Launch:
    runner = Runner(ansible)

    def launch(*names: str, part: dict[str, Any] | None = None, **answers: Any) -> Job:
        if names:
            answers["verify_smtp_environments"] = list(names)
        return runner.launch(part or inventory, environ={}, answers=answers)

    return launch


def test_verdicts_are_artifacts_before_anything_fails(launch: Launch) -> None:
    job = launch(*VERDICTS)
    assert job.status == "failed"
    assert job.artifacts == ARTIFACTS


def test_artifacts_of_slices_add_up(launch: Launch, inventory: dict[str, Any]) -> None:
    """As AWX merges those of workflow nodes: no slice takes another one's away."""
    merged: dict[str, Any] = {}
    for name, host in inventory["all"]["hosts"].items():
        part = {"all": {**inventory["all"], "hosts": {name: host}}}
        merged |= launch(part=part).artifacts
    assert merged == ARTIFACTS


def test_environment_that_was_asked_for_and_is_missing(launch: Launch) -> None:
    job = launch("production", "recovrey")
    assert job.status == "failed"
    assert job.artifacts == {
        "verify_smtp_verdict_production": "compliant",
        "verify_smtp_verdict_recovrey": "indeterminate",
    }
    assert "2 environments: 1 compliant, 0 drifted, 1 indeterminate" in job.table()


def test_missing_environment_fails_nobody_when_only_reporting(launch: Launch) -> None:
    job = launch("production", "recovrey", verify_smtp_fail="no")
    assert job.status == "successful"
    assert job.artifacts["verify_smtp_verdict_recovrey"] == "indeterminate"


def test_names_in_one_text(launch: Launch) -> None:
    """As a question for text delivers them."""
    job = launch(verify_smtp_environments="production, recovrey", verify_smtp_fail="no")
    assert set(job.artifacts) == {"verify_smtp_verdict_production", "verify_smtp_verdict_recovrey"}


@pytest.mark.parametrize("formats", [["json", "junit"], "json,junit"], ids=["list", "text"])
def test_reports_of_the_chosen_formats(launch: Launch, tmp_path: Path, formats: Any) -> None:
    directory = tmp_path / "reports"
    launch(*VERDICTS, verify_smtp_report_dir=str(directory), verify_smtp_report_formats=formats)
    assert {path.name for path in directory.iterdir()} == {"report.json", "report.xml"}
    report = json.loads((directory / "report.json").read_text())
    assert {each["name"]: each["verdict"] for each in report["environments"]} == VERDICTS
