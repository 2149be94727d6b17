# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to getting started: all of its commands, with an emulated Command."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.emulator import SmtpProfile
from tests.integration.support.ansible import COLLECTIONS, ROOT
from tests.integration.support.pages import Page, final_table
from tests.integration.support.shell import Shell

if TYPE_CHECKING:
    from tests.emulator import Emulator
    from tests.integration.support.ansible import Ansible

PAGE = Page(ROOT / "docs" / "getting-started.md")
PASSWORD = "getting-started-password-4711"


@pytest.fixture
def shell(ansible: Ansible) -> Shell:
    return Shell(ansible)


def test_install(shell: Shell) -> None:
    script = PAGE.files["install.sh"]
    # pip is a stub, as tests do not access the network. Only its arguments are checked.
    (packages,) = re.findall(r"^python3 -m pip install (.*)$", script, re.M)
    required = re.findall(r"^\w+", (ROOT / "requirements.txt").read_text(), re.M)
    assert packages.split() == ["ansible-core", *required]
    venv = shell.directory / "venv" / "bin"
    venv.mkdir(parents=True)
    (venv / "activate").touch()
    shell.add_stub("python3")
    (artifact,) = (ROOT / "build").glob("keyfactor-command-*.tar.gz")
    shell.ansible.write(artifact.name, "")
    (shell.directory / artifact.name).write_bytes(artifact.read_bytes())
    installed = shell.directory / "installed"
    process = shell.run(script, ANSIBLE_COLLECTIONS_PATH=str(installed))
    assert process.returncode == 0, process.stdout
    assert shell.calls() == ["python3 -m venv venv", f"python3 -m pip install {packages}"]
    assert (installed / "ansible_collections/keyfactor/command/MANIFEST.json").is_file()


@pytest.mark.parametrize("port", [587, 25])
def test_read_and_verify(shell: Shell, emulator: Emulator, port: int) -> None:
    server = emulator.command(
        release="25.1",
        users={"KEYEXAMPLE\\svc-ansible": PASSWORD},
        profile=SmtpProfile(port=port, use_ssl=True, sender_account="pki@example.com"),
    )
    inventory = PAGE.files["environments.yml"]
    for old, new in (
        ("command.example.com", f"localhost:{server.port}"),
        ("/etc/pki/example-ca.pem", str(emulator.ca_cert)),
    ):
        assert inventory.count(old) == 1
        inventory = inventory.replace(old, new)
    shell.ansible.write("environments.yml", inventory)
    shell.ansible.write("look.yml", PAGE.files["look.yml"])
    shell.ansible.write("group_vars/all/verify_smtp.yml", PAGE.files["verify_smtp.yml"])
    collections = {"ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS)}

    looked = shell.run(PAGE.files["look.sh"], stdin=f"{PASSWORD}\n", **collections)
    assert looked.returncode == 0, looked.stdout
    (profile,) = re.findall(r'"read\.smtp": (\{.*?\n    \})', looked.stdout, re.S)
    assert len(json.loads(profile)) == 16
    assert "sixteen settings" in PAGE.text
    assert PASSWORD not in looked.stdout

    verified = shell.run(PAGE.files["verify.sh"], COMMAND_PASSWORD=PASSWORD, **collections)
    table = final_table(verified.stdout)
    if port == 587:
        assert verified.returncode == 0, verified.stdout
        assert PAGE.only("text").splitlines() == table
    else:
        assert verified.returncode == 2, verified.stdout
        assert "production   drifted        port is 25, expected 587" in table
