# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The event source in a real ansible-rulebook, with the rulebook of the documentation."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.emulator import Fault, SmtpProfile
from tests.integration.support.ansible import INSTALLED, ROOT
from tests.integration.support.cases import PASSWORD
from tests.integration.support.environments import make_inventory, start_servers_with
from tests.integration.support.optional import skip_or_fail
from tests.integration.support.pages import Page

if TYPE_CHECKING:
    from tests.emulator import Command, Emulator
    from tests.integration.support.ansible import Ansible

PAGE = Page(ROOT / "docs" / "events.md")
RULEBOOK = ROOT / "build" / "venvs" / "eda" / "bin" / "ansible-rulebook"
SOURCE = INSTALLED / "extensions" / "eda" / "plugins" / "event_source" / "smtp_drift.py"
DRIFT = SmtpProfile(port=25)
RIGHT = SmtpProfile(host="smtp.example.com", port=587, use_ssl=True, scope=None)


def test_page_lists_options_and_keys() -> None:
    text = SOURCE.read_text()
    (documentation,) = re.findall(r'DOCUMENTATION = r"""\n(.*?)"""', text, re.S)
    options = yaml.safe_load(documentation)["options"]
    rows = re.findall(r"^\| `(\w+)` \|", PAGE.text.partition("## Options")[2], re.M)
    assert rows == list(options)
    (event,) = re.findall(r"^def _event\(.*?^def |^def _event\(.*?\n\n\n", text, re.M | re.S)
    keys = re.findall(r'^        "(\w+)":', event, re.M)
    rows = re.findall(r"^\| `(\w+)` \|", PAGE.text.partition("## Options")[0], re.M)
    assert rows == keys
    scripts = {"install.sh", "run.sh", "try.sh"}
    assert set(PAGE.files) == scripts | {"rulebook.yml", "on_drift.yml", "actions.yml"}
    assert str(SOURCE.relative_to(INSTALLED)) in PAGE.files["try.sh"]
    (example,) = yaml.safe_load((INSTALLED / "extensions/eda/rulebooks/smtp_drift.yml").read_text())
    assert example["sources"] == PAGE.load("rulebook.yml")[0]["sources"]


class Rulebook:
    """A running ansible-rulebook, whose output is read line by line."""

    def __init__(self, ansible: Ansible, command: list[str], **environ: str) -> None:
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            command,
            cwd=ansible.directory,
            env=ansible.environ(RECORD_FILE=os.devnull, PYTHONUNBUFFERED="1", **environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def wait_for(self, text: str) -> None:
        """Read until a line has this text."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line)
            if text in line:
                return
        pytest.fail(f"It ended without {text!r}:\n{''.join(self.lines)}")

    def end(self) -> str:
        """Stop it as a terminal does, and return all of its output."""
        self.process.send_signal(signal.SIGINT)
        rest, _none = self.process.communicate()
        return "".join([*self.lines, rest])


def change(server: Command, profile: SmtpProfile) -> None:
    server.options = replace(server.options, profile=profile)


@pytest.mark.timeout(600)
def test_drift_repair_and_outage(
    ansible: Ansible, emulator: Emulator, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if not RULEBOOK.is_file():
        skip_or_fail("ansible-rulebook is not installed. Run: make eda")
    if not shutil.which("java"):
        skip_or_fail("ansible-rulebook needs Java (default-jre-headless)")
    servers = start_servers_with(emulator, {"production": RIGHT, "staging": RIGHT})
    inventory = make_inventory(emulator, servers)
    for host in inventory["all"]["hosts"].values():
        host["verify_smtp_connection"]["retries"] = 0
    ansible.write("environments.yml", inventory)
    for name in ("on_drift.yml", "actions.yml"):
        ansible.write(name, PAGE.files[name])
    ansible.write(
        "rulebook.yml", PAGE.files["rulebook.yml"].replace("interval: 300", "interval: 1")
    )
    command = PAGE.commands("run.sh")[-1].split()
    assert command[0] == "ansible-rulebook"
    # Elsewhere, because the action run_playbook copies the working directory to it.
    temporary = tmp_path_factory.mktemp("temporary")
    rulebook = Rulebook(
        ansible, [str(RULEBOOK), *command[1:], "--print-events"], TMPDIR=str(temporary)
    )
    try:
        rulebook.wait_for("'environment': 'staging'")
        change(servers["production"], DRIFT)
        rulebook.wait_for("production: ")
        assert "port is 25" in rulebook.lines[-1]
        change(servers["production"], RIGHT)
        rulebook.wait_for("production is compliant again")
        # An outage of one environment, and drift of another at the same time.
        servers["production"].faults = [Fault.status(503)]
        change(servers["staging"], DRIFT)
        rulebook.wait_for("production is indeterminate: ")
        assert "'kind': 'server'" in rulebook.lines[-1]
        rulebook.wait_for("staging: ")
    finally:
        output = rulebook.end()
    # One event for each change: two at first, then four.
    events = re.findall(r"'environment': '(\w+)'.*?'verdict': '(\w+)'", output, re.S)
    assert sorted(events) == [
        ("production", "compliant"),
        ("production", "compliant"),
        ("production", "drifted"),
        ("production", "indeterminate"),
        ("staging", "compliant"),
        ("staging", "drifted"),
    ]
    assert PASSWORD not in output
    assert "Traceback" not in output
