# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs of ansible-playbook with the built and installed collection."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.support.report_schema import validate_report

ROOT = Path(__file__).resolve().parents[3]
COLLECTIONS = ROOT / "build" / "collections"
INSTALLED = COLLECTIONS / "ansible_collections" / "keyfactor" / "command"
PLAYBOOK = "keyfactor.command.verify_smtp"
RECORD = "keyfactor.command.record_smtp"
APPLY = "keyfactor.command.apply_smtp"
# The extra variable for each way to run the module. Only their speed may differ.
MODES = {"in place": "keyfactor_in_process=true", "shipped": "keyfactor_in_process=false"}
# Environment variables of this machine that would change a run.
EXCLUDED_VARIABLES = re.compile(r"ANSIBLE_|KEYFACTOR_|.*_PROXY$|.*_CA_BUNDLE$|SSL_CERT_|KRB5", re.I)


@dataclass(frozen=True)
class Outcome:
    """The exit status and output of a playbook run, and the results of its tasks."""

    status: int
    output: str
    results: list[dict[str, Any]]

    def result(self, host: str, task: str) -> dict[str, Any]:
        """Return the result of a task on a host."""
        results = [
            record["result"]
            for record in self.results
            if (record["host"], record["task"]) == (host, task)
        ]
        assert results, f"{host} has no result of {task!r}:\n{self.output}"
        return results[-1]  # type: ignore[no-any-return]

    def failure_message(self, host: str) -> str:
        """Return the message of the failed task on a host."""
        failures = [
            record["result"]
            for record in self.results
            if (record["host"], record["status"]) == (host, "failed")
        ]
        assert failures, f"{host} did not fail:\n{self.output}"
        return str(failures[-1]["msg"])

    def table(self) -> list[str]:
        """Return the lines of the final table of verdicts."""
        results = [
            record["result"] for record in self.results if record["task"] == "Show the verdicts"
        ]
        assert results, self.output
        return list(results[-1]["table"])


class Ansible:
    """Runs playbooks in a separate directory, with an initially empty home directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.home = directory / "home"
        self.home.mkdir(exist_ok=True)
        self.runs = 0

    def write(self, name: str, content: object) -> Path:
        """Write a file: a string as is, anything else as YAML."""
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            content if isinstance(content, str) else yaml.safe_dump(content, sort_keys=False)
        )
        return path

    def environ(self, **variables: str) -> dict[str, str]:
        """Return the environment variables of a run. Those that would change it are left out."""
        inherited = {
            name: value for name, value in os.environ.items() if not EXCLUDED_VARIABLES.match(name)
        }
        return {
            **inherited,
            "HOME": str(self.home),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
            "ANSIBLE_CALLBACK_PLUGINS": str(Path(__file__).with_name("callback")),
            "ANSIBLE_CALLBACKS_ENABLED": "record",
            "ANSIBLE_NOCOLOR": "true",
            "ANSIBLE_DEPRECATION_WARNINGS": "true",
            # At the end of a play Ansible kills workers that are about to exit. Give them up to
            # 10 seconds to write coverage data, and check every 10 milliseconds.
            "ANSIBLE_WORKER_SHUTDOWN_POLL_COUNT": "1000",
            "ANSIBLE_WORKER_SHUTDOWN_POLL_DELAY": "0.01",
            # Ansible ignores HOME for these, and looks up the home directory of the user.
            "ANSIBLE_REMOTE_TMP": str(self.home / "tmp"),
            "ANSIBLE_ASYNC_DIR": str(self.home / "async"),
            **variables,
        }

    def run(
        self,
        playbook: object,
        inventory: object,
        *options: str,
        **environ: str,
    ) -> Outcome:
        """Run a playbook of the collection by its name, or a playbook with this content.

        :param inventory: content of the inventory, or the path of an existing source.
        """
        self.runs += 1
        record = self.directory / f"results-{self.runs}.jsonl"
        record.touch()
        if playbook not in (PLAYBOOK, RECORD, APPLY):
            playbook = self.write("playbook.yml", playbook)
        if not isinstance(inventory, Path):
            inventory = self.write("inventory.yml", inventory)
        process = subprocess.run(
            ["ansible-playbook", str(playbook), "-i", str(inventory), *options],
            cwd=self.directory,
            env=self.environ(RECORD_FILE=str(record), **environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        results = [json.loads(line) for line in record.read_text().splitlines()]
        assert "Traceback" not in process.stdout, process.stdout
        for report in self.directory.glob("**/report.json"):
            validate_report(json.loads(report.read_text(encoding="utf-8")))
        # Deprecated features break with a future ansible-core.
        assert "[DEPRECATION WARNING]" not in process.stdout, process.stdout
        return Outcome(process.returncode, process.stdout, results)
