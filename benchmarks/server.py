# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the emulator in a separate process and write its inventory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.emulator.process import ProcessError, Running, running

from .plan import Series

INVENTORY = "inventory.json"
USER, PASSWORD = "KEYEXAMPLE\\svc-ansible", "bench-password"
EXPECTED = {
    "host": "smtp.example.com",
    "port": 587,
    "use_ssl": True,
    "sender_account": "keyfactor@keyexample.com",
}


class BenchError(Exception):
    """The benchmark cannot continue; the message says why."""


@contextmanager
def serve(series: Series, directory: Path) -> Iterator[Running]:
    """Run the emulator with the environments of a series and write their inventory."""
    scenario, state = directory / "scenario.json", directory / "state.json"
    names = [f"environment-{number:04}" for number in range(1, series.environments + 1)]
    environments = {name: {"release": "25.1", "users": {USER: PASSWORD}} for name in names}
    scenario.write_text(json.dumps({"latency": series.latency, "environments": environments}))
    try:
        with running(scenario, state) as emulator:
            (directory / INVENTORY).write_text(json.dumps(inventory(emulator.state)))
            yield emulator
    except ProcessError as error:
        raise BenchError(str(error)) from error


def inventory(state: dict[str, Any]) -> dict[str, Any]:
    """Return the inventory of all contenders."""
    connection = {
        "host": "{{ bench_url }}",
        "username": "{{ bench_username }}",
        "password": "{{ bench_password }}",
        "ca_cert": "{{ bench_ca_cert }}",
    }
    common = {
        "ansible_connection": "local",
        # Otherwise shipped modules discover the interpreter on every host.
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
        "bench_username": USER,
        "bench_password": PASSWORD,
        "bench_ca_cert": state["ca_cert"],
        "verify_smtp_connection": connection,
        "verify_smtp_expected": EXPECTED,
    }
    environments = state["environments"]
    hosts = {name: {"bench_url": content["url"]} for name, content in environments.items()}
    return {"all": {"hosts": hosts, "vars": common}}
