# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks of the AWX kit, with the modules of awx.awx: objects, upgrades, and idempotence.

The administrator of an organization applies the kit, after a system administrator has created the
credential types.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.integration.support.awx.access import ORGANIZATION, SYSTEM
from tests.integration.support.awx.kit import JOB, KIT, NAME, WORKFLOW, Kit
from tests.integration.support.awx.server import AwxServer
from tests.integration.support.awx.stages import Watch, chain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.support.ansible import Ansible

# Many processes run one after the other, which takes long on a busy machine.
pytestmark = pytest.mark.timeout(600)

SECRET = "kit-secret-4711"
INPUTS = {"profiles": '{"servers": {"production": {"password": "%s"}}}' % SECRET, "ca_cert": "pem"}
CREDENTIAL = {"kit_credential_inputs": INPUTS}
NAMES = ["development", "staging", "production"]


@pytest.fixture(scope="module")
def awx(shared_ansible: Ansible) -> Iterator[AwxServer]:
    """An AWX to which the kit was applied with its default settings."""
    server = AwxServer()
    kit = Kit(shared_ansible, server)
    status, output = kit.apply("apply.yml", **CREDENTIAL)
    assert status == 2
    assert "does not exist. Have a system administrator" in output
    assert server.changes == []
    assert kit.apply("apply_types.yml", SYSTEM)[0] == 0
    watch = Watch(server)
    status, output = kit.apply("apply.yml", **CREDENTIAL)
    assert status == 0, output
    assert SECRET not in output
    # At no moment is another stage verified without its approval, or after an earlier one drifted.
    assert watch.without_approval == watch.after_drift == {"development"}
    yield server
    server.stop()


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
    assert (source["source_path"], source["update_on_launch"], source["credential"]) == (
        "inventory/environments.yml",
        True,
        credential["id"],
    )
    for path in (job["playbook"], source["source_path"]):
        assert (KIT / "project" / path).is_file()
    # AWX requires answers to all required questions, whatever their defaults are.
    schedule = awx.get("schedules", NAME)
    assert schedule["extra_data"] == {"verify_smtp_environments": NAMES, "verify_smtp_fail": "yes"}
    assert awx.variables(schedule)["verify_smtp_environments"] == NAMES


def test_workflow(awx: AwxServer) -> None:
    assert chain(awx) == [
        f"verify development : {JOB} development",
        "approve staging : Go on with staging?",
        f"verify staging : {JOB} staging",
        "approve production : Go on with production?",
        f"verify production : {JOB} production",
    ]
    approvals = awx.all_of("workflow_approval_templates").values()
    assert all(approval["timeout"] == 86400 for approval in approvals)


def test_is_idempotent(ansible: Ansible, awx: AwxServer) -> None:
    kit = Kit(ansible, awx)
    before = len(awx.changes)
    for playbook, token in (("apply_types.yml", SYSTEM), ("apply.yml", ORGANIZATION)):
        status, output = kit.apply(playbook, token, **CREDENTIAL)
        assert status == 0, output
        assert awx.changes[before:] == []
        assert "changed=0" in output


def test_survey_and_limit(awx: AwxServer) -> None:
    job = awx.get("job_templates", JOB)
    questions = {question["variable"]: question for question in awx.surveys[job["id"]]["spec"]}
    assert list(questions) == [
        "verify_smtp_environments",
        "verify_smtp_fail",
        "verify_smtp_report_formats",
    ]
    assert questions["verify_smtp_environments"]["choices"] == NAMES

    def launch(**data: Any) -> tuple[int, Any]:
        return awx.respond("POST", f"{job['url']}launch/", ORGANIZATION, data)

    answers = {"verify_smtp_environments": ["staging"], "verify_smtp_fail": "no"}
    status, launched = launch(extra_vars=answers, limit="staging")
    assert (status, launched["ignored_fields"]) == (201, {})
    assert json.loads(launched["extra_vars"]).items() >= answers.items()
    _status, refused = launch()
    assert refused["variables_needed_to_start"] == [
        "'verify_smtp_environments' value missing",
        "'verify_smtp_fail' value missing",
    ]
    # AWX accepts this. The playbook does not take it for all environments.
    status, launched = launch(extra_vars={**answers, "verify_smtp_environments": []})
    assert json.loads(launched["extra_vars"])["verify_smtp_environments"] == []
    # A node whose answer is no choice any more starts a job without it.
    lost = awx.variables({"extra_data": {"verify_smtp_environments": ["gone"]}}, job)
    assert lost["verify_smtp_environments"] == []


def test_type_in_use_gets_a_new_field(ansible: Ansible, awx: AwxServer) -> None:
    """The kit of a later version, whose credential type has one more field."""
    kit = Kit(ansible, awx)
    path = kit.directory / "credential_types" / "config_file.yml"
    data = yaml.safe_load(path.read_text())
    data["inputs"]["fields"].append({"id": "extra", "label": "Extra", "type": "string"})
    path.write_text(yaml.safe_dump(data))
    old = awx.get("credentials", f"{NAME} config file")
    old_type = awx.get("credential_types", data["name"])

    status, output = kit.run_tasks("credentials")
    assert (status, "differs from the one in this kit" in output) == (2, True)
    status, output = kit.apply("apply_types.yml", SYSTEM)
    assert status == 0, output
    assert old_type["name"] == f"{data['name']} (replaced, {old_type['id']})"
    new_type = awx.get("credential_types", data["name"])
    assert new_type["inputs"] == data["inputs"]
    status, output = kit.run_tasks("credentials")
    assert (status, "Set kit_credential_inputs" in output) == (2, True)

    status, output = kit.run_tasks("credentials", "job", **CREDENTIAL)
    assert status == 0, output
    (credential,) = awx.associated(awx.get("job_templates", JOB), "credentials")
    assert (credential["credential_type"], credential["inputs"]) == (new_type["id"], INPUTS)
    # Other job templates may use it.
    assert awx.exists("credentials", old["id"])


def test_optional_settings(ansible: Ansible) -> None:
    """Notifications, slices, the other credential type, and the gateway of Automation Platform."""
    awx = AwxServer(prefix="/api/controller/")
    kit = Kit(ansible, awx)
    assert kit.apply("apply_types.yml", SYSTEM)[0] == 0
    organization = awx.get("organizations", "Default")["id"]
    workflow = {"name": WORKFLOW, "organization": organization}
    workflow = awx.respond("POST", f"{awx.root}workflow_job_templates/", SYSTEM, workflow)[1]
    status, output = kit.apply(
        "apply.yml",
        kit_notification_type="webhook",
        kit_notification_configuration={"url": "https://chat.example.com/hook", "headers": {}},
        kit_inventory_path="inventory/environments.command.yml",
        kit_credential_type="account",
        kit_job_slices=4,
        kit_report_dir="/var/lib/reports",
    )
    assert status == 0, output
    job = awx.get("job_templates", JOB)
    source = awx.get("inventory_sources", NAME)
    assert source["credential"] == awx.get("credentials", f"{NAME} account")["id"]
    assert [item["name"] for item in awx.associated(job, "notification_templates_error")] == [NAME]
    assert json.loads(job["extra_vars"]) == {"verify_smtp_report_dir": "/var/lib/reports"}
    # No question for environments, as a slice does not have those of the other slices.
    variables = [question["variable"] for question in awx.surveys[job["id"]]["spec"]]
    assert variables == ["verify_smtp_fail", "verify_smtp_report_formats"]
    assert awx.get("schedules", NAME)["extra_data"] == {"verify_smtp_fail": "yes"}
    # The workflow goes before the job, which its nodes would start without their environments.
    assert not awx.all_of("workflow_job_templates")
    gone = awx.changes.index(f"DELETE {workflow['url']}")
    assert gone < awx.changes.index(f"POST {awx.root}job_templates/")
    awx.stop()


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("unreachable", "the update has not ended within 2 seconds"),
        ("refuses", "its status is failed"),
    ],
)
def test_project_that_cannot_be_updated(ansible: Ansible, state: str, reason: str) -> None:
    awx = AwxServer()
    setattr(awx.projects, state, True)
    settings = {"kit_project_timeout": 2, "kit_credential_in_awx": {"id": 1}}
    status, output = Kit(ansible, awx).run_tasks("project", **settings)
    assert status == 2
    output = " ".join(output.split())
    assert f"from https://git.example.com/pki/keyfactor-environments.git: {reason}" in output
    assert "Check that AWX reaches the server, kit_project_branch" in output
    assert "inventories" not in awx.objects
    awx.stop()
