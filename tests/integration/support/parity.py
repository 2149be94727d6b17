# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The same play in place and shipped, and what both have in common: it should be everything."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tests.integration.support.ansible import MODES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.emulator import Command, Emulator
    from tests.integration.support.ansible import Ansible, Outcome

MODULE = "keyfactor.command.keyfactor_smtp_info"
PAYLOAD = "AnsiballZ_keyfactor_smtp_info"
TOKEN = "parity-access-token-90b1d3c4"
# Without it the result has no arguments from 2.21 on. An interpreter that Ansible has to search
# for would come up in the results of shipped modules.
ENVIRON = {
    "ANSIBLE_INJECT_INVOCATION": "true",
    "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
    "PYTHONHASHSEED": "0",
}


# What Ansible itself adds to the result of one of the two only: 2.22 to a registered result of a
# module, 2.19 to 2.21 to one of a module whose failure does not count.
ADDED = ("ansible_parsed", "failed_when_suppressed_exception")


def comparable(value: Any) -> Any:
    """Return a result without what is no work of the collection's."""
    if isinstance(value, dict):
        return {name: comparable(each) for name, each in value.items() if name not in ADDED}
    return [comparable(each) for each in value] if isinstance(value, list) else value


@dataclass(frozen=True)
class RunPair:
    """What the two runs showed, and what the servers were asked in each."""

    outcomes: Mapping[str, Outcome]
    asked: Mapping[str, Mapping[str, list[Any]]]

    def results(self, task: str) -> dict[str, dict[str, Any]]:
        """Return a task's results by host, which are the same in both runs."""
        in_place, shipped = (
            {
                each["host"]: comparable({"status": each["status"], **each["result"]})
                for each in outcome.results
                if each["task"] == task
            }
            for outcome in self.outcomes.values()
        )
        assert in_place, f"{task!r} has no result:\n{self.outcomes['in place'].output}"
        assert in_place == shipped
        return in_place

    def result(self, task: str) -> dict[str, Any]:
        """Return a task's result on the only host that ran it."""
        (result,) = self.results(task).values()
        return result

    def requests(self, server: str) -> list[Any]:
        """Return what a server was asked in each run: method, path, headers, body, status."""
        in_place, shipped = (asked[server] for asked in self.asked.values())
        assert in_place == shipped
        return in_place

    def output_lines(self) -> dict[str, list[str]]:
        """Return the lines of each run, without headings: hosts side by side have no fixed order."""
        return {
            # From 2.19 on Ansible says whether a module or an action failed.
            mode: sorted(
                line
                for line in each.output.replace(": Module failed:", ": Action failed:").splitlines()
                if line
                and not line.startswith("TASK [")
                and not any(f'"{name}": ' in line for name in ADDED)
            )
            for mode, each in self.outcomes.items()
        }


def run_both(
    ansible: Ansible,
    playbook: object,
    inventory: object,
    servers: Mapping[str, Command],
    *options: str,
    **environ: str,
) -> RunPair:
    """Run a playbook in each mode, with servers that know nothing of the run before."""
    outcomes, asked = {}, {}
    for mode, extra_var in MODES.items():
        for server in servers.values():
            server.clear()
            server.faults = [replace(fault) for fault in server.faults]
        outcomes[mode] = ansible.run(
            playbook, inventory, "-e", extra_var, *options, **{**ENVIRON, **environ}
        )
        asked[mode] = {
            name: [
                (each.method, each.path, dict(each.headers), each.body, each.status)
                for each in server.requests
            ]
            for name, server in servers.items()
        }
    return RunPair(outcomes, asked)


def connection_options(emulator: Emulator, server: Command, **more: Any) -> dict[str, Any]:
    """Return the module's options for a server that takes the token."""
    given = {
        "host": server.url,
        "access_token": TOKEN,
        "ca_cert": str(emulator.ca_cert),
        "retries": 0,
        "timeout": "20s",
        **more,
    }
    return {name: value for name, value in given.items() if value is not None}


def options_from(variable: str) -> dict[str, str]:
    """Return options that are taken from a variable, one by one as Ansible wants it."""
    names = ("host", "access_token", "ca_cert", "retries", "timeout")
    return {name: "{{ %s.%s }}" % (variable, name) for name in names}


def read_task(name: str, given: object, **keywords: Any) -> dict[str, Any]:
    """Return a task that reads a profile."""
    return {"name": name, MODULE: given, **keywords}


def debug_task(name: str, message: object, **keywords: Any) -> dict[str, Any]:
    """Return a task that shows a value."""
    return {"name": name, "ansible.builtin.debug": {"msg": message}, **keywords}


def play(hosts: str, tasks: list[dict[str, Any]], **keywords: Any) -> dict[str, Any]:
    """Return a play without facts of its own."""
    return {"hosts": hosts, "gather_facts": False, **keywords, "tasks": tasks}


def task_output(output: str, task: str) -> str:
    """Return what a run showed of a task."""
    found = re.search(rf"^TASK \[{re.escape(task)}\].*?(?=^(?:TASK|PLAY) |\Z)", output, re.M | re.S)
    assert found, output
    return found.group()
