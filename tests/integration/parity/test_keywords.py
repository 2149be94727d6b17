# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The keywords of a task do the same to both ways of running it."""

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
HIDDEN = "unseen.example.com"
CALL, FAILS = options_from("call"), options_from("refusing")
LOCAL = {"delegate_to": "localhost"}
# As an inventory host is an environment, nothing of it can be reached but its API.
TWO_HOSTS = [
    read_task("Delegate", CALL, **LOCAL, register="delegated"),
    debug_task("Registered", "{{ delegated.smtp.sender_name }}"),
    debug_task("Registered as a whole", "{{ delegated }}"),
    debug_task("Facts", "{{ ansible_facts.keyfactor_smtp.sender_name }}"),
    debug_task("Facts of localhost", "{{ hostvars.localhost.ansible_facts | default({}) }}"),
    read_task("Run once", CALL, **LOCAL, run_once=True, register="once"),
    debug_task("Once for all", "{{ once.smtp.sender_name }}"),
    read_task("Throttle", CALL, **LOCAL, throttle=1),
    read_task("Delegate facts", CALL, **LOCAL, delegate_facts=True, run_once=True),
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
        options_from("hostvars[inventory_hostname][each]"),
        **LOCAL,
        loop=["call", "refusing"],
        loop_control={"label": "of {{ each }}", "loop_var": "each", "index_var": "number"},
        ignore_errors=True,
    ),
    read_task(
        "Until", options_from("failing"), **LOCAL, until="tried is not failed", retries=4, delay=0
    )
    | {"register": "tried"},
    read_task("Never", FAILS, **LOCAL, until="false", retries=1, delay=0, ignore_errors=True),
    read_task("Check", CALL, **LOCAL, check_mode=True),
    read_task("Diff", CALL, **LOCAL, diff=True),
    read_task("Ignored", FAILS, **LOCAL, ignore_errors=True),
    read_task("Decided", CALL, **LOCAL, failed_when="decided.smtp.port == 587", register="decided")
    | {"ignore_errors": True},
    read_task("Forgiven", FAILS, **LOCAL, failed_when=False),
    read_task("Changed", CALL, **LOCAL, changed_when="changed.smtp.use_ssl", register="changed"),
    {
        "block": [read_task("Caught", FAILS, **LOCAL)],
        "rescue": [debug_task("Rescued", "{{ ansible_failed_result.error.kind }}")],
    },
    read_task("Patience", CALL, **LOCAL, timeout=60),
    read_task(
        "Impatience", options_from("slow"), **LOCAL, timeout=1, ignore_errors=True, register="late"
    ),
]
CENSORED = ("censored", "changed", "exception", "failed", "results", "status")
HIDE = {**LOCAL, "no_log": True}
NO_LOG = [
    read_task("Secret", options_from("hidden"), **HIDE, register="kept"),
    read_task("Secret loop", options_from("hidden"), **HIDE, loop=["{{ hidden_item }}"]),
    # From 2.19 on Ansible shows the message of a failed task all the same, so nothing hidden is here.
    read_task("Secret failure", FAILS, **HIDE, ignore_errors=True),
    read_task("Secret refusal", {"port": "many"}, **HIDE, ignore_errors=True),
    debug_task("Known all the same", "{{ kept.smtp.port }}"),
]
FREE = [
    read_task("Free", CALL, **LOCAL),
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
    def start(name: str, **given: Any) -> Command:
        return emulator.command(tokens={TOKEN}, profile=SmtpProfile(sender_name=name), **given)

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


@pytest.mark.parametrize("task", names([t for each in PLAYS for t in each["tasks"]]))
def test_results_are_the_same(runs: RunPair, task: str) -> None:
    if task != "Impatience":
        assert runs.results(task)


def test_lines_shown_are_the_same(runs: RunPair) -> None:
    """Labels of items, retries, warnings, ignored failures, the recap."""
    # From 2.19 on the place where the time was up is told, and is another one.
    shown = {
        mode: [line for line in lines if '"timedout": {"frame": ' not in line]
        for mode, lines in runs.output_lines().items()
    }
    assert shown["in place"] == shown["shipped"]
    text = runs.outcomes["in place"].output
    for phrase in ("(item=alpha)", "(item=of call)", "(item=of refusing)", " retries left)"):
        assert phrase in text
    assert "WARNING" not in text.upper()


@pytest.mark.parametrize("server", [*HOSTS, "refusing", "failing", "hidden"])
def test_requests_are_the_same(runs: RunPair, server: str) -> None:
    assert runs.requests(server)


def test_results_belong_to_the_host_of_the_task(runs: RunPair) -> None:
    for task in ("Registered", "Facts", "Free facts"):
        assert {host: each["msg"] for host, each in runs.results(task).items()} == {
            "alpha": "alpha",
            "beta": "beta",
        }
    for facts in runs.results("Facts of localhost").values():
        assert "keyfactor_smtp" not in facts["msg"]
    for task in ("Once for all", "Delegated facts"):
        assert {each["msg"] for each in runs.results(task).values()} == {"alpha"}
    assert list(runs.results("Run once")) == ["alpha"]


def test_loops_and_retries(runs: RunPair) -> None:
    assert runs.result("Looped")["msg"] == list(HOSTS)
    assert [each["item"] for each in runs.result("Loop")["results"]] == list(HOSTS)
    labels = runs.result("Labels")["results"]
    assert [(each["number"], "error" in each) for each in labels] == [(0, False), (1, True)]
    assert runs.result("Until")["attempts"] == 3
    assert [each[-1] for each in runs.requests("failing")] == [503, 503, 200]
    assert runs.result("Never")["attempts"] == 1


def test_failures(runs: RunPair) -> None:
    assert runs.result("Ignored")["status"] == "ignored"
    assert runs.result("Ignored")["error"]["kind"] == "permission"
    assert runs.result("Rescued")["msg"] == "permission"
    decided = runs.result("Decided")
    assert (decided["failed_when_result"], decided["smtp"]["port"]) == (True, 587)
    assert runs.result("Forgiven")["status"] == "ok"
    assert runs.result("Changed")["changed"] is True
    assert runs.result("Check")["smtp"] == runs.result("Diff")["smtp"]


def test_time_that_a_task_has(runs: RunPair) -> None:
    in_place, shipped = (each.result("alpha", "Impatience") for each in runs.outcomes.values())
    assert "ime" in in_place["msg"]
    assert set(in_place) == set(shipped)
    assert in_place["msg"] == shipped["msg"]


def test_nothing_is_shown_under_no_log(runs: RunPair) -> None:
    for task in names(NO_LOG)[:-1]:
        assert "no_log: true" in runs.result(task)["censored"]
        for name, value in runs.result(task).items():
            assert name.startswith("_ansible") or not value or name in CENSORED
    for outcome in runs.outcomes.values():
        assert HIDDEN not in outcome.output
        assert HIDDEN not in str(outcome.results)
    assert runs.result("Known all the same")["msg"] in (587, "587")  # Text up to 2.18


def test_no_secret_is_shown(runs: RunPair) -> None:
    for outcome in runs.outcomes.values():
        assert TOKEN not in outcome.output
        assert TOKEN not in str(outcome.results)
