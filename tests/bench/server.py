# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator in a process of its own, with an inventory of what it plays."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .plan import Series

ROOT = Path(__file__).resolve().parents[2]
INVENTORY = "inventory.json"
USER, PASSWORD = "KEYEXAMPLE\\svc-ansible", "bench-password-of-nobody"
EXPECTED = {
    "host": "smtp.example.com",
    "port": 587,
    "use_ssl": True,
    "sender_account": "keyfactor@keyexample.com",
}


class BenchError(Exception):
    """Why the benchmark cannot go on."""


class Server:
    """The running emulator."""

    def __init__(self, process: subprocess.Popen[str], state: dict[str, Any]) -> None:
        self._process = process
        self.state = state

    def profiles_sent(self) -> int:
        """Return how many profiles it has sent so far."""
        if self._process.stdin is None or self._process.stdout is None:
            raise BenchError("The emulator cannot be asked.")
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise BenchError("The emulator has ended.")
        return int(line)


@contextmanager
def serve(series: Series, place: Path) -> Iterator[Server]:
    """Play the environments of a series, and write their inventory."""
    scenario, state = place / "scenario.json", place / "state.json"
    names = [f"environment-{number:04}" for number in range(1, series.environments + 1)]
    environments = {name: {"release": "25.1", "users": {USER: PASSWORD}} for name in names}
    scenario.write_text(json.dumps({"latency": series.latency, "environments": environments}))
    command = [sys.executable, "-m", "tests.emulator", str(scenario)]
    with subprocess.Popen(
        [*command, "--state", str(state), "--until-stdin-closes"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            # It prints one line once everything listens, and none if it ends before that.
            if not process.stdout or not process.stdout.readline():
                raise BenchError("The emulator did not start.")
            server = Server(process, json.loads(state.read_text()))
            (place / INVENTORY).write_text(json.dumps(inventory(server.state)))
            yield server
        finally:
            process.communicate()


def inventory(state: dict[str, Any]) -> dict[str, Any]:
    """Return the inventory that all contenders share."""
    connection = {
        "host": "{{ bench_url }}",
        "username": "{{ bench_username }}",
        "password": "{{ bench_password }}",
        "ca_cert": "{{ bench_ca_cert }}",
    }
    common = {
        "ansible_connection": "local",
        # Otherwise whatever is shipped pays for a search of Python on every host.
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
        "bench_username": USER,
        "bench_password": PASSWORD,
        "bench_ca_cert": state["ca_cert"],
        "verify_smtp_connection": connection,
        "verify_smtp_expected": EXPECTED,
    }
    hosts = {name: {"bench_url": each["url"]} for name, each in state["environments"].items()}
    return {"all": {"hosts": hosts, "vars": common}}
