# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The keywords of a task do the same to both ways of running it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.emulator import Fault, SmtpProfile
from tests.integration.support.parity import TOKEN, Both, of, options, play, read, run_both, show

if TYPE_CHECKING:
    from tests.emulator import Command, Emulator
    from tests.integration.support.ansible import Ansible

HOSTS = ("alpha", "beta")
HIDDEN = "unseen.example.com"
CALL, FAILS = of("call"), of("refusing")
LOCAL = {"delegate_to": "localhost"}
# As an inventory host is an environment, nothing of it can be reached but its API.
TWO_HOSTS = [
    read("Delegate", CALL, **LOCAL, register="delegated"),
    show("Registered", "{{ delegated.smtp.sender_name }}"),
    show("Registered as a whole", "{{ delegated }}"),
    show("Facts", "{{ ansible_facts.keyfactor_smtp.sender_name }}"),
    show("Facts of localhost", "{{ hostvars.localhost.ansible_facts | default({}) }}"),
    read("Run once", CALL, **LOCAL, run_once=True, register="once"),
    show("Once for all", "{{ once.smtp.sender_name }}"),
    read("Throttle", CALL, **LOCAL, throttle=1),
    read("Delegate facts", CALL, **LOCAL, delegate_facts=True, run_once=True),
    show("Delegated facts", "{{ hostvars.localhost.ansible_facts.keyfactor_smtp.sender_name }}"),
]
LOOP = {**LOCAL, "loop": list(HOSTS)}
ONE_HOST = [
    read("Loop", of("hostvars[item].call"), **LOOP, register="looped"),
    show("Looped", "{{ looped.results | map(attribute='smtp.sender_name') }}"),
    read(
        "Labels",
        of("hostvars[inventory_hostname][each]"),
        **LOCAL,
        loop=["call", "refusing"],
        loop_control={"label": "of {{ each }}", "loop_var": "each", "index_var": "number"},
        ignore_errors=True,
    ),
    read("Until", of("failing"), **LOCAL, until="tried is not failed", retries=4, delay=0)
    | {"register": "tried"},
    read("Never", FAILS, **LOCAL, until="false", retries=1, delay=0, ignore_errors=True),
    read("Check", CALL, **LOCAL, check_mode=True),
    read("Diff", CALL, **LOCAL, diff=True),
    read("Ignored", FAILS, **LOCAL, ignore_errors=True),
    read("Decided", CALL, **LOCAL, failed_when="decided.smtp.port == 587", register="decided")
    | {"ignore_errors": True},
    read("Forgiven", FAILS, **LOCAL, failed_when=False),
    read("Changed", CALL, **LOCAL, changed_when="changed.smtp.use_ssl", register="changed"),
    {
        "block": [read("Caught", FAILS, **LOCAL)],
        "rescue": [show("Rescued", "{{ ansible_failed_result.error.kind }}")],
    },
    read("Patience", CALL, **LOCAL, timeout=60),
    read("Impatience", of("slow"), **LOCAL, timeout=1, ignore_errors=True, register="late"),
]
CENSORED = ("censored", "changed", "exception", "failed", "results", "status")
HIDE = {**LOCAL, "no_log": True}
NO_LOG = [
    read("Secret", of("hidden"), **HIDE, register="kept"),
    read("Secret loop", of("hidden"), **HIDE, loop=["{{ hidden_item }}"]),
    # From 2.19 on Ansible shows the message of a failed task all the same, so nothing hidden is here.
    read("Secret failure", FAILS, **HIDE, ignore_errors=True),
    read("Secret refusal", {"port": "many"}, **HIDE, ignore_errors=True),
    show("Known all the same", "{{ kept.smtp.port }}"),
]
FREE = [
    read("Free", CALL, **LOCAL),
    show("Free facts", "{{ ansible_facts.keyfactor_smtp.sender_name }}"),
]
PLAYS = [
    play("all", TWO_HOSTS),
    play("alpha", ONE_HOST),
    play("alpha", NO_LOG),
    play("all", FREE, strategy="ansible.builtin.free"),
]


@pytest.fixture(scope="module")
def both(shared_ansible: Ansible, emulator: Emulator) -> Both:
    def start(name: str, **given: Any) -> Command:
        return emulator.command(tokens={TOKEN}, profile=SmtpProfile(sender_name=name), **given)

    servers = {
        **{name: start(name) for name in HOSTS},
        "refusing": start("refusing", readers=()),
        "failing": start("failing", faults=[Fault.status(503, times=2)]),
        "slow": start("slow", faults=[Fault.delay(60)]),
        "hidden": start(HIDDEN),
    }
    calls = {name: options(emulator, server) for name, server in servers.items()}
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
def test_results_are_the_same(both: Both, task: str) -> None:
    if task != "Impatience":
        assert both.same(task)


def test_lines_shown_are_the_same(both: Both) -> None:
    """Labels of items, retries, warnings, ignored failures, the recap."""
    # From 2.19 on the place where the time was up is told, and is another one.
    shown = {
        mode: [line for line in lines if '"timedout": {"frame": ' not in line]
        for mode, lines in both.shown().items()
    }
    assert shown["in place"] == shown["shipped"]
    text = both.outcomes["in place"].output
    for phrase in ("(item=alpha)", "(item=of call)", "(item=of refusing)", " retries left)"):
        assert phrase in text
    assert "WARNING" not in text.upper()


@pytest.mark.parametrize("server", [*HOSTS, "refusing", "failing", "hidden"])
def test_requests_are_the_same(both: Both, server: str) -> None:
    assert both.requests(server)


def test_results_belong_to_the_host_of_the_task(both: Both) -> None:
    for task in ("Registered", "Facts", "Free facts"):
        assert {host: each["msg"] for host, each in both.same(task).items()} == {
            "alpha": "alpha",
            "beta": "beta",
        }
    for facts in both.same("Facts of localhost").values():
        assert "keyfactor_smtp" not in facts["msg"]
    for task in ("Once for all", "Delegated facts"):
        assert {each["msg"] for each in both.same(task).values()} == {"alpha"}
    assert list(both.same("Run once")) == ["alpha"]


def test_loops_and_retries(both: Both) -> None:
    assert both.only("Looped")["msg"] == list(HOSTS)
    assert [each["item"] for each in both.only("Loop")["results"]] == list(HOSTS)
    labels = both.only("Labels")["results"]
    assert [(each["number"], "error" in each) for each in labels] == [(0, False), (1, True)]
    assert both.only("Until")["attempts"] == 3
    assert [each[-1] for each in both.requests("failing")] == [503, 503, 200]
    assert both.only("Never")["attempts"] == 1


def test_failures(both: Both) -> None:
    assert both.only("Ignored")["status"] == "ignored"
    assert both.only("Ignored")["error"]["kind"] == "permission"
    assert both.only("Rescued")["msg"] == "permission"
    decided = both.only("Decided")
    assert (decided["failed_when_result"], decided["smtp"]["port"]) == (True, 587)
    assert both.only("Forgiven")["status"] == "ok"
    assert both.only("Changed")["changed"] is True
    assert both.only("Check")["smtp"] == both.only("Diff")["smtp"]


def test_time_that_a_task_has(both: Both) -> None:
    in_place, shipped = (each.of("alpha", "Impatience") for each in both.outcomes.values())
    assert "ime" in in_place["msg"]
    assert set(in_place) == set(shipped)
    assert in_place["msg"] == shipped["msg"]


def test_nothing_is_shown_under_no_log(both: Both) -> None:
    for task in names(NO_LOG)[:-1]:
        assert "no_log: true" in both.only(task)["censored"]
        for name, value in both.only(task).items():
            assert name.startswith("_ansible") or not value or name in CENSORED
    for outcome in both.outcomes.values():
        assert HIDDEN not in outcome.output
        assert HIDDEN not in str(outcome.results)
    assert both.only("Known all the same")["msg"] in (587, "587")  # Text up to 2.18


def test_no_secret_is_shown(both: Both) -> None:
    for outcome in both.outcomes.values():
        assert TOKEN not in outcome.output
        assert TOKEN not in str(outcome.results)
