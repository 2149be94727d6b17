# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to pipelines: the shell scripts of each pipeline, in their order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest
import yaml

from tests.emulator import SmtpProfile
from tests.integration.support.ansible import ROOT
from tests.integration.support.pages import Page
from tests.integration.support.shell import Shell

if TYPE_CHECKING:
    from tests.emulator import Emulator
    from tests.integration.support.ansible import Ansible

PAGE = Page(ROOT / "docs" / "pipelines.md")
STARTED = Page(ROOT / "docs" / "getting-started.md")
PASSWORD = "pipelines-password-4711"
REQUIREMENTS = (ROOT / "requirements.txt").read_text()
GITHUB: dict[str, Any] = yaml.safe_load(PAGE.files["github.yml"])["jobs"]["verify"]
GITLAB: dict[str, Any] = yaml.safe_load(PAGE.files["gitlab.yml"])["verify-smtp"]


def github_scripts() -> list[str]:
    return [step["run"] for step in GITHUB["steps"] if "run" in step]


def gitlab_scripts() -> list[str]:
    # before_script and script run in one shell, after_script in another.
    script = "\n".join([*GITLAB["before_script"], *GITLAB["script"]])
    return [script, "\n".join(GITLAB["after_script"])]


@pytest.fixture
def shell(ansible: Ansible) -> Shell:
    """A repository as the page describes, with a stub for pip and venv."""
    shell = Shell(ansible)
    shell.add_stub("python3")
    ansible.write("venv/bin/activate", "")
    (artifact,) = (ROOT / "build").glob("keyfactor-command-*.tar.gz")
    (ansible.directory / "collections").mkdir()
    (ansible.directory / "collections" / artifact.name).write_bytes(artifact.read_bytes())
    return shell


def repository(shell: Shell, emulator: Emulator, port: int) -> dict[str, str]:
    """Write the inventory, and return the environment variables of the pipeline."""
    server = emulator.command(
        release="25.1",
        users={"KEYEXAMPLE\\svc-ansible": PASSWORD},
        profile=SmtpProfile(port=port, use_ssl=True, sender_account="pki@example.com"),
    )
    inventory = STARTED.files["environments.yml"]
    inventory = inventory.replace("command.example.com", f"localhost:{server.port}")
    inventory = inventory.replace("/etc/pki/example-ca.pem", str(emulator.ca_cert))
    shell.ansible.write("environments.yml", inventory)
    shell.ansible.write("group_vars/all/verify_smtp.yml", STARTED.files["verify_smtp.yml"])
    return {
        "COMMAND_PASSWORD": PASSWORD,
        "GITHUB_STEP_SUMMARY": str(shell.directory / "summary.md"),
        "ANSIBLE_COLLECTIONS_PATH": str(shell.directory / "installed"),
    }


@pytest.mark.parametrize("scripts", [github_scripts(), gitlab_scripts()], ids=["github", "gitlab"])
@pytest.mark.parametrize(("port", "status"), [(587, 0), (25, 2)], ids=["compliant", "drifted"])
def test_pipeline(
    shell: Shell, emulator: Emulator, scripts: list[str], port: int, status: int
) -> None:
    variables = repository(shell, emulator, port)
    processes = [shell.run(script, **variables) for script in scripts]
    output = "\n".join(process.stdout for process in processes)
    # The second to last script verifies. The last one always runs.
    statuses = [process.returncode for process in processes]
    assert statuses == [*[0] * (len(processes) - 2), status, 0], output
    assert PASSWORD not in output
    summary = shell.directory / "summary.md"
    markdown = summary.read_text() if summary.exists() else processes[-1].stdout
    assert "production" in markdown
    assert ("drifted" in markdown.lower()) or status == 0
    junit = ElementTree.parse(shell.directory / "report" / "report.xml").getroot()
    assert bool(list(junit.iter("failure"))) is (status == 2)
    assert (shell.directory / "report" / "report.html").is_file()
    packages = " ".join(["ansible-core", *re.findall(r"^\w+", REQUIREMENTS, re.M)])
    assert shell.calls() == ["python3 -m venv venv", f"python3 -m pip install {packages}"]


def test_pipelines_publish_reports_and_limit_secrets() -> None:
    assert GITLAB["artifacts"]["reports"]["junit"] == "report/report.xml"
    assert GITLAB["artifacts"]["when"] == "always"
    final_steps = [step for step in GITHUB["steps"] if step.get("if") == "always()"]
    assert [step["name"] for step in final_steps] == ["Show the report", "Keep the report"]
    # Only the step that needs the secrets gets them.
    assert [step["name"] for step in GITHUB["steps"] if "env" in step] == ["Verify"]
