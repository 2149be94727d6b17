# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory of the kit with one host per config profile in the file that AWX injects."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import yaml

from tests.integration.support.cases import PASSWORD, USER
from tests.integration.support.runner import PROJECT, Runner
from tests.unit.extensions.awx.render import inject, load

if TYPE_CHECKING:
    from tests.emulator import Emulator
    from tests.integration.support.ansible import Ansible


def test_job_and_inventory_update_have_different_paths(
    ansible: Ansible, emulator: Emulator
) -> None:
    profiles = {
        name: {
            "host": emulator.command(release="25.1", users={USER: PASSWORD}).url,
            "username": USER,
            "password": PASSWORD,
        }
        for name in ("development", "production")
    }
    inputs = {
        "profiles": json.dumps({"servers": profiles}),
        "ca_cert": emulator.ca_cert.read_text(),
    }
    variables = []
    for name in ("update", "job"):
        directory = ansible.directory / name
        directory.mkdir()
        variables.append(inject(load("config_file"), inputs, directory))
    update, job = variables
    source = PROJECT / "inventory" / "environments.command.yml"
    inventory = subprocess.run(
        ["ansible-inventory", "-i", str(source), "--list", "--yaml"],
        env=ansible.environ(ANSIBLE_INVENTORY_UNPARSED_FAILED="true", **update),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert PASSWORD not in inventory
    (ansible.directory / "update" / "tmp_template.profiles").unlink()
    result = Runner(ansible).launch(yaml.safe_load(inventory), environ=job)
    assert result.status == "successful", result.output
    assert "2 environments: 2 compliant, 0 drifted, 0 indeterminate" in result.table()
