# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page on AWX, followed to the letter, with stand-ins for what is not on this machine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.integration.support.ansible import COLLECTIONS, INSTALLED, ROOT
from tests.integration.support.awx_server import AwxServer
from tests.integration.support.pages import Page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration.support.ansible import Ansible

# Many processes, one after the other, take their time on a busy machine.
pytestmark = pytest.mark.timeout(400)

PAGE = Page(ROOT / "docs" / "awx.md")
KIT = INSTALLED / "extensions" / "awx"
PROFILES = '{"servers": {"production": {"host": "command.example.com", "password": "page-4711"}}}'
# A container engine and a git server are not here; the builder prepares, and does not build.
STAND_INS = {
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


def follow(ansible: Ansible, name: str, text: str | None = None, **environment: str) -> str:
    """Run a block of shell commands of the page in the run's directory."""
    programs = ansible.directory / "programs"
    for program, script in STAND_INS.items():
        ansible.write(f"programs/{program}", f"#!/bin/sh\nset -e\n{script}").chmod(0o755)
    plain = ansible.environ(RECORD_FILE=os.devnull, **environment)
    builder = shutil.which("ansible-builder", path=plain["PATH"])
    assert builder
    done = subprocess.run(
        ["sh", "-eu", "-c", text or PAGE.files[name]],
        cwd=ansible.directory,
        env={**plain, "REAL_BUILDER": builder, "PATH": f"{programs}{os.pathsep}{plain['PATH']}"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def prepare(ansible: Ansible) -> None:
    """Put in place what the page takes for granted: the installed collection, and an authority."""
    place = ansible.home / ".ansible" / "collections"
    place.parent.mkdir(exist_ok=True)
    place.symlink_to(COLLECTIONS)
    (artifact,) = (ROOT / "build").glob("keyfactor-command-*.tar.gz")
    shutil.copy(artifact, ansible.directory)
    ansible.write("example-ca.pem", "pem\n")


def test_page_from_its_first_command_to_the_job(ansible: Ansible, awx: AwxServer) -> None:
    prepare(ansible)
    follow(ansible, "build.sh")
    context = ansible.directory / "kit" / "execution_environment" / "context"
    assert (context / "_build" / "files" / "example-ca.pem").is_file()
    assert not (context / "_build" / "bindep.txt").exists()
    follow(ansible, "project.sh")
    project = ansible.directory / "keyfactor-environments"
    assert (project / "verify_smtp.yml").is_file()
    assert "push" in (ansible.directory / "git.log").read_text()

    ansible.write("mine.yml", PAGE.files["mine.yml"])
    profiles = ansible.write("command_config.json", PROFILES)
    secrets = PAGE.files["secrets.yml"]
    secrets = secrets.replace("/etc/keyfactor/command_config.json", str(profiles))
    secrets = secrets.replace("/etc/pki/example-ca.pem", str(ansible.directory / "example-ca.pem"))
    ansible.write("secrets.yml", secrets)
    commands = PAGE.files["apply.sh"].replace("https://awx.example.com", awx.url)
    paths = f"{COLLECTIONS}{os.pathsep}{ROOT / 'build' / 'awx'}"
    output = follow(ansible, "apply.sh", commands, ANSIBLE_COLLECTIONS_PATH=paths)
    assert "page-4711" not in output

    credential = awx.get("credentials", "Keyfactor Command SMTP config file")
    assert credential["inputs"] == {"profiles": PROFILES, "ca_cert": "pem"}
    names = ["development", "staging", "production", "recovery"]
    schedule = awx.get("schedules", "Keyfactor Command SMTP")
    assert schedule["extra_data"] == {"verify_smtp_environments": names}
    job = awx.get("job_templates", "Verify the SMTP profile")
    assert [each["name"] for each in awx.associated(job, "notification_templates_error")] == [
        "Keyfactor Command SMTP"
    ]


def test_image_with_kerberos(ansible: Ansible) -> None:
    """Where build.sh has left the shell, and in place of its last two lines."""
    prepare(ansible)
    *before, _build, _push = PAGE.files["build.sh"].splitlines()
    follow(ansible, "kerberos.sh", "\n".join([*before, PAGE.files["kerberos.sh"]]))
    place = ansible.directory / "kit" / "execution_environment"
    found = (place / "context" / "_build" / "bindep.txt").read_text()
    assert found == (INSTALLED / "meta" / "ee-bindep.txt").read_text()
    assert (place / "podman.log").read_text().startswith("push registry.example.com/")


def test_every_block_is_a_file_of_these_tests() -> None:
    names = {"build.sh", "kerberos.sh", "project.sh", "mine.yml", "secrets.yml", "apply.sh"}
    assert set(PAGE.files) == names
    assert len(PAGE.blocks) == len(PAGE.files)


def test_what_the_page_names_is_there() -> None:
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
    assert len(definitions) == 2
    assert all(name in path.read_text() for path in definitions)
