# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role and its playbook: verdicts, differences, the table, and the report."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.support.ansible import PLAYBOOK
from tests.integration.support.cases import PASSWORD
from tests.integration.support.environments import (
    SERVERS,
    add_down_environment,
    make_inventory,
    start_servers,
)
from tests.support.report_schema import validate_report

if TYPE_CHECKING:
    from tests.emulator import Command, Emulator
    from tests.integration.support.ansible import Ansible, Outcome


@pytest.fixture(scope="module")
def servers(emulator: Emulator) -> dict[str, Command]:
    return start_servers(emulator, *SERVERS)


@pytest.fixture(scope="module")
def outcome(shared_ansible: Ansible, emulator: Emulator, servers: dict[str, Command]) -> Outcome:
    inventory = add_down_environment(make_inventory(emulator, servers), emulator)
    return shared_ansible.run(PLAYBOOK, inventory, "-vvvv", "-e", "verify_smtp_report_dir=a/b")


@pytest.fixture(scope="module")
def report(outcome: Outcome, shared_ansible: Ansible) -> dict[str, Any]:
    """The report. Its directory is relative to where the playbook was started."""
    path = shared_ansible.directory / "a" / "b" / "report.json"
    return validate_report(json.loads(path.read_text()))


VERDICTS = {
    "production": "compliant",
    "staging": "drifted",
    "hostile": "drifted",
    "refusing": "indeterminate",
    "html": "indeterminate",
    "recovery": "indeterminate",
}


def test_verdict_of_each_environment(report: dict[str, Any]) -> None:
    assert {entry["name"]: entry["verdict"] for entry in report["environments"]} == VERDICTS
    assert [entry["name"] for entry in report["environments"]] == list(VERDICTS)
    assert report["summary"] == {
        "environments": 6,
        "compliant": 1,
        "drifted": 2,
        "indeterminate": 3,
    }


@pytest.mark.parametrize(
    ("name", "fragments"),
    [
        ("staging", ["port is 25, expected one of 465, 587", "use_ssl is false, expected true"]),
        ("refusing", ["/system_settings/read/", "403 Forbidden"]),
        ("html", ["an HTML page"]),
        ("recovery", ["refused the connection"]),
        ("hostile", ["host is '{{ 7 * 7 }}\\u001b[31m\\u202e', expected SMTP.example.com"]),
    ],
)
def test_message_lists_all_differences(outcome: Outcome, name: str, fragments: list[str]) -> None:
    message = outcome.failure_message(name)
    assert message.startswith(f"{name} is {VERDICTS[name]}: ")
    for fragment in fragments:
        assert fragment in message
    assert outcome.status == 2


def test_compliant_environment_does_not_fail(outcome: Outcome) -> None:
    assert not [
        record
        for record in outcome.results
        if (record["host"], record["status"]) == ("production", "failed")
    ]


def test_reads_and_reports_all_environments_before_failing(outcome: Outcome) -> None:
    tasks = [record["task"] for record in outcome.results]
    first_failure = next(
        i for i, record in enumerate(outcome.results) if record["status"] == "failed"
    )
    assert tasks.count("Verify the SMTP profile") == len(VERDICTS)
    assert "Verify the SMTP profile" not in tasks[first_failure:]
    assert tasks.index("Write the report") < first_failure


def test_table_is_the_last_output(outcome: Outcome) -> None:
    assert outcome.results[-1]["task"] == "Show the verdicts"
    lines = outcome.table()
    assert lines[0].split() == ["ENVIRONMENT", "VERDICT", "WHAT", "DIFFERS"]
    rows = [line.split()[:2] for line in lines if line and not line.startswith(" ")]
    assert [row for row in rows if row[0] in VERDICTS] == [list(row) for row in VERDICTS.items()]
    assert "6 environments: 1 compliant, 2 drifted, 3 indeterminate" in lines


def test_report_has_profile_and_findings(report: dict[str, Any]) -> None:
    staging = report["environments"][1]
    assert staging["profile"]["port"] == 25
    statuses = {finding["setting"]: finding["status"] for finding in staging["findings"]}
    assert statuses == {"host": "match", "port": "drift", "use_ssl": "drift", "scope": "match"}
    assert set(report) == {
        "schema_version",
        "generated_at",
        "collection_version",
        "summary",
        "environments",
    }
    recovery = report["environments"][5]
    assert (recovery["error"]["kind"], recovery["profile"]) == ("connect", None)
    assert recovery["url"] == recovery["error"]["url"]
    assert recovery["url"].endswith("/KeyfactorAPI/SMTP")


@pytest.mark.parametrize("secret", [PASSWORD, "emulated-relay-password", "emulated-client-secret"])
def test_shows_no_secret(outcome: Outcome, report: dict[str, Any], secret: str) -> None:
    for text in (outcome.output, str(outcome.results), str(report)):
        assert secret not in text
