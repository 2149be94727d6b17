# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module is shipped where it has to be, and returns what it returns in place."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.support.parity import (
    ENVIRON,
    PAYLOAD,
    TOKEN,
    RunPair,
    comparable,
    connection_options,
    options_from,
    play,
    read_task,
    run_both,
    task_output,
)
from tests.integration.support.ssh import SshServer, program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.emulator import Command, Emulator
    from tests.integration.support.ansible import Ansible, Outcome

CALL = options_from("call")
# What Ansible adds to results of asynchronous tasks, and to those of other hosts.
OF_ASYNC = (
    *("ansible_job_id", "finished", "results_file", "started"),
    *("stdout", "stdout_lines", "stderr", "stderr_lines", "_ansible_delegated_vars"),
)
HERE, THERE = "In place", "Shipped"


@pytest.fixture(scope="module")
def server(emulator: Emulator) -> Command:
    return emulator.command(tokens={TOKEN})


def hosts(emulator: Emulator, server: Command, **more: dict[str, Any]) -> dict[str, Any]:
    variables = {"call": connection_options(emulator, server), "ansible_connection": "local"}
    return {"all": {"hosts": {"near": None, **more}, "vars": variables}}


def result(outcome: Outcome, host: str, task: str) -> dict[str, Any]:
    """Return what is comparable in a result that must not be a failure."""
    found = comparable(outcome.result(host, task))
    assert found.get("smtp"), found
    return {name: value for name, value in found.items() if name not in OF_ASYNC}


def check(outcome: Outcome, host: str = "near", task: str = THERE) -> None:
    """Check that one task ran in place and one was shipped, with the same result."""
    assert PAYLOAD not in task_output(outcome.output, HERE)
    assert PAYLOAD in task_output(outcome.output, task)
    assert result(outcome, "near", HERE) == result(outcome, host, task)
    assert TOKEN not in outcome.output


def run(
    ansible: Ansible, inventory: dict[str, Any], tasks: list[dict[str, Any]], **environ: str
) -> Outcome:
    here = read_task(HERE, CALL, when="inventory_hostname == 'near'")
    plays = [play("all", [here, *tasks])]
    return ansible.run(plays, inventory, "-vvv", **{**ENVIRON, **environ})


def test_asynchronous_tasks(ansible: Ansible, emulator: Emulator, server: Command) -> None:
    there = read_task(THERE, CALL, **{"async": 60, "poll": 1})
    check(run(ansible, hosts(emulator, server), [there]))


def test_variables_of_hosts_and_tasks(
    ansible: Ansible, emulator: Emulator, server: Command
) -> None:
    """The local connection by its full name is local, too."""
    inventory = hosts(emulator, server, other={"keyfactor_in_process": False})
    inventory["all"]["hosts"]["near"] = {"ansible_connection": "ansible.builtin.local"}
    by_host = read_task(THERE, CALL, when="inventory_hostname == 'other'")
    by_task = read_task("By task", CALL, vars={"keyfactor_in_process": "{{ 'no' }}"}, run_once=True)
    outcome = run(ansible, inventory, [by_host, by_task])
    check(outcome, "other")
    check(outcome, "near", "By task")


def test_become(ansible: Ansible, emulator: Emulator, server: Command) -> None:
    """By a keyword, and by a variable of a host."""
    if os.geteuid() != 0:
        pytest.skip("Only root becomes another user without a password.")
    program("su")
    become = {"become": True, "become_method": "ansible.builtin.su"}
    tasks = [
        read_task(THERE, CALL, **become, when="inventory_hostname == 'near'"),
        read_task("By variable", CALL, when="inventory_hostname == 'privileged'"),
    ]
    privileged = {f"ansible_{name}": value for name, value in become.items()}
    inventory = hosts(emulator, server, privileged=privileged)
    # To root, as another user could read neither the interpreter nor the certificate.
    outcome = run(ansible, inventory, tasks, ANSIBLE_BECOME_ALLOW_SAME_USER="true")
    check(outcome)
    check(outcome, "privileged", "By variable")
    assert "su " in task_output(outcome.output, THERE)


def test_controller_without_requests(
    ansible: Ansible, emulator: Emulator, server: Command, tmp_path: Path
) -> None:
    """The interpreter of the module has it."""
    ansible.write("stub/requests.py", "raise ImportError('not on this controller')\n")
    there = read_task(THERE, CALL, environment={"PYTHONPATH": ""})
    environ = {**ENVIRON, "PYTHONPATH": str(tmp_path / "stub")}
    inventory = hosts(emulator, server)
    outcome = ansible.run([play("all", [there])], inventory, "-vvv", **environ)
    assert PAYLOAD in task_output(outcome.output, THERE)
    again = run(ansible, inventory, [])
    assert result(outcome, "near", THERE) == result(again, "near", HERE)


@pytest.fixture
def ssh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    server = SshServer(tmp_path_factory.mktemp("ssh"))
    yield server
    server.stop()


def test_host_behind_ssh(
    ansible: Ansible, emulator: Emulator, server: Command, ssh: SshServer
) -> None:
    """As the task's own host, and as the one it is delegated to. The facts stay where they belong."""
    # The home of whoever runs the tests may hold a profile.
    alike = {"environment": {"HOME": str(ansible.home)}}
    tasks = [
        read_task(THERE, CALL, **alike, when="inventory_hostname == 'far'"),
        read_task(
            "Delegated", CALL, **alike, delegate_to="far", when="inventory_hostname == 'near'"
        ),
    ]
    outcome = run(ansible, hosts(emulator, server, far=ssh.variables), tasks)
    log = (ssh.directory / "log").read_text()
    assert outcome.status == 0, outcome.output + log
    check(outcome, "far")
    check(outcome, "near", "Delegated")
    for task in (THERE, "Delegated"):
        assert "ESTABLISH SSH CONNECTION" in task_output(outcome.output, task)


def test_pipelining_writes_no_file(
    ansible: Ansible, emulator: Emulator, server: Command, ssh: SshServer
) -> None:
    """The secrets of a task do not lie on the other machine, where it has no place for files."""
    inventory = hosts(emulator, server, far={**ssh.variables, "ansible_remote_tmp": "/dev/null/no"})
    alike = {"environment": {"HOME": str(ansible.home)}}
    tasks = [read_task(THERE, CALL, **alike, when="inventory_hostname == 'far'")]
    outcome = run(ansible, inventory, tasks, ANSIBLE_PIPELINING="true")
    assert outcome.status == 0, outcome.output + (ssh.directory / "log").read_text()
    assert result(outcome, "near", HERE) == result(outcome, "far", THERE)
    assert "/dev/null/no" in run(ansible, inventory, tasks).result("far", THERE)["msg"]


@pytest.fixture(scope="module")
def verbose(shared_ansible: Ansible, emulator: Emulator, server: Command) -> RunPair:
    tasks = [
        read_task("Verbose", CALL),
        read_task("Verbose failure", {**CALL, "port": 1}, ignore_errors=True),
    ]
    flags = ("-vvv", "--check", "--diff")
    inventory = hosts(emulator, server)
    return run_both(shared_ansible, [play("all", tasks)], inventory, {"server": server}, *flags)


@pytest.mark.parametrize("task", ["Verbose", "Verbose failure"])
def test_results_at_high_verbosity_are_the_same(verbose: RunPair, task: str) -> None:
    assert verbose.result(task)["invocation"]["module_args"]["host"]
    assert verbose.requests("server")
    for mode, outcome in verbose.outcomes.items():
        assert (PAYLOAD in task_output(outcome.output, task)) == (mode == "shipped")
        assert TOKEN not in outcome.output
        assert TOKEN not in str(outcome.results)
