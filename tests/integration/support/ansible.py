# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real ansible-playbook processes of the built and installed collection."""

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
# The two ways to run the module, which must not differ in anything but speed.
MODES = {"in place": "keyfactor_in_process=true", "shipped": "keyfactor_in_process=false"}
# What this machine's own environment must not bring into a test.
FOREIGN = re.compile(r"ANSIBLE_|KEYFACTOR_|.*_PROXY$|.*_CA_BUNDLE$|SSL_CERT_|KRB5", re.I)


@dataclass(frozen=True)
class Outcome:
    """What a playbook run showed, and the results of its tasks."""

    status: int
    output: str
    results: list[dict[str, Any]]

    def of(self, host: str, task: str) -> dict[str, Any]:
        """Return a host's result of the task of this name."""
        found = [each for each in self.results if (each["host"], each["task"]) == (host, task)]
        assert found, f"{host} has no result of {task!r}:\n{self.output}"
        return found[-1]["result"]  # type: ignore[no-any-return]

    def failed(self, host: str) -> str:
        """Return the message with which a host failed."""
        found = [e for e in self.results if e["host"] == host and e["status"] == "failed"]
        assert found, f"{host} did not fail:\n{self.output}"
        return str(found[-1]["result"]["msg"])

    def table(self) -> list[str]:
        """Return the lines of the table that ends the output."""
        found = [each for each in self.results if each["task"] == "Show the verdicts"]
        assert found, self.output
        return list(found[-1]["result"]["msg"])


class Ansible:
    """Runs playbooks in a directory of its own, with a home that is empty at first."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.home = directory / "home"
        self.home.mkdir(exist_ok=True)
        self.runs = 0

    def write(self, name: str, content: object) -> Path:
        """Write a file of the run; text as it is, anything else as YAML."""
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            content if isinstance(content, str) else yaml.safe_dump(content, sort_keys=False)
        )
        return path

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment of a run: this machine's, without what would change the outcome."""
        kept = {name: value for name, value in os.environ.items() if not FOREIGN.match(name)}
        return {
            **kept,
            "HOME": str(self.home),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
            "ANSIBLE_CALLBACK_PLUGINS": str(Path(__file__).with_name("callback")),
            "ANSIBLE_CALLBACKS_ENABLED": "record",
            "ANSIBLE_NOCOLOR": "true",
            "ANSIBLE_DEPRECATION_WARNINGS": "true",
            # At the end of a play Ansible kills workers that are about to exit. Let them write
            # what was measured, checking every 10 milliseconds for up to 10 seconds.
            "ANSIBLE_WORKER_SHUTDOWN_POLL_COUNT": "1000",
            "ANSIBLE_WORKER_SHUTDOWN_POLL_DELAY": "0.01",
            # Ansible looks up the real home for these, whatever HOME is.
            "ANSIBLE_REMOTE_TMP": str(self.home / "tmp"),
            "ANSIBLE_ASYNC_DIR": str(self.home / "async"),
            **more,
        }

    def run(
        self,
        playbook: object,
        inventory: object,
        *options: str,
        **environment: str,
    ) -> Outcome:
        """Run a playbook, given by its collection name or as its content.

        :param inventory: the inventory's content, or the path of a source that is there.
        """
        self.runs += 1
        record = self.directory / f"results-{self.runs}.jsonl"
        record.touch()
        named = playbook in (PLAYBOOK, RECORD)
        name = playbook if named else str(self.write("playbook.yml", playbook))
        is_there = isinstance(inventory, Path)
        hosts = str(inventory if is_there else self.write("inventory.yml", inventory))
        done = subprocess.run(
            ["ansible-playbook", str(name), "-i", hosts, *options],
            cwd=self.directory,
            env=self.environment(RECORD_FILE=str(record), **environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        results = [json.loads(line) for line in record.read_text().splitlines()]
        assert "Traceback" not in done.stdout, done.stdout
        for report in self.directory.glob("**/report.json"):
            validate_report(json.loads(report.read_text(encoding="utf-8")))
        # What is deprecated breaks with an ansible-core to come.
        assert "[DEPRECATION WARNING]" not in done.stdout, done.stdout
        return Outcome(done.returncode, done.stdout, results)
