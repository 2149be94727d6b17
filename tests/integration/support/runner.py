# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs as AWX runs them, with ansible-runner and a private data directory.

The project is that of the kit, as a user would copy it into a repository.
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
COLOR_CODES = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Job:
    """A finished job: its events, and the directory with its output and artifacts."""

    directory: Path
    events: list[dict[str, Any]]

    @property
    def status(self) -> str:
        return (self.directory / "status").read_text()

    @property
    def output(self) -> str:
        return COLOR_CODES.sub("", (self.directory / "stdout").read_text())

    @property
    def artifacts(self) -> dict[str, Any]:
        """The data that set_stats published."""
        (stats,) = (event for event in self.events if event["event"] == "playbook_on_stats")
        return stats["event_data"]["artifact_data"]  # type: ignore[no-any-return]

    def result(self, host: str, task: str) -> dict[str, Any]:
        """Return the result of a task on a host."""
        results = [
            event["event_data"]["res"]
            for event in self.events
            if event["event"].startswith("runner_on_")
            and (event["event_data"].get("host"), event["event_data"].get("task")) == (host, task)
            and "res" in event["event_data"]
        ]
        assert results, f"{host} has no result of {task!r}:\n{self.output}"
        return results[-1]  # type: ignore[no-any-return]

    def table(self) -> list[str]:
        """Return the lines of the final table of verdicts."""
        messages = [
            event["event_data"]["res"]["table"]
            for event in self.events
            if event["event"] == "runner_on_ok"
            and event["event_data"]["task"] == "Show the verdicts"
        ]
        assert messages, self.output
        return list(messages[-1])

    def facts(self, host: str) -> dict[str, Any]:
        """Return the cached facts of a host."""
        cache = self.directory / "fact_cache"
        if (cache / host).is_file():
            return json.loads((cache / host).read_text())  # type: ignore[no-any-return]
        # Since ansible-core 2.19 the file has a prefix, and the facts are wrapped.
        content = json.loads((cache / f"s1_{host}").read_text())
        return json.loads(content["__payload__"])  # type: ignore[no-any-return]


class Runner:
    """Runs jobs of one template, each with its own private data directory."""

    def __init__(self, ansible: Ansible) -> None:
        self.ansible = ansible
        self.count = 0

    def launch(
        self,
        inventory: object,
        *options: str,
        environ: Mapping[str, str],
        answers: Mapping[str, Any] | None = None,
    ) -> Job:
        """Run the playbook of the kit, with the variables of a credential and the answers of a survey."""
        self.count += 1
        directory = self.ansible.directory / f"job-{self.count}"
        shutil.copytree(PROJECT, directory / "project")
        files = {
            "inventory/hosts.yml": inventory,
            "env/envvars": {"ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS), **environ},
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
            env=self.ansible.environ(ANSIBLE_CALLBACKS_ENABLED="awx_display"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=False,
        )
        artifacts = directory / "artifacts" / "1"
        paths = (artifacts / "job_events").glob("*.json")
        events = [json.loads(path.read_text()) for path in paths]
        return Job(artifacts, sorted(events, key=lambda event: int(event["counter"])))
