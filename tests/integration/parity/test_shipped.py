# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module is shipped where it must be, with the same result as in place."""

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

OPTIONS = options_from("call")
# Keys that Ansible adds to results of asynchronous and delegated tasks.
ASYNC_KEYS = (
    *("ansible_job_id", "finished", "results_file", "started"),
    *("stdout", "stdout_lines", "stderr", "stderr_lines", "_ansible_delegated_vars"),
)
IN_PLACE, SHIPPED = "In place", "Shipped"


@pytest.fixture(scope="module")
def server(emulator: Emulator) -> Command:
    return emulator.command(tokens={TOKEN})


def make_inventory(emulator: Emulator, server: Command, **hosts: dict[str, Any]) -> dict[str, Any]:
    variables = {"call": connection_options(emulator, server), "ansible_connection": "local"}
    return {"all": {"hosts": {"local": None, **hosts}, "vars": variables}}


def result(outcome: Outcome, host: str, task: str) -> dict[str, Any]:
    """Return the comparable part of a successful result."""
    content = comparable(outcome.result(host, task))
    assert content.get("smtp"), content
    return {key: value for key, value in content.items() if key not in ASYNC_KEYS}


def assert_shipped(outcome: Outcome, host: str = "local", task: str = SHIPPED) -> None:
    """Assert that one task ran in place and one was shipped, with the same result."""
    assert PAYLOAD not in task_output(outcome.output, IN_PLACE)
    assert PAYLOAD in task_output(outcome.output, task)
    assert result(outcome, "local", IN_PLACE) == result(outcome, host, task)
    assert TOKEN not in outcome.output


def run(
    ansible: Ansible, inventory: dict[str, Any], tasks: list[dict[str, Any]], **environ: str
) -> Outcome:
    in_place = read_task(IN_PLACE, OPTIONS, when="inventory_hostname == 'local'")
    plays = [play("all", [in_place, *tasks])]
    return ansible.run(plays, inventory, "-vvv", **{**ENVIRON, **environ})


def test_asynchronous_tasks(ansible: Ansible, emulator: Emulator, server: Command) -> None:
    shipped = read_task(SHIPPED, OPTIONS, **{"async": 60, "poll": 1})
    assert_shipped(run(ansible, make_inventory(emulator, server), [shipped]))


def test_variables_of_hosts_and_tasks(
    ansible: Ansible, emulator: Emulator, server: Command
) -> None:
    """The local connection counts as local under its full name, too."""
    inventory = make_inventory(emulator, server, other={"keyfactor_in_process": False})
    inventory["all"]["hosts"]["local"] = {"ansible_connection": "ansible.builtin.local"}
    by_host = read_task(SHIPPED, OPTIONS, when="inventory_hostname == 'other'")
    by_task = read_task(
        "By task", OPTIONS, vars={"keyfactor_in_process": "{{ 'no' }}"}, run_once=True
    )
    outcome = run(ansible, inventory, [by_host, by_task])
    assert_shipped(outcome, "other")
    assert_shipped(outcome, "local", "By task")


def test_become(ansible: Ansible, emulator: Emulator, server: Command) -> None:
    """Set by a keyword, or by a variable of the host."""
    if os.geteuid() != 0:
        pytest.skip("Only root can become another user without a password.")
    program("su")
    become = {"become": True, "become_method": "ansible.builtin.su"}
    tasks = [
        read_task(SHIPPED, OPTIONS, **become, when="inventory_hostname == 'local'"),
        read_task("By variable", OPTIONS, when="inventory_hostname == 'privileged'"),
    ]
    privileged = {f"ansible_{name}": value for name, value in become.items()}
    inventory = make_inventory(emulator, server, privileged=privileged)
    # Become root: other users could not read the interpreter and the certificate.
    outcome = run(ansible, inventory, tasks, ANSIBLE_BECOME_ALLOW_SAME_USER="true")
    assert_shipped(outcome)
    assert_shipped(outcome, "privileged", "By variable")
    assert "su " in task_output(outcome.output, SHIPPED)


def test_controller_without_requests(
    ansible: Ansible, emulator: Emulator, server: Command, tmp_path: Path
) -> None:
    """The interpreter of the shipped module has requests."""
    ansible.write("stub/requests.py", "raise ImportError('not on this controller')\n")
    shipped = read_task(SHIPPED, OPTIONS, environment={"PYTHONPATH": ""})
    environ = {**ENVIRON, "PYTHONPATH": str(tmp_path / "stub")}
    inventory = make_inventory(emulator, server)
    outcome = ansible.run([play("all", [shipped])], inventory, "-vvv", **environ)
    assert PAYLOAD in task_output(outcome.output, SHIPPED)
    in_place = run(ansible, inventory, [])
    assert result(outcome, "local", SHIPPED) == result(in_place, "local", IN_PLACE)


@pytest.fixture
def ssh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    server = SshServer(tmp_path_factory.mktemp("ssh"))
    yield server
    server.stop()


def test_host_with_ssh_connection(
    ansible: Ansible, emulator: Emulator, server: Command, ssh: SshServer
) -> None:
    """As the host of the task, and as the host that a task is delegated to."""
    # The home directory of the user who runs the tests may have a config file.
    home_keywords = {"environment": {"HOME": str(ansible.home)}}
    tasks = [
        read_task(SHIPPED, OPTIONS, **home_keywords, when="inventory_hostname == 'remote'"),
        read_task(
            "Delegated",
            OPTIONS,
            **home_keywords,
            delegate_to="remote",
            when="inventory_hostname == 'local'",
        ),
    ]
    outcome = run(ansible, make_inventory(emulator, server, remote=ssh.variables), tasks)
    log = (ssh.directory / "log").read_text()
    assert outcome.status == 0, outcome.output + log
    assert_shipped(outcome, "remote")
    assert_shipped(outcome, "local", "Delegated")
    for task in (SHIPPED, "Delegated"):
        assert "ESTABLISH SSH CONNECTION" in task_output(outcome.output, task)


def test_pipelining_writes_no_file(
    ansible: Ansible, emulator: Emulator, server: Command, ssh: SshServer
) -> None:
    """With pipelining, the module needs no directory for files on the remote host."""
    inventory = make_inventory(
        emulator, server, remote={**ssh.variables, "ansible_remote_tmp": "/dev/null/no"}
    )
    home_keywords = {"environment": {"HOME": str(ansible.home)}}
    tasks = [read_task(SHIPPED, OPTIONS, **home_keywords, when="inventory_hostname == 'remote'")]
    outcome = run(ansible, inventory, tasks, ANSIBLE_PIPELINING="true")
    assert outcome.status == 0, outcome.output + (ssh.directory / "log").read_text()
    assert result(outcome, "local", IN_PLACE) == result(outcome, "remote", SHIPPED)
    assert "/dev/null/no" in run(ansible, inventory, tasks).result("remote", SHIPPED)["msg"]


@pytest.fixture(scope="module")
def verbose_runs(shared_ansible: Ansible, emulator: Emulator, server: Command) -> RunPair:
    tasks = [
        read_task("Verbose", OPTIONS),
        read_task("Verbose failure", {**OPTIONS, "port": 1}, ignore_errors=True),
    ]
    flags = ("-vvv", "--check", "--diff")
    inventory = make_inventory(emulator, server)
    return run_both(shared_ansible, [play("all", tasks)], inventory, {"server": server}, *flags)


@pytest.mark.parametrize("task", ["Verbose", "Verbose failure"])
def test_results_are_the_same_at_high_verbosity(verbose_runs: RunPair, task: str) -> None:
    assert verbose_runs.result(task)["invocation"]["module_args"]["host"]
    assert verbose_runs.requests("server")
    for mode, outcome in verbose_runs.outcomes.items():
        assert (PAYLOAD in task_output(outcome.output, task)) == (mode == "shipped")
        assert TOKEN not in outcome.output
        assert TOKEN not in str(outcome.results)
