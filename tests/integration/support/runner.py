# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs as AWX runs them: ansible-runner, a private data directory, and what is left in it.

The project is the kit's, as a user would copy it into a repository.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.integration.support.ansible import COLLECTIONS, INSTALLED, Ansible

if TYPE_CHECKING:
    from collections.abc import Mapping

PROJECT = INSTALLED / "extensions" / "awx" / "project"
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Job:
    """What a job left: its events, its output as AWX shows it, and the files of its artifacts."""

    directory: Path
    events: list[dict[str, Any]]

    @property
    def status(self) -> str:
        return (self.directory / "status").read_text()

    @property
    def output(self) -> str:
        return COLOUR.sub("", (self.directory / "stdout").read_text())

    @property
    def artifacts(self) -> dict[str, Any]:
        """What set_stats published."""
        (end,) = (each for each in self.events if each["event"] == "playbook_on_stats")
        return end["event_data"]["artifact_data"]  # type: ignore[no-any-return]

    def result(self, host: str, task: str) -> dict[str, Any]:
        """Return a host's result of a task."""
        found = [
            each["event_data"]["res"]
            for each in self.events
            if each["event"].startswith("runner_on_")
            and (each["event_data"].get("host"), each["event_data"].get("task")) == (host, task)
            and "res" in each["event_data"]
        ]
        assert found, f"{host} has no result of {task!r}:\n{self.output}"
        return found[-1]  # type: ignore[no-any-return]

    def table(self) -> list[str]:
        """Return the lines of the table that ends the output."""
        found = [
            each["event_data"]["res"]["msg"]
            for each in self.events
            if each["event"] == "runner_on_ok" and each["event_data"]["task"] == "Show the verdicts"
        ]
        assert found, self.output
        return list(found[-1])

    def facts(self, host: str) -> dict[str, Any]:
        """Return what the fact cache holds of a host."""
        cache = self.directory / "fact_cache"
        if (cache / host).is_file():
            return json.loads((cache / host).read_text())  # type: ignore[no-any-return]
        # From ansible-core 2.19 on it has another name, and wraps what it holds.
        wrapped = json.loads((cache / f"s1_{host}").read_text())
        return json.loads(wrapped["__payload__"])  # type: ignore[no-any-return]


class Runner:
    """Launches jobs of one template, each in a private data directory of its own."""

    def __init__(self, ansible: Ansible) -> None:
        self.ansible = ansible
        self.count = 0

    def launch(
        self,
        inventory: object,
        *options: str,
        environment: Mapping[str, str],
        answers: Mapping[str, Any] | None = None,
    ) -> Job:
        """Run the kit's playbook, with a credential's environment and a survey's answers."""
        self.count += 1
        directory = self.ansible.directory / f"job-{self.count}"
        shutil.copytree(PROJECT, directory / "project")
        files = {
            "inventory/hosts.yml": inventory,
            "env/envvars": {"ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS), **environment},
            "env/extravars": dict(answers or {}),
            "env/settings": {"fact_cache_type": "jsonfile"},
        }
        for name, content in files.items():
            path = directory / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(content))
        if options:
            (directory / "env" / "cmdline").write_text(" ".join(options))
        command = [str(Path(sys.executable).with_name("ansible-runner")), "run", str(directory)]
        subprocess.run(
            [*command, "--playbook", "verify_smtp.yml", "--ident", "1", "--quiet"],
            env=self.ansible.environment(ANSIBLE_CALLBACKS_ENABLED="awx_display"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=False,
        )
        artifacts = directory / "artifacts" / "1"
        paths = (artifacts / "job_events").glob("*.json")
        events = [json.loads(path.read_text()) for path in paths]
        return Job(artifacts, sorted(events, key=lambda each: int(each["counter"])))
