# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to AWX: its commands, with stubs for programs that need the network."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.integration.support.ansible import COLLECTIONS, INSTALLED, ROOT
from tests.integration.support.awx.access import ORGANIZATION, SYSTEM
from tests.integration.support.awx.kit import COLLECTION_PATHS
from tests.integration.support.awx.server import AwxServer
from tests.integration.support.command import run_command
from tests.integration.support.pages import Page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration.support.ansible import Ansible

# Many processes run one after the other, which takes long on a busy machine.
pytestmark = pytest.mark.timeout(400)

PAGE = Page(ROOT / "docs" / "awx.md")
KIT = INSTALLED / "extensions" / "awx"
PROFILES = '{"servers": {"production": {"host": "command.example.com", "password": "page-4711"}}}'
# Stubs for the container engine and git. The builder only creates the build context.
STUBS = {
    "podman": 'echo "$@" >>podman.log\n',
    "git": 'echo "$@" >>../git.log\n',
    "ansible-builder": (
        'test "$1" = build\nfile=execution-environment.yml\n'
        '[ "$2" != --file ] || file=$3\nexec "$REAL_BUILDER" create --file "$file"\n'
    ),
}


@pytest.fixture(scope="module")
def awx() -> Iterator[AwxServer]:
    server = AwxServer()
    yield server
    server.stop()


def run_block(ansible: Ansible, name: str, text: str | None = None, **variables: str) -> str:
    """Run a shell script of the page, or this text, in the directory of the run."""
    programs = ansible.directory / "programs"
    for program, script in STUBS.items():
        ansible.write(f"programs/{program}", f"#!/bin/sh\nset -e\n{script}").chmod(0o755)
    environ = ansible.environ(RECORD_FILE=os.devnull, **variables)
    builder = shutil.which("ansible-builder", path=environ["PATH"])
    assert builder
    environ["REAL_BUILDER"] = builder
    environ["PATH"] = f"{programs}{os.pathsep}{environ['PATH']}"
    return run_command(["sh", "-eu", "-c", text or PAGE.files[name]], ansible.directory, environ)


def prepare(ansible: Ansible) -> None:
    """Create what the page requires: the installed collection, and a CA certificate."""
    collections = ansible.home / ".ansible" / "collections"
    collections.parent.mkdir(exist_ok=True)
    collections.symlink_to(COLLECTIONS)
    (artifact,) = (ROOT / "build").glob("keyfactor-command-*.tar.gz")
    shutil.copy(artifact, ansible.directory)
    ansible.write("example-ca.pem", "pem\n")


def test_commands_from_image_to_job(ansible: Ansible, awx: AwxServer) -> None:
    prepare(ansible)
    run_block(ansible, "build.sh")
    context = ansible.directory / "kit" / "execution_environment" / "context"
    assert (context / "_build" / "files" / "example-ca.pem").is_file()
    assert not (context / "_build" / "bindep.txt").exists()
    run_block(ansible, "project.sh")
    project = ansible.directory / "keyfactor-environments"
    assert (project / "verify_smtp.yml").is_file()
    assert "push" in (ansible.directory / "git.log").read_text()

    ansible.write("mine.yml", PAGE.files["mine.yml"])
    profiles = ansible.write("command_config.json", PROFILES)
    secrets = PAGE.files["secrets.yml"]
    secrets = secrets.replace("/etc/keyfactor/command_config.json", str(profiles))
    secrets = secrets.replace("/etc/pki/example-ca.pem", str(ansible.directory / "example-ca.pem"))
    ansible.write("secrets.yml", secrets)
    for name, token in (("types.sh", SYSTEM), ("apply.sh", ORGANIZATION)):
        commands = PAGE.files[name].replace("https://awx.example.com", awx.url)
        commands = commands.replace("'...'", token)
        output = run_block(ansible, name, commands, ANSIBLE_COLLECTIONS_PATH=COLLECTION_PATHS)
        assert "page-4711" not in output

    credential = awx.get("credentials", "Keyfactor Command SMTP config file")
    assert credential["inputs"] == {"profiles": PROFILES, "ca_cert": "pem"}
    names = ["development", "staging", "production", "recovery"]
    schedule = awx.get("schedules", "Keyfactor Command SMTP")
    assert schedule["extra_data"] == {"verify_smtp_environments": names, "verify_smtp_fail": "yes"}
    job = awx.get("job_templates", "Verify the SMTP profile")
    assert [item["name"] for item in awx.associated(job, "notification_templates_error")] == [
        "Keyfactor Command SMTP"
    ]
    launch = f"{job['url']}launch/"
    status, launched = awx.respond("POST", launch, ORGANIZATION, json.loads(PAGE.only("json")))
    assert (status, launched["ignored_fields"]) == (201, {})


def test_image_of_automation_platform(ansible: Ansible) -> None:
    """The command replaces the last two of build.sh."""
    prepare(ansible)
    *before, _build, _push = PAGE.files["build.sh"].splitlines()
    run_block(ansible, "platform.sh", "\n".join([*before, PAGE.files["platform.sh"]]))
    directory = ansible.directory / "kit" / "execution_environment" / "context"
    # The image brings ansible-core, which the definition does not replace.
    container = (directory / "Containerfile").read_text()
    image, _build = PAGE.commands("platform.sh")
    assert f'ARG EE_BASE_IMAGE="{image.removeprefix("image=")}"\n' in container
    assert 'PKGMGR="/usr/bin/microdnf"' in container
    assert "ansible-core" not in container.replace("PYPKG", "")


def test_image_with_kerberos(ansible: Ansible) -> None:
    """The commands replace the last two of build.sh."""
    prepare(ansible)
    *before, _build, _push = PAGE.files["build.sh"].splitlines()
    run_block(ansible, "kerberos.sh", "\n".join([*before, PAGE.files["kerberos.sh"]]))
    directory = ansible.directory / "kit" / "execution_environment"
    bindep = (directory / "context" / "_build" / "bindep.txt").read_text()
    assert bindep == (INSTALLED / "meta" / "ee-bindep.txt").read_text()
    assert (directory / "podman.log").read_text().startswith("push registry.example.com/")


def test_every_block_is_tested() -> None:
    names = {"build.sh", "kerberos.sh", "platform.sh", "project.sh", "mine.yml", "secrets.yml"}
    names |= {"types.sh", "apply.sh"}
    assert set(PAGE.files) == names
    assert len(PAGE.blocks) == len(PAGE.files) + 1


def test_named_files_and_variables_exist() -> None:
    for name in ("credential_types/account.yml", "credential_types/config_file.yml", "survey.yml"):
        assert f"`{name}`" in PAGE.text
        assert (KIT / name).is_file()
    settings = yaml.safe_load((KIT / "settings.yml").read_text())
    mine = yaml.safe_load(PAGE.files["mine.yml"])
    assert set(mine) <= set(settings)
    survey = (KIT / "survey.yml").read_text()
    for variable in (
        "verify_smtp_environments",
        "verify_smtp_fail",
        "verify_smtp_report_formats",
    ):
        assert f"`{variable}`" in PAGE.text
        assert variable in survey


def test_version_of_the_artifact() -> None:
    info = json.loads((INSTALLED / "MANIFEST.json").read_text())["collection_info"]
    name = f"keyfactor-command-{info['version']}.tar.gz"
    assert name in PAGE.files["build.sh"]
    definitions: list[Path] = list((KIT / "execution_environment").glob("*.yml"))
    assert len(definitions) == 4
    assert all(name in path.read_text() for path in definitions)
