# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook of the AWX kit, with the modules of awx.awx: objects, and idempotence."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.integration.support.ansible import COLLECTIONS, INSTALLED, ROOT
from tests.integration.support.awx_server import AwxServer
from tests.integration.support.command import run_command

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.support.ansible import Ansible

# Many processes run one after the other, which takes long on a busy machine.
pytestmark = pytest.mark.timeout(400)

KIT = INSTALLED / "extensions" / "awx"
MODULES = ROOT / "build" / "awx"
JOB, NAME = "Verify the SMTP profile", "Keyfactor Command SMTP"
WORKFLOW = "Verify the SMTP profile stage by stage"
SECRET = "kit-secret-4711"
INPUTS = {"profiles": '{"servers": {"production": {"password": "%s"}}}' % SECRET, "ca_cert": "pem"}
CREDENTIAL = {"kit_credential_inputs": INPUTS}


@pytest.fixture(scope="module")
def other() -> Iterator[AwxServer]:
    server = AwxServer()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def awx(shared_ansible: Ansible) -> Iterator[AwxServer]:
    """An AWX to which the kit was applied with its default settings."""
    server = AwxServer()
    output = apply(shared_ansible, server, **CREDENTIAL)
    assert SECRET not in output
    yield server
    server.stop()


def apply(ansible: Ansible, awx: AwxServer, **settings: Any) -> str:
    """Apply the kit, and return the output of Ansible."""
    extra_vars = ansible.write("mine.yml", json.dumps(settings))
    command = ["ansible-playbook", str(KIT / "apply.yml"), "-e", f"@{extra_vars}"]
    environ = ansible.environ(
        ANSIBLE_COLLECTIONS_PATH=f"{COLLECTIONS}:{MODULES}",
        RECORD_FILE=os.devnull,
        CONTROLLER_HOST=awx.url,
        CONTROLLER_OAUTH_TOKEN="kit-token-4711",
    )
    return run_command(command, ansible.directory, environ)


def test_creates_objects(awx: AwxServer) -> None:
    for kind in ("account", "config_file"):
        data = yaml.safe_load((KIT / "credential_types" / f"{kind}.yml").read_text())
        credential_type = awx.get("credential_types", data["name"])
        # Including templates, which AWX evaluates.
        assert {key: credential_type[key] for key in data} == data
    credential = awx.get("credentials", f"{NAME} config file")
    assert credential["inputs"] == INPUTS
    job = awx.get("job_templates", JOB)
    assert awx.associated(job, "credentials") == [credential]
    assert job["use_fact_cache"] is True
    source = awx.get("inventory_sources", NAME)
    assert (source["source_path"], source["update_on_launch"]) == (
        "inventory/environments.yml",
        True,
    )
    assert "credential" not in source
    for path in (job["playbook"], source["source_path"]):
        assert (KIT / "project" / path).is_file()


def test_is_idempotent(ansible: Ansible, awx: AwxServer) -> None:
    before = len(awx.changes)
    output = apply(ansible, awx, **CREDENTIAL)
    assert awx.changes[before:] == []
    assert "changed=0" in output


def test_survey(awx: AwxServer) -> None:
    job = awx.get("job_templates", JOB)
    questions = {question["variable"]: question for question in awx.surveys[job["url"]]["spec"]}
    assert list(questions) == [
        "verify_smtp_environments",
        "verify_smtp_fail",
        "verify_smtp_report_formats",
    ]
    for question in questions.values():
        default = question["default"]
        # AWX requires a string with one line per choice.
        assert isinstance(default, str)
        assert set(default.splitlines()) <= set(question["choices"])
        assert all(isinstance(choice, str) for choice in question["choices"])
    names = ["development", "staging", "production"]
    assert questions["verify_smtp_environments"]["choices"] == names
    # AWX does not apply defaults of multiple choice questions in schedules.
    schedule = awx.get("schedules", NAME)
    assert schedule["extra_data"] == {"verify_smtp_environments": names}


def test_workflow_waits_for_approval_between_stages(awx: AwxServer) -> None:
    path, node = [], awx.get("workflow_job_template_nodes", "verify development")
    while node:
        path.append(node["identifier"])
        successors = awx.associated(node, "success_nodes")
        node = successors[0] if successors else None
    assert path == [
        "verify development",
        "approve staging",
        "verify staging",
        "approve production",
        "verify production",
    ]
    nodes = awx.objects["workflow_job_template_nodes"].values()
    environments = {
        node["identifier"]: node["extra_data"]["verify_smtp_environments"]
        for node in nodes
        if "extra_data" in node
    }
    assert environments == {
        f"verify {name}": [name] for name in ("development", "staging", "production")
    }
    approvals = awx.objects["workflow_approval_templates"].values()
    assert sorted(approval["name"] for approval in approvals) == [
        "Go on with production?",
        "Go on with staging?",
    ]
    assert all(approval["timeout"] == 86400 for approval in approvals)


def test_optional_settings(ansible: Ansible, other: AwxServer) -> None:
    """Notifications, the inventory plugin, job slices, and the other credential type."""
    output = apply(
        ansible,
        other,
        kit_notification_type="webhook",
        kit_notification_configuration={"url": "https://chat.example.com/hook", "headers": {}},
        kit_inventory_path="inventory/environments.command.yml",
        kit_credential_type="account",
        kit_job_slices=4,
        kit_report_dir="/var/lib/reports",
    )
    assert "changed=" in output
    job = other.get("job_templates", JOB)
    source = other.get("inventory_sources", NAME)
    assert source["credential"] == other.get("credentials", f"{NAME} account")["id"]
    assert [item["name"] for item in other.associated(job, "notification_templates_error")] == [
        NAME
    ]
    workflow = other.get("workflow_job_templates", WORKFLOW)
    assert other.associated(workflow, "notification_templates_approvals")
    assert json.loads(job["extra_vars"]) == {"verify_smtp_report_dir": "/var/lib/reports"}
    # No question for environments, as a slice does not have those of the other slices.
    variables = [question["variable"] for question in other.surveys[job["url"]]["spec"]]
    assert variables == ["verify_smtp_fail", "verify_smtp_report_formats"]
    assert other.get("schedules", NAME)["extra_data"] == {}
    assert "workflow_job_template_nodes" not in other.objects
