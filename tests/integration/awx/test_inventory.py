# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kit's inventory that makes one host of each profile of the file that AWX injects."""

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


def test_file_has_another_path_in_the_job_than_in_the_inventory_update(
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
    injected = []
    for place in ("update", "job"):
        directory = ansible.directory / place
        directory.mkdir()
        injected.append(inject(load("config_file"), inputs, directory))
    update, job = injected
    source = PROJECT / "inventory" / "environments.command.yml"
    listed = subprocess.run(
        ["ansible-inventory", "-i", str(source), "--list", "--yaml"],
        env=ansible.environ(ANSIBLE_INVENTORY_UNPARSED_FAILED="true", **update),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert PASSWORD not in listed
    (ansible.directory / "update" / "tmp_template.profiles").unlink()
    done = Runner(ansible).launch(yaml.safe_load(listed), environ=job)
    assert done.status == "successful", done.output
    assert "2 environments: 2 compliant, 0 drifted, 0 indeterminate" in done.table()
