# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs of one playbook in both modes, in place and shipped, whose results must be equal."""

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
# Since ansible-core 2.21, results have no invocation unless it is enabled. If Ansible had to
# discover the interpreter, it would add that to the results of shipped modules.
ENVIRON = {
    "ANSIBLE_INJECT_INVOCATION": "true",
    "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
    "PYTHONHASHSEED": "0",
}

# Keys that Ansible adds to the result of one mode only: 2.22 to the registered result of a module,
# 2.19 to 2.21 to that of a module whose failure is ignored.
ADDED_KEYS = ("ansible_parsed", "failed_when_suppressed_exception")


def comparable(value: Any) -> Any:
    """Return a result without the keys that Ansible adds in one mode only."""
    if isinstance(value, dict):
        return {key: comparable(item) for key, item in value.items() if key not in ADDED_KEYS}
    return [comparable(item) for item in value] if isinstance(value, list) else value


@dataclass(frozen=True)
class RunPair:
    """The outcomes of both runs, and the requests that each server received."""

    outcomes: Mapping[str, Outcome]
    requests_by_mode: Mapping[str, Mapping[str, list[Any]]]

    def results(self, task: str) -> dict[str, dict[str, Any]]:
        """Return the results of a task by host, after asserting that both runs agree."""
        in_place, shipped = (
            {
                record["host"]: comparable({"status": record["status"], **record["result"]})
                for record in outcome.results
                if record["task"] == task
            }
            for outcome in self.outcomes.values()
        )
        assert in_place, f"{task!r} has no result:\n{self.outcomes['in place'].output}"
        assert in_place == shipped
        return in_place

    def result(self, task: str) -> dict[str, Any]:
        """Return the result of a task that ran on one host."""
        (result,) = self.results(task).values()
        return result

    def requests(self, server: str) -> list[Any]:
        """Return method, path, headers, body, and status of each request to a server."""
        in_place, shipped = (requests[server] for requests in self.requests_by_mode.values())
        assert in_place == shipped
        return in_place

    def output_lines(self) -> dict[str, list[str]]:
        """Return the sorted output lines of each run, as the order of hosts varies."""
        return {
            # Since 2.19 Ansible reports whether a module or an action failed.
            mode: sorted(
                line
                for line in outcome.output.replace(
                    ": Module failed:", ": Action failed:"
                ).splitlines()
                if line
                and not line.startswith("TASK [")
                and not any(f'"{name}": ' in line for name in ADDED_KEYS)
            )
            for mode, outcome in self.outcomes.items()
        }


def run_both(
    ansible: Ansible,
    playbook: object,
    inventory: object,
    servers: Mapping[str, Command],
    *options: str,
    **environ: str,
) -> RunPair:
    """Run a playbook in each mode, and reset the servers before each run."""
    outcomes, requests = {}, {}
    for mode, extra_var in MODES.items():
        for server in servers.values():
            server.clear()
            server.store.profile = server.options.profile
            server.faults = [replace(fault) for fault in server.faults]
        outcomes[mode] = ansible.run(
            playbook, inventory, "-e", extra_var, *options, **{**ENVIRON, **environ}
        )
        requests[mode] = {
            name: [
                (request.method, request.path, dict(request.headers), request.body, request.status)
                for request in server.requests
            ]
            for name, server in servers.items()
        }
    return RunPair(outcomes, requests)


def connection_options(emulator: Emulator, server: Command) -> dict[str, Any]:
    """Return the module options for a server that accepts the token."""
    return {
        "host": server.url,
        "access_token": TOKEN,
        "ca_cert": str(emulator.ca_cert),
        "retries": 0,
        "timeout": "20s",
    }


def options_from(variable: str) -> dict[str, str]:
    """Return options whose values are templates that refer to the items of a variable."""
    names = ("host", "access_token", "ca_cert", "retries", "timeout")
    return {name: "{{ %s.%s }}" % (variable, name) for name in names}


def read_task(name: str, options: object, **keywords: Any) -> dict[str, Any]:
    """Return a task that reads the SMTP profile."""
    return {"name": name, MODULE: options, **keywords}


def debug_task(name: str, message: object, **keywords: Any) -> dict[str, Any]:
    """Return a task that prints a message."""
    return {"name": name, "ansible.builtin.debug": {"msg": message}, **keywords}


def play(hosts: str, tasks: list[dict[str, Any]], **keywords: Any) -> dict[str, Any]:
    """Return a play that does not gather facts."""
    return {"hosts": hosts, "gather_facts": False, **keywords, "tasks": tasks}


def task_output(output: str, task: str) -> str:
    """Return the part of the output that belongs to a task."""
    match = re.search(rf"^TASK \[{re.escape(task)}\].*?(?=^(?:TASK|PLAY) |\Z)", output, re.M | re.S)
    assert match, output
    return match.group()
