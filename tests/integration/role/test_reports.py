# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reports and statistics of the role: formats, paths, and order of tasks."""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.keyfactor.command.plugins.plugin_utils._report.writer import FORMATS
from tests.emulator import SmtpProfile
from tests.integration.support.ansible import MODES, PLAYBOOK
from tests.integration.support.cases import PASSWORD, USER
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
    # The statistics were published before the environments failed.
    stats = outcome.result("production", "Publish the verdicts")["ansible_stats"]["data"]
    assert stats == {
        "verify_smtp_verdict_production": "compliant",
        "verify_smtp_verdict_staging": "drifted",
        "verify_smtp_verdict_hostile": "drifted",
        "verify_smtp_verdict_recovery": "indeterminate",
    }
    tasks = [(record["task"], record["status"]) for record in outcome.results]
    first_failure = next(i for i, (_task, status) in enumerate(tasks) if status == "failed")
    assert tasks.index(("Publish the verdicts", "ok")) < tasks.index((WRITE, "ok")) < first_failure


@pytest.mark.parametrize("extra_var", MODES.values(), ids=MODES)
def test_every_report_has_versions_ids_and_built_in_warnings(
    ansible: Ansible, emulator: Emulator, tmp_path: Path, extra_var: str
) -> None:
    profile = SmtpProfile(host="smtp.office365.com")
    options: dict[str, Any] = {"release": "25.4", "users": {USER: PASSWORD}}
    servers = {
        "exchange": emulator.command(server="iis", profile=profile, **options),
        "locked": emulator.command(server="envoy", readers=set(), **options),
    }
    outcome = ansible.run(
        PLAYBOOK,
        make_inventory(emulator, servers),
        "-e",
        f"verify_smtp_report_dir={tmp_path / 'out'} {extra_var}",
        "-e",
        '{"verify_smtp_expected": {"port": 587}}',
    )
    version = "25.4.1+dc0db2c8af1b4e5d96a7f3b20c81e94d75a6b3f0"
    exchange, locked = (
        server.requests[-1].reply_headers["X-Keyfactor-Correlation-Id"]
        for server in servers.values()
    )
    entries = json.loads((tmp_path / "out" / "report.json").read_text())["environments"]
    assert [entry["verdict"] for entry in entries] == ["compliant", "indeterminate"]
    assert [entry["correlation_id"] for entry in entries] == [exchange, locked]
    assert entries[0]["product_version"] == version
    assert entries[1]["error"]["correlation_id"] == locked
    (warning,) = entries[0]["warnings"]
    ending = f"Correlation ID: {locked}"
    assert f"{ending}." in outcome.failure_message("locked")
    table = " ".join(" ".join(outcome.table()).split())
    assert warning in table
    assert ending in table
    texts = {path.suffix: html.unescape(path.read_text()) for path in (tmp_path / "out").iterdir()}
    assert len(texts) == len(FORMATS)
    for text in texts.values():
        assert warning in text
        assert ending in text
    assert f'<dd title="{version}">25.4.1</dd>' in texts[".html"]
    assert f"<dd>{exchange}</dd>" in texts[".html"]
    assert f'<property name="correlation_id" value="{exchange}" />' in texts[".xml"]
    assert f'<property name="product_version" value="{version}" />' in texts[".xml"]
    assert "| `exchange` | ✅ compliant | `25.4.1` |" in texts[".md"]
    assert f"| `exchange` | `{version}` | `{exchange}` |" in texts[".md"]


def test_accepts_formats_as_text(
    ansible: Ansible, inventory: dict[str, Any], tmp_path: Path
) -> None:
    options = f"verify_smtp_report_dir={tmp_path}/out verify_smtp_report_formats=junit,markdown"
    ansible.run(PLAYBOOK, inventory, "-e", options)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"report.xml", "report.md"}


def test_unknown_format_fails_before_any_request(ansible: Ansible, emulator: Emulator) -> None:
    servers = start_servers(emulator, "production")
    inventory = make_inventory(emulator, servers)
    outcome = ansible.run(
        PLAYBOOK, inventory, "-e", '{"verify_smtp_report_formats": ["json", "pdf"]}'
    )
    assert outcome.status == 2
    assert "pdf" in outcome.failure_message("production")
    assert servers["production"].connections == 0


def test_unwritable_directory_fails(
    ansible: Ansible, inventory: dict[str, Any], tmp_path: Path
) -> None:
    """The run still shows the verdicts before it fails."""
    path = tmp_path / "file"
    path.write_text("x")
    outcome = ansible.run(
        PLAYBOOK, inventory, "-e", f"verify_smtp_report_dir={path} verify_smtp_fail=false"
    )
    assert outcome.status != 0
    message = outcome.failure_message("production")
    assert f"The report cannot be written to {path}" in message
    assert "verify_smtp_report_dir" in message
    assert "4 environments: 1 compliant, 2 drifted, 1 indeterminate" in outcome.output


@pytest.mark.parametrize(
    ("options", "fragment"),
    [
        ({"formats": []}, "No report was written, as formats is empty"),
        ({"directory": ""}, "No report was written, as directory is empty"),
        ({"report": {"a": 1}}, "environments"),
    ],
)
def test_task_that_would_write_no_report_fails(
    ansible: Ansible, tmp_path: Path, options: dict[str, Any], fragment: str
) -> None:
    report = {"environments": [], "summary": {}}
    report |= dict.fromkeys(("schema_version", "generated_at", "collection_version"), "1")
    arguments = {"report": report, "directory": str(tmp_path / "out"), **options}
    task = {"name": WRITE, "keyfactor.command.smtp_report": arguments}
    play = [{"hosts": "localhost", "gather_facts": False, "tasks": [task]}]
    outcome = ansible.run(play, {"all": {"hosts": {"localhost": {}}}})
    assert fragment in outcome.failure_message("localhost")
    assert list(ansible.directory.rglob("report.*")) == []
