# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs of the playbooks of the AWX kit, or of some of their tasks, against the fake AWX."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.integration.support.ansible import COLLECTIONS, INSTALLED, ROOT
from tests.integration.support.awx.access import ORGANIZATION

if TYPE_CHECKING:
    from tests.integration.support.ansible import Ansible
    from tests.integration.support.awx.server import AwxServer

KIT = INSTALLED / "extensions" / "awx"
COLLECTION_PATHS = f"{COLLECTIONS}{os.pathsep}{ROOT / 'build' / 'awx'}"
JOB, NAME = "Verify the SMTP profile", "Keyfactor Command SMTP"
# Deprecated imports of the modules of awx.awx 24.6.1, of which ansible-core 2.22 warns.
OF_AWX = re.compile(r"ansible\.module_utils\.(_text|six)\b")
WORKFLOW = "Verify the SMTP profile stage by stage"


class Kit:
    """A copy of the kit, as docs/awx.md tells users to make one."""

    def __init__(self, ansible: Ansible, awx: AwxServer) -> None:
        self.ansible, self.awx = ansible, awx
        self.directory = ansible.directory / "kit"
        shutil.copytree(KIT, self.directory, dirs_exist_ok=True)

    def apply(self, playbook: str, token: str = ORGANIZATION, **settings: Any) -> tuple[int, str]:
        """Run a playbook of the kit, and return its exit status and output."""
        return self._run(self.directory / playbook, token, settings)

    def run_tasks(self, *names: str, **settings: Any) -> tuple[int, str]:
        """Run only some of the tasks of apply.yml."""
        play = {
            "hosts": "localhost",
            "gather_facts": False,
            "vars_files": ["settings.yml", "names.yml", "survey.yml"],
            "tasks": [{"ansible.builtin.include_tasks": f"tasks/{name}.yml"} for name in names],
        }
        return self._run(self.ansible.write("kit/some.yml", [play]), ORGANIZATION, settings)

    def _run(self, playbook: Path, token: str, settings: dict[str, Any]) -> tuple[int, str]:
        extra_vars = self.ansible.write("mine.yml", json.dumps(settings))
        environ = self.ansible.environ(
            ANSIBLE_COLLECTIONS_PATH=COLLECTION_PATHS,
            ANSIBLE_PIPELINING="true",
            RECORD_FILE=os.devnull,
            CONTROLLER_HOST=self.awx.url,
            CONTROLLER_OAUTH_TOKEN=token,
            CONTROLLER_OPTIONAL_API_URLPATTERN_PREFIX=self.awx.prefix,
        )
        process = subprocess.run(
            ["ansible-playbook", str(playbook), "-e", f"@{extra_vars}"],
            cwd=self.ansible.directory,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        deprecations = re.findall(r"^\[DEPRECATION WARNING\]: (.*)", process.stdout, re.M)
        assert [each for each in deprecations if not OF_AWX.search(each)] == []
        return process.returncode, process.stdout
