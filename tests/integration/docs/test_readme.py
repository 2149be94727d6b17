# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The README: its inventory, commands, examples, and table."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.emulator import SmtpProfile
from tests.integration.support.ansible import INSTALLED, PLAYBOOK, ROOT
from tests.integration.support.pages import Page

if TYPE_CHECKING:
    from pathlib import Path

    from tests.emulator import Emulator
    from tests.integration.support.ansible import Ansible

PAGE = Page(ROOT / "README.md")
README, FILES = PAGE.text, PAGE.files
PASSWORD = "readme-password-4711"


@pytest.fixture
def inventory(emulator: Emulator) -> str:
    """The inventory of the README, with the addresses of emulated servers."""
    profile = SmtpProfile(sender_account="pki@example.com")
    users = {"KEYEXAMPLE\\svc-ansible": PASSWORD}
    text = FILES["environments.yml"].replace("/etc/pki/example-ca.pem", str(emulator.ca_cert))
    for name, api_path in (
        ("https://command.staging.example.com:8443", "Keyfactor/API"),
        ("command.example.com", "KeyfactorAPI"),
    ):
        server = emulator.command(release="25.1", profile=profile, users=users, api_path=api_path)
        assert text.count(name) == 1
        text = text.replace(name, server.url)
    return text


def test_quick_start(ansible: Ansible, inventory: str) -> None:
    ansible.write("environments.yml", inventory)
    assert f"ansible-playbook {PLAYBOOK} -i environments.yml" in README
    options = re.findall(r"`((?:-e|--limit) [^`]+)`", README)
    assert options == [
        "-e verify_smtp_report_dir=report",
        "-e verify_smtp_fail=false",
        "--limit staging",
    ]
    arguments = " ".join(options).split()
    outcome = ansible.run(PLAYBOOK, inventory, COMMAND_PASSWORD=PASSWORD)
    assert outcome.status == 0, outcome.output
    assert "2 environments: 2 compliant, 0 drifted, 0 indeterminate" in outcome.table()
    outcome = ansible.run(PLAYBOOK, inventory, *arguments, COMMAND_PASSWORD="wrong-4711")
    assert outcome.status == 0, outcome.output
    assert "1 environment: 0 compliant, 0 drifted, 1 indeterminate" in outcome.table()
    report = json.loads((ansible.directory / "report" / "report.json").read_text())
    assert report["environments"][0]["error"]["kind"] == "authentication"


def test_play(ansible: Ansible, inventory: str) -> None:
    outcome = ansible.run(FILES["site.yml"], inventory, COMMAND_PASSWORD=PASSWORD)
    assert outcome.status == 0, outcome.output
    result = outcome.result("staging", "Show the mail server of each environment")
    assert result["msg"] == "compliant: smtp.example.com"


def test_every_yaml_block_is_tested() -> None:
    assert set(FILES) == {"environments.yml", "site.yml"}
    assert len([language for language, _text in PAGE.blocks if language == "yaml"]) == len(FILES)
    for text in FILES.values():
        assert yaml.safe_load(text)


def test_demo_shows_table_of_readme(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "demo", str(tmp_path)]
    process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stdout + process.stderr
    table = PAGE.only("text")

    def without_ports(lines: list[str]) -> str:
        # The relay's certificate expired a day before the demo.
        lines = [re.sub(r"20\d\d-\d\d-\d\d \d\d:\d\d UTC", "DATE", line) for line in lines]
        return re.sub(r"localhost:\d+", "localhost:0", re.sub(r"\s+", " ", " ".join(lines)))

    shown = without_ports(process.stdout.splitlines())
    assert without_ports(table.splitlines()) in shown
    mail = "From: pki@example.com To: pki-team@example.com Subject: Keyfactor Command test"
    assert f"its Keyfactor Command sent: {mail}" in shown


def test_lists_guides_and_content() -> None:
    """The site uses this order of guides, and Sphinx fails if one is missing."""
    listed = re.findall(r"^- \[[^]]+\]\(docs/([\w-]+)\.md\): ", README, re.M)
    assert sorted(listed) == sorted(path.stem for path in (ROOT / "docs").glob("*.md"))
    content = README.partition("\n## Included content\n")[2].partition("\n## ")[0]
    for folder in ("modules", "inventory"):
        for path in (ROOT / "plugins" / folder).glob("*.py"):
            is_internal = "[INTERNAL]" in path.read_text(encoding="utf-8")
            assert is_internal or f"`{path.stem}`" in content
    for path in [*(ROOT / "playbooks").glob("*.yml"), *(ROOT / "roles").iterdir()]:
        assert f"`{path.stem}`" in content


def test_ansible_doc_commands(ansible: Ansible) -> None:
    commands = re.findall(r"`(ansible-doc [^`]+)`", README)
    assert len(commands) == 2
    for command in commands:
        process = subprocess.run(
            command.split(), env=ansible.environ(), capture_output=True, text=True, check=False
        )
        assert process.returncode == 0, process.stderr
        assert "keyfactor" in process.stdout.lower()


def test_version_of_artifact() -> None:
    version = json.loads((INSTALLED / "MANIFEST.json").read_text())["collection_info"]["version"]
    assert f"build/keyfactor-command-{version}.tar.gz" in README


def test_install(ansible: Ansible) -> None:
    (install,) = (text for _language, text in PAGE.blocks if "ansible-galaxy collection " in text)
    make, pip, galaxy = install.splitlines()
    assert make == "make build"
    packages = re.findall(r"^\w+", (ROOT / "requirements.txt").read_text(), re.M)
    assert pip.split() == ["python3", "-m", "pip", "install", *packages]
    installed = ansible.directory / "installed"
    environ = ansible.environ(ANSIBLE_COLLECTIONS_PATH=str(installed))
    subprocess.run(galaxy.split(), cwd=ROOT, env=environ, check=True, capture_output=True)
    assert (installed / "ansible_collections/keyfactor/command/MANIFEST.json").is_file()
