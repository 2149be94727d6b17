# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The keywords of a task have the same effect in both modes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.emulator import Fault, SmtpProfile
from tests.integration.support.parity import (
    TOKEN,
    RunPair,
    connection_options,
    debug_task,
    options_from,
    play,
    read_task,
    run_both,
)

if TYPE_CHECKING:
    from tests.emulator import Command, Emulator
    from tests.integration.support.ansible import Ansible

HOSTS = ("alpha", "beta")
HIDDEN = "hidden.example.com"
OPTIONS, FAILING_OPTIONS = options_from("call"), options_from("refusing")
LOCAL = {"delegate_to": "localhost"}
# An inventory host is an environment of Command. Only its API can be reached.
TWO_HOSTS = [
    read_task("Delegate", OPTIONS, **LOCAL, register="delegated"),
    debug_task("Registered", "{{ delegated.smtp.sender_name }}"),
    debug_task("Whole registered result", "{{ delegated }}"),
    debug_task("Facts", "{{ ansible_facts.keyfactor_smtp.sender_name }}"),
    debug_task("Facts of localhost", "{{ hostvars.localhost.ansible_facts | default({}) }}"),
    read_task("Run once", OPTIONS, **LOCAL, run_once=True, register="once"),
    debug_task("Registered for all hosts", "{{ once.smtp.sender_name }}"),
    read_task("Throttle", OPTIONS, **LOCAL, throttle=1),
    read_task("Delegate facts", OPTIONS, **LOCAL, delegate_facts=True, run_once=True),
    debug_task(
        "Delegated facts", "{{ hostvars.localhost.ansible_facts.keyfactor_smtp.sender_name }}"
    ),
]
LOOP = {**LOCAL, "loop": list(HOSTS)}
ONE_HOST = [
    read_task("Loop", options_from("hostvars[item].call"), **LOOP, register="looped"),
    debug_task("Looped", "{{ looped.results | map(attribute='smtp.sender_name') }}"),
    read_task(
        "Labels",
        options_from("hostvars[inventory_hostname][variable]"),
        **LOCAL,
        loop=["call", "refusing"],
        loop_control={"label": "of {{ variable }}", "loop_var": "variable", "index_var": "index"},
        ignore_errors=True,
    ),
    read_task(
        "Until", options_from("failing"), **LOCAL, until="tried is not failed", retries=4, delay=0
    )
    | {"register": "tried"},
    read_task(
        "Until never",
        FAILING_OPTIONS,
        **LOCAL,
        until="false",
        retries=1,
        delay=0,
        ignore_errors=True,
    ),
    read_task("Check", OPTIONS, **LOCAL, check_mode=True),
    read_task("Diff", OPTIONS, **LOCAL, diff=True),
    read_task("Ignored", FAILING_OPTIONS, **LOCAL, ignore_errors=True),
    read_task(
        "Failed when",
        OPTIONS,
        **LOCAL,
        failed_when="failed_read.smtp.port == 587",
        register="failed_read",
    )
    | {"ignore_errors": True},
    read_task("Never failed", FAILING_OPTIONS, **LOCAL, failed_when=False),
    read_task("Changed", OPTIONS, **LOCAL, changed_when="changed.smtp.use_ssl", register="changed"),
    {
        "block": [read_task("Caught", FAILING_OPTIONS, **LOCAL)],
        "rescue": [debug_task("Rescued", "{{ ansible_failed_result.error.kind }}")],
    },
    read_task("Timeout not reached", OPTIONS, **LOCAL, timeout=60),
    read_task(
        "Timeout",
        options_from("slow"),
        **LOCAL,
        timeout=1,
        ignore_errors=True,
        register="timed_out",
    ),
]
ALLOWED_KEYS = ("censored", "changed", "exception", "failed", "results", "status")
HIDDEN_KEYWORDS = {**LOCAL, "no_log": True}
NO_LOG = [
    read_task("Secret", options_from("hidden"), **HIDDEN_KEYWORDS, register="hidden_read"),
    read_task("Secret loop", options_from("hidden"), **HIDDEN_KEYWORDS, loop=["{{ hidden_item }}"]),
    # Since 2.19 Ansible shows the message of a failed task anyway, so these contain no hidden value.
    read_task("Secret failure", FAILING_OPTIONS, **HIDDEN_KEYWORDS, ignore_errors=True),
    read_task("Secret refusal", {"port": "many"}, **HIDDEN_KEYWORDS, ignore_errors=True),
    debug_task("Registered under no_log", "{{ hidden_read.smtp.port }}"),
]
FREE = [
    read_task("Free", OPTIONS, **LOCAL),
    debug_task("Free facts", "{{ ansible_facts.keyfactor_smtp.sender_name }}"),
]
PLAYS = [
    play("all", TWO_HOSTS),
    play("alpha", ONE_HOST),
    play("alpha", NO_LOG),
    play("all", FREE, strategy="ansible.builtin.free"),
]


@pytest.fixture(scope="module")
def runs(shared_ansible: Ansible, emulator: Emulator) -> RunPair:
    def start(name: str, **server_options: Any) -> Command:
        return emulator.command(
            tokens={TOKEN}, profile=SmtpProfile(sender_name=name), **server_options
        )

    servers = {
        **{name: start(name) for name in HOSTS},
        "refusing": start("refusing", readers=()),
        "failing": start("failing", faults=[Fault.status(503, times=2)]),
        "slow": start("slow", faults=[Fault.delay(60)]),
        "hidden": start(HIDDEN),
    }
    calls = {name: connection_options(emulator, server) for name, server in servers.items()}
    hosts = {name: {"call": calls[name], "ansible_host": "192.0.2.1"} for name in HOSTS}
    inventory = {
        "all": {
            "hosts": hosts,
            "vars": {**calls, "hidden_item": HIDDEN, "ansible_connection": "ssh"},
        }
    }
    return run_both(shared_ansible, PLAYS, inventory, servers)


def names(tasks: list[dict[str, Any]]) -> list[str]:
    return [
        name
        for task in tasks
        for name in names(task.get("block", []) + task.get("rescue", [])) or [task["name"]]
    ]


@pytest.mark.parametrize("task", names([task for play in PLAYS for task in play["tasks"]]))
def test_results_are_the_same(runs: RunPair, task: str) -> None:
    if task != "Timeout":
        assert runs.results(task)


def test_output_is_the_same(runs: RunPair) -> None:
    """Including labels of loop items, retries, warnings, ignored failures, and the recap."""
    # Since 2.19 this names the code that was interrupted, which differs.
    lines = {
        mode: [line for line in lines if '"timedout": {"frame": ' not in line]
        for mode, lines in runs.output_lines().items()
    }
    assert lines["in place"] == lines["shipped"]
    text = runs.outcomes["in place"].output
    for phrase in ("(item=alpha)", "(item=of call)", "(item=of refusing)", " retries left)"):
        assert phrase in text
    assert "WARNING" not in text.upper()


@pytest.mark.parametrize("server", [*HOSTS, "refusing", "failing", "hidden"])
def test_requests_are_the_same(runs: RunPair, server: str) -> None:
    assert runs.requests(server)


def test_results_and_facts_belong_to_host_of_task(runs: RunPair) -> None:
    for task in ("Registered", "Facts", "Free facts"):
        assert {host: result["msg"] for host, result in runs.results(task).items()} == {
            "alpha": "alpha",
            "beta": "beta",
        }
    for facts in runs.results("Facts of localhost").values():
        assert "keyfactor_smtp" not in facts["msg"]
    for task in ("Registered for all hosts", "Delegated facts"):
        assert {result["msg"] for result in runs.results(task).values()} == {"alpha"}
    assert list(runs.results("Run once")) == ["alpha"]


def test_loops_and_retries(runs: RunPair) -> None:
    assert runs.result("Looped")["msg"] == list(HOSTS)
    assert [result["item"] for result in runs.result("Loop")["results"]] == list(HOSTS)
    results = runs.result("Labels")["results"]
    assert [(result["index"], "error" in result) for result in results] == [(0, False), (1, True)]
    assert runs.result("Until")["attempts"] == 3
    assert [status for *_request, status in runs.requests("failing")] == [503, 503, 200]
    assert runs.result("Until never")["attempts"] == 1


def test_failures(runs: RunPair) -> None:
    assert runs.result("Ignored")["status"] == "ignored"
    assert runs.result("Ignored")["error"]["kind"] == "permission"
    assert runs.result("Rescued")["msg"] == "permission"
    failed = runs.result("Failed when")
    assert (failed["failed_when_result"], failed["smtp"]["port"]) == (True, 587)
    assert runs.result("Never failed")["status"] == "ok"
    assert runs.result("Changed")["changed"] is True
    assert runs.result("Check")["smtp"] == runs.result("Diff")["smtp"]


def test_task_timeout(runs: RunPair) -> None:
    in_place, shipped = (outcome.result("alpha", "Timeout") for outcome in runs.outcomes.values())
    # The message has "Timed out" or "time frame", depending on the version.
    assert "ime" in in_place["msg"]
    assert set(in_place) == set(shipped)
    assert in_place["msg"] == shipped["msg"]


def test_no_log_hides_results(runs: RunPair) -> None:
    for task in names(NO_LOG)[:-1]:
        assert "no_log: true" in runs.result(task)["censored"]
        for name, value in runs.result(task).items():
            assert name.startswith("_ansible") or not value or name in ALLOWED_KEYS
    for outcome in runs.outcomes.values():
        assert HIDDEN not in outcome.output
        assert HIDDEN not in str(outcome.results)
    assert runs.result("Registered under no_log")["msg"] in (587, "587")  # text up to 2.18


def test_no_secret_is_shown(runs: RunPair) -> None:
    for outcome in runs.outcomes.values():
        assert TOKEN not in outcome.output
        assert TOKEN not in str(outcome.results)
