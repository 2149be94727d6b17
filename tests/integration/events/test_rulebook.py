# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The event source in a real ansible-rulebook, with the rulebook of the documentation."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.emulator import Fault, SmtpProfile
from tests.integration.support.ansible import INSTALLED, ROOT
from tests.integration.support.awx.access import ORGANIZATION
from tests.integration.support.awx.prepared import PreparedAwx
from tests.integration.support.cases import PASSWORD, USER
from tests.integration.support.environments import make_inventory
from tests.integration.support.optional import skip_or_fail
from tests.integration.support.pages import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.emulator import Command, Emulator
    from tests.integration.support.ansible import Ansible

# A run of a rulebook starts many processes, which takes long on a busy machine.
pytestmark = pytest.mark.timeout(400)

PAGE = Page(ROOT / "docs" / "events.md")
RULEBOOK = ROOT / "build" / "venvs" / "eda" / "bin" / "ansible-rulebook"
SOURCE = INSTALLED / "extensions" / "eda" / "plugins" / "event_source" / "smtp_drift.py"
EXAMPLE = INSTALLED / "extensions" / "eda" / "rulebooks" / "smtp_drift.yml"
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
    scripts = {"install.sh", "run.sh", "launch.sh", "try.sh"}
    assert set(PAGE.files) == scripts | {"rulebook.yml", "on_drift.yml", "actions.yml"}
    assert str(SOURCE.relative_to(INSTALLED)) in PAGE.files["try.sh"]
    (example,) = yaml.safe_load(EXAMPLE.read_text())
    assert example["sources"] == PAGE.load("rulebook.yml")[0]["sources"]


class Rulebook:
    """A running ansible-rulebook, whose output is read line by line."""

    def __init__(self, ansible: Ansible, temporary: Path, *options: str, **environ: str) -> None:
        self.temporary = temporary
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [RULEBOOK, *options],
            cwd=ansible.directory,
            env=ansible.environ(
                RECORD_FILE=os.devnull, PYTHONUNBUFFERED="1", TMPDIR=str(temporary), **environ
            ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    @property
    def output(self) -> str:
        return "".join(self.lines)

    def wait_for(self, text: str) -> None:
        """Read until a line has this text."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line)
            if text in line:
                return
        pytest.fail(f"It ended without {text!r}:\n{self.output}")

    def end(self, number: signal.Signals) -> None:
        """Stop it, and wait until all processes that it started for the source have ended."""
        self.process.send_signal(number)
        rest, _none = self.process.communicate()
        self.lines.append(rest)
        assert list(self.temporary.glob("smtp_drift_*")) == [], self.output
        assert "Traceback" not in self.output
        assert PASSWORD not in self.output


@pytest.fixture
def start(
    ansible: Ansible, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Rulebook]]:
    """Start ansible-rulebook with these options."""
    if not RULEBOOK.is_file():
        skip_or_fail("ansible-rulebook is not installed. Run: make eda")
    if not shutil.which("java"):
        skip_or_fail("ansible-rulebook needs Java (default-jre-headless)")
    # Elsewhere, because the action run_playbook copies the working directory to it.
    temporary = tmp_path_factory.mktemp("temporary")
    started: list[Rulebook] = []

    def start(*options: str, **environ: str) -> Rulebook:
        started.append(Rulebook(ansible, temporary, *options, **environ))
        return started[-1]

    yield start
    for rulebook in started:
        if rulebook.process.poll() is None:
            rulebook.process.kill()
            rulebook.process.communicate()


def write_inventory(
    ansible: Ansible, emulator: Emulator, **profiles: SmtpProfile
) -> dict[str, Command]:
    """Write the inventory of environments with these profiles, and return their servers."""
    servers = {
        name: emulator.command(
            release="25.3", users={USER: PASSWORD}, profile=profile, correlation_ids=True
        )
        for name, profile in profiles.items()
    }
    inventory = make_inventory(emulator, servers)
    for host in inventory["all"]["hosts"].values():
        host["verify_smtp_connection"]["retries"] = 0
    ansible.write("environments.yml", inventory)
    return servers


def test_drift_repair_and_outage(
    ansible: Ansible, emulator: Emulator, start: Callable[..., Rulebook]
) -> None:
    """With the rulebook of the page, which runs a playbook."""
    servers = write_inventory(ansible, emulator, production=RIGHT, staging=RIGHT)
    for name in ("on_drift.yml", "actions.yml"):
        ansible.write(name, PAGE.files[name])
    ansible.write(
        "rulebook.yml", PAGE.files["rulebook.yml"].replace("interval: 300", "interval: 1")
    )
    program, *options = PAGE.commands("run.sh")[-1].split()
    assert program == "ansible-rulebook"
    rulebook = start(*options, "--print-events")
    rulebook.wait_for("'environment': 'staging'")
    servers["production"].store.profile = DRIFT
    rulebook.wait_for("production: ")
    assert "port is 25" in rulebook.lines[-1]
    servers["production"].store.profile = RIGHT
    rulebook.wait_for("production is compliant again")
    # An outage of one environment, and drift of another at the same time.
    servers["production"].faults = [Fault.status(503)]
    servers["staging"].store.profile = DRIFT
    rulebook.wait_for("production is indeterminate: ")
    assert "'kind': 'server'" in rulebook.lines[-1]
    rulebook.wait_for("staging: ")
    rulebook.end(signal.SIGINT)
    # One event for each change: two at first, then four.
    events = re.findall(
        r"'correlation_id': (\S+),\n.*?'environment': '(\w+)'.*?'verdict': '(\w+)'",
        rulebook.output,
        re.S,
    )
    assert sorted(event[1:] for event in events) == [
        ("production", "compliant"),
        ("production", "compliant"),
        ("production", "drifted"),
        ("production", "indeterminate"),
        ("staging", "compliant"),
        ("staging", "drifted"),
    ]
    # The error page of the outage has no ID.
    identifiers = {text for text, _name, verdict in events if verdict != "indeterminate"}
    assert len(identifiers) == 5
    assert all(re.fullmatch("'[-0-9a-f]{36}'", text) for text in identifiers)


def test_rulebook_of_the_collection(
    ansible: Ansible, emulator: Emulator, start: Callable[..., Rulebook]
) -> None:
    """It launches the job template of the AWX kit, for the environment that drifted."""
    words = PAGE.commands("launch.sh")[-1].split()
    assert words[:3] == ["ansible-rulebook", "--rulebook", f"keyfactor.command.{EXAMPLE.stem}"]
    text = EXAMPLE.read_text()
    assert "interval: 300" in text
    ansible.write("rulebook.yml", text.replace("interval: 300", "interval: 1"))
    ansible.write("environments.yml", "all: [broken")
    awx = PreparedAwx("production", "staging")
    rulebook = start(
        *("--rulebook", "rulebook.yml", words[3], awx.url, words[5], ORGANIZATION, "--verbose"),
        EDA_JOB_TEMPLATE_REFRESH_DELAY="0.1",
    )
    # Of the rule, not of the source, which logs the message too.
    rulebook.wait_for("[debug]")
    rulebook.wait_for("without a report. To see why, run: ansible-playbook")
    write_inventory(ansible, emulator, production=RIGHT, staging=DRIFT)
    rulebook.wait_for("completed successfully")
    rulebook.end(signal.SIGTERM)
    awx.stop()
    (job,) = awx.jobs
    assert json.loads(job["extra_vars"]) == {
        "verify_smtp_environments": ["staging"],
        "verify_smtp_fail": "yes",
    }
    # The kit asks for a limit, which must not be the host of the rulebook.
    assert job["limit"] == "all"
    assert "Bad Request" not in rulebook.output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_leaves_no_run_behind(
    ansible: Ansible, start: Callable[..., Rulebook], number: signal.Signals
) -> None:
    """With a program in place of ansible-playbook that does not end."""
    program = ansible.write("program", "#!/bin/sh\necho started\nexec sleep 600 >started\n")
    program.chmod(0o755)
    os.mkfifo(ansible.directory / "started")
    source = {"inventory": "environments.yml", "ansible_playbook": str(program)}
    rule = {"name": "All", "condition": "event.verdict is defined", "action": {"none": None}}
    play = {
        "name": "Events",
        "hosts": "localhost",
        "sources": [{"keyfactor.command.smtp_drift": source}],
        "rules": [rule],
    }
    ansible.write("rulebook.yml", [play])
    rulebook = start("--rulebook", "rulebook.yml")
    with (ansible.directory / "started").open() as running:
        assert len(list(rulebook.temporary.glob("smtp_drift_*"))) == 1
        rulebook.end(number)
        # No process has it open.
        assert running.read() == ""
